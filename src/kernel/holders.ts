/**
 * Who holds references to folios: page tables, caches, pipes, holds, and running code. The one place that
 * says so; the picture, `why` and the invariants all use it. To be called between steps, not inside one.
 */
import { pcOf, program, stackOf } from './engine.ts';
import { beginStep, loadHeld } from './locks.ts';
import { rules } from './rules.ts';
import { isCall } from './steps.ts';
import type { Ref } from './steps.ts';
import { ZERO_PAGE } from './verbs/folio.ts';
import { HOLD_LIVE, HOLD_PIN, holdBits, holdFolio, holdPlace, pipeAt, pipeSlots } from './verbs/mm.ts';
import { folio_test_large, headOf, pagesOf } from './verbs/large.ts';
import { isHuge, region_of } from './verbs/region.ts';
import { PTE_PRESENT, PTE_SPECIAL, is_swap_entry } from './verbs/pte.ts';
import {
  cells,
  enter,
  folio_batch,
  now,
  observe,
  observer,
  page_cache,
  pages,
  pte,
  self,
  swap_cache,
} from './world.ts';
import type { Observer } from './world.ts';

/**
 * Kinds of holders. HELD_BY_PTE: mm, va. _CACHE: va. _BATCH: cpu. _PIPE: pipe, buffer. _HOLD: hold.
 * _THREAD: thread, index of the row's `keeps`. Of a swap slot: HELD_BY_SWP_PTE, as _PTE. HELD_BY_SWAP_CACHE:
 * of a slot its folio, of a folio its slot. NOT_HELD: as _THREAD, a reference less than its holders show.
 */
export const HELD_BY_PTE = 0,
  HELD_BY_CACHE = 1,
  HELD_BY_BATCH = 2,
  HELD_BY_PIPE = 3,
  HELD_BY_HOLD = 4,
  HELD_BY_THREAD = 5,
  HELD_BY_SWP_PTE = 6,
  HELD_BY_SWAP_CACHE = 7,
  NOT_HELD = 8;
export type HolderKind = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;
export type HolderVisit = (kind: HolderKind, folio: number, a: number, b: number) => void;

// The rows' `keeps` by pc, of the program that is installed.
let keepsOf: (readonly Ref[] | undefined)[] = [],
  keepsFrom: typeof program | null = null,
  /** Some row keeps references while it calls another routine. */
  callersKeep = false;
function keepsByPc(): (readonly Ref[] | undefined)[] {
  if (keepsFrom !== program) {
    keepsOf = program.rows.map(({ row }) => ('keeps' in row ? row.keeps : undefined));
    callersKeep = program.rows.some(({ row }) => isCall(row) && row.keeps !== undefined);
    keepsFrom = program;
  }
  return keepsOf;
}

/** False: a thread that stands on that row keeps nothing. */
export function mayKeep(pc: number): boolean {
  const keeps = keepsByPc();
  return callersKeep || keeps[pc] !== undefined;
}

/** What thread `t` keeps while it stands where it does. */
function keptBy(t: number): readonly Ref[] | undefined {
  const keeps = keepsByPc();
  return callersKeep ? stackOf(t).flatMap((pc) => keeps[pc] ?? []) : keeps[pcOf(t)];
}

/**
 * Every holder of every reference, in a fixed order. The zero page is mapped without being counted, so its
 * entries are no holders. No access is counted and no observer hears of it.
 */
export function eachHolder(visit: HolderVisit): void {
  const { mms, folios, holds, threads } = now.counts;
  for (let i = 0, n = mms * pages, at = pte.at; i < n; i++, at += 2) {
    if (now.counts.swap !== 0 && is_swap_entry(cells[at]!))
      visit(HELD_BY_SWP_PTE, cells[at + 1]!, Math.trunc(i / pages), i % pages);
    if ((cells[at]! & (PTE_PRESENT | PTE_SPECIAL)) !== PTE_PRESENT) continue;
    if (now.counts.thp !== 0 && isTailOfHuge(Math.trunc(i / pages), i % pages)) continue;
    visit(HELD_BY_PTE, cells[at + 1]!, Math.trunc(i / pages), i % pages);
  }
  if (page_cache.size !== 0) {
    for (let va = 0; va < pages; va++)
      if (cells[page_cache.at + va] !== 0) visit(HELD_BY_CACHE, cells[page_cache.at + va]!, va, 0);
  }
  for (let f = 1; swap_cache.size !== 0 && f < folios; f++)
    if (cells[swap_cache.at + f] !== 0) visit(HELD_BY_SWAP_CACHE, f, cells[swap_cache.at + f]!, 0);
  for (let f = 1; f < folios; f++)
    if (cells[folio_batch.at + f] !== 0) visit(HELD_BY_BATCH, f, cells[folio_batch.at + f]! - 1, 0);
  for (let p = 0; p < now.counts.pipes; p++) {
    for (let i = 0, at = pipeAt(p); i < pipeSlots(p); i++, at += 2)
      if (cells[at] !== 0) visit(HELD_BY_PIPE, cells[at]! - 1, p, i);
  }
  for (let h = 0; h < holds; h++)
    if (holdFolio(h) >= 0 && isCounted(h)) visit(HELD_BY_HOLD, holdFolio(h), h, 0);
  const was: Observer | null = observer,
    me = self;
  observe(null);
  for (let t = 0; t < threads; t++) {
    const kept = keptBy(t);
    if (kept === undefined) continue;
    // Locals and locks are those of the current thread; what a row looks at to name its folios is no access
    // of a step.
    enter(t);
    loadHeld();
    beginStep();
    for (let i = 0; i < kept.length; i++)
      for (const f of kept[i]!.folios()) visit(kept[i]!.owed === true ? NOT_HELD : HELD_BY_THREAD, f, t, i);
  }
  observe(was);
  if (me >= 0) enter(me);
}
/** One PMD entry is one holder: it is told of at the first slot of its region. */
function isTailOfHuge(m: number, va: number): boolean {
  const region = region_of(va);
  return isHuge(m, region) && now.plan!.regions[region]!.at !== va;
}
/**
 * How many references it is that a holder has: more than one only of a large folio. `keeps` of a row may
 * say.
 */
