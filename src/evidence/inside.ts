/** What a kernel does not show, after an operation: counts and their holders, entries, locks, TLBs. */
import { holderWords } from '../debugger/why.ts';
import { folioName, lockLabel, pageName, pteWords } from '../debugger/words.ts';
import type { Plan } from '../kernel/plan.ts';
import { model } from '../kernel/rules.ts';
import { ZERO_PAGE } from '../kernel/verbs/folio.ts';
import {
  PTE_ACCESSED,
  PTE_DIRTY,
  PTE_PRESENT,
  PTE_PROTNONE,
  PTE_SOFT_DIRTY,
  PTE_SPECIAL,
  PTE_UFFD_WP,
  PTE_WRITE,
  is_swap_entry,
  pte_folio,
} from '../kernel/verbs/pte.ts';
import { slotNumber } from '../kernel/verbs/swap.ts';
import { allHolders, folioAt, isFree, locksHeld, mmAt, pteAt, tlbAt } from '../kernel/view.ts';

export interface InsideFolio {
  /** As the stepper and `why` call it. */
  readonly folio: string;
  /** As `procs` calls it; null: no actor has shown it yet. */
  readonly f: string | null;
  readonly refcount: number;
  readonly pins: number;
  readonly mapcount: number;
  readonly exclusive: boolean;
  readonly bytes: string;
  readonly holders: readonly string[];
}

export interface Inside {
  readonly folios: readonly InsideFolio[];
  /** Process to page to entry: `P W D A f0`. */
  readonly ptes: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Thread to page to what its CPU has cached. */
  readonly tlb: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly locks: readonly { readonly thread: string; readonly lock: string }[];
}

/** Letters of an entry's bits, in the order of the picture. */
const LETTERS: readonly (readonly [bit: number, letter: string])[] = [
  [PTE_PRESENT, 'P'],
  [PTE_WRITE, 'W'],
  [PTE_DIRTY, 'D'],
  [PTE_ACCESSED, 'A'],
  [PTE_SPECIAL, 'SP'],
  [PTE_PROTNONE, 'PN'],
  [PTE_SOFT_DIRTY, 'SD'],
  [PTE_UFFD_WP, 'UW'],
];
const bitsOf = (e: number): string =>
  LETTERS.filter(([bit]) => (e & bit) !== 0)
    .map(([, letter]) => letter)
    .join(' ');
const entryWords = (e: number): string => {
  if (is_swap_entry(e)) return pteWords(e);
  const f = pte_folio(e);
  return `${bitsOf(e)} ${f === ZERO_PAGE ? 'zero' : folioName(f)}`;
};

/** The scratch world. `nameOf`: the recorder's name of a folio. */
export function insideOf(plan: Plan, nameOf: (folio: number) => string | null): Inside {
  const holders = allHolders();
  const folios = holders.flatMap((held, f) => {
    if (f === ZERO_PAGE || isFree(f) || slotNumber(f) >= 0) return [];
    const { refcount, pins, maps, exclusive, stored } = folioAt(f);
    return [
      {
        folio: folioName(f),
        f: nameOf(f),
        refcount,
        pins,
        mapcount: maps,
        exclusive,
        bytes: plan.stored[stored]!.text,
        holders: held.map((h) => holderWords(plan, h)),
      },
    ];
  });
  const alive = plan.processes.flatMap((p, m) => (mmAt(m).state === 'alive' ? [{ name: p.name, m }] : []));
  const slots = Array.from({ length: plan.pages }, (_, va) => va);
  const table = (entryOf: (va: number) => number): Record<string, string> =>
    Object.fromEntries(
      slots.flatMap((va) => (entryOf(va) === 0 ? [] : [[pageName(plan, va), entryWords(entryOf(va))]])),
    );
  const threads = plan.threads.map((t, i) => [t.name, table((va) => tlbAt(i, va))] as const);
  return {
    folios,
    ptes: Object.fromEntries(alive.map(({ name, m }) => [name, table((va) => pteAt(m, va))])),
    tlb: Object.fromEntries(threads.filter(([, cached]) => Object.keys(cached).length > 0)),
    locks: locksHeld().map(({ thread, lock }) => ({
      thread: plan.threads[thread]!.name,
      lock: lockLabel(lock, model),
    })),
  };
}
