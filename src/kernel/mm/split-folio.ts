/**
 * A large folio becomes small ones: split_huge_page(), mm/huge_memory.c. Its entries are migration entries
 * meanwhile, so that whoever touches a page waits, and the references are counted when nothing maps it.
 */
import { folios, locals } from '../frame.ts';
import { SPLIT_ASKS_REFS, guarded } from '../guards.ts';
import { rules } from '../rules.ts';
import { call, routine } from '../steps.ts';
import type { Ref } from '../steps.ts';
import { ZERO_PAGE, folio_put } from '../verbs/folio.ts';
import { pageReplaced } from '../verbs/ksm.ts';
import { headOf } from '../verbs/large.ts';
import { toSplit } from '../verbs/pmd.ts';
import { pte_folio } from '../verbs/pte.ts';
import { restoredZero } from '../verbs/migrate.ts';
import { __split_folio, canFreeze, can_split_folio, isZeroFilled, unlockPart } from '../verbs/split.ts';
import { folio_isolated, free_swap_cache } from '../verbs/swap.ts';
import { VM_LOCKED, vma_of } from '../verbs/vma.ts';
import { decided, mm, op, pages } from '../world.ts';
import { remove_migration_ptes, try_to_migrate } from './rmap.ts';

/**
 * `parts`: the pages that the folio was, by their page slots, but the one that the caller has locked and
 * holds. `done`: it was taken apart.
 */
const split = locals({ done: 1, parts: folios((n) => n.splits * n.pages) });
const slots = (): number[] => Array.from({ length: pages }, (_, i) => i);
const parts = (): number[] => slots().flatMap((i) => (split.parts.get(i) === 0 ? [] : [split.parts.get(i)]));
const apart: Ref = { label: 'split', folios: parts };
const isPart = (page: number): boolean => headOf(page) === headOf(toSplit()) || parts().includes(page);
/** Pages that nobody ever wrote to come back as the page of zeros. b1f202060afe, 6.12. */
function zeroEntry(e: number): number | null {
  const page = pte_folio(e);
  if (!rules.splitUsesZeroPage || split.done === 0 || !isZeroFilled(page)) return null;
  if ((vma_of(op.va) & VM_LOCKED) !== 0) return null;
  pageReplaced(mm, op.va, ZERO_PAGE);
  return restoredZero(e, vma_of(op.va));
}
const restore_entries = remove_migration_ptes(isPart, (page) => page, zeroEntry);

/**
 * Entered with a page of the folio in toSplit(), which is locked and held. Exits with that page locked and
 * held, whatever became of the others: reclaim has those that it had isolated in its hands.
 */
export const split_folio = routine(
  'split_huge_page_to_list',
  { file: 'mm/huge_memory.c', exits: ['done', 'failed'], locals: split },
  {
    can_split: {
      says: 'Has anybody a reference to {folio} that is no mapping? Then it cannot be taken apart.',
      run: () => {
        const yes = can_split_folio(toSplit());
        decided('mappings only?', toSplit(), yes ? 1 : 0, yes ? 'split it' : 'leave it');
        return yes ? 'unmap' : 'failed';
      },
      so: { failed: 'Somebody has a reference to the folio: it stays whole.' },
    },
    unmap: call(try_to_migrate, { done: 'freeze', failed: 'restore' }),
    freeze: {
      says: 'Nothing maps it now. Has anybody a reference? If not, each page gets a count of its own.',
      run: () => {
        if (!canFreeze(toSplit()) && guarded(SPLIT_ASKS_REFS)) return 'restore';
        return 'split';
      },
      so: { restore: 'Somebody has taken a reference meanwhile: it stays whole.' },
    },
    split: {
      says: 'Take the folio apart: each of its pages is a folio of its own from here on.',
      run: () => {
        for (const { page, slot } of __split_folio(toSplit()))
          if (page !== toSplit()) split.parts.set(slot, page);
        split.done = 1;
        return 'restore';
      },
    },
    restore: { ...call(restore_entries, { done: 'unlock_parts' }), keeps: [apart] },
    unlock_parts: {
      says: 'Unlock the pages: whoever waits for one of them goes on.',
      keeps: [apart],
      run: () => {
        for (const page of parts()) unlockPart(page);
        if (split.done === 0) return 'failed';
        return parts().length === 0 || folio_isolated(toSplit()) ? 'done' : 'put_part';
      },
    },
    uncache_part: {
      where: 'swap',
      before: 'put_part',
      says: 'If nobody needs {folio} in the swap cache any more, it leaves that first.',
      keeps: [apart],
      run: () => {
        free_swap_cache(parts()[0]!);
        return 'put_part';
      },
    },
    put_part: {
      says: 'Drop the reference to the next page: what nothing maps is free now.',
      keeps: [apart],
      run: () => {
        const i = slots().find((n) => split.parts.get(n) !== 0)!,
          page = split.parts.get(i);
        split.parts.set(i, 0);
        folio_put(page);
        return parts().length === 0 ? 'done' : 'put_part';
      },
    },
  },
);

/** The pages that reclaim has in its hands from here on, by their page slots. For `back` of a call. */
export function takeParts(take: (slot: number, page: number) => void): void {
  for (const i of slots()) if (split.parts.get(i) !== 0) take(i, split.parts.get(i));
}
