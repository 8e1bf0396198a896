/**
 * The three answers to "may this anonymous page be written in place?". Each is a routine for the hook
 * `reuse_anon` of do_wp_page. Entered with the page-table lock held; `vmf.orig_pte` is the read-only entry.
 */
import { REUSE_UNLOCKS_FIRST, guarded } from '../guards.ts';
import { rules } from '../rules.ts';
import { routine } from '../steps.ts';
import {
  PageAnonExclusive,
  SetPageAnonExclusive,
  folio_get,
  folio_mapcount,
  folio_put,
  folio_ref_count,
  folio_test_lru,
  folio_trylock,
  folio_unlock,
  isLargeOwned,
  isLargeShared,
  lru_add_drain,
} from '../verbs/folio.ts';
import { pte_folio, pte_offset, ptep_get } from '../verbs/pte.ts';
import { FAULT_EXITS, vmf } from '../vmf.ts';
import { PageKsm } from '../verbs/ksm.ts';
import { folio_test_large } from '../verbs/large.ts';
import {
  delete_from_swap_cache,
  folio_swap,
  folio_test_swapcache,
  swap_count,
  try_to_free_swap,
} from '../verbs/swap.ts';
import { decided, op } from '../world.ts';
import { waited_folio } from './refs.ts';
import { answers, hold_old_and_copy, make_writable, unlock_to } from './wp.ts';

const folio = (): number => pte_folio(vmf.orig_pte);
/** ksmd may have made it a KSM page after do_wp_page has asked: under the page lock it cannot any more. */
const isKsm = (): boolean => PageKsm(folio());

/** Swap entries that name the slot of a page in the swap cache. */
const swap_users = (f: number): number => (folio_test_swapcache(f) ? swap_count(folio_swap(f)) : 0);

/** Until 5.8: reuse_swap_page() counts page tables and swap entries. */
export const reuse_by_mapcount = routine(
  'do_wp_page',
  { file: 'mm/memory.c', exits: FAULT_EXITS, locals: vmf },
  {
    trylock: {
      says: 'Lock the page, so that swap and migration leave its counts alone.',
      holds: ['ptl'],
      run: () => (folio_trylock(folio()) ? 'count' : 'get'),
      so: { get: 'Somebody has {folio} locked: wait for it.' },
    },
    get: {
      says: 'Hold {folio} and let go of the page table, to sleep for the page lock.',
      holds: ['ptl'],
      drops: ['ptl'],
      run: () => {
        folio_get(folio());
        return 'wait_lock';
      },
    },
    wait_lock: {
      says: 'Sleep until the page lock is free.',
      takes: 'folio_lock',
      keeps: [waited_folio],
      next: 'relock',
    },
    relock: {
      says: 'Back under the page-table lock: is the entry still the same?',
      holds: ['folio_lock'],
      takes: 'ptl',
      keeps: [waited_folio],
      run: () => (ptep_get(pte_offset(op.va)) === vmf.orig_pte ? 'put' : 'give_up'),
    },
    put: {
      says: 'The page is locked now: drop the reference again.',
      holds: ['folio_lock', 'ptl'],
      keeps: [waited_folio],
      run: () => {
        folio_put(folio());
        return 'count';
      },
    },
    give_up: {
      says: 'The entry changed: back out.',
      holds: ['folio_lock', 'ptl'],
      drops: ['folio_lock', 'ptl'],
      keeps: [waited_folio],
      next: 'put_and_retry',
    },
    put_and_retry: {
      says: 'Drop the reference and try the access again.',
      keeps: [waited_folio],
      run: () => {
        folio_put(folio());
        return 'done';
      },
    },
    count: {
      says: 'How many page tables map {folio}?',
      holds: ['ptl', 'folio_lock'],
      run: () => {
        const f = folio(),
          n = folio_mapcount(f) + swap_users(f),
          alone = n === 1 && !isKsm();
        decided('mapcount 1?', f, n, alone ? 'reuse' : 'copy');
        return !alone ? 'unlock_copy' : folio_test_swapcache(f) ? 'uncache' : 'unlock_reuse';
      },
      so: {
        unlock_reuse:
          'One page table maps {folio}, so {model} takes the page for private. Other references are ' +
          'not counted.',
        unlock_copy: '{mapcount} page tables map {folio}: it is shared, so {me} gets a copy.',
      },
    },
    uncache: {
      where: 'swap',
      says: 'Nobody else needs its slot: take {folio} out of the swap cache.',
      holds: ['ptl', 'folio_lock'],
      run: () => {
        delete_from_swap_cache(folio());
        return 'unlock_reuse';
      },
    },
    unlock_reuse: unlock_to('reuse', 'Unlock the page.'),
    unlock_copy: unlock_to('copy', 'Unlock the page.'),
    ...answers,
  },
);

