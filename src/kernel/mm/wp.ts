/**
 * A write (or an unshare) meets a read-only entry: do_wp_page, wp_page_reuse, wp_page_copy. mm/memory.c.
 * Whether an anonymous page may be reused is the question of the mails; each model fills the hook
 * `reuse_anon` with its answer.
 */
import {
  COPY_FLUSHES_FIRST,
  COPY_HOLDS_OLD_FOLIO,
  COPY_RECHECKS_EXCLUSIVE,
  COPY_RECHECKS_PTE,
  WP_FLUSHES_IF_PENDING,
  guarded,
} from '../guards.ts';
import { rules } from '../rules.ts';
import { hook, routine } from '../steps.ts';
import type { Step } from '../steps.ts';
import {
  PTE_ACCESSED,
  PTE_PRESENT,
  PTE_SOFT_DIRTY,
  PTE_UFFD_WP,
  PTE_WRITE,
  dirtied,
  mk_pte,
  pte_clear,
  pte_folio,
  pte_offset,
  pte_special,
  ptep_get,
  set_pte_at,
} from '../verbs/pte.ts';
import {
  PageAnonExclusive,
  copy_user_highpage,
  folio_add_lru,
  folio_add_new_anon_rmap,
  folio_alloc,
  folio_get,
  folio_put,
  folio_ref_count,
  folio_remove_rmap,
  folio_test_anon,
  folio_trylock,
  folio_unlock,
  has_free_folio,
} from '../verbs/folio.ts';
import { every_cpu_answers, flush_tlb_page } from '../verbs/tlb.ts';
import { mm_tlb_flush_pending, userfaultfd_wp } from '../verbs/uffd.ts';
import { VM_SHARED, VM_WRITE, anon_vma_prepare, find_vma, prot_none } from '../verbs/vma.ts';
import {
  FAULT_BROKE_COW,
  FAULT_EXITS,
  FAULT_FLAG_UNSHARE,
  FAULT_FLAG_WRITE,
  FAULT_UFFD_WP,
  fault_result,
  vmf,
} from '../vmf.ts';
import { pagesOf } from '../verbs/large.ts';
import { PageKsm, clearKsm, page_stable_node } from '../verbs/ksm.ts';
import { free_swap_cache } from '../verbs/swap.ts';
import { decided, now, op } from '../world.ts';
import { cleared_mapping, mapping, new_folio, old_folio } from './refs.ts';
import { vma_changed } from './spf.ts';
import { handle_userfault } from './userfault.ts';

const oldFolio = (): number => pte_folio(vmf.orig_pte);
const hasOld = (): boolean => !pte_special(vmf.orig_pte);
const holdsOld = (): boolean => hasOld() && guarded(COPY_HOLDS_OLD_FOLIO);
const writing = (): boolean => (vmf.flags & FAULT_FLAG_WRITE) !== 0;
/** An unshared page is as protected, and as dirty, as the one before it. */
const keptBits = (): number => vmf.orig_pte & (PTE_SOFT_DIRTY | PTE_UFFD_WP);
/** The copy that is ready may go in. The look at the exclusive mark is extra: no kernel has it. */
function still_the_same(): boolean {
  if (vma_changed()) return false;
  if (ptep_get(pte_offset(op.va)) !== vmf.orig_pte) return !guarded(COPY_RECHECKS_PTE);
  return !(guarded(COPY_RECHECKS_EXCLUSIVE) && hasOld() && PageAnonExclusive(oldFolio()));
}

