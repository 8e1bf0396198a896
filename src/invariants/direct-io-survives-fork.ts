/**
 * GETFORK: direct I/O that is in flight while its process forks still ends in the page that the process sees.
 * No Linux before pins kept this, and user space had to know (MADV_DONTFORK), so that a check looks for it
 * only where a scenario asks: it is no bug by the rules of those kernels.
 */
import { HOLD_FORKED, HOLD_WRITE } from '../kernel/verbs/mm.ts';
import { now, hold, pte } from '../kernel/world.ts';
import { hasParted, holdWith, partedReason } from './devices.ts';
import type { Broken, Invariant } from './invariant.ts';

const ASKED = HOLD_WRITE | HOLD_FORKED;
const DIRECT: ReadonlySet<string> = new Set(['dio_read', 'dio', 'get']);
const isDirect = (h: number): boolean => DIRECT.has(now.plan!.ops[now.plan!.holds[h]!.op]!.syscall);

function broken(): Broken | null {
  const h = holdWith(ASKED, (x) => isDirect(x) && hasParted(x));
  return h < 0 ? null : partedReason(h);
}

export const direct_io_survives_fork: Invariant = {
  id: 'direct-io-survives-fork',
  alias: ['INV-GETFORK', 'GETFORK'],
  says: 'What a device writes by a plain reference, as direct I/O did, outlives a fork.',
  word: 'stale',
  cite: 'man 2 open, O_DIRECT; mail of 12 January 2021',
  onRequest: true,
  reads: [hold, pte],
  broken,
  applies: () => holdWith(ASKED, isDirect) >= 0,
};