/** 5.9 to 5.17: one reference, the own mapping's, or a copy. 09854ba94c6a, be068f29034f. */
export const reuse_by_refcount = routine(
  'do_wp_page',
  { file: 'mm/memory.c', exits: FAULT_EXITS, locals: vmf, commit: '09854ba94c6a' },
  {
    count: {
      says: 'Does anybody else hold {folio}, by any kind of reference?',
      holds: ['ptl'],
      run: () => {
        const n = folio_ref_count(folio());
        decided('refcount 1?', folio(), n, n === 1 ? 'reuse' : 'copy');
        return n === 1 ? 'trylock' : 'copy';
      },
      so: {
        trylock: 'Nobody else holds {folio}: it can probably be reused.',
        copy: '{folio} has {refcount} references, so somebody else may look at it: {me} gets a copy.',
      },
    },
    trylock: {
      says: 'Lock the page, but never sleep for it: a contended page is copied.',
      holds: ['ptl'],
      run: () => (folio_trylock(folio()) ? 'recheck_map' : 'copy'),
      so: { copy: 'Somebody has {folio} locked: copy it.' },
    },
    recheck_map: {
      says: 'Under the page lock the counts mean what they say: mapped once?',
      holds: ['ptl', 'folio_lock'],
      run: () => (folio_mapcount(folio()) === 1 && !isKsm() ? 'recheck_ref' : 'unlock_copy'),
    },
    recheck_ref: {
      says: 'And referenced once?',
      holds: ['ptl', 'folio_lock'],
      run: () => {
        const n = folio_ref_count(folio());
        decided('refcount 1, under the page lock?', folio(), n, n === 1 ? 'reuse' : 'copy');
        return n === 1 ? 'unlock_reuse' : 'unlock_copy';
      },
      so: { unlock_reuse: 'One mapping, one reference, both of {me}: {folio} is private.' },
    },
    unlock_reuse: {
      says: 'Unlock the page while it is still mapped.',
      holds: ['ptl', 'folio_lock'],
      run: () => {
        if (!guarded(REUSE_UNLOCKS_FIRST)) return 'reuse_locked';
        folio_unlock();
        return 'reuse';
      },
      so: { reuse_locked: 'Keep the page lock, as 5.9-rc4 did.' },
    },
    reuse_locked: {
      on: () => !guarded(REUSE_UNLOCKS_FIRST),
      says: 'Make the entry writable and let go of the page table, with the page still locked.',
      holds: ['ptl', 'folio_lock'],
      drops: ['ptl'],
      run: () => {
        make_writable();
        return 'unlock_late';
      },
    },
    unlock_late: {
      on: () => !guarded(REUSE_UNLOCKS_FIRST),
      says: 'Unlock the page, which may be gone by now.',
      holds: ['folio_lock'],
      run: () => {
        folio_unlock();
        return 'VM_FAULT_WRITE';
      },
    },
    unlock_copy: unlock_to('copy', 'Shared after all: unlock the page.'),
    ...answers,
  },
);

/** The rows that v5.18 and v5.19 share: look twice, and take the own LRU batch out of the count. */
const late_refcount = <Found extends string>(found: Found) =>
  ({
    count_early: {
      says: 'Far too many references to bother?',
      holds: ['ptl'],
      run: () => {
        const n = folio_ref_count(folio());
        if (n > 3) decided('refcount 1?', folio(), n, 'copy');
        return n > 3 ? 'copy' : 'batched';
      },
      so: {
        batched: 'At most 3 references: worth a closer look.',
        copy: '{folio} has {refcount} references: {me} gets a copy.',
      },
    },
    batched: {
      says: 'Does an LRU batch still hold {folio}?',
      holds: ['ptl'],
      run: () => (folio_test_lru(folio()) ? 'count' : 'drain'),
      so: { count: 'No LRU batch holds {folio}.', drain: 'An LRU batch still holds {folio}.' },
    },
    drain: {
      says: 'Empty the LRU batch of this CPU.',
      holds: ['ptl'],
      run: (): 'count' => {
        lru_add_drain();
        return 'count';
      },
    },
    count: {
      says: 'More references than the own mapping?',
      holds: ['ptl'],
      run: () => {
        const n = folio_ref_count(folio()),
          more = n > (folio_test_swapcache(folio()) ? 2 : 1);
        if (more) decided('refcount 1?', folio(), n, 'copy');
        return more ? 'copy' : 'trylock';
      },
      so: {
        copy: '{folio} has {refcount} references, so somebody else may look at it: {me} gets a copy.',
        trylock: 'One reference: probably private.',
      },
    },
    trylock: {
      says: 'Lock the page, but never sleep for it.',
      holds: ['ptl'],
      run: () => (folio_trylock(folio()) ? 'recheck' : 'copy'),
    },
    uncache: {
      where: 'swap',
      before: 'recheck',
      says: 'If no entry names its slot, take {folio} out of the swap cache: its reference does not count.',
      holds: ['ptl', 'folio_lock'],
      run: (): 'recheck' => {
        try_to_free_swap(folio());
        return 'recheck';
      },
    },
    recheck: {
      says: 'Under the page lock: still one reference?',
      holds: ['ptl', 'folio_lock'],
      run: () => {
        const n = folio_ref_count(folio());
        const alone = n === 1 && !isKsm();
        decided('refcount 1, under the page lock?', folio(), n, alone ? 'reuse' : 'copy');
        return alone ? found : 'unlock_copy';
      },
      so: { [found]: 'The only reference is the mapping of {me}: {folio} is private again.' },
    },
    unlock_copy: unlock_to('copy', 'Shared after all: unlock the page.'),
    ...answers,
  }) as const;

