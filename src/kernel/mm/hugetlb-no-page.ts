/** Faults of huge pages where nothing is mapped yet, and what they share with those where something is. */
import { rules } from '../rules.ts';
import { routine } from '../steps.ts';
import { folio_add_new_anon_rmap, has_free_folio } from '../verbs/folio.ts';
import { RESV_UNMAPPED, alloc_hugetlb_folio, is_vma_resv_set } from '../verbs/hugetlb.ts';
import {
  PTE_ACCESSED,
  PTE_PRESENT,
  PTE_WRITE,
  dirtied,
  mk_pte,
  pte_offset,
  ptep_get,
  set_pte_at,
} from '../verbs/pte.ts';
import { VM_WRITE, anon_vma_prepare, find_vma, prot_none } from '../verbs/vma.ts';
import { FAULT_EXITS, FAULT_FLAG_WRITE, vmf } from '../vmf.ts';
import { mm, op } from '../world.ts';
import { new_folio } from './refs.ts';

const file = 'mm/hugetlb.c';
export const writing = (): boolean => (vmf.flags & FAULT_FLAG_WRITE) !== 0;
/**
 * Until forced writes were refused, whoever asked for a writable page got one: set_huge_ptep_writable().
 * Since they are allowed again, the page is made exclusive and the entry stays as it is.
 */
export const mayWrite = (): boolean =>
  rules.hugetlbForcedWrites === 'writable' || (find_vma(op.va) & VM_WRITE) !== 0;
/** make_huge_pte(), writable where that is wanted. */
export function huge_pte(folio: number, write: boolean): number {
  const bits = write && mayWrite() ? PTE_WRITE | dirtied() : 0;
  return mk_pte(folio, PTE_PRESENT | PTE_ACCESSED | bits | prot_none(find_vma(op.va)));
}

/** Nothing is mapped: a page out of the pool, the one that was promised to the mapping if it was. */
export const hugetlb_no_page = routine(
  'hugetlb_no_page',
  { file, exits: FAULT_EXITS, locals: vmf },
  {
    begin: {
      says: 'Nothing is mapped at {page}. Was a page taken away here, because the pool was empty?',
      holds: ['hugetlb_fault_mutex'],
      run: () => (is_vma_resv_set(mm, op.va, RESV_UNMAPPED) ? 'sigbus' : 'alloc'),
      so: {
        alloc: 'Nothing is mapped at {page}: a page out of the pool is needed, for a load, too.',
        sigbus: 'The page of {page} was taken away: zeros now would look as if data were lost.',
      },
    },
    alloc: {
      says: 'Take a zeroed 2 MB page out of the pool, {folio}.',
      holds: ['hugetlb_fault_mutex'],
      when: has_free_folio,
      awaits: 'waits for a free page',
      run: () => {
        const f = alloc_hugetlb_folio(op.va, false);
        if (f < 0) return 'sigbus';
        anon_vma_prepare(op.va);
        vmf.new_folio = f;
        return 'lock';
      },
      so: { sigbus: 'The pool has no page that was not promised to others.' },
    },
    lock: {
      says: 'Take the page-table lock. The mutex has kept other faults out: the entry is still empty.',
      holds: ['hugetlb_fault_mutex'],
      takes: 'ptl',
      keeps: [new_folio],
      next: 'map',
    },
    map: {
      says: 'Map {folio}, read-only at first.',
      holds: ['hugetlb_fault_mutex', 'ptl'],
      keeps: [new_folio],
      run: () => {
        const f = vmf.new_folio;
        folio_add_new_anon_rmap(f, rules.hasExclusive);
        set_pte_at(pte_offset(op.va), huge_pte(f, false));
        vmf.new_folio = 0;
        return writing() ? 'wp' : 'unlock';
      },
    },
    wp: {
      says: 'The store need not fault once more: nobody else maps the page, so make it writable.',
      holds: ['hugetlb_fault_mutex', 'ptl'],
      run: () => {
        const ptep = pte_offset(op.va);
        if (mayWrite()) set_pte_at(ptep, ptep_get(ptep) | PTE_WRITE | dirtied());
        return 'unlock';
      },
    },
    unlock: { says: 'Let go of the page table.', holds: ['ptl'], drops: ['ptl'], next: 'out' },
    out: {
      says: 'Let the next fault at this page go on.',
      holds: ['hugetlb_fault_mutex'],
      drops: ['hugetlb_fault_mutex'],
      next: 'done',
    },
    sigbus: {
      says: 'There is no page to be had.',
      holds: ['hugetlb_fault_mutex'],
      drops: ['hugetlb_fault_mutex'],
      next: 'VM_FAULT_SIGBUS',
    },
  },
);
