/**
 * Glisse's alternative, mail of 12 Jan 2021: fork shares and write-protects a page that has other
 * references, marks whose they are (`gup_owner`, fork.ts), and the child never reuses such a page. What the
 * owner itself may do is our completion, in two strengths. The mark is looked at when somebody writes; it is
 * taken off when the last other reference is found gone.
 */
import { routine } from '../steps.ts';
import type { Ref } from '../steps.ts';
import {
  copy_user_highpage,
  folio_add_lru,
  folio_add_new_anon_rmap,
  folio_alloc,
  folio_get,
  folio_gup_owner,
  folio_mapcount,
  folio_put,
  folio_remove_rmap,
  folio_set_gup_owner,
  folio_unlock,
  has_free_folio,
} from '../verbs/folio.ts';
import { refsBesideSwapCache } from '../verbs/swap.ts';
import { mk_pte, pte_folio, pte_offset, pte_offset_of, ptep_get, set_pte_at_other } from '../verbs/pte.ts';
import { pmdNoneOf } from '../verbs/table.ts';
import { every_cpu_answers_of, flush_tlb_page_of } from '../verbs/tlb.ts';
import { FAULT_EXITS, vmf } from '../vmf.ts';
import { decided, mm, now, op } from '../world.ts';
import { new_folio, waited_folio } from './refs.ts';
import { reuse_by_refcount } from './reuse.ts';
import { answers } from './wp.ts';

const folio = (): number => pte_folio(vmf.orig_pte);
const about = { file: 'mm/memory.c', exits: FAULT_EXITS, locals: vmf } as const;

/** The table of who may do what; `shared`: where the owner goes while others map the page, too. */
const owner_rows = <R extends string>(shared: R, words: string) =>
  ({
    owner: {
      says: 'Do references of some process lie on {folio} since a fork?',
      holds: ['ptl'],
      run: (): 'count' | 'refs' => (folio_gup_owner(folio()) < 0 ? 'count' : 'refs'),
      so: { count: '{folio} is not marked: the reference count decides.', refs: '{folio} is marked.' },
    },
    count: { tail: reuse_by_refcount },
    refs: {
      says: 'Are those references still there?',
      holds: ['ptl'],
      run: (): 'forget' | 'whose' => (refsBesideSwapCache(folio()) === 1 ? 'forget' : 'whose'),
      so: { forget: 'Only the entry of {me} is left: the mark is out of date.', whose: 'They may be.' },
    },
    forget: {
      says: 'Take the mark off {folio}.',
      holds: ['ptl'],
      run: (): 'count' => {
        folio_set_gup_owner(folio(), -1);
        return 'count';
      },
    },
    whose: {
      says: 'Whose are they?',
      holds: ['ptl'],
      run: (): 'maps' | 'copy' => {
        const mine = folio_gup_owner(folio()) === mm;
        if (!mine) decided('gup_owner?', folio(), 0, 'copy');
        return mine ? 'maps' : 'copy';
      },
      so: {
        maps: 'They belong with {me}.',
        copy: 'They belong with another process: {me} never gets this page, but a copy.',
      },
    },
    maps: {
      says: 'Does any other process map {folio}?',
      holds: ['ptl'],
      run: (): 'reuse' | R => {
        const n = folio_mapcount(folio());
        decided('gup_owner, and mapcount 1?', folio(), n, n === 1 ? 'reuse' : words);
        return n === 1 ? 'reuse' : shared;
      },
      so: { reuse: 'Only {me} maps {folio}, and the references are its own: write in place.' },
    },
    ...answers,
  }) as const;

/** The owner copies, too, while a child maps the page: its references stay behind. */
export const reuse_by_owner_min = routine('do_wp_page', about, owner_rows('copy', 'copy'));

/** The entry of another process that was cleared, not yet replaced. */
const other_mapping: Ref = { label: 'entry elsewhere', folios: () => [folio()] };
/** Next process after `vmf.around - 1` that is not this one; 0 = none is left. */
function next_other(): number {
  for (let m = vmf.around; m < now.counts.mms; m++) if (m !== mm) return m + 1;
  return 0;
}
const other = (): number => pte_offset_of(vmf.around, op.va);

/**
 * The owner takes the page away from all others: each of them gets a copy, then the page is written in
 * place. Two page-table locks are never held together; while the walk goes on the folio lock and a reference
 * keep the page, and a process that forks meanwhile is found by the next attempt.
 */
