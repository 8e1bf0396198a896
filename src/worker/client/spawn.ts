/** The only line that knows how a worker is made. */
import { PROTOCOL_VERSION } from '../protocol.ts';
import type { WorkerLike } from './line.ts';

export const spawn = (): WorkerLike =>
  new Worker(new URL('../host.ts', import.meta.url), {
    type: 'module',
    name: `folioscope-${PROTOCOL_VERSION}`,
  });
