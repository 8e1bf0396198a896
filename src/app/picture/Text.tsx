/** Text in the picture: measured by ourselves, cut where it does not fit, with the full words behind it. */
import { fit, type Face } from '../../scene/measure.ts';

const face = (size: number, bold = false, mono = false): Face => ({ size, bold, mono });

/** Two sizes in a card besides its name and its numbers. The classes are in picture.css. */
export const FACES = {
  small: face(12),
  medium: face(12, true),
  strong: face(12, true),
  body: face(13),
  name: face(13, true),
  code: face(12, false, true),
  letter: face(12, true, true),
  page: face(13, true, true),
  folio: face(15, true, true),
  number: face(18, true, true),
} as const;

export type Tone = 'ink' | 'ink2' | 'ink3' | 'bad' | 'surface' | 'hue' | 'on';

export interface TextProps {
  readonly x: number;
  /** The middle of the line. */
  readonly mid: number;
  readonly face?: keyof typeof FACES;
  readonly tone?: Tone;
  readonly max?: number;
  readonly anchor?: 'start' | 'middle' | 'end';
  readonly children: string;
}

/** Capitals of both faces are about this high: half of it below the middle of a line. */
const HALF_CAPITAL = 0.364;

export function Text({ x, mid, face: name = 'small', tone = 'ink', max, anchor, children }: TextProps) {
  const shown = max === undefined ? children : fit(children, Math.max(0, max), FACES[name]);
  const baseline = Math.round((mid + FACES[name].size * HALF_CAPITAL) * 10) / 10;
  return (
    <text x={x} y={baseline} className={`f-${name} tone-${tone}`} textAnchor={anchor} aria-hidden="true">
      {shown}
      {shown !== children && <title>{children}</title>}
    </text>
  );
}
