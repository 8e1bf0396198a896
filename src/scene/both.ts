/** What two runs of one scenario need together, so that both are drawn at the same places. */
import type { Extent } from './scene.ts';

interface Named {
  readonly id: string;
}

/** Everything of either, in the order of the first; what only the second has comes last. */
function joined<T extends Named>(
  a: readonly T[],
  b: readonly T[],
  more: (one: T, other: T) => T,
): readonly T[] {
  const other = (id: string): T | undefined => b.find((one) => one.id === id);
  return [
    ...a.map((one) => {
      const two = other(one.id);
      return two === undefined ? one : more(one, two);
    }),
    ...b.filter(({ id }) => a.every((one) => one.id !== id)),
  ];
}

export const bothExtents = (a: Extent, b: Extent): Extent => ({
  folios: joined(a.folios, b.folios, (one, two) => ({
    ...one,
    ...two,
    mapped: Math.max(one.mapped, two.mapped),
    held: Math.max(one.held, two.held),
    pages: Math.max(one.pages ?? 0, two.pages ?? 0),
    mappers: one.mappers === true || two.mappers === true,
    never: one.never === true && two.never === true,
  })),
  holders: joined(a.holders, b.holders, (one, two) => ({
    ...one,
    rows: Math.max(one.rows, two.rows),
    folio: one.folio ?? two.folio,
  })),
  processes: joined(a.processes, b.processes, (one, two) => ({
    ...one,
    threads: Math.max(one.threads, two.threads),
    vmas: Math.max(one.vmas, two.vmas),
    views: Math.max(one.views, two.views),
    ptes: Math.max(one.ptes, two.ptes),
    tlbs: Math.max(one.tlbs, two.tlbs),
    walks: Math.max(one.walks, two.walks),
  })),
});
