/**
 * Rule (c) of the mail of 12 Jan 2021: a writable page of a copy-on-write mapping becomes read-only only if
 * its count is 1. What else may happen to it is Glisse's question, with three answers (`protectsReferenced`):
 * leave it writable, give the mapping a read-only copy, or refuse.
 *
 * The count means something only while nobody can get a reference unseen: the entry is cleared first, then
 * the counter is read, then an entry is put back, as KSM does. A lockless look-up that read the old entry
 * finds another one when it looks again.
 */
import { locals } from '../frame.ts';
import { drop } from '../locks.ts';
import { rules } from '../rules.ts';
import { routine } from '../steps.ts';
import type { Ref } from '../steps.ts';
import {
  copy_user_highpage,
  folio_add_lru,
  folio_add_new_anon_rmap,
  folio_alloc,
  folio_put,
  folio_remove_rmap,
  has_free_folio,
} from '../verbs/folio.ts';
import {
  PTE_WRITE,
  mk_pte,
  pte_clear,
  pte_folio,
  pte_offset,
  pte_special,
  pte_write,
  ptep_get,
  set_pte_at,
} from '../verbs/pte.ts';
import { refsBesideSwapCache } from '../verbs/swap.ts';
import { every_cpu_answers, flush_tlb_page } from '../verbs/tlb.ts';
import { pagesOf } from '../verbs/large.ts';
import { is_cow_mapping } from '../verbs/vma.ts';
import { decided } from '../world.ts';

/**
 * Set by the caller: `addr`, and the bits that the entry gets (`sets`) and loses (`clears`) beside its write
 * bit. `pte`: the entry while it is cleared, else 0.
 */
export const strict = locals({ addr: 1, sets: 1, clears: 1, pte: 'pte', new_folio: 'folio' });
const hidden = (): number => pte_folio(strict.pte);
const gone: Ref = {
  label: 'cleared entry',
  folios: () => (strict.pte === 0 ? [] : [hidden()]),
  mapped: true,
};
const ahead: Ref = {
  label: 'page for a copy',
  folios: () => (strict.new_folio === 0 ? [] : [strict.new_folio]),
};
const put_back = (bits: number): void => {
  set_pte_at(pte_offset(strict.addr), bits);
  strict.pte = 0;
};
const protectedEntry = (folio: number): number =>
  mk_pte(folio, (strict.pte & 255 & ~PTE_WRITE & ~strict.clears) | strict.sets);

/** Does the rule have a say? `next` is what the entry is about to become. */
export const asks_count = (pte: number, next: number, vma: number): boolean =>
  rules.protectsReferenced !== 'always' &&
  pte_write(pte) &&
  !pte_write(next) &&
  !pte_special(pte) &&
  is_cow_mapping(vma);

/** What the caller wants to become of the entry at `addr`. */
export function ask_count(addr: number, pte: number, next: number): void {
  strict.addr = addr;
  strict.sets = next & ~pte & 255;
  strict.clears = pte & ~next & 255;
}

/**
 * Entered and left with the page-table lock held; it is dropped for a moment where a page is needed, and if
 * the entry is another one then, the caller has to look `again`.
 */
