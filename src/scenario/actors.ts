/**
 * What acts by itself. Each thing that may happen at any time is a thread of its own that never ends and that
 * no declared order waits for: so a schedule can name it, and a check tries it everywhere.
 */
import type { Op, Thread } from '../kernel/plan.ts';
import { isLargeKind } from './draft.ts';
import type { Area, Draft, HoldDraft } from './draft.ts';

/** Threads that a world has room for. */
const ROOM = 64;

export function withActors(
  draft: Draft,
  threads: Thread[],
  ops: readonly Op[],
): { threads: Thread[]; ops: Op[] } {
  const all = [...threads],
    added = [...ops];
  const add = (
    name: string,
    cpu: number,
    op: Pick<Op, 'syscall' | 'va' | 'slot' | 'name' | 'text'> & Partial<Pick<Op, 'stored' | 'observed'>>,
  ): void => {
    all.push({ name, process: -1, cpu, ops: [added.length], actor: true });
    added.push({
      thread: all.length - 1,
      phase: 0,
      pages: op.va < 0 ? 0 : 1,
      region: -1,
      stored: 0,
      child: -1,
      observed: -1,
      flags: 0,
      line: 0,
      ...op,
    });
  };
  const idle = 1 + Math.max(-1, ...threads.map((t) => t.cpu));
  const working = threads.map((t, i) => ({ ...t, i })).filter((t) => t.process >= 0);
  if (draft.actors.has('tlb-evict')) {
    for (const { name, cpu, i } of working) {
      for (const area of draft.areas.values()) {
        for (let slot = 0; slot < area.pages; slot++) {
          const page = area.starts[slot] ?? slot;
          const where = `${name}:${area.name}.${page}`;
          const text = `evict ${area.name}.${page} of ${name}`;
          add(`tlb:${where}`, cpu, {
            syscall: 'tlb_evict',
            va: area.at + slot,
            slot: i,
            name: 'evict',
            text,
          });
        }
      }
    }
  }
  if (draft.actors.has('lru-drain')) {
    for (const cpu of new Set(working.map((t) => t.cpu)))
      add(`lru:${cpu}`, cpu, {
        syscall: 'lru_drain',
        va: -1,
        slot: -1,
        name: 'drain',
        text: `drain CPU ${cpu}`,
      });
  }
  for (const { process, name, area, slot } of movable(draft)) {
    const page = `${area.name}.${area.starts[slot] ?? slot}`;
    // On a CPU of its own, whose LRU batch nobody else uses.
    add(`migrate:${name}:${page}`, idle, {
      syscall: 'compact',
      va: area.at + slot,
      slot: process,
      name: 'migrate',
      text: `move ${page} of ${name}`,
    });
  }
  if (draft.actors.has('dma')) {
    for (const [slot, hold] of draft.holds.entries()) {
      const { name, process, va } = hold;
      if (writes(draft, hold)) {
        draft.stored.push({ text: 'dma', hex: false, process });
        const stored = draft.stored.length - 1;
        const text = `write "dma" through ${name}`;
        add(`dma:${name}`, 0, { syscall: 'dma_write', va, slot, name: 'write', text, stored });
      }
      if (reads(draft, hold)) {
        const observed = draft.observed.length;
        draft.observed.push({ name: 'read', op: added.length, thread: all.length });
        const text = `read through ${name}`;
        add(`dma-read:${name}`, 0, { syscall: 'dma_read', va, slot, name: 'read', text, observed });
      }
    }
  }
  return { threads: all, ops: added };
}

interface Movable {
  readonly process: number;
  /** Of the process. */
  readonly name: string;
  readonly area: Area;
  readonly slot: number;
}
/** What may be moved at any time: small private pages, in each process that may have one. */
export function movable(draft: Draft): Movable[] {
  if (!draft.actors.has('migrate')) return [];
  const areas = [...draft.areas.values()].filter(
    (a) => a.private && !isLargeKind(a.kind) && a.kind !== 'huge',
  );
  return [...draft.members.keys()].flatMap((name, process) =>
    areas.flatMap((area) => Array.from({ length: area.pages }, (_, slot) => ({ process, name, area, slot }))),
  );
}

/** Of a hold that outlives its call: process_vm_readv and -writev copy with the CPU. */
const isDevice = (draft: Draft, hold: HoldDraft): boolean =>
  draft.ops[hold.op]?.syscall.startsWith('process_vm') === false;
const writes = (draft: Draft, hold: HoldDraft): boolean => isDevice(draft, hold) && hold.access === 'write';
/** A direct read fills memory and never looks at it; what is registered may be used both ways. */
const reads = (draft: Draft, hold: HoldDraft): boolean =>
  isDevice(draft, hold) && (hold.access === 'read' || hold.user !== 'dio');

/** Says so if a world has no room for all that may happen. */
export function checkActors(draft: Draft): void {
  const working = [...draft.strands.values()].filter((s) => s.process >= 0).length,
    pages = [...draft.areas.values()].reduce((sum, area) => sum + area.pages, 0);
  const evictions = draft.actors.has('tlb-evict') ? working * pages : 0,
    drains = draft.actors.has('lru-drain') ? working : 0;
  const devices = !draft.actors.has('dma')
    ? 0
    : draft.holds.filter((h) => writes(draft, h)).length + draft.holds.filter((h) => reads(draft, h)).length;
  if (draft.strands.size + evictions + drains + movable(draft).length + devices <= ROOM) return;
  draft.problems.error(
    { line: 1, column: 1, length: 1 },
    'too many threads and pages for actors',
    'Leave out threads, pages, holds, or the actors line.',
  );
}
