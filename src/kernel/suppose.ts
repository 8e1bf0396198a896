/**
 * A world that is supposed and not come to: one page of one process, mapped read-only, with given counts.
 * The decision lens asks every rule with it. To be called between steps.
 */
import { FOLIO_EXCLUSIVE } from './verbs/folio.ts';
import { PTE_WRITE } from './verbs/pte.ts';
import {
  cells,
  cpuOf,
  folio_batch,
  folio_flags,
  folio_maps,
  folio_pins,
  folio_refs,
  pte,
  tlb,
} from './world.ts';

/** What a rule may look at when somebody stores to a page that he may not write. */
export interface Supposed {
  /** Page tables that map the page, the own one included. */
  readonly mapcount: number;
  /** References that are neither mappings nor pins, nor of the LRU batch: pipes, plain GUP, running code. */
  readonly others: number;
  readonly pins: number;
  /** The LRU batch of the CPU that stores holds a reference. */
  readonly batched: boolean;
  /** PageAnonExclusive. */
  readonly exclusive: boolean;
}

/** Makes folio `f`, which thread `t` has mapped at page slot `va` of process 0, such a page. */
export function suppose(t: number, va: number, f: number, page: Supposed): void {
  const { mapcount, others, pins, batched, exclusive } = page;
  cells[folio_maps.at + f] = mapcount;
  cells[folio_refs.at + f] = mapcount + others + (batched ? 1 : 0);
  cells[folio_pins.at + f] = pins;
  cells[folio_batch.at + f] = batched ? cpuOf[t]! + 1 : 0;
  const flags = cells[folio_flags.at + f]!;
  cells[folio_flags.at + f] = exclusive ? flags | FOLIO_EXCLUSIVE : flags & ~FOLIO_EXCLUSIVE;
  cells[pte.at + 2 * va] = cells[pte.at + 2 * va]! & ~PTE_WRITE;
  cells[tlb.at + 2 * va] = 0;
  cells[tlb.at + 2 * va + 1] = 0;
}
