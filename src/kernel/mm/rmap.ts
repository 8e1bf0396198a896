/**
 * The walk over all entries that map a folio, for whoever takes it apart or elsewhere: each entry becomes a
 * migration entry, and comes back when that is done. Whoever meets one waits. try_to_migrate_one(),
 * mm/rmap.c; remove_migration_pte(), mm/migrate.c.
 */
import { locals } from '../frame.ts';
import { MIGRATE_CHECKS_PINNED, guarded } from '../guards.ts';
import { rules } from '../rules.ts';
import { call, routine } from '../steps.ts';
import type { Ref } from '../steps.ts';
import {
  ClearPageAnonExclusive,
  PageAnonExclusive,
  SetPageAnonExclusive,
  folio_add_rmap,
  folio_get,
  folio_maybe_dma_pinned,
  folio_put,
  folio_remove_rmap,
} from '../verbs/folio.ts';
import { placeAt } from '../verbs/ksm.ts';
import { headOf, pagesOf } from '../verbs/large.ts';
import {
  make_migration_entry,
  migratesExclusive,
  nextMapping,
  nextMigrationEntry,
  restoredPte,
} from '../verbs/migrate.ts';
import { isHugeHere, pmdp_get, toSplit } from '../verbs/pmd.ts';
import { is_migration_entry, pte_clear, pte_counted, pte_folio, pte_offset } from '../verbs/pte.ts';
import { ptep_get, set_pte_at } from '../verbs/pte.ts';
import { pmd_none } from '../verbs/table.ts';
import { every_cpu_answers, flush_tlb_page } from '../verbs/tlb.ts';
import { vma_of } from '../verbs/vma.ts';
import { decided, leave, now, op, visit, visitedSlot } from '../world.ts';
import { split_huge_pmd } from './split-huge.ts';

/**
 * `at`: how far the walk has come, over all processes. `pte`: the entry that was cleared. `home`: the page
 * slot (over all processes) and one that a kernel thread visits, and to which it goes back; 0 = none.
 */
const walk = locals({ at: 2, pte: 'pte', home: 2 });
const entry = (): number => ptep_get(pte_offset(op.va));
/** The page that the entry had, and its mapping's references. */
const page = (): number => pte_folio(walk.pte);
const mapping: Ref = { label: 'old mapping', folios: () => [page()], mapped: true };
const inTable = ['ptl'] as const;

/** The walk goes to page slot `i`, over all processes; -1: it ends. */
function goes(i: number): boolean {
  if (walk.at === 0) walk.home = visitedSlot() + 1;
  walk.at = i + 1;
  if (i >= 0) visit(...placeAt(i));
  else if (walk.home > 0) visit(...placeAt(walk.home - 1));
  else leave();
  return i >= 0;
}

/**
 * Of the folio that has the page in toSplit(), which the thread has locked and holds. `failed`: some page is
 * pinned, and what had become a migration entry by then still is one.
 */
