/**
 * userfaultfd: a fault that a monitor must answer, and what the monitor can do. fs/userfaultfd.c,
 * mm/userfaultfd.c. The monitor is whichever thread of the process calls it here.
 */
import { locals } from '../frame.ts';
import { UFFD_WP_FLUSHES, guarded } from '../guards.ts';
import { drop } from '../locks.ts';
import { rules } from '../rules.ts';
import { call, routine } from '../steps.ts';
import type { Ref } from '../steps.ts';
import {
  folio_add_lru,
  folio_add_new_anon_rmap,
  folio_alloc,
  folio_put,
  has_free_folio,
  set_folio_bytes,
} from '../verbs/folio.ts';
import { expect_bytes } from '../verbs/mm.ts';
import {
  PTE_ACCESSED,
  PTE_PRESENT,
  PTE_UFFD_WP,
  PTE_WRITE,
  mk_pte,
  pte_mkdirty,
  pte_none,
  pte_present,
  pte_offset,
  ptep_get,
  set_pte_at,
} from '../verbs/pte.ts';
import { change_huge_pmd, coversHuge, isHugeHere, pmdp_get } from '../verbs/pmd.ts';
import { every_cpu_answers, flush_tlb_range } from '../verbs/tlb.ts';
import {
  dec_tlb_flush_pending,
  inc_tlb_flush_pending,
  userfault_read,
  userfault_unread,
  userfaultfd_armed,
  userfaultfd_wp,
  wake_userfault,
} from '../verbs/uffd.ts';
import {
  VM_FILE,
  VM_UFFD_MISSING,
  VM_UFFD_WP,
  VM_WRITE,
  anon_vma_prepare,
  find_vma,
  mmap_write_unlock,
  prot_none,
  release_fault_lock,
  vm_flags_set,
  vm_write_begin,
  vm_write_end_all,
  vma_merge,
  vma_of,
  vma_range,
  vma_start_read,
} from '../verbs/vma.ts';
import { mm, op } from '../world.ts';
import { lock_vmas, range, unlock_and } from './mmap.ts';
import { change_nonpresent, protect } from './mprotect.ts';
import { ask_count, asks_count, protect_referenced } from './strict.ts';
import { split_first, split_huge_pmd } from './split-huge.ts';
import { pte_alloc } from './table.ts';

/** Bits of `op.flags`: what is registered, or whether protection begins. */
export const UFFD_MODE_WP = 1,
  UFFD_MODE_MISSING = 2;

export const uffd_register = routine(
  'userfaultfd_register',
  { file: 'fs/userfaultfd.c', exits: ['end', 'EINVAL', 'EBUSY'] },
  {
    lock: {
      says: 'No mapping may change meanwhile: {mmap_lock} for writing.',
      takes: 'mmap_lock:write',
      next: 'find',
    },
    find: {
      says: 'Is the whole range mapped, and not registered yet?',
      holds: ['mmap_lock:write'],
      run: () => {
        const { from, to } = range();
        if ((op.flags & UFFD_MODE_WP) !== 0 && !rules.hasUffdWp) return 'invalid';
        for (let va = from; va < to; va++) {
          if (vma_of(va) === 0) return 'invalid';
          if ((vma_of(va) & VM_FILE) !== 0 && !rules.uffdOnFiles) return 'invalid';
        }
        for (let va = from; va < to; va++) if (userfaultfd_armed(vma_of(va))) return 'busy';
        return rules.hasVmaLocks ? 'lock_vma' : 'set_vma';
      },
    },
    lock_vma: lock_vmas('set_vma'),
    parts_vma: split_first('set_vma'),
    split_huge: { where: 'thp', ...call(split_huge_pmd, { done: 'set_vma' }) },
    set_vma: {
      says: 'Mark the VMA: its faults go to the monitor.',
      holds: ['mmap_lock:write'],
      run: () => {
        const { from, to } = range();
        const mode = (op.flags & UFFD_MODE_WP) !== 0 ? VM_UFFD_WP : VM_UFFD_MISSING;
        for (let va = from; va < to; va++) vm_flags_set(va, vma_of(va) | mode);
        vma_merge(op.region);
        return 'unlock';
      },
    },
    unlock: unlock_and('Let the mappings go.', 'end'),
    invalid: unlock_and('Refuse: not a range that can be registered so.', 'EINVAL'),
    busy: unlock_and('Refuse: another userfaultfd has it.', 'EBUSY'),
  },
);

