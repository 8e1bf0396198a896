/**
 * Words for a step: its sentence with names filled in, what changed, and how things are called. Everything
 * is made from the plan and the record of the step; the kernel itself knows no words beyond its rows.
 */
import { LOCKS, lockOfBit } from '../kernel/locks.ts';
import { slotName } from '../kernel/plan.ts';
import type { Plan } from '../kernel/plan.ts';
import type { Model } from '../kernel/rules.ts';
import { isStep } from '../kernel/steps.ts';
import type { Lock } from '../kernel/steps.ts';
import {
  PTE_PROTNONE,
  PTE_SPECIAL,
  PTE_WRITE,
  is_migration_entry,
  is_pte_marker,
  is_swap_entry,
  pte_folio,
  pte_swp_exclusive,
  swp_slot,
} from '../kernel/verbs/pte.ts';
import { slotNumber } from '../kernel/verbs/swap.ts';
import { ZERO_PAGE } from '../kernel/verbs/folio.ts';
import { cells, now, pages, pte } from '../kernel/world.ts';
import type { Effect } from './record.ts';
import type { Run, StepRecord } from './run.ts';
import { goTo } from './run.ts';

/** `f0` is the first page that is ever allocated; the page of zeros has a name of its own. */
export function folioName(f: number): string {
  if (f === ZERO_PAGE) return 'the page of zeros';
  const slot = slotNumber(f);
  return slot < 0 ? `f${f - 1}` : `slot ${slot}`;
}

export function pageName(plan: Plan, va: number): string {
  const r = plan.regions.find((x) => va >= x.at && va < x.at + x.pages);
  return r === undefined ? '?' : slotName(r, va);
}
export const processName = (plan: Plan, m: number): string =>
  m < 0 ? 'the observer' : plan.processes[m]!.name;

/** Who does nothing else. */
const ACTORS: Readonly<Record<string, string>> = { pipe_read: 'observer', ksm: 'ksmd' };

/** How a thread is called where people look: one without memory, written `-`, after what it does. */
export function actorName(plan: Plan, t: number): string {
  const { name, process, ops } = plan.threads[t]!;
  if (process >= 0 || !name.startsWith('-')) return name;
  const [verb = '', ...others] = new Set(ops.map((o) => plan.ops[o]!.syscall));
  return name.replace('-', others.length === 0 ? (ACTORS[verb] ?? 'device') : 'device');
}

/** The name a lock had in the model's era: `mmap_sem read`, `PTL`, `folio lock`. */
export function lockLabel(lock: Lock, model: Model): string {
  const mmap = model.rules.mmapLockName;
  switch (lock) {
    case 'mmap_lock:read':
      return `${mmap} read`;
    case 'mmap_lock:write':
      return `${mmap} write`;
    case 'mmap_lock:child':
      return `${mmap} of the child`;
    case 'vma_lock:read':
      return 'VMA lock read';
    case 'vma_lock:write':
      return 'VMA lock write';
    case 'hugetlb_fault_mutex':
      return 'huge-page fault mutex';
    case 'folio_lock':
      return 'folio lock';
    case 'ptl':
      return 'PTL';
    case 'ptl:child':
      return 'PTL of the child';
    case 'ptl:other':
      return 'PTL of another process';
    case 'pmd_lock':
      return 'PMD lock';
    case 'pmd_lock:child':
      return 'PMD lock of the child';
    case 'ptl:new':
      return 'PTL of the new address';
    case 'vma_srcu':
      return 'VMA SRCU';
    case 'irqs_off':
      return 'interrupts off';
  }
}
export const isExclusive = (lock: Lock): boolean =>
  LOCKS[lock].how !== 'read' && lock !== 'irqs_off' && lock !== 'vma_srcu';

/** Bytes as people read them. */
export function storedText(plan: Plan, stored: number): string {
  const s = plan.stored[stored]!;
  if (stored === 0) return 'zeros';
  return s.hex ? s.text : `“${s.text}”`;
}

