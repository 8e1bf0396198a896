/**
 * Migration: a page moves to another folio, of another NUMA node. Its entries become migration entries, then
 * the references are counted, and whoever else has one keeps the page where it is. mm/migrate.c, mm/rmap.c.
 */
import { locals } from '../frame.ts';
import { MIGRATE_CHECKS_COUNT, MIGRATE_CHECKS_PINNED, guarded } from '../guards.ts';
import { rules } from '../rules.ts';
import { call, routine } from '../steps.ts';
import type { Ref } from '../steps.ts';
import {
  ClearPageAnonExclusive,
  FOLIO_ANON,
  PageAnonExclusive,
  SetPageAnonExclusive,
  copy_user_highpage,
  folio_add_lru,
  folio_add_rmap,
  folio_alloc,
  folio_get,
  folio_mapcount,
  folio_maybe_dma_pinned,
  folio_put,
  folio_ref_count,
  folio_remove_rmap,
  folio_test_anon,
  folio_test_lru,
  folio_unlock,
  has_free_folio,
  lru_add_drain,
  lru_add_drain_all,
  onLru,
} from '../verbs/folio.ts';
import { placeAt } from '../verbs/ksm.ts';
import { folio_test_large } from '../verbs/large.ts';
import {
  folio_migrate_flags,
  folio_nid,
  make_migration_entry,
  migratesExclusive,
  restoredPte,
  nextMapping,
} from '../verbs/migrate.ts';
import {
  is_migration_entry,
  mk_pte,
  pte_clear,
  pte_counted,
  pte_folio,
  pte_offset,
  pte_offset_of,
  ptep_get,
  set_pte_at,
} from '../verbs/pte.ts';
import { folio_test_swapcache, swap_cache_moves } from '../verbs/swap.ts';
import { pmd_none } from '../verbs/table.ts';
import { every_cpu_answers, flush_tlb_page } from '../verbs/tlb.ts';
import { vma_of } from '../verbs/vma.ts';
import { vmf } from '../vmf.ts';
import { cells, decided, folio_flags, leave, now, op, visit } from '../world.ts';

// The folio that moves is that of `vmf.orig_pte`, so that its lock is found; `vmf.new_folio` where it moves
// to; `vmf.walk` how far the walk over its mappings has come.

/** In `vmf.flags`, where no fault is meanwhile: the bytes are in the new folio; and its node. */
const MOVED = 1,
  NODE = 2;
const from = (): number => pte_folio(vmf.orig_pte);
const to = (): number => ((vmf.flags & MOVED) !== 0 ? vmf.new_folio : from());
const entry = (): number => ptep_get(pte_offset(op.va));

const target: Ref = {
  label: 'migration, new page',
  folios: () => (vmf.new_folio === 0 ? [] : [vmf.new_folio]),
};
const both = [target];
/** The reference of the entry that was cleared. */
const mapping: Ref = { label: 'old mapping', folios: () => [from()] };
const new_mapping: Ref = { label: 'new mapping', folios: () => [to()] };
const locked = ['folio_lock'] as const;
const inTable = ['folio_lock', 'ptl'] as const;

/** The walk goes to the next entry of the folio; false: there is none left. */
function walks(moves: boolean): boolean {
  const i = nextMapping(from(), vmf.walk.get(0) | (vmf.walk.get(1) << 8), moves);
  vmf.walk.set(0, (i + 1) & 255);
  vmf.walk.set(1, (i + 1) >> 8);
  if (i < 0) return false;
  visit(...placeAt(i));
  return true;
}

