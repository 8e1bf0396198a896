/**
 * A PMD entry that maps a huge page becomes a table of PTEs that map its pages: __split_huge_pmd(),
 * mm/huge_memory.c. The folio stays as it is. Whoever works on a part of the 2 MB does this first.
 */
import { locals } from '../frame.ts';
import { SPLIT_LOCKS_FOLIO, guarded } from '../guards.ts';
import { rules } from '../rules.ts';
import { routine } from '../steps.ts';
import type { Ref } from '../steps.ts';
import {
  ZERO_PAGE,
  folio_add_anon_rmap_ptes,
  folio_get,
  folio_put,
  folio_remove_rmap_pmd,
  folio_trylock,
  folio_unlock,
} from '../verbs/folio.ts';
import { pagesIn, pagesOf } from '../verbs/large.ts';
import {
  hugeFolio,
  isHugeHere,
  partsHuge,
  pmd_populate,
  pmdp_invalidate,
  splitOf,
  toSplit,
} from '../verbs/pmd.ts';
import { every_cpu_answers, flush_tlb_range } from '../verbs/tlb.ts';
import { FOLIO_LOCK, drop, held, tableHere } from '../locks.ts';
import { now } from '../world.ts';

const waited: Ref = { label: 'page-lock wait', folios: () => [toSplit()] };
/** The folio that the entry maps is still the one that was locked. */
const isSame = (): boolean => isHugeHere() && hugeFolio(tableHere()) === toSplit();
/** Each page has an entry of its own; the PMD entry was one. */
function refs_of_ptes(f: number): void {
  const n = pagesIn(f).reduce((sum, page) => sum + pagesOf(page), 0);
  folio_get(f, n - 1);
}

/** `nested`: the caller has the folio locked already. */
const mine = locals({ nested: 1 });
const locks = (): boolean => rules.splitLocksFolio && guarded(SPLIT_LOCKS_FOLIO);

/** The caller keeps the mappings from changing. At the end there may be a table, or nothing any more. */
export const split_huge_pmd = routine(
  '__split_huge_pmd',
  { file: 'mm/huge_memory.c', exits: ['done'], locals: mine },
  {
    lock: {
      says: 'Lock the PMD table: does the entry still map a huge page?',
      takes: 'pmd_lock',
      run: () => {
        if (!isHugeHere()) return 'unlock';
        const f = hugeFolio(tableHere());
        mine.nested = (held & FOLIO_LOCK) !== 0 ? 1 : 0;
        return locks() && f !== ZERO_PAGE && mine.nested === 0 ? 'trylock' : 'invalidate';
      },
      so: { unlock: 'Somebody else has split the entry, or emptied it.' },
    },
    trylock: {
      on: locks,
      says: 'Lock the folio: whoever counts its mappings waits until they are whole again.',
      holds: ['pmd_lock'],
      run: () => {
        splitOf(hugeFolio(tableHere()));
        return folio_trylock(toSplit()) ? 'invalidate' : 'get';
      },
      so: { get: 'Somebody has the folio locked: wait for it.' },
    },
    get: {
      on: locks,
      says: 'Hold the folio and let go of the PMD table, to sleep for its lock.',
      holds: ['pmd_lock'],
      drops: ['pmd_lock'],
      run: () => {
        folio_get(toSplit());
        return 'wait_lock';
      },
    },
    wait_lock: {
      on: locks,
      says: 'Sleep until the folio lock is free.',
      takes: 'folio_lock',
      keeps: [waited],
      next: 'relock',
    },
    relock: {
      on: locks,
      says: 'Back under the lock of the PMD table: is the entry still the same?',
      holds: ['folio_lock'],
      takes: 'pmd_lock',
      keeps: [waited],
      run: () => (isSame() ? 'put' : 'give_up'),
    },
    put: {
      on: locks,
      says: 'The folio is locked now: drop the reference again.',
      holds: ['folio_lock', 'pmd_lock'],
      keeps: [waited],
      run: () => {
        folio_put(toSplit());
        return 'invalidate';
      },
    },
    give_up: {
      on: locks,
      says: 'The entry changed: begin again.',
      holds: ['folio_lock', 'pmd_lock'],
      keeps: [waited],
      run: () => {
        drop('pmd_lock');
        folio_unlock();
        return 'put_again';
      },
    },
    put_again: {
      on: locks,
      says: 'Drop the reference.',
      keeps: [waited],
      run: () => {
        folio_put(toSplit());
        splitOf(0);
        return 'lock';
      },
    },
    invalidate: {
      says: 'Mark the entry as not present, and flush: no CPU may use it while it changes.',
      holds: ['pmd_lock'],
      when: every_cpu_answers,
      awaits: 'waits for a CPU that has interrupts off',
      mark: 'flush',
      run: () => {
        const { at, pages: n } = now.plan!.regions[tableHere()]!;
        pmdp_invalidate(tableHere());
        flush_tlb_range(at, n);
        return hugeFolio(tableHere()) === ZERO_PAGE ? 'populate' : 'count_ptes';
      },
    },
    count_ptes: {
      says: 'Count a mapping for each page of the folio: they will have entries of their own.',
      holds: ['pmd_lock'],
      run: () => {
        folio_add_anon_rmap_ptes(hugeFolio(tableHere()));
        return 'populate';
      },
    },
    populate: {
      says: 'One mapping as a whole less: the PMD entry points at a table, whose entries say what it said.',
      holds: ['pmd_lock'],
      run: () => {
        const f = hugeFolio(tableHere());
        if (f !== ZERO_PAGE) {
          refs_of_ptes(f);
          folio_remove_rmap_pmd(f);
        }
        pmd_populate(tableHere());
        return locks() && mine.nested === 0 && toSplit() !== 0 ? 'unlock_folio' : 'unlock';
      },
    },
    unlock_folio: {
      on: locks,
      says: 'Unlock the folio.',
      holds: ['pmd_lock', 'folio_lock'],
      run: () => {
        folio_unlock();
        splitOf(0);
        return 'unlock';
      },
    },
    unlock: { says: 'Unlock the PMD table.', holds: ['pmd_lock'], drops: ['pmd_lock'], next: 'done' },
  },
);

/**
 * A VMA that is parted inside of a huge page: vma_adjust_trans_huge(). The caller holds mmap_lock for
 * writing, and has a row `split_huge`. `changes`: the flags of some VMA will differ.
 */
export const split_first = <R extends string>(to: R, changes: () => boolean = () => true) =>
  ({
    where: 'thp',
    before: to,
    says: 'Will a VMA end inside of a huge page? Then its PMD entry is split first.',
    holds: ['mmap_lock:write'],
    run: (): R | 'split_huge' => (partsHuge() && changes() ? 'split_huge' : to),
    so: { split_huge: 'A VMA will end inside of a huge page: its PMD entry is split first.' } as Readonly<
      Record<string, string>
    >,
  }) as const;
