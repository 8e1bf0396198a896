/**
 * The reduced model as step tables: the same rows, at the same granularity, as the Promela model `cow.pml`.
 * Fork is the world at the start, exit is a munmap of the only page.
 */
import { locals } from '../../src/kernel/frame.ts';
import { drop } from '../../src/kernel/locks.ts';
import { call, routine } from '../../src/kernel/steps.ts';
import type { Routine } from '../../src/kernel/steps.ts';
import {
  PTE_PRESENT,
  PTE_UFFD_WP,
  PTE_WRITE,
  mk_pte,
  pte_clear,
  pte_folio,
  pte_none,
  pte_offset,
  pte_write,
  ptep_get,
  set_pte_at,
} from '../../src/kernel/verbs/pte.ts';
import {
  LEAK,
  STALE_COPY,
  STORE_LOST,
  SetPageAnonExclusive,
  current,
  flush_tlb_page,
  folio_add_new_rmap,
  folio_alloc,
  folio_bytes,
  folio_get,
  folio_put,
  folio_put_shared,
  folio_remove_rmap,
  free_folio,
  isForeign,
  lastStore,
  nextStore,
  page_walk,
  peek_pte,
  pipe_drain,
  pipe_empty,
  pipe_fill,
  setLastStore,
  set_folio_bytes,
  tlb_lookup,
  violated,
} from './verbs.ts';
import { op } from '../../src/kernel/world.ts';

/** In what the four rules differ. */
export interface Rule {
  readonly hasExclusive: boolean;
  readonly mayReuse: (folio: number) => boolean;
  readonly mustUnshare: (pte: number, folio: number) => boolean;
  readonly breaksCow: (pte: number) => boolean;
}

const file = 'toy';
const WRITE = 1,
  UNSHARE = 2;
const vmf = locals({ flags: 1, orig_pte: 'pte', new_folio: 'folio' });
const uffd_wp = (pte: number): boolean => (pte & PTE_UFFD_WP) !== 0;
const unshares = (): boolean => vmf.flags === UNSHARE;

const wp_page_copy = (rule: Rule) =>
  routine(
    'wp_page_copy',
    { file, exits: ['done'], locals: vmf },
    {
      alloc: {
        says: 'A fresh page for the private copy.',
        when: () => free_folio() >= 0,
        awaits: 'waits for a free page',
        run: () => {
          vmf.new_folio = folio_alloc();
          return 'copy';
        },
      },
      copy: {
        says: 'Copy the bytes with no page-table lock held.',
        run: () => {
          set_folio_bytes(vmf.new_folio, folio_bytes(pte_folio(vmf.orig_pte)));
          return 'relock';
        },
      },
      relock: { says: 'Back under the page-table lock.', takes: 'ptl', next: 'recheck' },
      recheck: {
        says: 'Is the entry still the one that faulted?',
        holds: ['ptl'],
        run: () => {
          const ptep = pte_offset(current.va);
          if (ptep_get(ptep) === vmf.orig_pte) {
            pte_clear(ptep);
            return 'flush';
          }
          folio_put(vmf.new_folio);
          vmf.new_folio = 0;
          return 'unlock';
        },
      },
      flush: {
        says: 'No CPU may go on using the old page.',
        holds: ['ptl'],
        run: () => {
          flush_tlb_page(current.va);
          return 'install';
        },
      },
      install: {
        says: 'The copy becomes visible; the old page loses this mapping.',
        holds: ['ptl'],
        run: () => {
          const folio = vmf.new_folio,
            old = pte_folio(vmf.orig_pte);
          if (folio_bytes(folio) !== lastStore(current.va)) violated(STALE_COPY);
          const bits = PTE_PRESENT | (vmf.orig_pte & PTE_UFFD_WP) | (unshares() ? 0 : PTE_WRITE);
          set_pte_at(pte_offset(current.va), mk_pte(folio, bits));
          folio_add_new_rmap(folio);
          if (rule.hasExclusive) SetPageAnonExclusive(folio);
          folio_remove_rmap(old);
          folio_put_shared(old);
          vmf.new_folio = 0;
          return 'unlock';
        },
      },
      unlock: { says: 'Let go of the page table.', holds: ['ptl'], drops: ['ptl'], next: 'put_old' },
      put_old: {
        says: 'Drop the reference that kept the old page.',
        run: () => {
          folio_put(pte_folio(vmf.orig_pte));
          return 'done';
        },
      },
    },
  );