/** What a page-table entry permits and names: `read-only → f0`. */
export function pteWords(e: number): string {
  if (e === 0) return 'empty';
  if (is_swap_entry(e)) return `swap ${folioName(swp_slot(e))}${pte_swp_exclusive(e) ? ', exclusive' : ''}`;
  if (is_migration_entry(e))
    return `moving → ${folioName(pte_folio(e))}${(e & PTE_WRITE) !== 0 ? ', writable' : ''}`;
  if (is_pte_marker(e)) return 'empty, write-protected';
  const to = (e & PTE_SPECIAL) !== 0 ? 'zeros' : folioName(pte_folio(e));
  if ((e & PTE_PROTNONE) !== 0) return `no access → ${to}`;
  return `${(e & PTE_WRITE) !== 0 ? 'writable' : 'read-only'} → ${to}`;
}

/** Process and page slot of an entry's place. */
export function placeOfPte(at: number): { process: number; va: number } {
  const i = (at - pte.at) >> 1;
  return { process: Math.floor(i / pages), va: i % pages };
}

/** Which operand of an effect is a folio. */
const FOLIO_OPERAND: Readonly<Record<string, 'a' | 'b' | 'c'>> = {
  refs: 'a',
  pins: 'a',
  maps: 'a',
  exclusive: 'a',
  store: 'a',
  alloc: 'a',
  copy: 'a',
  hold: 'b',
  pipe: 'b',
  seen: 'c',
};
/**
 * The folio that a step is about: the first one its effects name, else the one its rule asked about, else
 * its entry's.
 */
export function folioOf(step: StepRecord): number {
  for (const e of step.effects) {
    const folio = FOLIO_OPERAND[e.name];
    if (folio !== undefined) return e[folio];
  }
  if (step.decided !== null) return step.decided.folio;
  return step.pte >= 0 ? cells[step.pte + 1]! : -1;
}

/** The step's sentence. The scratch world must be the one after the step. */
export function sentence(run: Run, step: StepRecord): string {
  goTo(run, step.at);
  const { plan, model, program } = run.machine,
    row = program.rows[step.pc]!.row;
  if (!isStep(row)) return '';
  const so = 'run' in row ? (row.so as Readonly<Record<string, string>> | undefined)?.[step.went] : undefined;
  const op = plan.ops[step.op],
    thread = plan.threads[step.thread]!;
  const stored = step.effects.find((e) => e.name === 'store' || e.name === 'seen');
  const f = folioOf(step),
    sees = String(step.decided?.sees ?? '');
  const entryWord = step.pte < 0 ? 'the page' : pageName(plan, placeOfPte(step.pte).va);
  const words: Readonly<Record<string, string>> = {
    me: processName(plan, op?.target ?? thread.process),
    // Who walks all memory has no address of its own: it is where its last entry was.
    page: op !== undefined && op.va >= 0 ? pageName(plan, op.va) : entryWord,
    va: step.pte < 0 && op !== undefined && op.va >= 0 ? pageName(plan, op.va) : entryWord,
    folio: f < 0 ? 'the page' : folioName(f),
    child: op === undefined || op.child < 0 ? 'the child' : processName(plan, op.child),
    model: model.id,
    mmap_lock: model.rules.mmapLockName,
    bytes: stored === undefined ? '' : storedText(plan, stored.b),
    mapcount: sees,
    refcount: sees,
  };
  const pattern = so ?? row.says,
    text = pattern.replace(/\{(\w+)\}/g, (_, name: string) => words[name] ?? name);
  // A sentence may begin with a name; names of pages and folios keep their small letter.
  return /^\{(page|va|folio|mmap_lock)\}/.test(pattern) ? text : text.charAt(0).toUpperCase() + text.slice(1);
}

/** What the step changed, a phrase each. */
export function changes(run: Run, step: StepRecord): string[] {
  goTo(run, step.at);
  const { plan, model } = run.machine;
  const out: string[] = [];
  for (const e of step.effects) {
    const text = phrase(plan, model, e);
    if (text !== '' && !out.includes(text)) out.push(text);
  }
  return out;
}

