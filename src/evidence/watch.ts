/**
 * The recorder's eye: which pages it looks at after an operation, and what it calls the frames. As
 * recorder/snapshot.c and the `has` of recorder/runner.c.
 */
import { pagesOfSlot } from '../kernel/plan.ts';
import type { Op, Plan, Region } from '../kernel/plan.ts';
import { rules } from '../kernel/rules.ts';
import { ZERO_PAGE } from '../kernel/verbs/folio.ts';
import { PTE_PRESENT, PTE_SPECIAL, is_swap_entry, pte_folio } from '../kernel/verbs/pte.ts';
import { isHuge } from '../kernel/verbs/region.ts';
import { VM_READ } from '../kernel/verbs/vma.ts';
import { folioAt, holdAt, mmAt, pipeBuffers, pteAt, vmaAt } from '../kernel/view.ts';
import { insideOf } from './inside.ts';
import type { Inside } from './inside.ts';
import type { RecordedPage, RecordedProcs } from './recording.ts';

export class Watch {
  private readonly plan: Plan;
  /** For each process, the regions it has; fork hands them on, unmapping a part keeps them. */
  private readonly has: Set<number>[];
  /** Pages of each region when it was mapped last, by whomever. */
  private readonly shape: number[];
  private readonly names = new Map<number, string>();
  private named = 0;

  constructor(plan: Plan) {
    this.plan = plan;
    this.has = plan.processes.map(
      (_, p) => new Set(plan.mapped.filter((m) => m.process === p).map((m) => m.region)),
    );
    this.shape = plan.regions.map((r) => (r.kind === 'huge' ? SMALL_PAGES : r.pages));
  }

  /** An operation has ended. */
  did(op: Op): void {
    const process = this.plan.threads[op.thread]!.process,
      own = this.has[process];
    if (own === undefined) return;
    if (op.syscall === 'fork') this.has[op.child] = new Set(own);
    if (op.syscall === 'exec') own.clear();
    if (op.syscall.startsWith('mmap')) {
      own.add(op.region);
      if (this.plan.regions[op.region]!.kind !== 'huge') this.shape[op.region] = op.pages;
    }
    if (op.syscall === 'munmap' && isWholeRegion(op)) own.delete(op.region);
  }

  freed(folio: number): void {
    for (const key of this.names.keys()) if (key % PARTS === folio) this.names.delete(key);
  }

  /** Looks at every page, in the scratch world. */
  look(): RecordedProcs {
    const procs: Record<string, Record<string, RecordedPage>> = {};
    const seen = new Set<number>();
    this.plan.processes.forEach(({ name }, p) => {
      if (mmAt(p).state !== 'alive') return;
      const pages: Record<string, RecordedPage> = {};
      this.plan.regions.forEach((region, r) => {
        if (!this.has[p]!.has(r)) return;
        for (const page of watchedPages(pagesOf(region, this.shape[r]!)))
          pages[pageKey(region.name, page)] =
            region.kind === 'huge'
              ? this.page(p, region.at, seen, page)
              : this.page(p, slotOfPage(region, page), seen);
      });
      procs[name] = pages;
    });
    this.forget(seen);
    return procs;
  }

  inside(): Inside {
    return insideOf(this.plan, (f) => this.names.get(f) ?? null);
  }

  /** `part`: the 4 kB page of a huge one; only the first is ever written. */
  private page(process: number, va: number, seen: Set<number>, part = 0): RecordedPage {
    const e = pteAt(process, va);
    if (is_swap_entry(e)) return { swap: 1 };
    if ((e & PTE_PRESENT) === 0) return { none: 1 };
    const folio = pte_folio(e),
      { maps, anon, stored } = folioAt(folio),
      zero = (e & PTE_SPECIAL) !== 0;
    // The huge page of zeros has a frame for each of its pages, which all processes share.
    const region = this.plan.regions.findIndex((r) => va >= r.at && va < r.at + r.pages),
      { first } = pagesOfSlot(this.plan.regions[region]!, va),
      whole = isHuge(process, region),
      frame = zero && whole ? -1 - first : folio + PARTS * part;
    // Of a PMD entry most kernels tell for all pages what is true of the first: pagemap_pmd_range().
    const asked = whole && !rules.pagemapTellsEachPage ? this.plan.regions[region]!.at : va,
      once = folioAt(pte_folio(pteAt(process, asked))).maps === 1;
    seen.add(frame);
    const readable = (vmaAt(process, va) & VM_READ) !== 0;
    return {
      f: this.nameOf(frame),
      v: !readable ? '!' : this.plan.stored[part === 0 ? stored : 0]!.text,
      x: once ? 1 : 0,
      mc: maps,
      fl: zero ? 'zero ' : anon ? 'anon ' : '',
    };
  }

  /** `folio`: with its part of a huge page. */
  private nameOf(folio: number): string {
    const known = this.names.get(folio);
    if (known !== undefined) return known;
    const name = `${folio <= ZERO_PAGE ? 'z' : 'f'}${this.named++}`;
    this.names.set(folio, name);
    return name;
  }

  /** With a reference out somewhere all names stand; else the name of what nobody maps ends. */
  private forget(seen: ReadonlySet<number>): void {
    const { pipes, holds } = this.plan;
    if (pipes.some((_, p) => pipeBuffers(p).length > 0) || holds.some((_, h) => holdAt(h).live)) return;
    for (const folio of this.names.keys()) if (!seen.has(folio)) this.names.delete(folio);
  }
}

/** Pages of so many slots, and the slot of a page: those that are watched have one each. */
const pagesOf = ({ sizes }: Region, slots: number): number =>
  sizes === undefined ? slots : sizes.reduce((sum, n) => sum + n, 0);
function slotOfPage({ at, sizes }: Region, page: number): number {
  if (sizes === undefined) return at + page;
  let first = 0,
    slot = 0;
  for (; first + sizes[slot]! <= page; slot++) first += sizes[slot]!;
  return at + slot;
}
/** Folios are counted below this; what comes above is a part of a huge page. */
const PARTS = 256,
  SMALL_PAGES = 512;
const isWholeRegion = (op: Op): boolean => /^munmap [^.\s]+$/.test(op.text);
/** Small regions are watched whole, large ones at both ends. */
const watchedPages = (pages: number): number[] =>
  pages > 4 ? [0, 1, pages - 1] : Array.from({ length: pages }, (_, i) => i);
/** `a0` as the recorder has it; longer names are kept apart from the number. */
export const pageKey = (region: string, page: number): string =>
  `${region}${region.length > 1 ? '.' : ''}${page}`;
