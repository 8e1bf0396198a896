/**
 * Columns one and two: processes with their threads, memory and views, and the page tables with the TLBs
 * that shadow them.
 */
import { isStale } from '../debugger/stale.ts';
import { actorName, folioName, lockLabel, pageName, pteWords, storedText } from '../debugger/words.ts';
import { goTo } from '../debugger/run.ts';
import { citationOf } from '../kernel/citations.ts';
import { pcOf, program, status } from '../kernel/engine.ts';
import type { Status } from '../kernel/engine.ts';
import { IRQS_OFF, LOCKS, heldBy } from '../kernel/locks.ts';
import {
  is_migration_entry,
  is_swap_entry,
  pte_folio,
  PTE_ACCESSED,
  PTE_DIRTY,
  PTE_PRESENT,
  PTE_SOFT_DIRTY,
  PTE_UFFD_WP,
  PTE_WRITE,
  swp_slot,
} from '../kernel/verbs/pte.ts';
import { headOf } from '../kernel/verbs/large.ts';
import {
  VM_DONTCOPY,
  VM_FILE,
  VM_LOCKED,
  VM_READ,
  VM_SHARED,
  VM_UFFD_MISSING,
  VM_UFFD_WP,
  VM_WIPEONFORK,
  VM_WRITE,
} from '../kernel/verbs/vma.ts';
import {
  cachedAt,
  expectedAt,
  folioAt,
  locksHeld,
  mmAt,
  observationAt,
  pteAt,
  splitTables,
  throughHold,
  tlbAt,
  vmaAt,
} from '../kernel/view.ts';
import type { HeldLock } from '../kernel/view.ts';
import { OP, cells, mmNow, taskOf } from '../kernel/world.ts';
import { pagesShown, processId, pteId, resultLines, threadsOf } from './facts.ts';
import { walks } from './build-walk.ts';
import { bytesOf } from './moment.ts';
import type { Moment } from './moment.ts';
import type { Bit, LockBadge, ProcessCard, PteRow, TableCard, ThreadLine, View } from './scene.ts';

const MMAP_LOCKS = [
  'mmap_lock:write',
  'mmap_lock:read',
  'mmap_lock:child',
  'vma_lock:write',
  'vma_lock:read',
] as const;
const TABLE_LOCKS = ['pmd_lock', 'pmd_lock:child', 'ptl', 'ptl:child', 'ptl:other', 'ptl:new'] as const;
type LockName = keyof typeof LOCKS;
const isPtl = (lock: LockName): boolean => lock.startsWith('ptl');

/** `waits for PTL, held by parent`. Shared with the moves of the timeline. */
export function blockedWords(m: Pick<Moment, 'run'>, s: Status): string {
  const { plan, model } = m.run.machine;
  if (s.kind === 'locked') {
    const by = s.holders.map((t) => actorName(plan, t)).join(' and ');
    return `waits for ${lockLabel(s.lock, model)}${by === '' ? '' : `, held by ${by}`}`;
  }
  return s.kind === 'waits' ? s.until : '';
}

/** What a thread does, in a few words. */
export function doing(m: Moment, t: number): string {
  const { plan } = m.run.machine,
    s = status(t),
    thread = plan.threads[t]!;
  const op = plan.ops[thread.ops[cells[taskOf[t]! + OP]!] ?? -1];
  if (s.kind === 'finished') return 'done';
  if (s.kind === 'absent') return 'not there';
  const begun = m.run.steps.slice(0, m.at).some((x) => plan.ops[x.op] === op);
  if (s.kind === 'locked' || s.kind === 'waits') return blockedWords(m, s);
  if (!begun) return s.kind === 'later' ? `then: ${op?.text ?? ''}` : `about to ${op?.text ?? ''}`;
  const off = (heldBy(t) & IRQS_OFF) !== 0 ? ', interrupts off' : '';
  return `in ${citationOf(program.rows[pcOf(t)]!.routine, m.run.machine.model).name}${off}`;
}

