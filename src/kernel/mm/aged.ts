/** Pages on their way to reclaim, in the hands of whoever took them off the LRU. */
import { folios, locals } from '../frame.ts';
import type { Ref } from '../steps.ts';
import { now, op, pages } from '../world.ts';

/**
 * Of walks that age pages. `list`: pages that are off the LRU, for reclaim, by page slots. `kept`: one that
 * reclaim has left alone. `skip`: where the walk goes on if a folio stays whole.
 */
export const aged = locals({
  addr: 1,
  end: 1,
  result: 1,
  young: 1,
  skip: (n) => n.splits,
  kept: folios((n) => n.swap),
  list: folios((n) => n.swap * n.pages),
});
/** Of memory that is short: the page, and those that its folio was split into. */
export const taken = locals({ page: 'folio', list: folios((n) => n.splits * n.pages) });

const namesIn = (list: { get(i: number): number }): number[] =>
  Array.from({ length: pages }, (_, i) => list.get(i)).filter((f) => f !== 0);
export const listed: Ref = {
  label: 'reclaim',
  folios: () => (now.counts.swap === 0 ? [] : namesIn(aged.list)),
};
export const listed_taken: Ref = {
  label: 'reclaim',
  folios: () => [
    ...(taken.page === 0 ? [] : [taken.page]),
    ...(now.counts.splits === 0 ? [] : namesIn(taken.list)),
  ],
};
/** A page that was split off: it goes to reclaim, too. */
export function toReclaim(slot: number, page: number): void {
  (op.syscall === 'reclaim' ? taken : aged).list.set(slot, page);
}
/** The next page of a list, 0 = none. */
export function nextListed(list: { get(i: number): number; set(i: number, f: number): void }): number {
  for (let i = 0; i < pages; i++) {
    const f = list.get(i);
    if (f === 0) continue;
    list.set(i, 0);
    return f;
  }
  return 0;
}