export const wp_page_copy = routine(
  'wp_page_copy',
  { file: 'mm/memory.c', exits: FAULT_EXITS, locals: vmf },
  {
    alloc: {
      says: 'Take a fresh page, {folio}, for the private copy.',
      keeps: [old_folio],
      when: has_free_folio,
      awaits: 'waits for a free page',
      run: () => {
        anon_vma_prepare(op.va);
        vmf.new_folio = folio_alloc();
        return hasOld() && !rules.copiesUnderPtl ? 'copy' : 'lock';
      },
    },
    copy: {
      on: () => !rules.copiesUnderPtl,
      says: 'Copy the bytes with no page-table lock held: other threads may still run here.',
      keeps: [old_folio, new_folio],
      mark: 'copy',
      run: () => {
        copy_user_highpage(vmf.new_folio, oldFolio());
        return 'lock';
      },
    },
    lock: {
      says: 'Back under the lock: is the entry still the one that faulted?',
      keeps: [old_folio, new_folio],
      takes: 'ptl',
      run: () => (still_the_same() ? 'clear' : 'raced'),
      so: {
        clear: 'The entry of {page} has not changed: the copy may go in.',
        raced: 'The entry of {page} changed: somebody was faster, the copy is not needed.',
      },
    },
    clear: {
      says: 'Clear the entry of {page}; whoever touches it now faults and waits for the lock.',
      keeps: [old_folio, new_folio],
      holds: ['ptl'],
      run: () => {
        if (guarded(COPY_FLUSHES_FIRST)) pte_clear(pte_offset(op.va));
        return 'flush';
      },
    },
    flush: {
      says: 'Flush {page} on all CPUs of {me}: nobody may go on using the old page.',
      keeps: [old_folio, cleared_mapping, new_folio],
      holds: ['ptl'],
      when: every_cpu_answers,
      awaits: 'waits for a CPU that has interrupts off',
      mark: 'flush',
      run: () => {
        if (guarded(COPY_FLUSHES_FIRST)) flush_tlb_page(op.va);
        return hasOld() && rules.copiesUnderPtl ? 'copy_locked' : 'install';
      },
    },
    copy_locked: {
      on: () => rules.copiesUnderPtl,
      says: 'Copy the bytes now: the flush is done, so nobody can store to the old page any more.',
      keeps: [old_folio, cleared_mapping, new_folio],
      holds: ['ptl'],
      mark: 'copy',
      run: () => {
        copy_user_highpage(vmf.new_folio, oldFolio());
        return 'install';
      },
    },
    install: {
      says: 'The copy {folio} takes the place of the old page.',
      keeps: [old_folio, cleared_mapping, new_folio],
      holds: ['ptl'],
      run: () => {
        folio_add_new_anon_rmap(vmf.new_folio, rules.hasExclusive);
        folio_add_lru(vmf.new_folio);
        const vma = find_vma(op.va),
          write = writing() && (vma & VM_WRITE) !== 0,
          bits = PTE_PRESENT | PTE_ACCESSED | (writing() ? dirtied() : keptBits()) | (write ? PTE_WRITE : 0);
        set_pte_at(pte_offset(op.va), mk_pte(vmf.new_folio, bits | prot_none(vma)));
        vmf.new_folio = 0;
        if (writing()) vmf.flags |= FAULT_BROKE_COW;
        if (!hasOld()) return 'unlock';
        return 'unmap_old';
      },
    },
    unmap_old: {
      says: 'One page table less points at the old page.',
      keeps: [old_folio, mapping],
      holds: ['ptl'],
      run: () => {
        folio_remove_rmap(oldFolio());
        return rules.dropsMappingRefLate ? 'unlock_late' : 'put_mapping';
      },
    },
    put_mapping: {
      on: () => !rules.dropsMappingRefLate,
      says: 'Drop the reference that the old entry had.',
      keeps: [old_folio, mapping],
      holds: ['ptl'],
      run: () => {
        folio_put(oldFolio(), pagesOf(oldFolio()));
        return 'unlock';
      },
    },
    unlock_late: {
      on: () => rules.dropsMappingRefLate,
      says: 'Let go of the page table.',
      keeps: [old_folio, mapping],
      holds: ['ptl'],
      drops: ['ptl'],
      next: 'put_late',
    },
    put_late: {
      on: () => rules.dropsMappingRefLate,
      says: 'Drop the reference that the old entry had.',
      keeps: [old_folio, mapping],
      run: () => {
        folio_put(oldFolio(), pagesOf(oldFolio()));
        return holdsOld() ? 'put_old' : fault_result();
      },
    },
    raced: {
      says: 'Let go of the page table.',
      keeps: [old_folio, new_folio],
      holds: ['ptl'],
      drops: ['ptl'],
      next: 'free_new',
    },
    free_new: {
      says: 'Give the unused copy back.',
      keeps: [old_folio, new_folio],
      run: () => {
        folio_put(vmf.new_folio);
        vmf.new_folio = 0;
        return holdsOld() ? 'put_old' : fault_result();
      },
    },
    unlock: {
      says: 'Let go of the page table.',
      keeps: [old_folio],
      holds: ['ptl'],
      drops: ['ptl'],
      touches: 'own',
      run: () => (holdsOld() ? 'put_old' : fault_result()),
    },
    free_swap: {
      where: 'swap',
      before: 'put_old',
      on: () => rules.copyFreesSwapCache,
      says: 'If nobody needs the old page in the swap cache any more, it leaves that first.',
      keeps: [old_folio],
      run: () => {
        free_swap_cache(oldFolio());
        return 'put_old';
      },
    },
    put_old: {
      says: 'Last, drop the reference that kept the old page from being found unshared.',
      keeps: [old_folio],
      run: () => {
        folio_put(oldFolio());
        return fault_result();
      },
    },
  },
);