export const try_to_migrate = routine(
  'try_to_migrate_one',
  { file: 'mm/rmap.c', exits: ['done', 'failed'], locals: walk },
  {
    next: {
      says: 'Find the next entry that maps the page, in whichever process.',
      run: () => (goes(nextMapping(toSplit(), walk.at)) ? 'lock_pte' : 'done'),
      so: { done: 'No further entry maps it.' },
    },
    pmd: {
      where: 'tables',
      before: 'lock_pte',
      says: 'Is there still a page table?',
      run: () => {
        if (now.counts.thp === 0) return pmd_none(op.va) ? 'next' : 'lock_pte';
        const kind = pmdp_get(op.va);
        return kind === 'none' ? 'next' : kind === 'huge' ? 'split_huge' : 'lock_pte';
      },
      so: { split_huge: 'A PMD entry maps the whole huge page: it is split first.' },
    },
    split_huge: { where: 'thp', ...call(split_huge_pmd, { done: 'lock_pte' }) },
    lock_pte: {
      says: 'Does the entry of {page} in {me} still map the page?',
      takes: 'ptl',
      run: () => {
        const pte = entry();
        const maps = pte_counted(pte) && headOf(pte_folio(pte)) === headOf(toSplit()) && !isHugeHere();
        return maps ? 'clear' : 'unlock_pte';
      },
      so: { unlock_pte: 'The entry has changed.' },
    },
    clear: {
      says: 'Clear the entry of {page}.',
      holds: inTable,
      run: () => {
        walk.pte = entry();
        pte_clear(pte_offset(op.va));
        return 'flush';
      },
    },
    flush: {
      says: 'Flush {page} on all CPUs of {me}: no lockless look-up finds the page there any more.',
      holds: inTable,
      keeps: [mapping],
      when: every_cpu_answers,
      awaits: 'waits for a CPU that has interrupts off',
      mark: 'flush',
      run: () => {
        flush_tlb_page(op.va);
        return rules.hasExclusive && PageAnonExclusive(page()) ? 'pinned' : 'set_entry';
      },
    },
    pinned: {
      on: () => rules.hasExclusive,
      says: 'The page is exclusive to {me}: is it pinned?',
      holds: inTable,
      keeps: [mapping],
      run: () => {
        const yes = folio_maybe_dma_pinned(page());
        decided('pinned?', page(), yes ? 1 : 0, yes ? 'leave it' : 'go on');
        return yes && guarded(MIGRATE_CHECKS_PINNED) ? 'put_back' : 'set_entry';
      },
      so: { put_back: '{folio} is pinned: it stays as it is.' },
    },
    put_back: {
      on: () => rules.hasExclusive,
      says: 'Put the entry back as it was.',
      holds: inTable,
      keeps: [mapping],
      run: () => {
        set_pte_at(pte_offset(op.va), walk.pte);
        return 'unlock_failed';
      },
    },
    unlock_failed: {
      on: () => rules.hasExclusive,
      says: 'Let go of the page table.',
      holds: inTable,
      drops: ['ptl'],
      next: 'failed',
    },
    set_entry: {
      says: 'A migration entry takes its place: whoever comes now waits until it is over.',
      holds: inTable,
      keeps: [mapping],
      run: () => {
        const exclusive = rules.hasExclusive && PageAnonExclusive(page());
        if (exclusive) ClearPageAnonExclusive(page());
        set_pte_at(pte_offset(op.va), make_migration_entry(walk.pte, exclusive));
        return 'unmap';
      },
    },
    unmap: {
      says: 'One page table less points at the page.',
      holds: inTable,
      keeps: [mapping],
      run: () => {
        folio_remove_rmap(page());
        return 'put_mapping';
      },
    },
    put_mapping: {
      says: 'Drop the reference that the entry had.',
      holds: inTable,
      keeps: [mapping],
      run: () => {
        folio_put(page(), pagesOf(page()));
        return 'unlock_pte';
      },
    },
    unlock_pte: {
      says: 'Let go of the page table.',
      holds: inTable,
      drops: ['ptl'],
      next: 'next',
    },
  },
);

/**
 * The migration entries of the pages `of` which it is become what they were. `to`: the page that stands for
 * one by now. `zeros`: the entry that may take its place, of the page of zeros; null: none.
 */
export const remove_migration_ptes = (
  of: (page: number) => boolean,
  to: (page: number) => number,
  zeros: (e: number) => number | null = () => null,
) => {
  const target = (): number => to(pte_folio(entry()));
  const new_mapping: Ref = { label: 'new mapping', folios: () => [target()], mapped: true };
  return routine(
    'remove_migration_pte',
    { file: 'mm/migrate.c', exits: ['done'], locals: walk },
    {
      next: {
        says: 'Find the next migration entry of the page.',
        run: () => (goes(nextMigrationEntry(of, walk.at)) ? 'lock_pte' : 'done'),
        so: { done: 'No migration entry is left.' },
      },
      pmd: {
        where: 'tables',
        before: 'lock_pte',
        says: 'Is there still a page table?',
        run: () => (pmd_none(op.va) ? 'next' : 'lock_pte'),
      },
      lock_pte: {
        says: 'Is it still there?',
        takes: 'ptl',
        run: () => {
          if (!is_migration_entry(entry()) || !of(pte_folio(entry()))) return 'unlock_pte';
          return zeros(entry()) === null ? 'get' : 'zero';
        },
        so: { unlock_pte: 'Somebody has unmapped it meanwhile.' },
      },
      zero: {
        where: 'large',
        says: 'Nobody ever stored to {folio}: the page of zeros will do.',
        holds: inTable,
        run: () => {
          set_pte_at(pte_offset(op.va), zeros(entry())!);
          return 'unlock_pte';
        },
      },
      get: {
        says: 'A reference to {folio} for the entry of {page}.',
        holds: inTable,
        run: () => {
          folio_get(target(), pagesOf(target()));
          return 'map';
        },
      },
      map: {
        says: 'One more page table points at {folio}.',
        holds: inTable,
        keeps: [new_mapping],
        run: () => {
          folio_add_rmap(target());
          return 'restore';
        },
      },
      restore: {
        says: 'The entry of {page} maps {folio}, with the rights that the migration entry has kept.',
        holds: inTable,
        keeps: [new_mapping],
        run: () => {
          const e = entry(),
            f = target();
          if (migratesExclusive(e)) SetPageAnonExclusive(f);
          set_pte_at(pte_offset(op.va), restoredPte(e, f, vma_of(op.va)));
          return 'unlock_pte';
        },
      },
      unlock_pte: {
        says: 'Let go of the page table.',
        holds: inTable,
        drops: ['ptl'],
        next: 'next',
      },
    },
  );
};