/** Badges of those locks of an address space that somebody holds or waits for. */
function badges(m: Moment, process: number, locks: readonly LockName[], id: string): LockBadge[] {
  const { plan, model } = m.run.machine,
    out: LockBadge[] = [];
  const opOf = (t: number) => plan.ops[plan.threads[t]!.ops[cells[taskOf[t]! + OP]!] ?? -1];
  const add = (lock: LockName, of: (t: number) => boolean, where: string): void => {
    const holders = plan.threads.flatMap((thread, t) =>
      (heldBy(t) & LOCKS[lock].bit) !== 0 && of(t) ? [{ thread: thread.name, who: thread.process }] : [],
    );
    const waiting = plan.threads.flatMap((thread, t) => {
      const s = status(t);
      return s.kind === 'locked' && s.lock === lock && of(t) ? [thread.name] : [];
    });
    if (holders.length + waiting.length === 0) return;
    const label = lockLabel(lock, model)
      .replace(' of the child', lock === 'mmap_lock:child' ? ' write' : '')
      .replace(' of another process', '');
    const name =
      where === ''
        ? label
        : label.replace('VMA lock', `VMA lock of ${where}`).replace('PTL', `PTL of ${where}`);
    const exclusive = LOCKS[lock].how !== 'read';
    out.push({ id: `${id}:${lock}:${where}`, label: name, exclusive, holders, waiting });
  };
  const held = locksHeld();
  for (const lock of locks) {
    const on = (t: number): boolean => {
      if (lock === 'ptl:other')
        return held.some((h) => h.thread === t && h.lock === lock && h.mm === process);
      return (lock.endsWith(':child') ? (opOf(t)?.child ?? -1) : mmNow(t)) === process;
    };
    // Each region has a lock of its own; with one region there is nothing to tell apart.
    if (lock === 'vma_lock:read' && plan.regions.length > 1)
      plan.regions.forEach(({ name }, r) => add(lock, (t) => on(t) && opOf(t)?.region === r, name));
    else if (isPtl(lock) && splitTables())
      plan.regions.forEach(({ name }, r) =>
        add(lock, (t) => on(t) && r === (tableHeld(held, t, lock) ?? opOf(t)?.region), name),
      );
    else add(lock, on, '');
  }
  return out;
}

/** Region whose page table a thread has locked, where each region has one. */
const tableHeld = (held: readonly HeldLock[], thread: number, lock: LockName): number | undefined =>
  held.find((h) => h.thread === thread && h.lock === lock)?.table;

export function processCards(m: Moment): ProcessCard[] {
  const { plan } = m.run.machine;
  return plan.processes.map((p, i) => {
    const { state } = mmAt(i),
      id = processId(plan, i);
    const threads: ThreadLine[] = threadsOf(plan, i).map((t) => ({
      id: `thread:${plan.threads[t]!.name}`,
      name: plan.threads[t]!.name,
      cpu: plan.threads[t]!.cpu,
      doing: doing(m, t),
      active: m.step?.thread === t,
    }));
    const birth = m.facts.births[i]!;
    const note =
      state === 'unborn'
        ? birth > 0
          ? `Born at step ${birth}, by fork.`
          : 'Never born in this run.'
        : state === 'exited'
          ? 'Has exited.'
          : '';
    return {
      id,
      name: p.name,
      who: i,
      state,
      note,
      threads,
      locks: badges(m, i, MMAP_LOCKS, id),
      vmas: plan.regions.flatMap((r, k) => {
        const first = m.facts.mapped[i]![k]!;
        if (first < 0 || first > m.at) return [];
        const flags = vmaFlags(i, r.at, r.pages);
        const what = vmaWords(flags, r.kind === 'huge');
        return [{ id: `vma:${p.name}:${r.name}`, name: r.name, what, gone: flags === 0 }];
      }),
      views: state === 'unborn' ? [] : [...pageViews(m, i), ...resultViews(m, i)],
      broken: m.broken.find((b) => b.cards[0] === id)?.reason ?? null,
    };
  });
}

const vmaFlags = (process: number, at: number, n: number): number => {
  for (let va = at; va < at + n; va++) if (vmaAt(process, va) !== 0) return vmaAt(process, va);
  return 0;
};
/** What madvise, mlock and userfaultfd have made of a VMA, in the words of the scenario. */
const VMA_WORDS: readonly (readonly [bit: number, word: string])[] = [
  [VM_DONTCOPY, 'dontfork'],
  [VM_WIPEONFORK, 'wipe'],
  [VM_LOCKED, 'locked'],
  [VM_UFFD_MISSING | VM_UFFD_WP, 'uffd'],
];
function vmaWords(flags: number, huge: boolean): string {
  if (flags === 0) return 'was unmapped';
  const may = (flags & VM_WRITE) !== 0 ? 'rw' : (flags & VM_READ) !== 0 ? 'ro' : 'none';
  const more = VMA_WORDS.flatMap(([bit, word]) => ((flags & bit) !== 0 ? [word] : []));
  const file = (flags & VM_FILE) !== 0,
    own = huge ? 'huge' : 'anon',
    kind = (flags & VM_SHARED) !== 0 ? (file ? 'shared file' : 'shared') : file ? 'file' : own;
  return [kind, may, ...more].join(' ');
}

