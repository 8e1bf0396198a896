/**
 * Who gives pages to reclaim: MADV_PAGEOUT, a range of the caller's own; and memory that is short, any page.
 * mm/madvise.c, mm/vmscan.c.
 */
import { is_vm_hugetlb_page } from '../verbs/hugetlb.ts';
import { folios, locals } from '../frame.ts';
import { rules } from '../rules.ts';
import { call, routine } from '../steps.ts';
import type { Ref } from '../steps.ts';
import { folio_add_lru, folio_mapcount, folio_put, folio_test_anon, lru_add_drain } from '../verbs/folio.ts';
import {
  PTE_ACCESSED,
  is_swap_entry,
  mk_pte,
  pte_counted,
  pte_folio,
  pte_offset,
  ptep_get,
  set_pte_at,
  swp_slot,
} from '../verbs/pte.ts';
import { folio_isolate_lru, folio_putback_lru, folio_swap } from '../verbs/swap.ts';
import { pmd_none } from '../verbs/table.ts';
import { every_cpu_answers, flush_tlb_range } from '../verbs/tlb.ts';
import { VM_LOCKED, vma_of } from '../verbs/vma.ts';
import { vmf } from '../vmf.ts';
import { op, pages } from '../world.ts';
import { range } from './mmap.ts';
import { shrink_folio } from './reclaim.ts';

const HOLE = 1,
  REFUSED = 2;
const knows = (): boolean => !rules.adviceMissing.includes('cold');
/** `list`: pages that are off the LRU, for reclaim. `kept`: one that reclaim has left alone. */
const out = locals({
  addr: 1,
  end: 1,
  result: 1,
  young: 1,
  kept: 'folio',
  list: folios((n) => n.swap * n.pages),
});
const entry = (): number => ptep_get(pte_offset(out.addr));
const listed: Ref = {
  label: 'reclaim',
  folios: () => Array.from({ length: pages }, (_, i) => out.list.get(i)).filter((f) => f !== 0),
};
const kept: Ref = { label: 'reclaim, kept page', folios: () => (out.kept === 0 ? [] : [out.kept]) };

