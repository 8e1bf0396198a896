/** INV-FILE: copy-on-write protects the file. Dirty COW broke this, and CVE-2022-2590 once more. */
import { fileBytes, isFileBytes, isOfFile } from '../kernel/verbs/file.ts';
import { cells, folio_stored, now, page_cache, pages } from '../kernel/world.ts';
import { bytesName, folioCard, pageName, processName } from './invariant.ts';
import type { Broken, Invariant } from './invariant.ts';

/** First page slot whose file has what nobody has written to the file; -1 = none. */
function changed(): number {
  if (now.counts.files === 0) return -1;
  for (let va = 0; va < pages; va++) {
    if (!isOfFile(va)) continue;
    const stored = cells[folio_stored.at + cells[page_cache.at + va]!]!;
    if (stored !== fileBytes(va) && !isFileBytes(stored)) return va;
  }
  return -1;
}

function broken(): Broken | null {
  const va = changed();
  if (va < 0) return null;
  const f = cells[page_cache.at + va]!,
    stored = cells[folio_stored.at + f]!,
    writer = now.plan!.stored[stored]!.process;
  return {
    reason:
      `The file behind ${pageName(va)} holds ${bytesName(stored)}, ` +
      `which ${processName(writer)} wrote to a private mapping of it.`,
    cards: [folioCard(f)],
    process: writer < 0 ? null : writer,
    folio: f,
  };
}

export const files_keep_their_bytes: Invariant = {
  id: 'files-keep-their-bytes',
  alias: ['INV-FILE', 'FILE'],
  says: 'What is written to a private mapping of a file never gets into the file.',
  word: 'file',
  cite: 'CVE-2016-5195, CVE-2022-2590',
  reads: [folio_stored, page_cache],
  broken,
  applies: () => now.counts.files !== 0,
};