function pageViews(m: Moment, process: number): View[] {
  const { plan } = m.run.machine,
    name = plan.processes[process]!.name,
    out: View[] = [];
  plan.regions.forEach((r, k) => {
    const first = m.facts.mapped[process]![k]!;
    if (first < 0 || first > m.at) return;
    for (let va = r.at; va < r.at + r.pages; va++) {
      const page = pageName(plan, va),
        flags = vmaAt(process, va),
        e = pteAt(process, va);
      const view = {
        id: `view:${name}:${page}`,
        label: `A load of ${page} returns`,
        bytes: null,
        word: '',
        note: '',
        bad: false,
      };
      if (mmAt(process).state !== 'alive') out.push({ ...view, word: 'nothing, the process is gone' });
      else if (flags === 0) out.push({ ...view, word: 'a fault, it is not mapped' });
      else if ((flags & VM_READ) === 0) out.push({ ...view, word: 'a fault, reading is forbidden' });
      else if (is_migration_entry(e)) out.push({ ...view, word: 'nothing yet, it waits for the move' });
      else {
        // The bytes of a swap slot stand where those of a folio of that number do.
        const f = (e & PTE_PRESENT) !== 0 ? e >> 8 : is_swap_entry(e) ? broughtBy(e) : cachedAt(va);
        const { stored, epoch } = folioAt(f);
        // Cleared for a moment: whoever loads now faults, and waits until the entry is back.
        const gap = e === 0 && f === 0 && expectedAt(process, va) !== 0;
        if (stored === 0) out.push({ ...view, word: gap ? 'a fault, it has to wait' : zeros(e) });
        else out.push({ ...view, bytes: bytesOf(plan, stored, epoch) });
      }
    }
  });
  return out;
}

const zeros = (e: number): string => ((e & PTE_PRESENT) !== 0 ? 'zeros' : 'zeros, nothing is stored yet');

/** What the process has loaded, read from pipes, or seen through a hold. */
function resultViews(m: Moment, process: number): View[] {
  const { plan } = m.run.machine;
  return resultLines(plan, process, pagesShown(plan, m.facts.mapped[process]!)).map((line) => {
    const is = (what: 'foreign' | 'stale' | 'seen'): number | undefined =>
      line.findLast((one) => observationAt(one)[what]);
    const o = is('foreign') ?? is('stale') ?? is('seen') ?? line[0]!;
    const { seen, stored, stale, foreign, fresh } = observationAt(o),
      op = plan.ops[plan.observed[o]!.op]!;
    const what =
      op.syscall === 'pipe_read'
        ? 'Read from the pipe'
        : throughHold(op)
          ? 'The device read'
          : op.syscall === 'lookup'
            ? `Found at ${pageName(plan, op.va)}`
            : `Loaded from ${pageName(plan, op.va)}`;
    const id = `result:${plan.observed[o]!.name}:${o}`;
    if (!seen) return { id, label: `${what} so far`, bytes: null, word: 'nothing', note: '', bad: false };
    const writer = plan.stored[stored]!.process,
      bad = foreign || stale;
    const note = foreign
      ? `written by ${plan.processes[writer]?.name ?? 'nobody'}`
      : stale
        ? 'not what was stored last'
        : writer >= 0 && !fresh
          ? 'from before fork'
          : '';
    const bytes = stored === 0 ? null : { ...bytesOf(plan, stored, 0), fresh };
    return { id, label: what, bytes, word: stored === 0 ? storedText(plan, stored) : '', note, bad };
  });
}

