/**
 * The operations of a scenario: each names the routine that runs it. One line for each; the language and
 * the docs read this.
 */
import type { Routine } from '../steps.ts';
import { user_load, user_store } from '../mm/access.ts';
import { handle_mm_fault } from '../mm/fault.ts';
import { dup_mmap } from '../mm/fork.ts';
import { madvise_cold, madvise_pageout } from '../mm/cold.ts';
import { madvise_flags, madvise_hint } from '../mm/madvise.ts';
import { madvise_collapse } from '../mm/collapse.ts';
import { madvise_free } from '../mm/lazyfree.ts';
import { mlock, munlock } from '../mm/mlock.ts';
import { do_mmap, do_munmap, exec_mmap, exit_mmap, madvise_dontneed } from '../mm/mmap.ts';
import { clear_refs } from '../mm/clear-refs.ts';
import { ksm_do_scan, unmerge_and_remove_all_rmap_items } from '../mm/ksm.ts';
import { compact, move_pages } from '../mm/migrate.ts';
import { do_mprotect } from '../mm/mprotect.ts';
import { uffd_copy, uffd_register, uffd_wait, uffd_writeprotect } from '../mm/uffd.ts';
import { uffd_continue } from '../mm/uffd-continue.ts';
import { mremap } from '../mm/mremap.ts';
import { change_prot_numa } from '../mm/numa.ts';
import { reclaim } from '../mm/pageout.ts';
import { madvise_populate, mmap_populate, mprotect_locked } from '../mm/populate.ts';
import {
  device_read,
  device_write,
  dio,
  dio_read,
  dio_write,
  rdma_register,
  unpin,
  uring_read,
  uring_register,
  uring_unregister,
  uring_write,
} from './device.ts';
import { get, pin, release } from './hold.ts';
import { dma_read, dma_write, lru_drain, tlb_evict } from './actors.ts';
import { join } from './join.ts';
import { lookup } from './lookup.ts';
import { pick } from './pick.ts';
import { pipe_read, vmsplice } from './pipe.ts';
import { proc_mem, process_vm, ptrace_access } from './remote.ts';

/** Places that every model fills alike: a routine further on that goes back to an earlier one. */
export const hooks: Readonly<Record<string, Routine>> = { handle_pte_fault: handle_mm_fault };

export const syscalls = {
  load: user_load,
  store: user_store,
  mmap: do_mmap,
  munmap: do_munmap,
  mprotect: do_mprotect,
  madvise: madvise_dontneed,
  fork: dup_mmap,
  exit: exit_mmap,
  exec: exec_mmap,
  mremap,
  /** In scenarios that populate mappings, or lock memory. */
  mmap_populate,
  mprotect_locked,
  madvise_flags,
  madvise_hint,
  madvise_cold,
  madvise_pageout,
  madvise_free,
  reclaim,
  madvise_populate,
  madvise_collapse,
  mlock,
  munlock,
  numa_hint: change_prot_numa,
  vmsplice,
  pipe_read,
  pin,
  get,
  release,
  poke: proc_mem,
  peek: proc_mem,
  ptpoke: ptrace_access,
  process_vm_readv: process_vm,
  process_vm_writev: process_vm,
  unpin,
  lookup,
  dio,
  dio_read,
  dio_write,
  uring_register,
  uring_write,
  uring_read,
  uring_unregister,
  rdma_register,
  device_write,
  device_read,
  uffd_register,
  uffd_writeprotect,
  uffd_copy,
  uffd_continue,
  uffd_wait,
  clear_refs,
  move_pages,
  ksm: ksm_do_scan,
  ksm_unmerge: unmerge_and_remove_all_rmap_items,
  join,
  pick,
  tlb_evict,
  lru_drain,
  compact,
  dma_write,
  dma_read,
} as const satisfies Readonly<Record<string, Routine>>;
