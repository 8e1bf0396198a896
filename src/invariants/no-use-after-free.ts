/** UAF: nothing reaches a page that was given back. */
import { BROKE_BELOW_ZERO } from '../kernel/verbs/folio.ts';
import { pipeAt, pipeSlots } from '../kernel/verbs/mm.ts';
import { PTE_SPECIAL } from '../kernel/verbs/pte.ts';
import { SWAP_SLOT } from '../kernel/verbs/swap.ts';
import { isFree } from '../kernel/view.ts';
import {
  broke,
  cells,
  hold,
  mmOf,
  now,
  pages,
  pipe_slot,
  pte,
  swap_state,
  tlb,
  folio_head,
  folio_refs,
  folio_refs_more,
  folio_pins,
} from '../kernel/world.ts';
import {
  folioCard,
  folioName,
  holdCard,
  pageName,
  pipeCard,
  processCard,
  processName,
  threadName,
} from './invariant.ts';
import type { Broken, Invariant } from './invariant.ts';

/**
 * Entries, buffers and holds are pairs of cells. First of `n` pairs that is in use and names a free folio,
 * or -1.
 */
function freed(at: number, n: number, cell: 0 | 1, bias: 0 | 1): number {
  for (let i = 0, a = at; i < n; i++, a += 2)
    if (cells[a] !== 0 && isFree(cells[a + cell]! - bias) && !isSlot(a + cell)) return i;
  return -1;
}

/** What an entry names is a swap slot: those have an invariant of their own. */
const isSlot = (at: number): boolean =>
  swap_state.size !== 0 && (cells[swap_state.at + cells[at]!]! & SWAP_SLOT) !== 0;

function broken(): Broken | null {
  const { mms, threads, slots, holds } = now.counts;
  if (cells[broke.at] !== 0) return misused();
  let i = freed(pte.at, mms * pages, 1, 0);
  if (i >= 0) return mapped(i);
  i = freed(tlb.at, threads * pages, 1, 0);
  if (i >= 0) return cachedBy(i);
  i = freed(pipe_slot.at, slots, 0, 1);
  if (i >= 0) return inPipe(i);
  i = freed(hold.at, holds, 0, 1);
  return i < 0 ? null : held(i);
}
function misused(): Broken {
  const f = cells[broke.at + 1]!;
  const what =
    cells[broke.at] === BROKE_BELOW_ZERO
      ? 'A reference that nobody had was dropped'
      : 'A freed page was used';
  return { reason: `${what}: ${folioName(f)}.`, cards: [folioCard(f)], process: null, folio: f };
}
function mapped(i: number): Broken {
  const m = Math.trunc(i / pages),
    f = cells[pte.at + 2 * i + 1]!;
  const page = pageName(i % pages);
  return {
    reason: `The entry of ${page} in ${processName(m)} names ${folioName(f)}, which was freed.`,
    cards: [folioCard(f), processCard(m)],
    process: m,
    folio: f,
  };
}
function cachedBy(i: number): Broken {
  const t = Math.trunc(i / pages),
    f = cells[tlb.at + 2 * i + 1]!;
  const page = pageName(i % pages);
  return {
    reason: `The CPU of ${threadName(t)} can still reach ${folioName(f)} at ${page}; it was freed.`,
    cards: [folioCard(f), processCard(mmOf[t]!)],
    process: mmOf[t]!,
    folio: f,
  };
}
function inPipe(i: number): Broken {
  const at = pipe_slot.at + 2 * i,
    f = cells[at]! - 1;
  const p = now.plan!.pipes.findIndex((_, k) => at >= pipeAt(k) && at < pipeAt(k) + 2 * pipeSlots(k));
  return {
    reason: `Pipe ${now.plan!.pipes[p]!.name} has ${folioName(f)}, which was freed.`,
    cards: [folioCard(f), pipeCard(p)],
    process: null,
    folio: f,
  };
}
function held(h: number): Broken {
  const f = cells[hold.at + 2 * h]! - 1;
  return {
    reason: `${now.plan!.holds[h]!.name} has ${folioName(f)}, which was freed.`,
    cards: [folioCard(f), holdCard(h)],
    process: null,
    folio: f,
  };
}

export const no_use_after_free: Invariant = {
  id: 'no-use-after-free',
  alias: ['INV-UAF', 'UAF'],
  says: 'No page is used, mapped, cached or held once its last reference is gone.',
  word: 'freed',
  cite: 'be068f29034f',
  reads: [broke, pte, tlb, pipe_slot, hold, folio_refs, folio_refs_more, folio_head, folio_pins],
  broken,
  applies: () => {
    for (let i = 0, n = now.counts.threads * pages, at = tlb.at; i < n; i++, at += 2) {
      if (cells[at] !== 0 && (cells[at]! & PTE_SPECIAL) === 0) return true;
    }
    return false;
  },
};
