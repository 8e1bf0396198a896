/** ISO: the leak that the whole argument began with. */
import { SEEN, SEEN_FOREIGN } from '../kernel/verbs/mm.ts';
import { now, observation } from '../kernel/world.ts';
import { bytesName, folioCard, processCard, processName } from './invariant.ts';
import type { Broken, Invariant } from './invariant.ts';
import { look, seenBytes, seenWith } from './observed.ts';

function broken(): Broken | null {
  const o = seenWith(SEEN_FOREIGN);
  if (o < 0) return null;
  const { by, how, folio } = look(o),
    seen = bytesName(seenBytes(o)),
    writer = now.plan!.stored[seenBytes(o)]!.process,
    whose = processName(writer);
  return {
    reason: `${processName(by)} sees ${seen} ${how}: ${whose} wrote it to private memory after fork.`,
    cards: [processCard(by < 0 ? writer : by), ...(folio < 0 ? [] : [folioCard(folio)])],
    process: by < 0 ? writer : by,
    folio,
  };
}

export const private_writes_stay_private: Invariant = {
  id: 'private-writes-stay-private',
  alias: ['INV-ISO', 'ISO'],
  says: 'After fork, what one process writes to private memory is never seen through what another has.',
  word: 'leak',
  cite: 'CVE-2020-29374; 17839856fd58, 09854ba94c6a',
  reads: [observation],
  broken,
  applies: () => now.counts.mms > 1 && seenWith(SEEN) >= 0,
};