const protects = (): boolean => (op.flags & UFFD_MODE_WP) !== 0;
const change = locals({ addr: 1, end: 1, refused: 1 });
/** Values of `refused`: not registered that far (1), or held by others. */
const HELD = 2;
/** How far the range is write-protectable: the slot where it stops. */
function reach(): number {
  const { from, to } = range();
  if (!rules.uffdWpSpansVmas) return userfaultfd_wp(find_vma(from)) && vma_range(from).end >= to ? to : from;
  let any = false;
  for (let va = from; va < to; va++) {
    if (find_vma(va) === 0) continue;
    if (!userfaultfd_wp(find_vma(va))) return va;
    any = true;
  }
  return any ? to : from;
}
const unlockMappings = (): void => {
  if (rules.uffdWpLock === 'write') mmap_write_unlock();
  else {
    if (rules.spfCoversUffdwp) vm_write_end_all();
    drop('mmap_lock:read');
  }
};

/** mwriteprotect_range(), change_protection() with MM_CP_UFFD_WP or MM_CP_UFFD_WP_RESOLVE. */
export const uffd_writeprotect = routine(
  'mwriteprotect_range',
  { file: 'mm/userfaultfd.c', exits: ['end', 'ENOENT', 'EAGAIN'], locals: change },
  {
    begin: {
      says: 'The monitor changes the protection of a range.',
      run: () => (rules.uffdWpLock === 'write' ? 'lock_write' : 'lock'),
    },
    lock: {
      on: () => rules.uffdWpLock === 'read',
      says: 'Keep the mappings from changing: {mmap_lock} for reading. Faults and others go on.',
      takes: 'mmap_lock:read',
      next: 'find',
    },
    lock_write: {
      on: () => rules.uffdWpLock === 'write',
      says: 'No fault may run meanwhile: {mmap_lock} for writing.',
      takes: 'mmap_lock:write',
      run: () => (rules.hasVmaLocks ? 'lock_vma' : 'find'),
    },
    lock_vma: {
      ...lock_vmas('find'),
      on: () => rules.hasVmaLocks && rules.uffdWpLock === 'write',
    },
    find: {
      says: 'Is the range registered? From here on a flush of it is pending.',
      run: () => {
        const { from, to } = range();
        change.addr = from;
        change.end = reach();
        if (change.end < to) change.refused = 1;
        if (change.end === from) return 'unlock';
        if (rules.spfCoversUffdwp) vm_write_begin(op.region);
        inc_tlb_flush_pending();
        return 'lock_pte';
      },
      so: { unlock: 'The range is not registered for write-protection.' },
    },
    pmd: {
      where: 'tables',
      before: 'lock_pte',
      says: 'Is there a page table? Where there is none, there is no entry to change.',
      run: () => {
        const kind = pmdp_get(op.va);
        if (kind === 'huge') return coversHuge(change.addr, change.end) ? 'change_huge' : 'split_huge';
        if (kind === 'table') return 'lock_pte';
        change.addr = change.end;
        return rules.uffdWpFlush === 'late' ? 'flush' : 'flushed';
      },
    },
    split_huge: { where: 'thp', on: () => rules.hasUffdWp, ...call(split_huge_pmd, { done: 'pmd' }) },
    change_huge: {
      where: 'thp',
      on: () => rules.hasUffdWp,
      says: 'Lock the PMD table and change the entry of the huge page. No CPU is told yet.',
      takes: 'pmd_lock',
      drops: ['pmd_lock'],
      run: () => {
        const vma = find_vma(op.va);
        if (!isHugeHere()) return 'pmd';
        change_huge_pmd(op.region, (was) =>
          protects()
            ? (was & ~PTE_WRITE) | PTE_UFFD_WP
            : protect(was & ~PTE_UFFD_WP, vma, rules.uffdResolveSetsWrite),
        );
        change.addr = change.end;
        return rules.uffdWpFlush === 'late' ? 'flush' : 'flush_huge';
      },
    },
    flush_huge: {
      where: 'thp',
      on: () => rules.uffdWpFlush === 'under ptl',
      says: 'Flush the huge page on all CPUs of {me}.',
      when: every_cpu_answers,
      awaits: 'waits for a CPU that has interrupts off',
      mark: 'flush',
      run: () => {
        flush_tlb_range(op.va, op.pages);
        return 'flushed';
      },
    },
    lock_pte: { on: () => rules.hasUffdWp, says: 'Take the page-table lock.', takes: 'ptl', next: 'change' },
    change: {
      on: () => rules.hasUffdWp,
      says: 'Change the entry of {va}. No CPU is told yet.',
      holds: ['ptl'],
      run: () => {
        while (change.addr < change.end) {
          const va = change.addr,
            ptep = pte_offset(va),
            pte = ptep_get(ptep);
          change.addr += 1;
          if (pte_none(pte)) continue;
          const next = protects()
            ? (pte_present(pte) ? pte & ~PTE_WRITE : change_nonpresent(pte)) | PTE_UFFD_WP
            : protect(pte & ~PTE_UFFD_WP, find_vma(va), rules.uffdResolveSetsWrite);
          if (asks_count(pte, next, find_vma(va))) {
            ask_count(va, pte, next);
            return 'ask';
          }
          if (next !== pte) set_pte_at(ptep, next);
          break;
        }
        if (change.addr < change.end) return 'change';
        return rules.uffdWpFlush === 'late' ? 'unlock_pte' : 'flush_locked';
      },
    },
    // Proposals only: may a page that others hold be write-protected?
    ask: {
      ...call(protect_referenced, { done: 'change', again: 'again', refused: 'refused' }),
      on: () => rules.protectsReferenced !== 'always',
    },
    again: {
      on: () => rules.protectsReferenced !== 'always',
      says: 'Look at the entry again.',
      holds: ['ptl'],
      run: () => {
        change.addr -= 1;
        return 'change';
      },
    },
    refused: {
      on: () => rules.protectsReferenced === 'fail',
      says: 'Somebody holds a page of the range: stop here.',
      holds: ['ptl'],
      run: () => {
        change.end = change.addr;
        change.refused = HELD;
        return rules.uffdWpFlush === 'late' ? 'unlock_pte' : 'flush_locked';
      },
    },
    flush_locked: {
      on: () => rules.uffdWpFlush === 'under ptl',
      says: 'Flush the range on all CPUs of {me} while the page table is still locked.',
      holds: ['ptl'],
      when: every_cpu_answers,
      awaits: 'waits for a CPU that has interrupts off',
      mark: 'flush',
      run: () => {
        flush_tlb_range(op.va, op.pages);
        return 'unlock_pte';
      },
    },
    unlock_pte: {
      on: () => rules.hasUffdWp,
      says: 'Let go of the page table.',
      holds: ['ptl'],
      drops: ['ptl'],
      run: () => (rules.uffdWpFlush === 'late' ? 'flush' : 'flushed'),
    },
    flush: {
      on: () => rules.hasUffdWp && rules.uffdWpFlush === 'late',
      says: 'Flush the range on all CPUs of {me}, long after the entries changed.',
      when: every_cpu_answers,
      awaits: 'waits for a CPU that has interrupts off',
      mark: 'flush',
      run: () => {
        if (guarded(UFFD_WP_FLUSHES)) flush_tlb_range(op.va, op.pages);
        dec_tlb_flush_pending();
        return 'unlock';
      },
    },
    flushed: {
      on: () => rules.uffdWpFlush === 'under ptl',
      says: 'No flush is pending any more.',
      run: () => {
        dec_tlb_flush_pending();
        return 'unlock';
      },
    },
    unlock: {
      says: 'Let the mappings go.',
      run: () => {
        unlockMappings();
        if (change.refused !== 0) return change.refused === HELD ? 'EAGAIN' : 'ENOENT';
        return protects() ? 'end' : 'wake';
      },
    },
    wake: {
      on: () => rules.hasUffdWp,
      says: 'Wake the faults that waited there.',
      run: () => {
        wake_userfault(op.va, op.va + op.pages);
        return 'end';
      },
    },
  },
);

