/**
 * The operations of a scenario: each names the routine that runs it. One line for each; the language and
 * the docs read this.
 */
import type { Routine } from '../steps.ts';
import { user_load, user_store } from '../mm/access.ts';
import { dup_mmap } from '../mm/fork.ts';
import { do_mmap, do_munmap, exit_mmap, madvise_dontneed } from '../mm/mmap.ts';
import { do_mprotect } from '../mm/mprotect.ts';
import { get, pin, release } from './hold.ts';
import { pipe_read, vmsplice } from './pipe.ts';

export const syscalls = {
  load: user_load,
  store: user_store,
  mmap: do_mmap,
  munmap: do_munmap,
  mprotect: do_mprotect,
  madvise: madvise_dontneed,
  fork: dup_mmap,
  exit: exit_mmap,
  vmsplice,
  pipe_read,
  pin,
  get,
  release,
} as const satisfies Readonly<Record<string, Routine>>;

export type SyscallName = keyof typeof syscalls;
export const isSyscall = (name: string): name is SyscallName => name in syscalls;