/** The caller holds mmap_lock for reading, and has said in `vmf.flags` what it wants. */
const do_wp_page = (rule: Rule) =>
  routine(
    'do_wp_page',
    { file, exits: ['done', 'VM_FAULT_RETRY', 'VM_FAULT_SIGSEGV'], locals: vmf },
    {
      lock: { says: 'Look at the entry under its lock.', takes: 'ptl', next: 'decide' },
      decide: {
        says: 'May the page be reused in place, or must it be copied?',
        holds: ['ptl'],
        drops: ['ptl'],
        run: () => {
          const ptep = pte_offset(current.va),
            pte = ptep_get(ptep);
          if (pte_none(pte)) return 'VM_FAULT_SIGSEGV';
          if (!unshares()) {
            if (pte_write(pte)) return 'done';
            if (uffd_wp(pte)) {
              drop('mmap_lock:read');
              return 'VM_FAULT_RETRY';
            }
          }
          const folio = pte_folio(pte);
          if (rule.mayReuse(folio)) {
            if (rule.hasExclusive) SetPageAnonExclusive(folio);
            if (!unshares()) set_pte_at(ptep, pte | PTE_WRITE);
            return 'done';
          }
          vmf.orig_pte = pte & ~PTE_WRITE;
          folio_get(folio);
          return 'copy';
        },
      },
      copy: { tail: wp_page_copy(rule) },
    },
  );

const wait_for_monitor = <To extends string>(next: To) => ({
  says: 'Wait until the monitor lifts the write-protection.',
  when: () => !uffd_wp(peek_pte(current.va)),
  awaits: 'waits for the monitor',
  next,
});
/** An operation ends: its locals are zeroed, so that equal worlds are equal. */
function end(): 'pick' {
  current.va = 0;
  return 'pick';
}
const leave = { says: 'Leave.', drops: ['mmap_lock:read'], touches: 'own', run: end } as const;
const keep_mappings = 'Keep the mappings from changing.';

/** A store: `store` is the instruction. */
const store_rows = (fault: ReturnType<typeof do_wp_page>) =>
  ({
    store: {
      says: 'The CPU stores through its TLB, walks the page table, or faults.',
      run: () => {
        const e = tlb_lookup(current.va);
        if (!pte_write(e)) return page_walk(current.va) ? 'store' : 'store_lock';
        const last = lastStore(current.va),
          next = nextStore(last);
        if (folio_bytes(pte_folio(e)) !== last) violated(STORE_LOST);
        setLastStore(current.va, next);
        set_folio_bytes(pte_folio(e), next);
        return end();
      },
    },
    store_lock: {
      says: keep_mappings,
      takes: 'mmap_lock:read',
      touches: 'own',
      run: (): 'store_fault' => {
        vmf.flags = WRITE;
        return 'store_fault';
      },
    },
    store_fault: call(fault, {
      done: 'store_unlock',
      VM_FAULT_RETRY: 'store_sleep',
      VM_FAULT_SIGSEGV: 'leave',
    }),
    store_unlock: { says: 'Back to the instruction.', drops: ['mmap_lock:read'], next: 'store' },
    store_sleep: wait_for_monitor('store'),
  }) as const;

/** vmsplice: a look-up, and a reference that goes into the pipe. */
const splice_rows = (rule: Rule, fault: ReturnType<typeof do_wp_page>) =>
  ({
    splice: { says: keep_mappings, takes: 'mmap_lock:read', next: 'splice_lock_pte' },
    splice_lock_pte: { says: 'Look under the page-table lock.', takes: 'ptl', next: 'follow' },
    follow: {
      says: 'Take a reference if the rules allow it for this entry, else fault first.',
      holds: ['ptl'],
      drops: ['ptl'],
      run: () => {
        const pte = ptep_get(pte_offset(current.va)),
          folio = pte_folio(pte);
        if (pte_none(pte) || !pipe_empty()) return 'leave';
        if (rule.mustUnshare(pte, folio) || rule.breaksCow(pte)) {
          vmf.flags = rule.breaksCow(pte) ? WRITE : UNSHARE;
          return 'splice_fault';
        }
        folio_get(folio);
        pipe_fill(folio);
        return 'leave';
      },
    },
    splice_fault: call(fault, {
      done: 'splice_again',
      VM_FAULT_RETRY: 'splice_sleep',
      VM_FAULT_SIGSEGV: 'splice_fails',
    }),
    splice_again: { says: 'Look again from the start.', drops: ['mmap_lock:read'], next: 'splice' },
    splice_sleep: wait_for_monitor('splice'),
    splice_fails: leave,
  }) as const;

const unmap_rows = {
  unmap: { says: 'Nobody may fault or look meanwhile.', takes: 'mmap_lock:write', next: 'unmap_lock_pte' },
  unmap_lock_pte: { says: 'Take the page-table lock.', takes: 'ptl', next: 'clear' },
  clear: {
    says: 'Clear the entry; the map count falls, the reference count does not yet.',
    holds: ['ptl'],
    drops: ['ptl'],
    run: () => {
      const ptep = pte_offset(current.va),
        pte = ptep_get(ptep);
      if (pte_none(pte)) return 'unmap_unlock';
      current.folio = pte_folio(pte);
      pte_clear(ptep);
      folio_remove_rmap(current.folio);
      return 'unmap_flush';
    },
  },
  unmap_flush: {
    says: 'Flush before the page may be freed.',
    run: (): 'put' => {
      flush_tlb_page(current.va);
      return 'put';
    },
  },
  put: {
    says: "Drop the mapping's reference.",
    run: (): 'unmap_unlock' => {
      folio_put(current.folio);
      current.folio = 0;
      return 'unmap_unlock';
    },
  },
  unmap_unlock: { says: 'Leave.', drops: ['mmap_lock:write'], touches: 'own', run: end },
} as const;

