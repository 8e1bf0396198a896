/**
 * Where pages lie in virtual memory, and the walk through four levels of tables that finds them: what the
 * picture draws. Part of `view.ts`: reads only. Addresses are ours, the same in every run; x86-64 with 4 kB
 * pages, four levels (the p4d level is folded), nine bits of the address for each.
 */
import { pagesOfSlot } from './plan.ts';
import { hasMoved, hasTable, isMoving, tablesApart, tablesFreed } from './verbs/table.ts';
import { isHuge, region_of } from './verbs/region.ts';
import { cells, now, ptl, ptl_new } from './world.ts';

const PAGE = 2 ** 12,
  PMD_SIZE = 2 ** 21;
/** Where mappings begin, and where mremap moves them: both within one PMD table. */
const BASE = 0x7f5a_4040_0000,
  MOVED_BY = 128 * PMD_SIZE;
const MAIN = 0;

/** True where each region has a page table of its own: `tables apart`. */
export const splitTables = tablesApart;
/** Page tables (of PTEs) that a process may have. */
export const tableCount = (): number => (tablesApart() ? now.counts.regions : 1);
/** Number of the page table, in each process, that has the entry of page slot `va`. */
export const tableOf = (va: number): number => (tablesApart() ? region_of(va) : MAIN);

export interface TableView {
  /** Regions whose entries it has, as indices into `Plan.regions`. */
  readonly regions: readonly number[];
  /** The PMD entry points at it; where all regions share one table it is always there. */
  readonly exists: boolean;
  /** The PMD entry maps a huge page, and leads to no table. */
  readonly huge: boolean;
  /** Tables that were here before it and were freed: a new number is a new table. */
  readonly freed: number;
  /** Thread that has its lock, or -1. */
  readonly ptl: number;
  /** mremap has made a table at the new address, and moves the entries there. */
  readonly moving: boolean;
  /** Thread that has the lock of that one, or -1. */
  readonly newPtl: number;
}
/** Page table `i` of process `m`: `i` from 0 to `tableCount()`. */
export function tableAt(m: number, i: number): TableView {
  if (!tablesApart()) {
    const regions = now.plan!.regions.map((_, r) => r);
    const alone = { exists: true, huge: false, freed: 0, moving: false, newPtl: -1 };
    return { regions, ...alone, ptl: cells[ptl.at + m]! - 1 };
  }
  const moving = isMoving(m, i);
  return {
    regions: [i],
    exists: hasTable(m, i),
    huge: isHuge(m, i),
    freed: tablesFreed(m, i),
    ptl: cells[ptl.at + m * now.counts.regions + i]! - 1,
    moving,
    newPtl: moving ? cells[ptl_new.at + m]! - 1 : -1,
  };
}

/** A virtual address, and the index that it gives at each level. */
export interface WalkView {
  readonly address: number;
  /** As people write it: `0x7f5a40400000`. */
  readonly text: string;
  readonly pgd: number;
  readonly pud: number;
  readonly pmd: number;
  readonly pte: number;
  /** The table of PTEs at the end of the walk: for `tableAt`. */
  readonly table: number;
}
/** The walk to page slot `va` in process `m`. mremap changes addresses where regions lie apart. */
export function walkAt(m: number, va: number): WalkView {
  const r = region_of(va),
    apart = tablesApart(),
    page = pagesOfSlot(now.plan!.regions[r]!, va).first;
  const address = apart
    ? BASE + r * PMD_SIZE + page * PAGE + (hasMoved(m, r) ? MOVED_BY : 0)
    : BASE + va * PAGE;
  const index = (shift: number): number => Math.floor(address / 2 ** shift) % 512;
  return {
    address,
    text: `0x${address.toString(16)}`,
    pgd: index(39),
    pud: index(30),
    pmd: index(21),
    pte: index(12),
    table: tableOf(va),
  };
}
