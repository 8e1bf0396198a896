/**
 * A CPU loads or stores: through its TLB, by a page walk, or after a fault. arch/x86/mm/fault.c,
 * do_user_addr_fault.
 */
import { call, routine } from '../steps.ts';
import { rules } from '../rules.ts';
import { folio_bytes, set_folio_bytes } from '../verbs/folio.ts';
import { is_vm_hugetlb_page } from '../verbs/hugetlb.ts';
import { expect_bytes, observe_bytes } from '../verbs/mm.ts';
import { pte_dirty, pte_folio, pte_none, pte_write } from '../verbs/pte.ts';
import { page_walk, tlb_lookup } from '../verbs/tlb.ts';
import { note_store } from '../verbs/uffd.ts';
import { VM_MAPPED, VM_READ, VM_WRITE, find_vma, release_fault_lock, vma_start_read } from '../verbs/vma.ts';
import { FAULT_FLAG_SPECULATIVE, FAULT_FLAG_WRITE, vmf } from '../vmf.ts';
import { mm, op } from '../world.ts';
import { handle_mm_fault } from './fault.ts';
import { speculates, spf_begin, spf_give_up, spf_handles, spf_no_table, spf_vma } from './spf.ts';

const file = 'hardware';
const about = { file, exits: ['end', 'SIGSEGV', 'SIGBUS'] } as const;
const permits = (need: number): boolean => (find_vma(op.va) & (VM_MAPPED | need)) === (VM_MAPPED | need);

/** The first lock that a fault tries. */
const enter_kernel = (): 'speculate' | 'lock_vma' | 'lock_mm' =>
  speculates() ? 'speculate' : rules.hasVmaLocks ? 'lock_vma' : 'lock_mm';

/** The rows that a load and a store share: lock, check the VMA, fault, go back to the instruction. */
const fault_rows = (need: number, flags: number) =>
  ({
    speculate: {
      on: () => rules.speculatesFaults,
      says: 'Try without {mmap_lock}: note the sequence count of the VMA.',
      takes: 'vma_srcu',
      run: () => (spf_begin() ? 'speculate_vma' : 'give_up'),
      so: {
        speculate_vma: 'Try without {mmap_lock}: nobody is changing the VMA.',
        give_up: 'A writer is changing the VMA: fault the ordinary way.',
      },
    },
    speculate_vma: {
      on: () => rules.speculatesFaults,
      says: 'Does the VMA permit this access, as far as can be seen without a lock?',
      mark: 'fault',
      holds: ['vma_srcu'],
      run: () => {
        if (!permits(need) || !spf_handles(spf_vma()) || spf_no_table()) {
          spf_give_up();
          return 'give_up';
        }
        vmf.flags = flags | FAULT_FLAG_SPECULATIVE;
        return 'fault';
      },
      so: {
        give_up: 'This fault is not for the speculative way.',
        fault: 'The VMA permits the access: handle the fault.',
      },
    },
    give_up: {
      on: () => rules.speculatesFaults,
      says: 'Leave the speculative way.',
      drops: ['vma_srcu'],
      next: 'lock_mm',
    },
    lock_vma: {
      on: () => rules.hasVmaLocks,
      says: 'Try the lock of the VMA alone, without waiting.',
      touches: 'mm',
      run: () => {
        if (is_vm_hugetlb_page(op.va) && !rules.hugetlbUnderVmaLock) return 'lock_mm';
        if (!vma_start_read()) return 'lock_mm';
        return 'check_vma';
      },
      so: {
        lock_mm: 'A writer has the VMA, or this fault needs more: fall back to {mmap_lock}.',
        check_vma: 'The VMA is locked for reading; {mmap_lock} is not needed.',
      },
    },
    lock_mm: {
      says: 'Keep the mappings from changing: {mmap_lock} for reading.',
      takes: 'mmap_lock:read',
      next: 'check_vma',
    },
    check_vma: {
      says: 'Does a VMA permit this access?',
      mark: 'fault',
      touches: 'vma',
      run: () => {
        if (!permits(need)) return 'bad_area';
        vmf.flags = flags;
        return 'fault';
      },
      so: { bad_area: 'No VMA permits this access.', fault: 'The VMA permits the access: handle the fault.' },
    },
    fault: call(handle_mm_fault, {
      done: 'unlock',
      VM_FAULT_WRITE: 'unlock',
      VM_FAULT_SIGBUS: 'bus_error',
    }),
    unlock: {
      says: 'The fault is handled: back to the instruction.',
      touches: 'own',
      run: (): 'access' => {
        release_fault_lock();
        return 'access';
      },
    },
    bus_error: {
      where: 'huge',
      says: 'The process gets SIGBUS.',
      touches: 'own',
      run: (): 'SIGBUS' => {
        release_fault_lock();
        return 'SIGBUS';
      },
    },
    bad_area: {
      says: 'The process gets SIGSEGV.',
      touches: 'own',
      run: (): 'SIGSEGV' => {
        release_fault_lock();
        return 'SIGSEGV';
      },
    },
  }) as const;

export const user_load = routine('user_load', about, {
  access: {
    says: 'The CPU loads from {page}.',
    run: () => {
      const e = tlb_lookup(op.va);
      if (pte_none(e)) return page_walk(op.va, false) ? 'access' : enter_kernel();
      folio_bytes(pte_folio(e));
      observe_bytes(pte_folio(e), mm, op.va, true);
      return 'end';
    },
    so: {
      access: 'The CPU walks the page table and caches the entry of {page}.',
      lock_mm: '{page} cannot be read as it is: the CPU raises a fault and enters the kernel.',
      speculate: '{page} cannot be read as it is: the CPU raises a fault and enters the kernel.',
      lock_vma: '{page} cannot be read as it is: the CPU raises a fault and enters the kernel.',
      end: '{me} loads {bytes} from {folio}.',
    },
  },
  ...fault_rows(VM_READ, 0),
});

export const user_store = routine('user_store', about, {
  access: {
    says: 'The CPU stores to {page}.',
    run: () => {
      const e = tlb_lookup(op.va);
      if (!pte_write(e) || !pte_dirty(e)) return page_walk(op.va, true) ? 'access' : enter_kernel();
      // What the process must see from now on is decided with the store itself.
      expect_bytes(mm, op.va, pte_folio(e), op.stored);
      set_folio_bytes(pte_folio(e), op.stored);
      note_store(op.va);
      return 'end';
    },
    so: {
      access: 'The CPU walks the page table, marks the entry dirty and caches it.',
      lock_mm: '{page} cannot be written as it is: the CPU raises a fault and enters the kernel.',
      speculate: '{page} cannot be written as it is: the CPU raises a fault and enters the kernel.',
      lock_vma: '{page} cannot be written as it is: the CPU raises a fault and enters the kernel.',
      end: '{me} stores {bytes} into {folio}.',
    },
  },
  ...fault_rows(VM_WRITE, FAULT_FLAG_WRITE),
});