export function refsHeld(kind: HolderKind, f: number, a: number, b: number): number {
  if (now.counts.large === 0) return 1;
  if (kind === HELD_BY_SWAP_CACHE) return pagesOf(f);
  if (kind === HELD_BY_PTE) return now.counts.thp !== 0 && isHuge(a, region_of(b)) ? 1 : pagesOf(f);
  return kind === HELD_BY_THREAD && keptBy(a)![b]!.mapped === true ? pagesOf(f) : 1;
}

/** Pins of the zero page are counted on some models only. */
const isCounted = (h: number): boolean =>
  holdFolio(h) !== ZERO_PAGE || rules.zeroPagePinsCounted || (holdBits(h) & HOLD_PIN) === 0;

/**
 * One holder of one reference (or, for a `pin`, of one FOLL_PIN). `key` is stable while it holds, and
 * unique among those of its folio.
 */
export type Holder =
  /** `refs`: how many references that is, where not one: of an entry that maps pages of a large folio. */
  | {
      readonly kind: 'pte';
      readonly key: string;
      readonly mm: number;
      readonly va: number;
      readonly refs?: number;
    }
  /** Of a slot: an entry that names it. */
  | { readonly kind: 'swap'; readonly key: string; readonly mm: number; readonly va: number }
  /** Of a slot: `other` is the folio that the swap cache has for it; of a folio, its slot. */
  | {
      readonly kind: 'swap-cache';
      readonly key: string;
      readonly other: number;
      readonly refs?: number;
    }
  | { readonly kind: 'cache'; readonly key: string; readonly va: number }
  | { readonly kind: 'batch'; readonly key: string; readonly cpu: number }
  /** `index`: place in the pipe, 0 is read first. `mm`: the process that spliced it. */
  | {
      readonly kind: 'pipe';
      readonly key: string;
      readonly pipe: number;
      readonly index: number;
      readonly mm: number;
    }
  | {
      readonly kind: 'get' | 'pin';
      readonly key: string;
      readonly hold: number;
      readonly mm: number;
      readonly va: number;
      readonly live: boolean;
    }
  /** Running code. `label`: what it is for, as the row says. */
  | { readonly kind: 'kernel'; readonly key: string; readonly thread: number; readonly label: string };

let found: Holder[][] = [];
function collect(kind: HolderKind, f: number, a: number, b: number): void {
  if (kind === NOT_HELD) return;
  const others = found[headOf(f)]!;
  const same = (key: string): string => (others.some((h) => h.key === key) ? same(`${key}'`) : key);
  others.push(holderOf(kind, f, a, b, same));
}
/**
 * Who holds references to each folio: its refcount and pins, one by one. Index = folio, of a large one its
 * first page.
 */
export function allHolders(): Holder[][] {
  found = Array.from({ length: now.counts.folios }, () => []);
  eachHolder(collect);
  return found;
}
/** Who holds references to folio `f`. */
export const holders = (f: number): Holder[] => allHolders()[headOf(f)] ?? [];

/** `unique` tells equal keys of one folio apart. */
function holderOf(
  kind: Exclude<HolderKind, 8>,
  f: number,
  a: number,
  b: number,
  unique: (key: string) => string,
): Holder {
  switch (kind) {
    case HELD_BY_PTE:
      return {
        kind: 'pte',
        key: `pte:${a}:${b}`,
        mm: a,
        va: b,
        ...(folio_test_large(f) ? { refs: refsHeld(kind, f, a, b) } : {}),
      };
    case HELD_BY_SWP_PTE:
      return { kind: 'swap', key: `swap:${a}:${b}`, mm: a, va: b };
    case HELD_BY_SWAP_CACHE:
      // Of a large folio each page is in the swap cache by itself.
      return folio_test_large(f)
        ? { kind: 'swap-cache', key: `swap-cache:${a}`, other: a, refs: refsHeld(kind, f, a, b) }
        : { kind: 'swap-cache', key: 'swap-cache', other: a };
    case HELD_BY_CACHE:
      return { kind: 'cache', key: `cache:${a}`, va: a };
    case HELD_BY_BATCH:
      return { kind: 'batch', key: `batch:${a}`, cpu: a };
    // Buffers move up when one is read, so the place is no part of the key.
    case HELD_BY_PIPE:
      return {
        kind: 'pipe',
        key: unique(`pipe:${a}`),
        pipe: a,
        index: b,
        mm: cells[pipeAt(a) + 2 * b + 1]! - 1,
      };
    case HELD_BY_HOLD: {
      const { process, va } = holdPlace(a),
        bits = holdBits(a),
        pin = (bits & HOLD_PIN) !== 0;
      return {
        kind: pin ? 'pin' : 'get',
        key: `hold:${a}`,
        hold: a,
        mm: process,
        va,
        live: (bits & HOLD_LIVE) !== 0,
      };
    }
    case HELD_BY_THREAD: {
      const { label } = keptBy(a)![b]!;
      return { kind: 'kernel', key: unique(`kernel:${a}:${label}`), thread: a, label };
    }
  }
}