export const reuse_by_owner_full = routine('do_wp_page', about, {
  ...owner_rows('hold', 'take it from the others'),
  hold: {
    says: 'Hold {folio} and let go of the page table, to visit those of the others.',
    holds: ['ptl'],
    drops: ['ptl'],
    run: () => {
      folio_get(folio());
      return 'lock_page';
    },
  },
  lock_page: {
    says: 'Lock the page, as every walk over its mappings does.',
    takes: 'folio_lock',
    keeps: [waited_folio],
    next: 'alloc',
  },
  alloc: {
    says: 'Take a fresh page, {folio}, for the copy of another process.',
    holds: ['folio_lock'],
    keeps: [waited_folio],
    when: has_free_folio,
    awaits: 'waits for a free page',
    run: () => {
      vmf.new_folio = folio_alloc();
      const next = next_other();
      vmf.around = next === 0 ? 0 : next - 1;
      return next === 0 ? 'relock' : 'lock_other';
    },
  },
  other_pmd: {
    where: 'tables',
    before: 'lock_other',
    says: 'Has another process a page table there?',
    holds: ['folio_lock'],
    keeps: [waited_folio, new_folio],
    run: () => (pmdNoneOf(vmf.around, op.va) ? 'next_other' : 'lock_other'),
    so: { next_other: 'This one has no page table there.' },
  },
  lock_other: {
    says: 'Take the page-table lock of another process: does it map the page?',
    holds: ['folio_lock'],
    takes: 'ptl:other',
    keeps: [waited_folio, new_folio],
    run: () => {
      const pte = ptep_get(other());
      return pte !== 0 && pte_folio(pte) === folio() ? 'clear_other' : 'unlock_other';
    },
    so: { unlock_other: 'This one does not map it.' },
  },
  clear_other: {
    says: 'Clear its entry. Its bits are kept for the copy.',
    holds: ['folio_lock', 'ptl:other'],
    keeps: [waited_folio, new_folio],
    run: () => {
      vmf.seen.set(0, ptep_get(other()) & 255);
      set_pte_at_other(other(), 0);
      return 'flush_other';
    },
  },
  flush_other: {
    says: 'Flush it on all CPUs of that process.',
    holds: ['folio_lock', 'ptl:other'],
    keeps: [waited_folio, other_mapping, new_folio],
    when: () => every_cpu_answers_of(vmf.around),
    awaits: 'waits for a CPU that has interrupts off',
    mark: 'flush',
    run: () => {
      flush_tlb_page_of(vmf.around, op.va);
      return 'copy_other';
    },
  },
  copy_other: {
    says: 'Copy the bytes for it.',
    holds: ['folio_lock', 'ptl:other'],
    keeps: [waited_folio, other_mapping, new_folio],
    mark: 'copy',
    run: () => {
      copy_user_highpage(vmf.new_folio, folio());
      return 'map_other';
    },
  },
  map_other: {
    says: 'Map the copy {folio} there.',
    holds: ['folio_lock', 'ptl:other'],
    keeps: [waited_folio, other_mapping, new_folio],
    run: () => {
      folio_add_new_anon_rmap(vmf.new_folio, false);
      folio_add_lru(vmf.new_folio);
      set_pte_at_other(other(), mk_pte(vmf.new_folio, vmf.seen.get(0)));
      vmf.new_folio = 0;
      vmf.seen.set(0, 0);
      return 'unmap_other';
    },
  },
  unmap_other: {
    says: 'One page table less points at the old page.',
    holds: ['folio_lock', 'ptl:other'],
    keeps: [waited_folio, other_mapping],
    run: () => {
      folio_remove_rmap(folio());
      return 'put_other';
    },
  },
  put_other: {
    says: 'Drop the reference that the entry had.',
    holds: ['folio_lock', 'ptl:other'],
    keeps: [waited_folio, other_mapping],
    run: () => {
      folio_put(folio());
      return 'unlock_other';
    },
  },
  unlock_other: {
    says: 'Let go of that page table.',
    holds: ['folio_lock', 'ptl:other'],
    keeps: [waited_folio, new_folio],
    drops: ['ptl:other'],
    next: 'next_other',
  },
  next_other: {
    says: 'Is there another process to visit?',
    holds: ['folio_lock'],
    keeps: [waited_folio, new_folio],
    run: () => {
      vmf.around += 1;
      const next = next_other();
      if (next !== 0) vmf.around = next - 1;
      else vmf.around = 0;
      return next === 0 ? 'relock' : vmf.new_folio === 0 ? 'alloc' : 'lock_other';
    },
  },
  relock: {
    says: 'Back under the own page-table lock: is the entry still the same?',
    holds: ['folio_lock'],
    keeps: [waited_folio, new_folio],
    takes: 'ptl',
    run: () => (ptep_get(pte_offset(op.va)) === vmf.orig_pte ? 'alone' : 'give_up'),
  },
  alone: {
    says: 'Is {me} the only one that maps {folio} now?',
    holds: ['folio_lock', 'ptl'],
    keeps: [waited_folio, new_folio],
    run: () => (folio_mapcount(folio()) === 1 ? 'unlock_page' : 'give_up'),
    so: { unlock_page: 'Nobody else maps {folio} any more.', give_up: 'A fork was faster: try again.' },
  },
  unlock_page: {
    says: 'Unlock the page.',
    holds: ['folio_lock', 'ptl'],
    keeps: [waited_folio, new_folio],
    run: () => {
      folio_unlock();
      return vmf.new_folio === 0 ? 'put' : 'free_new';
    },
  },
  free_new: {
    says: 'A page for a copy was not needed: give it back.',
    holds: ['ptl'],
    keeps: [waited_folio, new_folio],
    run: () => {
      folio_put(vmf.new_folio);
      vmf.new_folio = 0;
      return 'put';
    },
  },
  put: {
    says: 'Drop the reference of the walk.',
    holds: ['ptl'],
    keeps: [waited_folio],
    run: () => {
      folio_put(folio());
      return 'reuse';
    },
  },
  give_up: {
    says: 'Back out, and try the access again.',
    holds: ['folio_lock', 'ptl'],
    drops: ['folio_lock', 'ptl'],
    keeps: [waited_folio, new_folio],
    run: () => (vmf.new_folio === 0 ? 'put_and_retry' : 'free_and_retry'),
  },
  free_and_retry: {
    says: 'Give the unused page back.',
    keeps: [waited_folio, new_folio],
    run: () => {
      folio_put(vmf.new_folio);
      vmf.new_folio = 0;
      return 'put_and_retry';
    },
  },
  put_and_retry: {
    says: 'Drop the reference of the walk.',
    keeps: [waited_folio],
    run: () => {
      folio_put(folio());
      return 'done';
    },
  },
});
