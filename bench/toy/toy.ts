/**
 * The reduced model of copy-on-write as a machine of the product's engine: threads that choose their
 * operations freely, on pages that two processes share. Four rules of reuse, and write-protection with an
 * early or a late flush. `cow.pml` is its Promela twin.
 */
import type { Invariant } from '../../src/invariants/invariant.ts';
import { boot } from '../../src/kernel/machine.ts';
import type { Machine } from '../../src/kernel/machine.ts';
import { v5_7 } from '../../src/kernel/models/v5_7.ts';
import type { Plan } from '../../src/kernel/plan.ts';
import type { Routine } from '../../src/kernel/steps.ts';
import { FOLIO_EXCLUSIVE } from '../../src/kernel/verbs/folio.ts';
import { PTE_PRESENT, PTE_WRITE, pte_write } from '../../src/kernel/verbs/pte.ts';
import {
  broke,
  cells,
  folio_flags,
  folio_maps,
  folio_refs,
  pipe_slot,
  pte,
  save,
  tlb,
} from '../../src/kernel/world.ts';
import { READS, SPLICES, UNMAPS, WRITES, program } from './mm.ts';
import type { Flush, Rule } from './mm.ts';
import { LEAK, PageAnonExclusive, STORED_MAX, folio_mapcount, folio_ref_count } from './verbs.ts';

export interface ToyConfig {
  readonly rule: 'mapcount' | 'refcount' | 'exclusive' | 'gup-breaks-cow';
  /** What each thread may do (WRITES, ...); the first `parents` of them belong to the first process. */
  readonly masks: readonly number[];
  readonly parents: number;
  readonly pages: number;
  readonly folios: number;
  /** Operations of each thread. */
  readonly ops: number;
  readonly flush: Flush;
  /**
   * `forked`: both processes share all pages, read-only. `spliced`: one process, its pages writable, a pipe
   * that refers to the first one, and a second thread that has them in its TLB.
   */
  readonly start: 'forked' | 'spliced';
  /** False: what goes wrong is not noted in the world. */
  readonly judged: boolean;
}
/** What three threads do in the measurements: two of the parent store, the child does anything. */
export const toy: ToyConfig = {
  rule: 'mapcount',
  masks: [WRITES, WRITES, WRITES | SPLICES | UNMAPS | READS],
  parents: 2,
  pages: 1,
  folios: 4,
  ops: 2,
  flush: 'sync',
  start: 'forked',
  judged: true,
};

const never = (): boolean => false;
const mapcount: Rule = {
  hasExclusive: false,
  mayReuse: (f) => folio_mapcount(f) === 1,
  mustUnshare: never,
  breaksCow: never,
};
const rules: Readonly<Record<ToyConfig['rule'], Rule>> = {
  mapcount,
  refcount: { ...mapcount, mayReuse: (f) => folio_ref_count(f) === 1 },
  exclusive: {
    hasExclusive: true,
    mayReuse: (f) => PageAnonExclusive(f) || folio_ref_count(f) === 1,
    mustUnshare: (e, f) => !pte_write(e) && !PageAnonExclusive(f),
    breaksCow: never,
  },
  'gup-breaks-cow': { ...mapcount, breaksCow: (e) => !pte_write(e) },
};
/** One for each rule, way to flush and mask: tables are made once. */
const programs = new Map<string, Routine>();
function programOf({ rule, flush }: ToyConfig, mask: number): Routine {
  const id = `${rule} ${flush} ${mask}`;
  let made = programs.get(id);
  if (made === undefined) programs.set(id, (made = program(rules[rule], flush, mask)));
  return made;
}

function planOf(c: ToyConfig): Plan {
  const none = { va: -1, region: 0, child: -1, slot: c.judged ? 0 : -1, observed: -1, phase: 0, line: 0 };
  return {
    title: 'The reduced model',
    mapped: [],
    questions: [],
    expectations: [],
    schedule: '',
    regions: [{ name: 'a', at: 0, pages: c.pages, kind: 'anon' }],
    processes: [
      { name: 'parent', parent: null },
      { name: 'child', parent: null },
    ],
    threads: c.masks.map((_, t) => ({
      name: `t${t}`,
      process: t < c.parents ? 0 : 1,
      cpu: t,
      ops: [t],
    })),
    ops: c.masks.map((flags, thread) => ({
      ...none,
      syscall: `program-${flags}`,
      thread,
      pages: c.pages,
      stored: c.ops,
      flags,
      name: 'program',
      text: 'program',
    })),
    stored: Array.from({ length: STORED_MAX }, (_, i) => ({
      text: `${i}`,
      hex: false,
      process: (i & 3) === 0 ? -1 : i >> 2,
    })),
    observed: [],
    pipes: [{ name: 'p', slots: 1 }],
    holds: [],
    switches: { lru: 'batched', counter: 0 },
    pages: c.pages,
    folios: c.folios,
  };
}

const entry = (at: number, folio: number, bits: number): void => {
  cells[at] = bits;
  cells[at + 1] = folio;
};
function startWorld(c: ToyConfig): void {
  for (let va = 0; va < c.pages; va++) {
    const f = va + 1,
      child = pte.at + 2 * (c.pages + va);
    const forked = c.start === 'forked';
    cells[folio_refs.at + f] = cells[folio_maps.at + f] = forked ? 2 : 1;
    entry(pte.at + 2 * va, f, forked ? PTE_PRESENT : PTE_PRESENT | PTE_WRITE);
    if (forked) entry(child, f, PTE_PRESENT);
    else {
      if (rules[c.rule].hasExclusive) cells[folio_flags.at + f] = FOLIO_EXCLUSIVE;
      entry(tlb.at + 2 * (c.pages + va), f, PTE_PRESENT | PTE_WRITE);
    }
  }
  if (c.start === 'forked') return;
  cells[folio_refs.at + 1] = 2;
  cells[pipe_slot.at] = 2;
  cells[pipe_slot.at + 1] = 1;
}

export function bootToy(c: ToyConfig): Machine {
  const machine = boot(
    planOf(c),
    v5_7,
    [],
    Object.fromEntries(c.masks.map((m) => [`program-${m}`, programOf(c, m)])),
  );
  startWorld(c);
  save(machine.start, 0);
  return machine;
}

/** All that can go wrong, as one question about a world. */
export const nothingBreaks: Invariant = {
  id: 'toy',
  alias: [],
  says: "No reader of the pipe sees another process's bytes, and no store is lost.",
  word: 'leak',
  cite: 'cow.pml',
  broken: () =>
    cells[broke.at] === 0
      ? null
      : {
          reason: cells[broke.at] === LEAK ? 'A reader sees private bytes.' : 'A store is lost.',
          cards: [],
          process: null,
          folio: -1,
        },
  applies: () => true,
};
