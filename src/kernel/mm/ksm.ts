/**
 * KSM: one page for all equal ones. ksmd walks through the memory that processes have offered with
 * MADV_MERGEABLE, write-protects a page, compares it, and lets its entry name the other one. mm/ksm.c.
 */
import { locals } from '../frame.ts';
import { rules } from '../rules.ts';
import { call, routine } from '../steps.ts';
import type { Ref } from '../steps.ts';
import { folio_put } from '../verbs/folio.ts';
import {
  KSM_STABLE,
  PageKsm,
  get_ksm_page,
  isMergeable,
  mapsKsm,
  pageAtSlot,
  ksmd_should_run,
  placeAt,
  set_page_stable_node,
  stable_tree_search,
  findUnstable,
} from '../verbs/ksm.ts';
import { folio_test_large, headOf, pagesOf } from '../verbs/large.ts';
import { mmget_not_zero, mmput } from '../verbs/mm.ts';
import { mk_pte, pte_counted, pte_folio } from '../verbs/pte.ts';
import { pmd_none } from '../verbs/table.ts';
import { FAULT_FLAG_UNSHARE, FAULT_FLAG_WRITE, vmf } from '../vmf.ts';
import { leave, mm, now, op, pages, visit } from '../world.ts';
import { handle_mm_fault } from './fault.ts';
import { entry, get_mergeable_page, item, split_equal_pages } from './ksm-merge.ts';
import { try_to_merge_one_page } from './ksm-merge.ts';

// ---- a KSM page taken back: the process gets a copy of its own ----

/** Which fault takes a KSM page away: as for a store, or since 6.2 one that only unshares. */
export const unmerging = (): number => (rules.ksmUnshares ? FAULT_FLAG_UNSHARE : FAULT_FLAG_WRITE);

/** Entered while the thread visits the page slot. */
const break_cow = routine(
  'break_cow',
  { file: 'mm/ksm.c', exits: ['done'] },
  {
    lock: {
      says: 'Keep the mappings of {me} from changing: {mmap_lock} for reading.',
      takes: 'mmap_lock:read',
      run: () => (mmget_not_zero() ? 'look' : 'unlock_dead'),
    },
    pmd: {
      where: 'tables',
      before: 'look',
      says: 'Is there a page table?',
      holds: ['mmap_lock:read'],
      run: () => (pmd_none(op.va) ? 'unlock' : 'look'),
    },
    look: {
      says: 'Does the entry of {page} map a KSM page?',
      holds: ['mmap_lock:read'],
      takes: 'ptl',
      run: () => {
        const pte = entry(),
          ksm = pte_counted(pte) && PageKsm(pte_folio(pte));
        vmf.flags = ksm ? unmerging() : 0;
        return 'unlock_pte';
      },
    },
    unlock_pte: {
      says: 'Let go of the page table.',
      holds: ['mmap_lock:read', 'ptl'],
      drops: ['ptl'],
      run: () => (vmf.flags !== 0 ? 'fault' : 'unlock'),
      so: { fault: 'It does: fault, so that {me} gets a copy.', unlock: 'It does not: nothing to break.' },
    },
    fault: call(handle_mm_fault, { done: 'look', VM_FAULT_WRITE: 'look', VM_FAULT_SIGBUS: 'look' }),
    unlock: {
      says: 'Let the mappings of {me} go.',
      holds: ['mmap_lock:read'],
      drops: ['mmap_lock:read'],
      run: () => {
        mmput();
        return 'done';
      },
    },
    unlock_dead: {
      says: 'The process ends: let go.',
      holds: ['mmap_lock:read'],
      drops: ['mmap_lock:read'],
      next: 'done',
    },
  },
);

/**
 * The KSM pages of the operation's range, taken back under mmap_lock held for writing: by MADV_UNMERGEABLE,
 * and before mremap moves them to an address where ksmd would not find them.
 */
