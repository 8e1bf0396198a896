/**
 * GET: a plain reference for writing names the page that the process sees, until the next fork. Reads are
 * promised nothing, and neither is who forks in between (`direct-io-survives-fork`).
 */
import { hold, pte } from '../kernel/world.ts';
import { PROMISES, hasParted, holdWith, isPin, partedReason, promises } from './devices.ts';
import type { Broken, Invariant } from './invariant.ts';

const promisesGet = (h: number): boolean => !isPin(h) && promises(h);

function broken(): Broken | null {
  const h = holdWith(PROMISES, (x) => promisesGet(x) && hasParted(x));
  return h < 0 ? null : partedReason(h);
}

export const gets_stay_coherent: Invariant = {
  id: 'gets-stay-coherent',
  alias: ['INV-GET', 'GET'],
  says: 'A plain reference for writing and the page table name the same page, until a fork or an unmap.',
  word: 'stale',
  cite: '6c287605fd56',
  reads: [hold, pte],
  broken,
  applies: () => holdWith(PROMISES, promisesGet) >= 0,
};