/** Entered with a reference to the folio, and without locks. migrate_folio_unmap(), move_to_new_folio(). */
const unmap_and_move = routine(
  'unmap_and_move',
  { file: 'mm/migrate.c', exits: ['done'], locals: vmf },
  {
    alloc: {
      says: 'Take a page on the other node, {folio}.',
      keeps: both,
      when: has_free_folio,
      awaits: 'waits for a free page',
      run: () => {
        vmf.new_folio = folio_alloc();
        return 'lock_page';
      },
    },
    lock_page: {
      says: 'Lock the page that is to move.',
      keeps: both,
      takes: 'folio_lock',
      next: 'next',
    },

    // ---- try_to_migrate() ----

    next: {
      says: 'Find the next entry that maps the page, in whichever process.',
      holds: locked,
      keeps: both,
      run: () => (walks(false) ? 'lock_pte' : 'mapped'),
      so: { mapped: 'No further entry maps it.' },
    },
    pmd: {
      where: 'tables',
      before: 'lock_pte',
      says: 'Is there still a page table?',
      holds: locked,
      keeps: both,
      run: () => (pmd_none(op.va) ? 'next' : 'lock_pte'),
    },
    lock_pte: {
      says: 'Does the entry of {page} in {me} still map the page?',
      holds: locked,
      takes: 'ptl',
      keeps: both,
      run: () => (pte_counted(entry()) && pte_folio(entry()) === from() ? 'clear' : 'unlock_pte'),
      so: { unlock_pte: 'The entry has changed.' },
    },
    clear: {
      says: 'Clear the entry of {page}.',
      holds: inTable,
      keeps: both,
      run: () => {
        vmf.orig_pte = entry();
        pte_clear(pte_offset(op.va));
        return 'flush';
      },
    },
    flush: {
      says: 'Flush {page} on all CPUs of {me}: no lockless look-up finds the page there any more.',
      holds: inTable,
      keeps: [...both, mapping],
      when: every_cpu_answers,
      awaits: 'waits for a CPU that has interrupts off',
      mark: 'flush',
      run: () => {
        flush_tlb_page(op.va);
        return rules.hasExclusive && PageAnonExclusive(from()) ? 'pinned' : 'set_entry';
      },
    },
    pinned: {
      on: () => rules.hasExclusive,
      says: 'The page is exclusive to {me}: is it pinned?',
      holds: inTable,
      keeps: [...both, mapping],
      run: () => {
        const yes = folio_maybe_dma_pinned(from());
        decided('pinned?', from(), yes ? 1 : 0, yes ? 'leave it' : 'go on');
        return yes && guarded(MIGRATE_CHECKS_PINNED) ? 'put_back' : 'set_entry';
      },
      so: { put_back: '{folio} is pinned: it stays where it is.' },
    },
    put_back: {
      on: () => rules.hasExclusive,
      says: 'Put the entry back as it was.',
      holds: inTable,
      keeps: [...both, mapping],
      run: () => {
        set_pte_at(pte_offset(op.va), vmf.orig_pte);
        vmf.walk.set(0, 0);
        vmf.walk.set(1, 0);
        return 'unlock_failed';
      },
    },
    unlock_failed: {
      on: () => rules.hasExclusive,
      says: 'Let go of the page table.',
      holds: inTable,
      drops: ['ptl'],
      keeps: both,
      next: 'restore_next',
    },
    set_entry: {
      says: 'A migration entry takes its place: whoever comes now waits until the page has moved.',
      holds: inTable,
      keeps: [...both, mapping],
      run: () => {
        const f = from(),
          exclusive = rules.hasExclusive && PageAnonExclusive(f);
        if (exclusive) ClearPageAnonExclusive(f);
        set_pte_at(pte_offset(op.va), make_migration_entry(vmf.orig_pte, exclusive));
        return 'unmap';
      },
    },
    unmap: {
      says: 'One page table less points at the page.',
      holds: inTable,
      keeps: [...both, mapping],
      run: () => {
        folio_remove_rmap(from());
        return 'put_mapping';
      },
    },
    put_mapping: {
      says: 'Drop the reference that the entry had.',
      holds: inTable,
      keeps: [...both, mapping],
      run: () => {
        folio_put(from());
        return 'unlock_pte';
      },
    },
    unlock_pte: {
      says: 'Let go of the page table.',
      holds: inTable,
      drops: ['ptl'],
      keeps: both,
      next: 'next',
    },

    // ---- move_to_new_folio() ----

    mapped: {
      says: 'Does any page table still map it?',
      holds: locked,
      keeps: both,
      run: () => (folio_mapcount(from()) === 0 ? 'count' : 'restore_next'),
    },
    count: {
      says: 'Has anybody but the migration a reference? Whoever has would be left with the old page.',
      holds: locked,
      keeps: both,
      run: () => {
        const n = folio_ref_count(from()),
          alone = n === (folio_test_swapcache(from()) ? 2 : 1);
        decided('refcount 1?', from(), n, alone ? 'move it' : 'leave it');
        return alone || !guarded(MIGRATE_CHECKS_COUNT) ? 'copy' : 'restore_next';
      },
      so: {
        copy: 'Nobody else has {folio}: it may move.',
        restore_next: '{folio} has {refcount} references: it stays where it is.',
      },
    },
    copy: {
      says: 'Copy the page. Nobody can reach it meanwhile.',
      holds: locked,
      keeps: both,
      mark: 'copy',
      run: () => {
        copy_user_highpage(vmf.new_folio, from());
        folio_migrate_flags(vmf.new_folio, from(), (vmf.flags & NODE) !== 0 ? 1 : 0);
        swap_cache_moves(from(), vmf.new_folio);
        vmf.flags |= MOVED;
        return 'add_lru';
      },
    },
    add_lru: {
      says: 'The new page goes to the LRU list, by way of the batch of this CPU.',
      holds: locked,
      keeps: both,
      run: () => {
        folio_add_lru(vmf.new_folio);
        return 'restore_next';
      },
    },

    // ---- remove_migration_ptes() ----

    restore_next: {
      says: 'Find the next migration entry of the page.',
      holds: locked,
      keeps: both,
      run: () => (walks(true) ? 'restore_lock' : 'unlock_page'),
      so: { unlock_page: 'No migration entry is left.' },
    },
    restore_pmd: {
      where: 'tables',
      before: 'restore_lock',
      says: 'Is there still a page table?',
      holds: locked,
      keeps: both,
      run: () => (pmd_none(op.va) ? 'restore_next' : 'restore_lock'),
    },
    restore_lock: {
      says: 'Is it still there?',
      holds: locked,
      takes: 'ptl',
      keeps: both,
      run: () => (is_migration_entry(entry()) && pte_folio(entry()) === from() ? 'get' : 'restore_unlock'),
      so: { restore_unlock: 'Somebody has unmapped it meanwhile.' },
    },
    get: {
      says: 'A reference to {folio} for the entry of {page}.',
      holds: inTable,
      keeps: both,
      run: () => {
        folio_get(to());
        return 'map';
      },
    },
    map: {
      says: 'One more page table points at {folio}.',
      holds: inTable,
      keeps: [...both, new_mapping],
      run: () => {
        folio_add_rmap(to());
        return 'restore';
      },
    },
    restore: {
      says: 'The entry of {page} maps {folio}, with the rights that the migration entry has kept.',
      holds: inTable,
      keeps: [...both, new_mapping],
      run: () => {
        const e = entry();
        if (migratesExclusive(e)) SetPageAnonExclusive(to());
        set_pte_at(pte_offset(op.va), restoredPte(e, to(), vma_of(op.va)));
        return 'restore_unlock';
      },
    },
    restore_unlock: {
      says: 'Let go of the page table.',
      holds: inTable,
      drops: ['ptl'],
      keeps: both,
      next: 'restore_next',
    },
    unlock_page: {
      says: 'Unlock the page: who waits for it goes on.',
      holds: locked,
      keeps: both,
      run: () => {
        leave();
        folio_unlock();
        return 'put_new';
      },
    },
    put_new: {
      says: 'Drop the reference to the new page: its entries have their own, or it was not needed.',
      keeps: both,
      run: () => {
        const f = vmf.new_folio;
        vmf.new_folio = 0;
        folio_put(f);
        return 'done';
      },
    },
  },
);

