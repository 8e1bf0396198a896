/**
 * Files. Each region that is mapped from a file has one of its own, in memory and complete: all its pages are
 * in the page cache before the first step and stay there, as whoever opened the file keeps it open.
 */
import { MAP_FILE, MAP_SHARED } from '../flags.ts';
import type { Op, Plan } from '../plan.ts';
import { cells, folio_flags, folio_refs, folio_stored, expected, now, page_cache, pages } from '../world.ts';
import { FOLIO_SHMEM } from './folio.ts';
import { region_of } from './region.ts';
import { VM_FILE, vmaFlags } from './vma.ts';

/** The page slot is one of a file. */
export const isOfFile = (va: number): boolean =>
  now.counts.files !== 0 && now.plan!.regions[region_of(va)]!.file !== undefined;
/** What a file has at the start, of the file at that page slot: an index into `Plan.stored`. */
export const fileBytes = (va: number): number => now.plan!.regions[region_of(va)]!.file ?? 0;

/** Before the first step, once the VMAs stand. */
export function fill_files(): void {
  let f = 1;
  for (let va = 0; va < pages; va++) {
    if (!isOfFile(va)) continue;
    cells[page_cache.at + va] = f;
    cells[folio_refs.at + f] = 1;
    cells[folio_flags.at + f] = FOLIO_SHMEM;
    cells[folio_stored.at + f] = fileBytes(va);
    for (let m = 0; m < now.counts.mms; m++)
      if ((vmaFlags(m, va) & VM_FILE) !== 0) cells[expected.at + m * pages + va] = fileBytes(va);
    f += 1;
  }
}

/** Bytes that may get into a file, by plan. */
const known = new WeakMap<Plan, ReadonlySet<number>>();
/**
 * Whether those bytes may be in the file: it begins with them, or a process writes them that ever has a
 * shared mapping of it. What is written over private mappings never gets there.
 */
export function isFileBytes(stored: number): boolean {
  let bytes = known.get(now.plan!);
  if (bytes === undefined) known.set(now.plan!, (bytes = bytesOfFiles(now.plan!)));
  return bytes.has(stored);
}

function bytesOfFiles(plan: Plan): ReadonlySet<number> {
  const bytes = new Set(plan.regions.flatMap((r) => (r.file === undefined ? [] : [r.file])));
  const sharers = plan.regions.map((_, r) => sharersOf(plan, r));
  plan.ops.forEach((o, i) => {
    if (o.stored === 0) return;
    const by = placeOf(plan, o, i);
    if (sharers[by.region]?.has(by.process) === true) bytes.add(o.stored);
  });
  return bytes;
}
/** Whose memory it writes to, and which region: its own operands', or those of the hold that it works on. */
function placeOf(plan: Plan, o: Op, i: number): { process: number; region: number } {
  const taken = o.region < 0 && o.slot >= 0 ? plan.ops[plan.holds[o.slot]?.op ?? i]! : o;
  return { process: taken.target ?? plan.threads[taken.thread]!.process, region: taken.region };
}
/** Processes that ever have a shared mapping of the region's file; children may have inherited it. */
function sharersOf(plan: Plan, region: number): ReadonlySet<number> {
  const sharers = new Set<number>();
  if (plan.regions[region]!.file === undefined) return sharers;
  for (const m of plan.mapped) if (m.region === region && m.kind === 'memfd') sharers.add(m.process);
  for (const o of plan.ops) {
    const maps = o.syscall.startsWith('mmap') && o.region === region;
    if (maps && (o.flags & (MAP_FILE | MAP_SHARED)) === (MAP_FILE | MAP_SHARED))
      sharers.add(plan.threads[o.thread]!.process);
  }
  for (const [m, { parent }] of plan.processes.entries())
    if (parent !== null && sharers.has(parent)) sharers.add(m);
  return sharers;
}
