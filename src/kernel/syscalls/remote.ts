/**
 * One process reaches into the memory of another, or into its own by the same door: /proc/pid/mem and ptrace
 * (access_remote_vm: FOLL_GET, FOLL_FORCE), process_vm_readv and process_vm_writev (FOLL_PIN). `mm` is the
 * address space that is reached into (`Op.target`).
 */
import { FOLL_BRIEF, FOLL_FORCE, FOLL_GET, FOLL_KEEPS_LOCK, FOLL_NAMED, FOLL_PIN } from '../flags.ts';
import { locals } from '../frame.ts';
import { get_user_pages, gup } from '../mm/gup.ts';
import { drop } from '../locks.ts';
import { call, routine } from '../steps.ts';
import type { Ref } from '../steps.ts';
import { folio_bytes, folio_put, set_folio_bytes } from '../verbs/folio.ts';
import { folio_mark_dirty } from '../verbs/swap.ts';
import {
  expectOfSharers,
  expect_bytes,
  hold_live,
  mmget_not_zero,
  mmput,
  observe_bytes,
  still_mapped,
} from '../verbs/mm.ts';
import { mm, now, op } from '../world.ts';
import { device_reads, device_writes, isWrite, let_go } from './hold.ts';

/** `word`: a debugger has read the word that it changes. */
const remote = locals({ folio: 'folio', word: 1 });
const referenced: Ref = { label: 'access_remote_vm', folios: () => [remote.folio] };

/** How every access of this kind looks the page up. */
const flags = (byDebugger: boolean): number => FOLL_GET | FOLL_KEEPS_LOCK | forced(byDebugger);

/** A build may take FOLL_FORCE from /proc/pid/mem (proc_mem.force_override); a debugger keeps it. */
const forced = (byDebugger: boolean): number =>
  byDebugger || now.plan!.switches.procMem !== 'unforced' ? FOLL_FORCE : 0;

const access_remote_vm = (name: string, file: string, byDebugger: boolean) =>
  routine(
    name,
    { file, exits: ['end', 'EIO', 'ESRCH'], locals: remote },
    {
      begin: {
        says: 'Keep the address space of {me} from going away, and look up {page}.',
        run: () => {
          if (!mmget_not_zero()) return 'ESRCH';
          gup.flags = (byDebugger ? 0 : op.flags) | flags(byDebugger);
          return 'gup';
        },
        so: { ESRCH: 'The process has no memory any more.' },
      },
      gup: call(get_user_pages, { done: 'copy', EFAULT: 'failed', ENOMEM: 'failed' }, () => {
        remote.folio = gup.folio;
      }),
      copy: {
        says: 'Copy through the mapping that the kernel itself has of {folio}.',
        holds: ['mmap_lock:read'],
        keeps: [referenced],
        run: () => {
          const f = remote.folio;
          if (byDebugger && remote.word === 0) {
            folio_bytes(f);
            return 'put_read';
          }
          if (op.observed >= 0) {
            folio_bytes(f);
            observe_bytes(f, mm, op.va, still_mapped(op.va, f));
            return 'put_read';
          }
          // Thrown away by another thread meanwhile: then this write came before that, and what is private
          // is gone with it.
          if (still_mapped(op.va, f)) expect_bytes(mm, op.va, f, op.stored);
          else expectOfSharers(f, op.stored);
          set_folio_bytes(f, op.stored);
          folio_mark_dirty(f);
          return 'put';
        },
        so: {
          put:
            'Write {bytes} into {folio} through the mapping that the kernel itself has of it; the entry ' +
            'of {page} is not asked.',
          put_read: 'Read what {folio} holds.',
        },
      },
      put: {
        says: 'The page counts as dirty now. Drop the reference to {folio}.',
        holds: ['mmap_lock:read'],
        keeps: [referenced],
        run: () => {
          folio_put(remote.folio);
          remote.folio = 0;
          return 'unlock';
        },
      },
      put_read: {
        says: 'Drop the reference to {folio}.',
        holds: ['mmap_lock:read'],
        keeps: [referenced],
        run: () => {
          folio_put(remote.folio);
          remote.folio = 0;
          return 'unlock';
        },
      },
      unlock: {
        says: 'Let the mappings go.',
        holds: ['mmap_lock:read'],
        run: () => {
          drop('mmap_lock:read');
          if (byDebugger && remote.word === 0) return 'again';
          mmput();
          return 'end';
        },
        so: { again: 'The debugger has the word. It changes a byte of it, and writes the word back.' },
      },
      again: {
        says: 'Look {page} up again, for the write.',
        run: () => {
          remote.word = 1;
          gup.flags = op.flags | flags(byDebugger);
          return 'gup';
        },
      },
      failed: {
        says: 'Nothing was copied: EIO.',
        run: () => {
          mmput();
          return 'EIO';
        },
      },
    },
  );

/** A write to, and a read of, /proc/pid/mem. */
export const proc_mem = access_remote_vm('mem_rw', 'fs/proc/base.c', false);
/** PTRACE_PEEKDATA and PTRACE_POKEDATA: a debugger changes a byte of a word. */
export const ptrace_access = access_remote_vm('ptrace_access_vm', 'kernel/ptrace.c', true);

/** process_vm_readv and process_vm_writev: the pages stay pinned after mmap_lock is gone. */
export const process_vm = routine(
  'process_vm_rw_single_vec',
  { file: 'mm/process_vm_access.c', exits: ['end', 'EFAULT', 'ESRCH'] },
  {
    begin: {
      says: 'Keep the address space of {me} from going away, and pin the page of {page}.',
      run: () => {
        if (!mmget_not_zero()) return 'ESRCH';
        gup.flags = op.flags | FOLL_PIN | FOLL_NAMED | FOLL_BRIEF;
        return 'gup';
      },
      so: { ESRCH: 'The process has no memory any more.' },
    },
    gup: call(get_user_pages, { done: 'live', EFAULT: 'failed', ENOMEM: 'failed' }),
    live: {
      says: 'The page is held while its bytes are copied.',
      run: () => {
        hold_live(op.slot);
        return isWrite() && op.stored !== 0 ? 'write' : 'look';
      },
    },
    write: {
      says: 'Write {bytes} into {folio}.',
      run: () => {
        device_writes();
        return 'put';
      },
    },
    look: {
      says: 'Read {bytes} from {folio}.',
      run: () => {
        device_reads();
        return 'put';
      },
    },
    put: {
      says: 'Release {folio}.',
      run: () => {
        let_go();
        mmput();
        return 'end';
      },
    },
    failed: {
      says: 'No page can be had: EFAULT.',
      run: () => {
        mmput();
        return 'EFAULT';
      },
    },
  },
);