function phrase(plan: Plan, model: Model, e: Effect): string {
  switch (e.name) {
    case 'refs':
      return `references to ${folioName(e.a)}: ${e.b - e.c} to ${e.b}`;
    case 'pins':
      return `pins of ${folioName(e.a)}: ${e.b - e.c} to ${e.b}`;
    case 'maps':
      return `mapcount of ${folioName(e.a)}: ${e.b - e.c} to ${e.b}`;
    case 'alloc':
      return `${folioName(e.a)} is allocated`;
    case 'freed':
      return `${folioName(e.a)} is freed`;
    case 'copy':
      return `${folioName(e.b)} is copied to ${folioName(e.a)}`;
    case 'store':
      return `${folioName(e.a)} now holds ${storedText(plan, e.b)}`;
    case 'ksm':
      return `${folioName(e.a)} is ${e.b !== 0 ? 'a KSM page' : 'an ordinary page again'}`;
    case 'moved':
      return `${folioName(e.a)}, on node ${e.c}, takes the place of ${folioName(e.b)}`;
    case 'exclusive':
      return `${folioName(e.a)} is ${e.b !== 0 ? 'marked exclusive' : 'no longer exclusive'}`;
    case 'gup_owner':
      return e.b < 0
        ? `${folioName(e.a)} is no longer marked`
        : `${folioName(e.a)} is marked: references of ${processName(plan, e.b)}`;
    case 'vma_seq':
      return `sequence count of ${plan.regions[e.b]!.name}: ${(e.c & 1) !== 0 ? 'odd' : 'even again'}`;
    case 'set_pte_at':
    case 'pte_clear': {
      const { process, va } = placeOfPte(e.a);
      const what = e.name === 'pte_clear' ? 'cleared' : pteWords(e.b);
      return `entry of ${pageName(plan, va)} in ${processName(plan, process)}: ${what}`;
    }
    case 'flush_tlb':
      return `TLBs of ${processName(plan, e.a)} forget ${pageName(plan, e.b)}`;
    case 'tlb_fill':
      return `TLB of ${plan.threads[e.a]!.name} caches ${pageName(plan, e.b)}`;
    case 'lock':
      return `takes ${lockLabel(lockOfBit.get(e.a)!, model)}`;
    case 'unlock':
      return `drops ${lockLabel(lockOfBit.get(e.a)!, model)}`;
    case 'pipe':
      return `${plan.pipes[e.a]!.name} ${e.c > 0 ? 'holds' : 'lets go of'} ${folioName(e.b)}`;
    case 'hold':
      return e.b < 0
        ? `${plan.holds[e.a]!.name} is released`
        : `${plan.holds[e.a]!.name} holds ${folioName(e.b)}`;
    case 'cache':
      return e.c > 0 ? `the page cache holds ${folioName(e.a)}` : `${folioName(e.a)} leaves the page cache`;
    case 'swap_count':
      return `uses of ${folioName(e.a)}: ${e.b - e.c} to ${e.b}`;
    case 'swap_cache':
      return e.c > 0
        ? `${folioName(e.a)} is in the swap cache, with ${folioName(e.b)}`
        : `${folioName(e.a)} leaves the swap cache`;
    case 'swap_read':
      return `${folioName(e.b)} is read into ${folioName(e.a)}`;
    case 'swap_write':
      return `${folioName(e.a)} is written to ${folioName(e.b)}`;
    case 'lazy':
      return `${folioName(e.a)} is ${e.b !== 0 ? 'lazily freed' : 'ordinary memory again'}`;
    case 'drained':
      return `${folioName(e.a)} leaves its LRU batch`;
    case 'born':
      return `${processName(plan, e.a)} is born`;
    case 'exited':
      return `${processName(plan, e.a)} has exited`;
    case 'seen':
      return `sees ${storedText(plan, e.b)}`;
    case 'vma':
      return `VMA of ${pageName(plan, e.b)} in ${processName(plan, e.a)} ${gone(e.c)}`;
    case 'seq':
      return `write_protect_seq is ${(e.b & 1) !== 0 ? 'odd' : 'even'}`;
    default:
      return '';
  }
}
/** Threads that the world has, for loops outside the kernel. */
export const threadCount = (): number => now.counts.threads;
const gone = (flags: number): string => (flags === 0 ? 'is gone' : 'changes');