/** Bits of features that few scenarios have. */
const SOFT_DIRTY_BIT = ['SD', 'soft-dirty', PTE_SOFT_DIRTY] as const;
const UFFD_WP_BIT = ['UW', 'userfaultfd write-protected', PTE_UFFD_WP] as const;
function bitsOf(m: Moment): typeof BITS {
  const { softDirty, uffd } = m.run.machine.counts;
  return [...BITS, ...(softDirty === 0 ? [] : [SOFT_DIRTY_BIT]), ...(uffd === 0 ? [] : [UFFD_WP_BIT])];
}
const BITS: readonly (readonly [string, string, number])[] = [
  ['P', 'present', PTE_PRESENT],
  ['W', 'writable', PTE_WRITE],
  ['D', 'dirty', PTE_DIRTY],
  ['A', 'accessed', PTE_ACCESSED],
];

export function tableCards(m: Moment): TableCard[] {
  const { run, at } = m,
    { plan } = run.machine;
  const entries = (): number[][] =>
    plan.processes.map((_, i) => Array.from({ length: plan.pages }, (_v, va) => pteAt(i, va)));
  goTo(run, Math.max(0, at - 1));
  const before = entries();
  goTo(run, at);
  return plan.processes.map((p, i) => {
    const { state } = mmAt(i),
      birth = m.facts.births[i]!;
    const rows = plan.regions.flatMap((r, k) => {
      const first = m.facts.mapped[i]![k]!;
      if (first < 0 || (first > at && state === 'unborn')) return [];
      return Array.from({ length: r.pages }, (_, n) => rowOf(m, i, r.at + n, before[i]![r.at + n]!));
    });
    const locks = badges(m, i, TABLE_LOCKS, `table:${p.name}`);
    return {
      id: `table:${p.name}`,
      process: p.name,
      who: i,
      state,
      note:
        state === 'unborn'
          ? birth > 0
            ? `Filled by fork, up to step ${birth}.`
            : ''
          : state === 'exited'
            ? 'Gone with its process.'
            : '',
      locks,
      rows,
      walks: state === 'alive' ? walks(m, i, locks) : [],
    };
  });
}

function rowOf(m: Moment, process: number, va: number, was: number): PteRow {
  const { plan } = m.run.machine,
    e = pteAt(process, va);
  const bits: Bit[] = bitsOf(m).map(([letter, name, bit]) => ({
    letter,
    name,
    on: (shownBits(e) & bit) !== 0,
    changed: ((shownBits(e) ^ shownBits(was)) & bit) !== 0,
  }));
  return {
    id: pteId(plan, process, va),
    page: pageName(plan, va),
    bits,
    words: wordsOf(m, process, va, e),
    changed: e !== was,
    tlbs: threadsOf(plan, process).map((t) => {
      const tlb = tlbAt(t, va),
        stale = isStale(tlb, e),
        thread = plan.threads[t]!;
      const same = tlb >> 8 === e >> 8 && ((tlb ^ e) & PTE_WRITE) === 0;
      const words = tlb === 0 ? 'no entry' : same ? 'same as PTE' : entryWords(tlb);
      return {
        id: `tlb:${thread.name}:${pageName(plan, va)}`,
        thread: thread.name,
        cpu: thread.cpu,
        words,
        stale,
      };
    }),
  };
}

/** In an entry that names a swap slot the bits of a mapping mean other things; its words say them. */
const shownBits = (e: number): number => (is_swap_entry(e) ? e & (PTE_SOFT_DIRTY | PTE_UFFD_WP) : e);
/** What comes back for a swap entry: the page that is still in the swap cache, or the slot's bytes. */
const broughtBy = (e: number): number => {
  const { swap } = folioAt(swp_slot(e));
  return swap > 0 ? swap : swp_slot(e);
};

/** A page of a large folio goes by the name of the folio: which page it is, the row says itself. */
function entryWords(e: number): string {
  const page = pte_folio(e),
    head = headOf(page);
  return page === head ? pteWords(e) : pteWords(e).replace(folioName(page), folioName(head));
}

function wordsOf(m: Moment, process: number, va: number, e: number): string {
  if (e !== 0) return entryWords(e);
  if (vmaAt(process, va) !== 0) return everMapped(m, process, va) ? 'empty, cleared' : 'empty, no page yet';
  return everMapped(m, process, va) ? 'empty, cleared by munmap' : 'not mapped';
}
const everMapped = (m: Moment, process: number, va: number): boolean =>
  m.facts.history.some(
    (t) => t.holder.kind === 'pte' && t.holder.mm === process && t.holder.va === va && t.from <= m.at,
  );