/** The page stays; its entry becomes writable where the VMA allows it, and dirty. */
export function make_writable(): void {
  const write = (find_vma(op.va) & VM_WRITE) !== 0;
  set_pte_at(pte_offset(op.va), vmf.orig_pte | PTE_ACCESSED | dirtied() | (write ? PTE_WRITE : 0));
}

export const wp_page_reuse = routine(
  'wp_page_reuse',
  { file: 'mm/memory.c', exits: FAULT_EXITS, locals: vmf },
  {
    reuse: {
      says: 'Keep {folio} and make the entry of {page} writable in place.',
      holds: ['ptl'],
      drops: ['ptl'],
      run: () => {
        if (!writing()) return 'done';
        make_writable();
        return 'VM_FAULT_WRITE';
      },
    },
  },
);

/**
 * Every rule ends its `copy` answer with this row. do_wp_page: the reference is taken while the page-table
 * lock is still held.
 */
export const hold_old_and_copy: Step<'wp_page_copy'> = {
  says: 'Take a reference to {folio} and let go of the page table: the copy is made without the lock.',
  holds: ['ptl'],
  drops: ['ptl'],
  run: () => {
    if (guarded(COPY_HOLDS_OLD_FOLIO)) folio_get(oldFolio());
    return 'wp_page_copy';
  },
};

/** The page is unlocked while the page table still keeps it mapped; then the answer. */
export const unlock_to = <To extends 'reuse' | 'copy'>(to: To, says: string) => ({
  says,
  holds: ['ptl', 'folio_lock'] as const,
  run: (): To => {
    folio_unlock();
    return to;
  },
});
/** The two answers that every rule has. */
export const answers = {
  copy: hold_old_and_copy,
  reuse: { tail: wp_page_reuse },
  wp_page_copy: { tail: wp_page_copy },
} as const;

/**
 * May an anonymous page be reused in place? Entered with the page-table lock held and the entry in
 * `vmf.orig_pte`.
 */
export const reuse_anon = hook('reuse_anon', FAULT_EXITS);

/** Shared, the page of zeros, a page of a file, or one to decide about. */
function kind(): 'shared' | 'zero' | 'leave_zero' | 'file' | 'leave_file' | 'ksm' | 'anon' {
  if ((find_vma(op.va) & VM_SHARED) !== 0) return 'shared';
  const stays = (vmf.flags & FAULT_FLAG_UNSHARE) !== 0 && !rules.unsharesNonAnonLongterm;
  if (pte_special(vmf.orig_pte)) return stays ? 'leave_zero' : 'zero';
  if (now.counts.ksm !== 0 && PageKsm(oldFolio())) return 'ksm';
  if (now.counts.files === 0 || folio_test_anon(oldFolio())) return 'anon';
  return stays ? 'leave_file' : 'file';
}