export const unmerge_ksm_pages = routine(
  'unmerge_ksm_pages',
  { file: 'mm/ksm.c', exits: ['done'] },
  {
    next: {
      says: 'Find the next KSM page of the range.',
      holds: ['mmap_lock:write'],
      run: () => {
        leave();
        for (let va = op.va; va < op.va + op.pages; va++) {
          if (!mapsKsm(mm, va)) continue;
          visit(mm, va);
          vmf.flags = unmerging();
          return 'fault';
        }
        return 'done';
      },
      so: { fault: 'Fault, so that {me} gets a copy of its own.', done: 'There is none.' },
    },
    fault: call(handle_mm_fault, { done: 'next', VM_FAULT_WRITE: 'next', VM_FAULT_SIGBUS: 'next' }),
  },
);

// ---- a pass of ksmd ----

/**
 * `next`, `other`: page slots over all processes; `kpage`: the KSM page that was found, or made; `again`: one
 * was made, for which the next pass may find more pages.
 */
const scan = locals({ next: 2, other: 2, page: 'folio', kpage: 'folio', again: 1 });
const scanned: Ref = { label: 'ksmd', folios: () => (scan.page === 0 ? [] : [scan.page]) };
const kept_kpage: Ref = { label: 'ksmd, KSM page', folios: () => (scan.kpage === 0 ? [] : [scan.kpage]) };
const both = [scanned, kept_kpage];

/** The merge of the page that is visited; `into` 0: it becomes a KSM page itself. */
function tries(f: number, into: number): void {
  vmf.orig_pte = mk_pte(f, 0);
  vmf.new_folio = into;
}

/**
 * The equal page, at slot `i`, is one of the same large folio; or it is another of those that share a page
 * number, as no line names them.
 */
const isOfOneFolio = (i: number): boolean =>
  folio_test_large(scan.page) &&
  (i < 0 ? pagesOf(scan.page) > 1 : headOf(pageAtSlot(i)) === headOf(scan.page));

