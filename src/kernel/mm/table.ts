/**
 * Page tables come with the first fault that needs them. mm/memory.c. (They go in zap.ts.) Only where regions
 * lie apart; a page for a table is no folio here, and there always is one.
 */
import { tableHere } from '../locks.ts';
import { routine } from '../steps.ts';
import { pmd_install, installNewTable } from '../verbs/table.ts';
import { mm, op } from '../world.ts';

/** mremap makes a table at the new address. */
const moves = (): boolean => op.syscall === 'mremap';

/**
 * The table for the region at which the thread is: of its own process, or of the child that fork makes.
 * mmap_lock, or the VMA lock, keeps the VMA. Two faults may do this together; one table is used.
 */
export const pte_alloc = routine(
  '__pte_alloc',
  { file: 'mm/memory.c', exits: ['done'] },
  {
    alloc: {
      says: 'Take an empty page for a page table: nothing points at it yet.',
      run: () => (op.child >= 0 ? 'lock_child' : 'lock'),
    },
    lock: {
      says: 'Lock the PMD table: is the entry still empty?',
      takes: 'pmd_lock',
      run: () => {
        if (moves()) installNewTable(tableHere());
        else if (!pmd_install(mm, tableHere())) return 'lost';
        return 'unlock';
      },
      so: {
        unlock: 'Under the lock of the PMD table: its entry points at the new page table.',
        lost: 'Another thread has linked a page table first.',
      },
    },
    lock_child: {
      says: 'Under the lock of its PMD table: {child} gets a page table of its own.',
      takes: 'pmd_lock:child',
      run: () => {
        pmd_install(op.child, tableHere());
        return 'unlock_child';
      },
    },
    unlock: { says: 'Unlock the PMD table.', holds: ['pmd_lock'], drops: ['pmd_lock'], next: 'done' },
    unlock_child: {
      says: 'Unlock the PMD table.',
      holds: ['pmd_lock:child'],
      drops: ['pmd_lock:child'],
      next: 'done',
    },
    lost: { says: 'Unlock the PMD table.', holds: ['pmd_lock'], drops: ['pmd_lock'], next: 'free' },
    free: { says: 'Give the unused page back.', run: () => 'done' },
  },
);
