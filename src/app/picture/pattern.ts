/**
 * The five patterns as one path each: no references to definitions, so that they survive printing and
 * copies of the picture.
 */
import type { Box } from '../../scene/places.ts';
import type { Who } from '../../scene/scene.ts';

export interface Pattern {
  readonly path: string;
  readonly width: number;
}

const STEP = 4;
const HUES = 4;

/** From the fifth process on, pattern and ground change places. */
export const isInverted = (who: Who): boolean => who >= HUES;

export function pattern(who: Who, { x, y, w, h }: Box): Pattern | null {
  if (who < 0) return null;
  const box = { x, y, w, h };
  switch (who % HUES) {
    case 0:
      return { path: diagonals(box, STEP, false), width: 1.5 };
    case 1:
      return { path: dots(box), width: 2.2 };
    case 2:
      return { path: bars(box), width: 1.5 };
    default:
      return { path: diagonals(box, STEP + 1, false) + diagonals(box, STEP + 1, true), width: 1 };
  }
}

const round = (n: number): number => Math.round(n * 10) / 10;

/** Lines at 45 degrees, cut at the sides of the box. */
function diagonals({ x, y, w, h }: Box, step: number, falling: boolean): string {
  let path = '';
  for (let start = x - h + step / 2; start < x + w; start += step) {
    const from = Math.max(start, x);
    const to = Math.min(start + h, x + w);
    const rise = (at: number): number => (falling ? y + (at - start) : y + h - (at - start));
    path += `M${round(from)} ${round(rise(from))}L${round(to)} ${round(rise(to))}`;
  }
  return path;
}

function dots({ x, y, w, h }: Box): string {
  const columns = Math.max(1, Math.floor(w / STEP));
  const rows = Math.max(1, Math.floor(h / STEP));
  let path = '';
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      path += `M${round(x + ((column + 0.5) * w) / columns)} ${round(y + ((row + 0.5) * h) / rows)}h.01`;
    }
  }
  return path;
}

function bars({ x, y, w, h }: Box): string {
  const rows = Math.max(1, Math.floor(h / 3));
  let path = '';
  for (let row = 0; row < rows; row += 1)
    path += `M${round(x)} ${round(y + ((row + 0.5) * h) / rows)}h${round(w)}`;
  return path;
}