const move = locals({ page: 'folio' });
const followed: Ref = { label: 'migration', folios: () => (move.page === 0 ? [] : [move.page]) };

/** move_pages() of one page. What could not be moved is told in a status that nobody here reads. */
export const move_pages = routine(
  'do_pages_move',
  { file: 'mm/migrate.c', exits: ['end'], locals: move },
  {
    drain: {
      says: 'Empty the LRU batches of all CPUs: a page in one cannot be isolated.',
      run: () => {
        lru_add_drain_all();
        return 'lock';
      },
    },
    lock: {
      says: 'Keep the mappings from changing: {mmap_lock} for reading.',
      takes: 'mmap_lock:read',
      next: 'lock_pte',
    },
    pmd: {
      where: 'tables',
      before: 'lock_pte',
      says: 'Is there a page table?',
      holds: ['mmap_lock:read'],
      run: () => (pmd_none(op.va) ? 'unlock' : 'lock_pte'),
    },
    lock_pte: {
      says: 'Look at the entry: is there a private page, and on the other node?',
      holds: ['mmap_lock:read'],
      takes: 'ptl',
      run: () => {
        const pte = entry(),
          f = pte_folio(pte);
        return pte_counted(pte) && folio_test_anon(f) && folio_nid(f) !== op.flags ? 'maps' : 'unlock_pte';
      },
      so: { unlock_pte: 'There is nothing to move at {page}.' },
    },
    maps: {
      says: 'Does any other process map it? Those pages are left alone.',
      holds: ['mmap_lock:read', 'ptl'],
      run: () => {
        const f = pte_folio(entry()),
          n = folio_mapcount(f);
        decided('mapcount 1?', f, n, n === 1 ? 'move it' : 'leave it');
        return n === 1 ? 'get' : 'unlock_pte';
      },
    },
    get: {
      says: 'Take a reference to {folio}.',
      holds: ['mmap_lock:read', 'ptl'],
      run: () => {
        move.page = pte_folio(entry());
        folio_get(move.page);
        return 'unlock_pte';
      },
    },
    unlock_pte: {
      says: 'Let go of the page table.',
      holds: ['mmap_lock:read', 'ptl'],
      drops: ['ptl'],
      keeps: [followed],
      run: () => (move.page === 0 ? 'unlock' : 'isolate'),
    },
    isolate: {
      says: 'Take it off its LRU list.',
      holds: ['mmap_lock:read'],
      keeps: [followed],
      run: () => {
        if (!folio_test_lru(move.page)) return 'busy';
        return 'unlock_isolated';
      },
      so: { busy: 'It is on its way to a list: leave it.' },
    },
    unlock_isolated: {
      says: 'Let the mappings go: the page is moved without their lock.',
      holds: ['mmap_lock:read'],
      drops: ['mmap_lock:read'],
      keeps: [followed],
      run: () => {
        vmf.orig_pte = mk_pte(move.page, 0);
        vmf.flags = op.flags !== 0 ? NODE : 0;
        return 'migrate';
      },
    },
    migrate: { ...call(unmap_and_move, { done: 'put' }), keeps: [followed] },
    busy: {
      says: 'Let the mappings go.',
      holds: ['mmap_lock:read'],
      drops: ['mmap_lock:read'],
      keeps: [followed],
      next: 'put',
    },
    put: {
      says: 'Drop the reference of the migration: a page that has moved is freed now.',
      keeps: [followed],
      run: () => {
        const f = move.page;
        move.page = 0;
        folio_put(f);
        return 'end';
      },
    },
    unlock: {
      says: 'Let the mappings go.',
      holds: ['mmap_lock:read'],
      drops: ['mmap_lock:read'],
      next: 'end',
    },
  },
);

