/** The only sign of a broken rule on a timeline: dashed line and hollow while ahead, solid once reached. */
import type { ReactNode } from 'react';
import { shiftOf } from './diamond-words.ts';
import './diamond.css';

interface Props {
  readonly x: number;
  readonly y: number;
  readonly reached: boolean;
  /** Under it; '' where another number stands. */
  readonly word: string;
  /** Pixels to the right end of the track: a long word near it moves left. */
  readonly room?: number;
}

export function Diamond({ x, y, reached, word, room = Infinity }: Props): ReactNode {
  return (
    <g className="diamond" data-reached={reached} transform={`translate(${x} ${y})`}>
      <path className="diamond-box" d="M0-9L9 0 0 9-9 0z" />
      <path className="diamond-bang" d="M0-4v5M0 4v.1" />
      {word !== '' && (
        <text className="diamond-word" x={shiftOf({ word, room })} y={23} textAnchor="middle">
          {word}
        </text>
      )}
    </g>
  );
}
