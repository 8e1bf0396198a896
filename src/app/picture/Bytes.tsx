/**
 * Bytes as cells in the hue and pattern of who wrote them: pale when older than the last fork, solid when
 * younger.
 */
import type { Bytes, Who } from '../../scene/scene.ts';
import { hueClass } from '../parts/Swatch.tsx';
import { isInverted, pattern } from './pattern.ts';
import { Text } from './Text.tsx';

export const CELLS = {
  large: { w: 22, h: 30, band: 6, face: 'folio', radius: 4 },
  middle: { w: 18, h: 26, band: 5, face: 'page', radius: 4 },
  small: { w: 14, h: 20, band: 4, face: 'letter', radius: 3 },
  /** One line under the other without a gap. */
  tiny: { w: 14, h: 18, band: 3, face: 'letter', radius: 3 },
} as const;
export type CellSize = keyof typeof CELLS;
const SIZES = ['large', 'middle', 'small', 'tiny'] as const;

const GAP = 2;
const MOST = 6;
const MORE = 24;

export const cellsWidth = (count: number, size: CellSize): number =>
  count * CELLS[size].w + Math.max(0, count - 1) * GAP;

export interface Fitted {
  readonly size: CellSize;
  readonly shown: number;
  readonly w: number;
}

/** The largest cells that fit; if none do, as many small ones as fit, at least one, and "+ n". */
export function fitCells(text: string, room: number, largest: CellSize): Fitted {
  const count = [...text].length;
  const least = largest === 'tiny' ? 'tiny' : 'small';
  const sizes = SIZES.slice(SIZES.indexOf(largest), SIZES.indexOf(least) + 1);
  const size = sizes.find((one) => cellsWidth(count, one) <= room);
  if (size) return { size, shown: count, w: cellsWidth(count, size) };
  const fits = Math.floor((room - MORE + GAP) / (CELLS.small.w + GAP));
  const shown = Math.max(1, Math.min(MOST, fits));
  return { size: least, shown, w: cellsWidth(shown, 'small') + MORE };
}

interface CellsProps {
  readonly bytes: Bytes;
  readonly x: number;
  readonly y: number;
  readonly fitted: Fitted;
  readonly changed?: boolean;
}

export function Cells({ bytes, x, y, fitted, changed = false }: CellsProps) {
  const { w, h, band, face, radius } = CELLS[fitted.size];
  const letters = [...bytes.text];
  const rest = letters.length - fitted.shown;
  const pale = !bytes.fresh || bytes.who < 0;
  const inverted = isInverted(bytes.who);
  const strip = pattern(bytes.who, { x: 2, y: h - band - 1.5, w: w - 4, h: band });
  return (
    <g
      key={changed ? `${bytes.text} ${bytes.who}` : ''}
      className={`cells ${hueClass(bytes.who)} ${pale ? 'pale' : 'solid'} ${changed ? 'fresh' : ''}`}
      aria-hidden="true"
    >
      {letters.slice(0, fitted.shown).map((letter, i) => (
        <g key={i} transform={`translate(${x + i * (w + GAP)} ${y})`}>
          <rect className="cell" x=".5" y=".5" width={w - 1} height={h - 1} rx={radius} />
          {strip && inverted && (
            <rect className="band-ground" x="1.5" y={h - band - 2} width={w - 3} height={band + 1} />
          )}
          {strip && (
            <path className={inverted ? 'band-inverted' : 'band'} d={strip.path} strokeWidth={strip.width} />
          )}
          <Text x={w / 2} mid={(h - band - 1) / 2} face={face} tone={pale ? 'hue' : 'on'} anchor="middle">
            {letter}
          </Text>
        </g>
      ))}
      {rest > 0 && (
        <Text x={x + fitted.w - MORE + 4} mid={y + h / 2} tone="ink2">
          {`+${rest}`}
        </Text>
      )}
      {changed && (
        <rect
          className="changed-ring"
          x={x - 3}
          y={y - 3}
          width={fitted.w + 6}
          height={h + 6}
          rx={radius + 3}
        />
      )}
    </g>
  );
}

interface SwatchProps {
  readonly who: Who;
  readonly x: number;
  readonly y: number;
  readonly size: number;
}

/** A process's colour and pattern inside the picture; its name stands beside it. */
export function SwatchAt({ who, x, y, size }: SwatchProps) {
  const marks = pattern(who, { x: x + 1, y: y + 1, w: size - 2, h: size - 2 });
  const inverted = isInverted(who);
  return (
    <g className={`swatch-at ${hueClass(who)}`} aria-hidden="true">
      <rect
        className={inverted ? 'ground-inverted' : 'ground'}
        x={x + 0.5}
        y={y + 0.5}
        width={size - 1}
        height={size - 1}
        rx="3"
      />
      {marks && (
        <path className={inverted ? 'marks-inverted' : 'marks'} d={marks.path} strokeWidth={marks.width} />
      )}
    </g>
  );
}