/** A store to a KSM page, or a pin of it: a copy. From 5.1 to 5.8 the only user of it takes it over. */
const do_wp_ksm_page = routine(
  'do_wp_page',
  { file: 'mm/memory.c', exits: FAULT_EXITS, locals: vmf },
  {
    begin: {
      says: 'May the KSM page become an ordinary one?',
      holds: ['ptl'],
      run: () => {
        if (rules.ksmReuses && folio_ref_count(oldFolio()) === 1) return 'trylock';
        decided('a KSM page?', oldFolio(), 1, 'copy');
        return 'copy';
      },
      so: {
        copy: '{me} gets a copy of {folio}.',
        trylock: 'Nobody else has {folio}: {me} may take it over.',
      },
    },
    trylock: {
      on: () => rules.ksmReuses,
      says: 'Lock the page.',
      holds: ['ptl'],
      run: () => (folio_trylock(oldFolio()) ? 'take_over' : 'copy'),
    },
    take_over: {
      on: () => rules.ksmReuses,
      says: 'Still only this entry? Then it is an ordinary page from here on: reuse_ksm_page().',
      holds: ['ptl', 'folio_lock'],
      run: () => {
        const f = oldFolio(),
          mine = folio_ref_count(f) === 1 && page_stable_node(f);
        decided('refcount 1?', f, mine ? 1 : 2, mine ? 'reuse' : 'copy');
        if (mine) clearKsm(f);
        return mine ? 'unlock_reuse' : 'unlock_copy';
      },
    },
    unlock_reuse: { ...unlock_to('reuse', 'Unlock the page.'), on: () => rules.ksmReuses },
    unlock_copy: {
      ...unlock_to('copy', 'Somebody else has it after all: unlock the page.'),
      on: () => rules.ksmReuses,
    },
    ...answers,
  },
);

export const do_wp_page = routine(
  'do_wp_page',
  { file: 'mm/memory.c', exits: FAULT_EXITS, locals: vmf },
  {
    normal_page: {
      says: 'What kind of page is this?',
      holds: ['ptl'],
      touches: 'vma',
      run: () => {
        if (!writing() || !userfaultfd_wp(find_vma(op.va))) return kind();
        if ((vmf.orig_pte & PTE_UFFD_WP) !== 0) return 'protected';
        return rules.wpFlushesIfPending ? 'flush_pending' : kind();
      },
      so: {
        protected: '{page} is write-protected with userfaultfd: the monitor decides.',
        flush_pending: '{page} was released by its monitor; is a flush still to come?',
        shared: 'The memory is shared: {me} may write to {folio} itself.',
        zero: 'The entry of {page} maps the page of zeros: {me} needs a page of its own.',
        file: 'The entry of {page} maps a page of the file: {me} needs a copy of its own.',
        leave_file: 'The entry of {page} maps a page of the file.',
        ksm: 'A KSM page stands for many equal ones: it is never written.',
        anon: 'An ordinary private page: reuse it, or copy it?',
      },
    },
    protected: {
      on: () => rules.hasUffdWp,
      says: 'Let go of the page table, and tell the monitor.',
      holds: ['ptl'],
      drops: ['ptl'],
      touches: 'own',
      run: () => {
        vmf.flags |= FAULT_UFFD_WP;
        return 'userfault';
      },
    },
    userfault: { tail: handle_userfault },
    flush_pending: {
      on: () => rules.wpFlushesIfPending,
      says: 'Has somebody changed entries of {me} and not flushed yet?',
      holds: ['ptl'],
      run: () => (mm_tlb_flush_pending() && guarded(WP_FLUSHES_IF_PENDING) ? 'flush_first' : kind()),
      so: { flush_first: 'A flush is still to come: other CPUs may write to the old page.' },
    },
    flush_first: {
      on: () => rules.wpFlushesIfPending,
      says: 'Flush {page} on all CPUs of {me} before deciding anything.',
      holds: ['ptl'],
      when: every_cpu_answers,
      awaits: 'waits for a CPU that has interrupts off',
      mark: 'flush',
      run: () => {
        flush_tlb_page(op.va);
        return kind();
      },
    },
    anon: { tail: reuse_anon },
    ksm: { where: 'ksm', tail: do_wp_ksm_page },
    shared: { tail: wp_page_reuse },
    zero: {
      says: 'Let go of the page table: the new page starts as zeros.',
      holds: ['ptl'],
      drops: ['ptl'],
      touches: 'own',
      run: () => {
        decided('the zero page?', 0, 0, 'copy');
        return 'wp_page_copy';
      },
    },
    leave_zero: {
      says: "The page of zeros is nobody's: leave it.",
      holds: ['ptl'],
      drops: ['ptl'],
      next: 'done',
    },
    file: {
      ...hold_old_and_copy,
      where: 'files',
      run: () => {
        decided('anonymous?', oldFolio(), 0, 'copy');
        return hold_old_and_copy.run(0);
      },
    },
    leave_file: {
      where: 'files',
      says: "The page is the file's: leave it.",
      holds: ['ptl'],
      drops: ['ptl'],
      next: 'done',
    },
    wp_page_copy: { tail: wp_page_copy },
  },
);