function protect(): void {
  const ptep = pte_offset(current.va),
    pte = ptep_get(ptep);
  if (!pte_none(pte)) set_pte_at(ptep, mk_pte(pte_folio(pte), PTE_PRESENT | PTE_UFFD_WP));
}
export type Flush = 'sync' | 'deferred';
/** UFFDIO_WRITEPROTECT: its flush comes under the page-table lock, or after it. */
const protect_rows = (flush: Flush) =>
  ({
    protect: { says: keep_mappings, takes: 'mmap_lock:read', next: 'protect_lock_pte' },
    protect_lock_pte: { says: 'Take the page-table lock.', takes: 'ptl', next: 'protect_change' },
    protect_change: {
      says: 'Set the userfaultfd bit, clear write.',
      holds: ['ptl'],
      run: () => {
        protect();
        return flush === 'sync' ? 'protect_flush' : 'protect_unlock_pte';
      },
    },
    protect_flush: {
      says: 'One flush for the whole range.',
      run: () => {
        flush_tlb_page(current.va);
        return flush === 'sync' ? 'protect_unlock_pte' : 'leave';
      },
    },
    protect_unlock_pte: {
      says: 'Let go of the page table.',
      drops: ['ptl'],
      touches: 'own',
      run: () => (flush === 'sync' ? 'leave' : 'protect_flush'),
    },
    unprotect: { says: keep_mappings, takes: 'mmap_lock:read', next: 'unprotect_lock_pte' },
    unprotect_lock_pte: { says: 'Take the page-table lock.', takes: 'ptl', next: 'unprotect_change' },
    unprotect_change: {
      says: 'Lift the protection; a fault may now make the entry writable.',
      holds: ['ptl'],
      drops: ['ptl'],
      run: (): 'leave' => {
        const ptep = pte_offset(current.va),
          pte = ptep_get(ptep);
        if (!pte_none(pte)) set_pte_at(ptep, pte & ~PTE_UFFD_WP);
        return 'leave';
      },
    },
  }) as const;

/** What a thread may do: bits of `op.flags`. */
export const WRITES = 1,
  SPLICES = 2,
  UNMAPS = 4,
  READS = 8,
  PROTECTS = 16,
  UNPROTECTS = 32;
/** By bit: the row at which it begins. */
const FIRST = ['store', 'splice', 'unmap', 'pick', 'protect', 'unprotect'] as const;
interface Dish {
  readonly first: (typeof FIRST)[number];
  readonly va: number;
}
const menus: (readonly Dish[] | undefined)[] = Array.from({ length: 1024 }, () => undefined);
/** What the thread that steps may choose from. */
function menu(): readonly Dish[] {
  const key = op.flags * 16 + op.pages;
  let list = menus[key];
  if (list === undefined) {
    list = FIRST.filter((_, bit) => (op.flags & (1 << bit)) !== 0).flatMap((first) =>
      Array.from({ length: first === 'pick' ? 1 : op.pages }, (_, va) => ({ first, va })),
    );
    menus[key] = list;
  }
  return list;
}
function read_pipe(): void {
  const { folio, from } = pipe_drain();
  if (isForeign(folio_bytes(folio), from)) violated(LEAK);
  folio_put(folio);
}

/** The rows that only those come to who may unmap. */
function without(rows: Readonly<Record<string, unknown>>, r: Routine): Routine {
  return { ...r, rows: Object.fromEntries(Object.entries(r.rows).filter(([label]) => !(label in rows))) };
}
/**
 * A thread: `op.stored` operations of its choice, one after the other. `mask`: those that it may choose from;
 * the rows say what a thread may come to, and a choice that leaves out the pipe is nobody else's business.
 */
export function program(rule: Rule, flush: Flush, mask: number): Routine {
  const fault = do_wp_page(rule);
  const all: Routine = routine(
    'program',
    { file, exits: ['end'], locals: current },
    {
      pick: {
        says: 'Choose what to do next.',
        choices: () => (current.ops < op.stored ? menu().length : 1),
        when: (c) => current.ops < op.stored && (menu()[c]!.first !== 'pick' || !pipe_empty()),
        awaits: 'has done enough, or waits for the pipe',
        ...((mask & READS) === 0 ? { touches: 'own' as const } : {}),
        run: (c): Dish['first'] => {
          const { first, va } = menu()[c]!;
          current.ops += 1;
          current.va = va;
          // Reading the pipe is one step.
          if (first === 'pick') read_pipe();
          return first;
        },
      },
      ...store_rows(fault),
      ...splice_rows(rule, fault),
      ...unmap_rows,
      ...protect_rows(flush),
      leave,
    },
  );
  return (mask & UNMAPS) === 0 ? without(unmap_rows, all) : all;
}