/** 5.18: the reference count, but not of what this CPU's own LRU batch holds. 53a05ad9f21d, d4c470970d45. */
export const reuse_by_late_refcount = routine(
  'do_wp_page',
  { file: 'mm/memory.c', exits: FAULT_EXITS, locals: vmf, commit: '53a05ad9f21d' },
  {
    ...late_refcount('unlock_reuse'),
    unlock_reuse: unlock_to('reuse', 'Unlock the page while it is still mapped.'),
  },
);

/** Of a page that is not exclusive: small pages go by their references. */
function otherwise(): 'count_early' | 'copy' | 'large_owner' {
  if (!folio_test_large(folio()) || rules.largeReuse === 'count') return 'count_early';
  return rules.largeReuse === 'never' ? 'copy' : 'large_owner';
}
/**
 * From 5.19: a bit says that the page is mapped by one process only; without it, the reference count
 * decides. 6c287605fd56.
 */
export const reuse_by_exclusive = routine(
  'do_wp_page',
  { file: 'mm/memory.c', exits: FAULT_EXITS, locals: vmf, commit: '6c287605fd56' },
  {
    exclusive: {
      says: 'Is {folio} marked as exclusive to {me}?',
      holds: ['ptl'],
      run: () => {
        const yes = PageAnonExclusive(folio());
        const next = yes ? 'reuse' : otherwise();
        decided(
          'exclusive?',
          folio(),
          yes ? 1 : 0,
          yes ? 'reuse' : next === 'copy' ? 'copy' : 'ask the refcount',
        );
        return next;
      },
      so: {
        large_owner: '{folio} is not marked as exclusive, and is a page of a large folio.',
        copy: '{folio} is a page of a large folio, and not exclusive: {me} gets a copy.',
        reuse: '{folio} is exclusive to {me}: write in place, whatever the counts say.',
        count_early: '{folio} is not marked as exclusive: then the references decide.',
      },
    },
    // wp_can_reuse_anon_folio() of a large folio, 1da190f4d0a6.
    large_owner: {
      where: 'large',
      on: () => rules.largeReuse === 'owner',
      says: 'Does the large folio remember one process alone, with several of its pages?',
      holds: ['ptl'],
      run: () => {
        const shared = isLargeShared(folio());
        if (shared) decided('mapped by one process?', folio(), 1, 'copy');
        return shared ? 'copy' : 'large_refs';
      },
      so: {
        copy: 'Others may map the large folio, or one page of it is left: {me} gets a copy.',
        large_refs: 'Nobody but {me} maps the large folio.',
      },
    },
    large_refs: {
      where: 'large',
      on: () => rules.largeReuse === 'owner',
      says: 'Is every reference to the large folio a mapping?',
      holds: ['ptl'],
      run: () => (isLargeOwned(folio()) ? 'large_again' : 'large_copy'),
      so: { large_copy: 'The large folio has references that are no mappings: {me} gets a copy.' },
    },
    large_again: {
      where: 'large',
      on: () => rules.largeReuse === 'owner',
      says: 'The same once more, with the mappings of the folio locked.',
      holds: ['ptl'],
      run: () => {
        const yes = isLargeOwned(folio());
        decided('all references mappings of one process?', folio(), yes ? 1 : 0, yes ? 'reuse' : 'copy');
        if (!yes) return 'large_copy';
        SetPageAnonExclusive(folio());
        return 'reuse';
      },
      so: {
        reuse: 'All references to the large folio are mappings of {me}: this page is exclusive from here on.',
      },
    },
    large_copy: {
      ...hold_old_and_copy,
      where: 'large',
      on: () => rules.largeReuse === 'owner',
    },
    ...late_refcount('mark_exclusive'),
    mark_exclusive: {
      says: 'Mark {folio} as exclusive and unlock it.',
      holds: ['ptl', 'folio_lock'],
      run: () => {
        SetPageAnonExclusive(folio());
        folio_unlock();
        return 'reuse';
      },
    },
  },
);