/** MADV_PAGEOUT: the pages that nobody else maps go to swap. 1a4e58cce84e, 5.4. */
export const madvise_pageout = routine(
  'madvise_pageout',
  { file: 'mm/madvise.c', exits: ['end', 'ENOMEM', 'EINVAL'], locals: out },
  {
    begin: {
      says: 'Does this kernel know the advice?',
      run: () => (knows() ? 'lock' : 'EINVAL'),
      so: { EINVAL: 'This kernel does not know the advice.' },
    },
    lock: {
      on: knows,
      says: 'Keep the mappings from changing: {mmap_lock} for reading.',
      takes: 'mmap_lock:read',
      next: 'check',
    },
    check: {
      on: knows,
      says: 'Empty the LRU batch of this CPU, and see which part of the range may go.',
      holds: ['mmap_lock:read'],
      run: () => {
        const { from, to } = range();
        out.addr = from;
        out.end = to;
        for (let va = from; va < to; va++) {
          if (vma_of(va) === 0) out.result = HOLE;
          if ((vma_of(va) & VM_LOCKED) === 0 && !(vma_of(va) !== 0 && is_vm_hugetlb_page(va))) continue;
          out.result = REFUSED;
          out.end = va;
          break;
        }
        if (out.end > from) lru_add_drain();
        return 'lock_pte';
      },
    },
    pmd: {
      where: 'tables',
      before: 'lock_pte',
      says: 'Is there a page table? Where there is none, there is no page to take.',
      holds: ['mmap_lock:read'],
      run: () => (pmd_none(op.va) ? 'unlock' : 'lock_pte'),
    },
    lock_pte: {
      on: knows,
      says: 'Take the page-table lock.',
      holds: ['mmap_lock:read'],
      takes: 'ptl',
      next: 'look',
    },
    look: {
      on: knows,
      says: 'Find the next entry that maps a page. Does anybody else map it?',
      holds: ['mmap_lock:read', 'ptl'],
      keeps: [listed],
      run: () => {
        while (out.addr < out.end && !(pte_counted(entry()) && folio_test_anon(pte_folio(entry()))))
          out.addr += 1;
        if (out.addr >= out.end) return 'unlock_pte';
        if (folio_mapcount(pte_folio(entry())) === 1) return 'isolate';
        out.addr += 1;
        return 'look';
      },
      so: {
        look: 'Others map it: leave it.',
        isolate: 'Nobody else maps it.',
        unlock_pte: 'No more entries.',
      },
    },
    isolate: {
      on: knows,
      says: 'Mark the entry as not used, and take the page off the LRU, for reclaim.',
      holds: ['mmap_lock:read', 'ptl'],
      keeps: [listed],
      run: () => {
        const pte = entry();
        if ((pte & PTE_ACCESSED) !== 0) {
          set_pte_at(pte_offset(out.addr), pte & ~PTE_ACCESSED);
          out.young = 1;
        }
        if (folio_isolate_lru(pte_folio(pte))) out.list.set(out.addr, pte_folio(pte));
        out.addr += 1;
        return 'look';
      },
    },
    unlock_pte: {
      on: knows,
      says: 'Let go of the page table.',
      holds: ['mmap_lock:read', 'ptl'],
      drops: ['ptl'],
      keeps: [listed],
      run: () => (out.young !== 0 ? 'flush' : 'pick'),
    },
    flush: {
      on: knows,
      says: 'Flush the range on all CPUs of {me}, so that the next use is noticed.',
      holds: ['mmap_lock:read'],
      keeps: [listed],
      when: every_cpu_answers,
      awaits: 'waits for a CPU that has interrupts off',
      mark: 'flush',
      run: () => {
        flush_tlb_range(op.va, op.pages);
        return 'pick';
      },
    },
    pick: {
      on: knows,
      says: 'Is there another page for reclaim?',
      holds: ['mmap_lock:read'],
      keeps: [listed],
      run: () => {
        for (let i = 0; i < pages; i++) {
          const f = out.list.get(i);
          if (f === 0) continue;
          out.list.set(i, 0);
          vmf.orig_pte = mk_pte(f, 0);
          return 'shrink';
        }
        return 'unlock';
      },
      so: { unlock: 'No more pages.' },
    },
    shrink: {
      ...call(shrink_folio, { gone: 'pick', kept: 'putback' }, () => (out.kept = pte_folio(vmf.orig_pte))),
      on: knows,
      keeps: [listed],
    },
    putback: {
      on: knows,
      says: 'Put {folio} back on the LRU, by way of the batch of this CPU.',
      holds: ['mmap_lock:read'],
      keeps: [listed, kept],
      run: () => {
        folio_putback_lru(out.kept);
        folio_add_lru(out.kept);
        return 'put';
      },
    },
    put: {
      on: knows,
      says: 'Drop the reference of reclaim to {folio}.',
      holds: ['mmap_lock:read'],
      keeps: [listed, kept],
      run: () => {
        const f = out.kept;
        out.kept = 0;
        folio_put(f);
        return 'pick';
      },
    },
    unlock: {
      on: knows,
      says: 'Let the mappings go.',
      holds: ['mmap_lock:read'],
      drops: ['mmap_lock:read'],
      run: () => (out.result === REFUSED ? 'EINVAL' : out.result === HOLE ? 'ENOMEM' : 'end'),
    },
  },
);

const taken = locals({ page: 'folio' });
const held: Ref = { label: 'reclaim', folios: () => (taken.page === 0 ? [] : [taken.page]) };

/**
 * Memory is short: kswapd takes a page, whoever maps it. No process is asked, and no mmap_lock taken; the
 * page is found on the LRU. That it was not used lately is taken for granted.
 */
export const reclaim = routine(
  'shrink_inactive_list',
  { file: 'mm/vmscan.c', exits: ['end'], locals: taken },
  {
    find: {
      says: 'Memory is short: take the page that is at the end of the LRU list.',
      run: () => {
        const e = ptep_get(pte_offset(op.va));
        taken.page = is_swap_entry(e) ? folio_swap(swp_slot(e)) : pte_counted(e) ? pte_folio(e) : 0;
        return taken.page === 0 ? 'end' : 'isolate';
      },
      so: { end: 'There is no page.' },
    },
    isolate: {
      says: 'Take {folio} off the LRU, with a reference.',
      run: () => {
        const f = taken.page;
        taken.page = 0;
        if (!folio_isolate_lru(f)) return 'end';
        vmf.orig_pte = mk_pte(f, 0);
        return 'shrink';
      },
      so: { end: '{folio} is not there any more.' },
    },
    shrink: call(
      shrink_folio,
      { gone: 'end', kept: 'putback' },
      () => (taken.page = pte_folio(vmf.orig_pte)),
    ),
    putback: {
      says: 'Put {folio} back on the LRU, and drop the reference of reclaim.',
      keeps: [held],
      run: () => {
        const f = taken.page;
        taken.page = 0;
        folio_putback_lru(f);
        folio_put(f);
        return 'end';
      },
    },
  },
);
