/** A fault that a userfaultfd monitor must answer. fs/userfaultfd.c */
import { routine } from '../steps.ts';
import type { Lock } from '../steps.ts';
import { folio_put } from '../verbs/folio.ts';
import { pte_none, pte_offset, pte_write, ptep_get } from '../verbs/pte.ts';
import { userfault_cancel, userfault_over, userfault_queue } from '../verbs/uffd.ts';
import { release_fault_lock } from '../verbs/vma.ts';
import { FAULT_UFFD_WP, vmf } from '../vmf.ts';
import { op } from '../world.ts';
import { new_folio } from './refs.ts';

/**
 * Entered without the page-table lock; the fault's other lock is given up, and mmap_lock taken again before
 * it goes back to be tried anew.
 */
export const handle_userfault = routine(
  'handle_userfault',
  { file: 'fs/userfaultfd.c', exits: ['done'], locals: vmf },
  {
    queue: {
      says: 'Tell the monitor: the fault at {page} goes into the queue of the userfaultfd.',
      run: () => {
        userfault_queue(op.va);
        return 'must_wait';
      },
    },
    must_wait: {
      says: 'Look at the entry once more, without its lock: has the monitor answered already?',
      run: () => {
        const pte = ptep_get(pte_offset(op.va));
        const wait = pte_none(pte) || ((vmf.flags & FAULT_UFFD_WP) !== 0 && !pte_write(pte));
        return wait ? 'release' : 'cancel';
      },
      so: { release: 'No answer yet.', cancel: 'The entry of {page} permits the access by now.' },
    },
    cancel: {
      says: 'Take the fault out of the queue again.',
      run: () => {
        userfault_cancel();
        return 'release';
      },
    },
    release: {
      says: 'Let the mappings go: nobody sleeps for a monitor with them locked.',
      run: () => {
        release_fault_lock();
        return 'sleep';
      },
    },
    sleep: {
      says: 'Woken: lock the mappings again, and try the access anew.',
      when: userfault_over,
      awaits: 'waits for the monitor of the userfaultfd',
      takes: 'mmap_lock:read',
      next: 'done',
    },
  },
);

/** A fault that finds its page registered: it lets go of the lock, and of a page that it has allocated. */
export const letMonitorFill = (lock: Lock, unlock: string, page: string) =>
  ({
    missing_unlock: {
      says: unlock,
      holds: [lock],
      drops: [lock],
      keeps: [new_folio],
      next: 'missing_free',
    },
    missing_free: {
      says: `Give the unused ${page} back.`,
      keeps: [new_folio],
      run: () => {
        folio_put(vmf.new_folio);
        vmf.new_folio = 0;
        return 'userfault' as const;
      },
    },
    missing: {
      says: `{page} is registered with userfaultfd: its monitor must fill it. ${unlock}`,
      holds: [lock],
      drops: [lock],
      next: 'userfault',
    },
    userfault: { tail: handle_userfault },
  }) as const;