const copy = locals({ folio: 'folio' });
const filled: Ref = { label: 'UFFDIO_COPY', folios: () => (copy.folio === 0 ? [] : [copy.folio]) };
export const uffd_copy = routine(
  '__mcopy_atomic',
  { file: 'mm/userfaultfd.c', exits: ['end', 'EEXIST', 'ENOENT'], locals: copy },
  {
    alloc: {
      says: 'Take a page, {folio}, and fill it with what the monitor has.',
      when: has_free_folio,
      awaits: 'waits for a free page',
      run: () => {
        copy.folio = folio_alloc();
        set_folio_bytes(copy.folio, op.stored);
        return rules.hasVmaLocks ? 'lock_vma' : 'lock';
      },
    },
    lock_vma: {
      on: () => rules.hasVmaLocks,
      says: 'Try the lock of the VMA alone.',
      keeps: [filled],
      run: () => (vma_start_read() ? 'find' : 'lock'),
    },
    lock: {
      says: 'Keep the mappings from changing: {mmap_lock} for reading.',
      keeps: [filled],
      takes: 'mmap_lock:read',
      next: 'find',
    },
    find: {
      says: 'Is {page} registered?',
      keeps: [filled],
      run: () => {
        if (!userfaultfd_armed(find_vma(op.va))) return 'refuse';
        anon_vma_prepare(op.va);
        return 'map';
      },
      so: { refuse: '{page} is not registered.' },
    },
    pmd: {
      where: 'tables',
      before: 'map',
      says: 'Is there a page table for {page}?',
      keeps: [filled],
      run: () => {
        const kind = pmdp_get(op.va);
        return kind === 'huge' ? 'exists' : kind === 'none' ? 'no_table' : 'map';
      },
    },
    no_table: { where: 'tables', keeps: [filled], ...call(pte_alloc, { done: 'map' }) },
    map: {
      says: 'Is the entry still empty? Then {folio} is what {page} has from now on.',
      keeps: [filled],
      takes: 'ptl',
      drops: ['ptl'],
      run: () => {
        if (isHugeHere() || !pte_none(ptep_get(pte_offset(op.va)))) return 'exists';
        const vma = find_vma(op.va),
          write = (vma & VM_WRITE) !== 0 ? PTE_WRITE : 0;
        folio_add_new_anon_rmap(copy.folio, rules.hasExclusive);
        folio_add_lru(copy.folio);
        set_pte_at(
          pte_offset(op.va),
          pte_mkdirty(mk_pte(copy.folio, PTE_PRESENT | PTE_ACCESSED | write | prot_none(vma))),
        );
        expect_bytes(mm, op.va, copy.folio, op.stored);
        copy.folio = 0;
        return 'unlock';
      },
      so: { exists: 'Somebody has mapped {page} already.', unlock: '{page} has what the monitor gave it.' },
    },
    unlock: {
      says: 'Let the mappings go.',
      run: () => {
        release_fault_lock();
        return 'wake';
      },
    },
    wake: {
      says: 'Wake the faults that waited there.',
      run: () => {
        wake_userfault(op.va, op.va + 1);
        return 'end';
      },
    },
    exists: {
      says: 'Give the page back.',
      keeps: [filled],
      run: () => {
        folio_put(copy.folio);
        copy.folio = 0;
        return 'unlock_exists';
      },
    },
    unlock_exists: {
      says: 'Let the mappings go, and refuse.',
      run: () => {
        release_fault_lock();
        return 'EEXIST';
      },
    },
    refuse: {
      says: 'Give the page back.',
      keeps: [filled],
      run: () => {
        folio_put(copy.folio);
        copy.folio = 0;
        return 'unlock_refuse';
      },
    },
    unlock_refuse: {
      says: 'Let the mappings go, and refuse.',
      run: () => {
        release_fault_lock();
        return 'ENOENT';
      },
    },
  },
);

const isRegistered = (): boolean => {
  for (let va = op.va; va < op.va + op.pages; va++) if (userfaultfd_armed(vma_of(va))) return true;
  return false;
};
export const uffd_wait = routine(
  'userfaultfd_read',
  { file: 'fs/userfaultfd.c', exits: ['end', 'EINVAL'] },
  {
    read: {
      says: 'The monitor reads which fault it has to answer.',
      when: () => !isRegistered() || userfault_unread(op.va, op.va + op.pages) >= 0,
      awaits: 'waits for a fault to report',
      run: () => {
        if (!isRegistered()) return 'EINVAL';
        userfault_read(userfault_unread(op.va, op.va + op.pages));
        return 'end';
      },
      so: {
        end: 'The monitor knows of a fault, and of the thread that waits for it.',
        EINVAL: 'Nothing is registered there: no fault will ever be reported.',
      },
    },
  },
);
