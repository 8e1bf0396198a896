/** Where the dots of the overview stand: arithmetic on a width. */
import type { StructureView } from '../../../worker/protocol/structure.ts';

export interface Dot {
  /** What a click selects, '' = nothing. */
  readonly id: string;
  /** Of physical memory: the number of the page; else -1. */
  readonly pfn: number;
  readonly ink: 'write' | 'read' | 'none';
}
export interface Band {
  readonly name: string;
  readonly dots: readonly Dot[];
}

export const DOT = 6,
  HEAD = 18,
  GAP = 8;

/** A band for each process, and one for physical memory. Pages that share a slot are dots of their own. */
export function bandsOf(view: StructureView): readonly Band[] {
  const spaces = view.spaces.map(({ name, areas }): Band => {
    const dots = areas.flatMap(({ entries }) =>
      entries.flatMap(({ id, pages, state, writable }) => {
        const ink = writable ? 'write' : state === 'empty' || state === 'unmapped' ? 'none' : 'read';
        return Array.from({ length: pages }, (): Dot => ({ id, pfn: -1, ink }));
      }),
    );
    return { name, dots };
  });
  const physical = view.physical.flatMap(({ id, pfn, pages, kind, refcount }) => {
    const used = kind !== 'free' && (kind !== 'slot' || refcount > 0);
    const ink = used ? 'read' : 'none';
    return Array.from({ length: pages }, (): Dot => ({ id, pfn, ink }));
  });
  return [...spaces, { name: 'Physical memory', dots: physical }].filter(({ dots }) => dots.length > 0);
}

const perRow = (width: number): number => Math.max(1, Math.floor(width / DOT));

export const placeOf = (dot: number, width: number): { x: number; y: number } => ({
  x: (dot % perRow(width)) * DOT,
  y: Math.floor(dot / perRow(width)) * DOT,
});

export const heightOf = (bands: readonly Band[], width: number): number =>
  bands.reduce((sum, { dots }) => sum + HEAD + Math.ceil(dots.length / perRow(width)) * DOT + GAP, 0);

export function dotAt(bands: readonly Band[], width: number, x: number, y: number): Dot | null {
  let top = 0;
  for (const band of bands) {
    const next = top + heightOf([band], width);
    if (y < next) {
      const row = Math.floor((y - top - HEAD) / DOT),
        column = Math.floor(x / DOT);
      if (row < 0 || column >= perRow(width)) return null;
      return band.dots[row * perRow(width) + column] ?? null;
    }
    top = next;
  }
  return null;
}