export const ksm_do_scan = routine(
  'ksm_do_scan',
  { file: 'mm/ksm.c', exits: ['end', 'EAGAIN'], locals: scan },
  {
    begin: {
      says: 'ksmd begins a pass over all memory that was offered to it.',
      run: () => (ksmd_should_run() ? 'next' : 'EAGAIN'),
      so: { EAGAIN: 'No memory was offered: ksmd sleeps.' },
    },
    next: {
      says: 'ksmd goes on to the next page of memory that may be merged.',
      run: () => {
        const all = now.counts.mms * pages;
        while (scan.next < all && !isMergeable(scan.next)) scan.next += 1;
        if (scan.next >= all && scan.again !== 0) {
          scan.again = 0;
          scan.next = 0;
          return 'next';
        }
        if (scan.next >= all) {
          leave();
          return 'end';
        }
        visit(...placeAt(scan.next));
        scan.next += 1;
        return 'get_page';
      },
      so: {
        end: 'ksmd has seen all memory that may be merged.',
        next: 'The next pass begins: it finds the KSM pages that this one has made.',
      },
    },
    get_page: call(get_mergeable_page, { done: 'found' }, () => (scan.page = item.page)),
    found: {
      says: 'Is there a page to look at, and is it a KSM page already?',
      keeps: [scanned],
      run: () => (scan.page === 0 ? 'next' : PageKsm(scan.page) ? 'put_page' : 'stable'),
      so: {
        next: 'There is no page to merge at {page}.',
        put_page: '{page} has a KSM page already.',
      },
    },
    stable: {
      says: 'Is there a KSM page with the same bytes?',
      keeps: [scanned],
      run: () => {
        scan.other = stable_tree_search(scan.page);
        return scan.other !== 0 ? 'get_kpage' : 'unstable';
      },
      so: { unstable: 'No KSM page is equal.', get_kpage: 'There is an equal KSM page.' },
    },
    get_kpage: {
      says: 'Take a reference to it. The tree has none, so it may be gone.',
      keeps: [scanned],
      run: () => {
        const f = scan.other;
        scan.other = 0;
        if (!get_ksm_page(f)) return 'unstable';
        scan.kpage = f;
        tries(scan.page, f);
        return 'merge';
      },
    },
    merge: { ...call(try_to_merge_one_page, { merged: 'put_kpage', failed: 'put_kpage' }), keeps: both },
    put_kpage: {
      says: 'Drop the reference to the KSM page.',
      keeps: both,
      run: () => {
        const f = scan.kpage;
        scan.kpage = 0;
        folio_put(f);
        return 'put_page';
      },
    },
    put_page: {
      says: 'Drop the reference to the page.',
      keeps: [scanned],
      run: () => {
        const f = scan.page;
        scan.page = 0;
        folio_put(f);
        return 'next';
      },
    },
    unstable: {
      says: 'Has this pass come by an equal page before?',
      keeps: [scanned],
      run: () => {
        const i = findUnstable(scan.page, scan.next - 1);
        if (isOfOneFolio(i)) {
          tries(scan.page, 0);
          return 'part';
        }
        if (i < 0) return 'put_page';
        scan.other = i + 1;
        tries(scan.page, 0);
        return 'first';
      },
      so: {
        put_page: 'No page that this pass has seen is equal.',
        part: 'It has, and that is a page of the same folio.',
      },
    },
    part: {
      where: 'splits',
      ...call(split_equal_pages, { split: 'parted', failed: 'put_page' }),
      keeps: [scanned],
    },
    parted: {
      where: 'splits',
      says: 'The next pass may merge what has been one folio.',
      keeps: [scanned],
      run: () => {
        scan.again = 1;
        return 'put_page';
      },
    },
    first: {
      ...call(try_to_merge_one_page, { merged: 'visit_other', failed: 'give_up' }),
      keeps: [scanned],
    },
    give_up: {
      says: 'This page cannot be merged now.',
      keeps: [scanned],
      run: () => {
        scan.other = 0;
        return 'put_page';
      },
    },
    visit_other: {
      says: 'Now the equal page that was found before.',
      keeps: [scanned],
      run: () => {
        visit(...placeAt(scan.other - 1));
        scan.kpage = scan.page;
        scan.page = 0;
        return 'get_other';
      },
    },
    get_other: {
      ...call(get_mergeable_page, { done: 'found_other' }, () => (scan.page = item.page)),
      keeps: [kept_kpage],
    },
    found_other: {
      says: 'Is it still there?',
      keeps: both,
      run: () => {
        if (scan.page === 0) return 'alone';
        tries(scan.page, scan.kpage);
        return 'second';
      },
    },
    second: { ...call(try_to_merge_one_page, { merged: 'insert', failed: 'put_other' }), keeps: both },
    insert: {
      says: 'Two page tables share {folio}: it goes into the stable tree.',
      keeps: both,
      run: () => {
        set_page_stable_node(scan.kpage, KSM_STABLE);
        scan.again = 1;
        scan.other = 0;
        return 'put_both';
      },
    },
    put_both: {
      says: 'Drop the reference to the page that was replaced.',
      keeps: both,
      run: () => {
        const f = scan.page;
        scan.page = 0;
        folio_put(f);
        return 'put_made';
      },
    },
    put_other: {
      says: 'The other page cannot be merged: drop the reference to it.',
      keeps: both,
      run: () => {
        const f = scan.page;
        scan.page = 0;
        folio_put(f);
        return 'alone';
      },
    },
    alone: {
      says: 'A KSM page with one mapping is of no use: take it back.',
      keeps: [kept_kpage],
      run: () => {
        scan.other = 0;
        visit(...placeAt(scan.next - 1));
        return 'break';
      },
    },
    break: { ...call(break_cow, { done: 'put_made' }), keeps: [kept_kpage] },
    put_made: {
      says: 'Drop the reference to {folio}.',
      keeps: [kept_kpage],
      run: () => {
        const f = scan.kpage;
        scan.kpage = 0;
        folio_put(f);
        return 'next';
      },
    },
  },
);

const unmerge = locals({ next: 2 });
/** `echo 2 > /sys/kernel/mm/ksm/run`. The memory stays offered. */
export const unmerge_and_remove_all_rmap_items = routine(
  'unmerge_and_remove_all_rmap_items',
  { file: 'mm/ksm.c', exits: ['end'], locals: unmerge },
  {
    next: {
      says: 'Go on to the next page of memory that may be merged.',
      run: () => {
        const all = now.counts.mms * pages;
        while (unmerge.next < all && !isMergeable(unmerge.next)) unmerge.next += 1;
        if (unmerge.next >= all) {
          leave();
          return 'end';
        }
        visit(...placeAt(unmerge.next));
        unmerge.next += 1;
        return 'break';
      },
      so: { end: 'No process has a KSM page any more.' },
    },
    break: call(break_cow, { done: 'next' }),
  },
);