export const protect_referenced = routine(
  'protect_referenced',
  { file: 'proposal', exits: ['done', 'again', 'refused'], locals: strict },
  {
    hide: {
      says: 'Clear the entry first: whoever looks the page up now finds a change.',
      holds: ['ptl'],
      keeps: [ahead],
      run: () => {
        const pte = ptep_get(pte_offset(strict.addr));
        if (!pte_write(pte)) return 'free_ahead_again';
        strict.pte = pte;
        pte_clear(pte_offset(strict.addr));
        return 'count';
      },
    },
    count: {
      says: 'Does anybody but the entry hold {folio}?',
      holds: ['ptl'],
      keeps: [gone, ahead],
      run: () => {
        const n = refsBesideSwapCache(hidden()),
          rule = rules.protectsReferenced;
        const answer = n === 1 ? 'protect' : rule === 'skip' ? 'leave writable' : rule;
        decided('refcount 1?', hidden(), n, answer);
        if (n === 1) return 'protect';
        if (rule === 'copy') return strict.new_folio === 0 ? 'restore_to_alloc' : 'flush';
        return rule === 'fail' ? 'restore_and_refuse' : 'restore';
      },
      so: {
        protect: 'Nobody else holds {folio}: it may become read-only.',
        restore: '{folio} has {refcount} references, so it must stay writable.',
        restore_and_refuse: '{folio} has {refcount} references, so it must stay writable: refuse.',
        restore_to_alloc: '{folio} has {refcount} references, so it must stay writable: make a copy.',
        flush: '{folio} has {refcount} references: the mapping gets a copy.',
      },
    },
    protect: {
      says: 'Put the entry back, read-only.',
      holds: ['ptl'],
      keeps: [gone, ahead],
      run: () => {
        put_back(protectedEntry(hidden()));
        return strict.new_folio === 0 ? 'done' : 'free_ahead';
      },
    },
    restore: {
      on: () => rules.protectsReferenced === 'skip',
      says: 'Put the entry back as it was: {page} stays writable.',
      holds: ['ptl'],
      keeps: [gone],
      run: () => {
        put_back(strict.pte);
        return 'done';
      },
    },
    restore_and_refuse: {
      on: () => rules.protectsReferenced === 'fail',
      says: 'Put the entry back as it was.',
      holds: ['ptl'],
      keeps: [gone],
      run: () => {
        put_back(strict.pte);
        return 'refused';
      },
    },
    restore_to_alloc: {
      on: () => rules.protectsReferenced === 'copy',
      says: 'Put the entry back, and let go of the page table, to get a page.',
      holds: ['ptl'],
      keeps: [gone],
      run: () => {
        put_back(strict.pte);
        drop('ptl');
        return 'alloc';
      },
    },
    alloc: {
      on: () => rules.protectsReferenced === 'copy',
      says: 'Take a fresh page, {folio}, for the copy; then look at the entry again.',
      when: has_free_folio,
      awaits: 'waits for a free page',
      run: () => {
        strict.new_folio = folio_alloc();
        return 'relock';
      },
    },
    relock: {
      on: () => rules.protectsReferenced === 'copy',
      says: 'Take the page-table lock again.',
      takes: 'ptl',
      keeps: [ahead],
      next: 'hide',
    },
    flush: {
      on: () => rules.protectsReferenced === 'copy',
      says: 'Flush the page on all CPUs of {me}: nobody may store to it while it is copied.',
      holds: ['ptl'],
      keeps: [gone, ahead],
      when: every_cpu_answers,
      awaits: 'waits for a CPU that has interrupts off',
      mark: 'flush',
      run: () => {
        flush_tlb_page(strict.addr);
        return 'copy';
      },
    },
    copy: {
      on: () => rules.protectsReferenced === 'copy',
      says: 'Copy the bytes.',
      holds: ['ptl'],
      keeps: [gone, ahead],
      mark: 'copy',
      run: () => {
        copy_user_highpage(strict.new_folio, hidden());
        return 'map_copy';
      },
    },
    map_copy: {
      on: () => rules.protectsReferenced === 'copy',
      says: 'Map the copy {folio}, read-only; whoever holds the old page keeps that one.',
      holds: ['ptl'],
      keeps: [gone, ahead],
      run: () => {
        const f = strict.new_folio;
        folio_add_new_anon_rmap(f, rules.hasExclusive);
        folio_add_lru(f);
        set_pte_at(pte_offset(strict.addr), protectedEntry(f));
        strict.new_folio = 0;
        return 'unmap_old';
      },
    },
    unmap_old: {
      on: () => rules.protectsReferenced === 'copy',
      says: 'One page table less points at the old page.',
      holds: ['ptl'],
      keeps: [gone],
      run: () => {
        folio_remove_rmap(hidden());
        return 'put_old';
      },
    },
    put_old: {
      on: () => rules.protectsReferenced === 'copy',
      says: 'Drop the reference that the old entry had.',
      holds: ['ptl'],
      keeps: [gone],
      run: () => {
        folio_put(hidden(), pagesOf(hidden()));
        strict.pte = 0;
        return 'done';
      },
    },
    free_ahead_again: {
      says: 'The entry is another one by now: give the page for a copy back, and look again.',
      holds: ['ptl'],
      keeps: [ahead],
      run: () => {
        folio_put(strict.new_folio);
        strict.new_folio = 0;
        return 'again';
      },
    },
    free_ahead: {
      on: () => rules.protectsReferenced === 'copy',
      says: 'The page for a copy was not needed: give it back.',
      holds: ['ptl'],
      keeps: [ahead],
      run: () => {
        folio_put(strict.new_folio);
        strict.new_folio = 0;
        return 'done';
      },
    },
  },
);