/** The entry that names what an actor moves. Compaction finds pages by their frames: it looks at none. */
const victim = (): number => {
  const at = pte_offset_of(op.slot, op.va);
  return cells[at]! | (cells[at + 1]! << 8);
};
/** A private page that is on an LRU list. Pure. */
function mayMove(): boolean {
  const e = victim(),
    f = pte_folio(e);
  return (
    pte_counted(e) && (cells[folio_flags.at + f]! & FOLIO_ANON) !== 0 && onLru(f) && !folio_test_large(f)
  );
}
/** Compaction, memory that goes offline, a device that wants one range: a page moves at any time. */
export const compact = routine(
  'migrate_pages',
  { file: 'mm/migrate.c', exits: ['end'], locals: move },
  {
    isolate: {
      says: 'Take {folio} off its LRU list, with a reference, to move it.',
      when: mayMove,
      awaits: 'has no page to move',
      run: () => {
        move.page = pte_folio(victim());
        folio_get(move.page);
        vmf.orig_pte = mk_pte(move.page, 0);
        vmf.flags = folio_nid(move.page) !== 0 ? NODE : 0;
        return 'migrate';
      },
    },
    migrate: { ...call(unmap_and_move, { done: 'put' }), keeps: [followed] },
    put: {
      says: 'Drop the reference of the migration: a page that has moved is freed now.',
      keeps: [followed],
      run: () => {
        const f = move.page;
        move.page = 0;
        folio_put(f);
        return 'drain';
      },
    },
    drain: {
      says: 'The new page leaves the LRU batch of this CPU.',
      run: () => {
        if (now.plan!.switches.lru === 'drained') lru_add_drain();
        return 'isolate';
      },
    },
  },
);
