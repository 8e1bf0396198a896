/**
 * Faults pages in before anybody touches them: MAP_POPULATE, mlock, MADV_POPULATE_*. mm/gup.c. As GUP, but
 * no reference is taken. A routine that works on several pages turns to one after the other (`turn_to`).
 */
import { MADV_POPULATE_WRITE, MAP_POPULATE } from '../flags.ts';
import { locals } from '../frame.ts';
import { rules } from '../rules.ts';
import { call, routine } from '../steps.ts';
import type { Row, Step } from '../steps.ts';
import { folio_mark_accessed } from '../verbs/folio.ts';
import {
  pte_dirty,
  pte_folio,
  pte_offset,
  pte_present,
  pte_protnone,
  pte_write,
  ptep_get,
} from '../verbs/pte.ts';
import { folio_mark_dirty } from '../verbs/swap.ts';
import { hugeEntry, isHugeHere, pmdp_get } from '../verbs/pmd.ts';
import { VM_LOCKED, VM_MAPPED, VM_READ, VM_SHARED, VM_WRITE, find_vma } from '../verbs/vma.ts';
import { FAULT_FLAG_WRITE, vmf } from '../vmf.ts';
import { op, turn_to } from '../world.ts';
import { askAdvice, lockForAdvice } from './advice.ts';
import { handle_mm_fault } from './fault.ts';
import { do_mmap, range } from './mmap.ts';
import { change, do_mprotect, hasHole } from './mprotect.ts';
import { next_page } from './turn.ts';

/** What the caller wants of each page: as for reading, as for writing, or what its VMA suggests. */
export const POPULATE_READ = 1,
  POPULATE_WRITE = 2,
  POPULATE_VMA = 3;

/** `how`: one of POPULATE_*. `write`: this page is wanted as for writing. */
export const populate = locals({ how: 1, write: 1 });

/**
 * Writable private memory is populated by write faults, so that copy-on-write is broken now; shared memory
 * by read faults, which leave it clean. populate_vma_page_range(), mm/gup.c.
 */
const writes = (vma: number): boolean =>
  populate.how === POPULATE_WRITE ||
  (populate.how === POPULATE_VMA && (vma & (VM_WRITE | VM_SHARED)) === VM_WRITE);

/** One page: that of `op.va`. The caller holds mmap_lock, and says in `populate.how` what it wants. */
export const populate_page = routine(
  'populate_vma_page_range',
  { file: 'mm/gup.c', exits: ['done', 'hole', 'denied', 'bus'], locals: populate },
  {
    check: {
      says: 'Does the VMA of {page} permit the access?',
      run: () => {
        const vma = find_vma(op.va);
        if ((vma & VM_MAPPED) === 0) return 'hole';
        populate.write = writes(vma) ? 1 : 0;
        return (vma & (populate.write !== 0 ? VM_WRITE : VM_READ)) === 0 ? 'denied' : 'follow';
      },
      so: { hole: 'Nothing is mapped at {page}.', denied: 'The VMA of {page} does not permit the access.' },
    },
    follow_pmd: {
      where: 'tables',
      before: 'follow',
      says: 'Is there a page table for {page}?',
      run: () => {
        const kind = pmdp_get(op.va);
        if (kind !== 'none') return kind === 'huge' ? 'follow_huge' : 'follow';
        vmf.flags = populate.write !== 0 ? FAULT_FLAG_WRITE : 0;
        return 'fault';
      },
      so: { fault: 'There is no page table for {page} yet: it has to be faulted in.' },
    },
    follow_huge: {
      where: 'thp',
      says: 'Lock the PMD table: does the entry of the huge page permit the access?',
      takes: 'pmd_lock',
      drops: ['pmd_lock'],
      run: () => {
        if (!isHugeHere()) return 'follow_pmd';
        const pte = hugeEntry(op.va),
          there = pte_present(pte) && !pte_protnone(pte);
        if (there && (populate.write === 0 || pte_write(pte))) {
          if (populate.write !== 0 && !pte_dirty(pte)) folio_mark_dirty(pte_folio(pte));
          return 'done';
        }
        vmf.flags = populate.write !== 0 ? FAULT_FLAG_WRITE : 0;
        return 'fault';
      },
    },
    follow: {
      says: 'Take the page-table lock: is {page} there already?',
      takes: 'ptl',
      run: () => {
        const pte = ptep_get(pte_offset(op.va));
        const there = pte_present(pte) && !pte_protnone(pte);
        return there && (populate.write === 0 || pte_write(pte)) ? 'there' : 'miss';
      },
      so: { there: '{page} is there.', miss: '{page} has to be faulted in.' },
    },
    miss: {
      says: 'Let go of the page table.',
      holds: ['ptl'],
      drops: ['ptl'],
      run: () => {
        vmf.flags = populate.write !== 0 ? FAULT_FLAG_WRITE : 0;
        return 'fault';
      },
    },
    fault: call(handle_mm_fault, { done: 'follow', VM_FAULT_WRITE: 'follow', VM_FAULT_SIGBUS: 'bus' }),
    there: {
      says: 'Let go of the page table.',
      holds: ['ptl'],
      drops: ['ptl'],
      run: () => {
        const pte = ptep_get(pte_offset(op.va));
        if (populate.write !== 0 && !pte_dirty(pte)) folio_mark_dirty(pte_folio(pte));
        folio_mark_accessed(pte_folio(pte));
        return 'done';
      },
    },
  },
);

const unlock_with = <R extends string>(exit: R, says: string) =>
  ({
    says,
    holds: ['mmap_lock:read'],
    drops: ['mmap_lock:read'],
    run: (): R => {
      turn_to(0);
      return exit;
    },
  }) as const;

/**
 * __mm_populate(): mmap_lock for reading, page by page. Holes that have come up meanwhile are skipped. The
 * names of the rows of mmap and mlock that call it are theirs.
 */
export const mm_populate = routine(
  '__mm_populate',
  { file: 'mm/gup.c', exits: ['done', 'denied'] },
  {
    lock: {
      says: 'Keep the mappings from changing: {mmap_lock} for reading.',
      takes: 'mmap_lock:read',
      next: 'want',
    },
    want: {
      says: 'Go to {page}: private writable memory is wanted as for writing.',
      holds: ['mmap_lock:read'],
      run: () => {
        populate.how = POPULATE_VMA;
        return 'page';
      },
    },
    page: call(populate_page, { done: 'next', hole: 'next', denied: 'unlock_denied', bus: 'unlock_denied' }),
    next: {
      says: 'Is there another page?',
      holds: ['mmap_lock:read'],
      run: () => (next_page() ? 'want' : 'unlock'),
    },
    unlock: unlock_with('done', 'Let the mappings go.'),
    unlock_denied: unlock_with('denied', 'Let the mappings go: this memory cannot be populated.'),
  },
);

/** mmap with MAP_POPULATE; whether the pages could be had is not reported. */
export const mmap_populate = routine(
  'vm_mmap_pgoff',
  { file: 'mm/util.c', exits: ['end', 'EEXIST', 'ENOMEM'] },
  {
    begin: {
      says: 'Map memory: with MAP_POPULATE it is faulted in at once.',
      next: 'mmap',
    },
    mmap: call(do_mmap, { end: 'mapped', EEXIST: 'EEXIST', ENOMEM: 'ENOMEM' }),
    mapped: {
      says: 'The memory is mapped.',
      run: () => ((op.flags & MAP_POPULATE) !== 0 ? 'populate' : 'end'),
      so: { populate: 'The memory is mapped: fault it in.' },
    },
    populate: call(mm_populate, { done: 'end', denied: 'end' }),
  },
);

/** Locked memory that becomes writable: copy-on-write is broken at once. mprotect_fixup(), mm/mprotect.c. */
const LOCKED_WRITABLE = VM_LOCKED | VM_WRITE;
const wants_page = (): boolean =>
  change.changes.get(op.va) !== 0 && (find_vma(op.va) & (LOCKED_WRITABLE | VM_SHARED)) === LOCKED_WRITABLE;
const flush = do_mprotect.rows['flush'] as Step<string>;

const lockedRows: Readonly<Record<string, Row<string>>> = {
  ...do_mprotect.rows,
  flush: {
    ...flush,
    run: () => {
      flush.run(0);
      return 'locked';
    },
  },
  locked: {
    says: 'Is {page} locked memory that has become writable?',
    holds: ['mmap_lock:write'],
    run: () => {
      if (!wants_page()) return 'next_locked';
      populate.how = POPULATE_WRITE;
      return 'populate';
    },
    so: { populate: '{page} is locked memory: break copy-on-write now, so that no store has to wait.' },
  },
  populate: call(populate_page, {
    done: 'next_locked',
    hole: 'next_locked',
    denied: 'next_locked',
    bus: 'next_locked',
  }),
  next_locked: {
    says: 'Is there another page?',
    holds: ['mmap_lock:write'],
    run: () => {
      if (next_page()) return 'locked';
      turn_to(0);
      return hasHole(range()) ? 'hole' : 'same';
    },
  },
};
/** mprotect, in scenarios that lock memory. */
export const mprotect_locked = routine<string, string>(
  do_mprotect.name,
  { file: do_mprotect.file, exits: do_mprotect.exits, locals: change },
  lockedRows,
);

const knows = (): boolean => !rules.adviceMissing.includes('populate');
/** MADV_POPULATE_READ and MADV_POPULATE_WRITE: faults, as if the process touched the pages. 4ca9b3859dac. */
export const madvise_populate = routine(
  'madvise_populate',
  { file: 'mm/madvise.c', exits: ['end', 'ENOMEM', 'EINVAL', 'EFAULT'] },
  {
    begin: askAdvice(knows),
    lock: lockForAdvice(knows, 'want'),
    want: {
      on: knows,
      says: 'Go to {page}.',
      holds: ['mmap_lock:read'],
      run: () => {
        populate.how = op.flags === MADV_POPULATE_WRITE ? POPULATE_WRITE : POPULATE_READ;
        return 'page';
      },
    },
    page: {
      ...call(populate_page, {
        done: 'next',
        hole: 'unlock_hole',
        denied: 'unlock_denied',
        bus: 'unlock_bus',
      }),
      on: knows,
    },
    next: {
      on: knows,
      says: 'Is there another page?',
      holds: ['mmap_lock:read'],
      run: () => (next_page() ? 'want' : 'unlock'),
    },
    unlock: { ...unlock_with('end', 'Let the mappings go.'), on: knows },
    unlock_hole: {
      ...unlock_with('ENOMEM', 'Let the mappings go: part of the range is not mapped.'),
      on: knows,
    },
    unlock_bus: {
      ...unlock_with('EFAULT', 'Let the mappings go: there is no page to be had.'),
      on: knows,
      where: 'huge',
    },
    unlock_denied: { ...unlock_with('EINVAL', 'Let the mappings go: the permission is missing.'), on: knows },
  },
);
