/** One thing in the picture that has a name, can be reached with the keyboard and can be selected. */
import { createContext, use, type ReactNode } from 'react';
import type { Box } from '../../scene/places.ts';

export interface Pointing {
  readonly selected: string | null;
  /** The one sign that Tab reaches; arrow keys move it. */
  readonly tab: string | null;
  /** Where a rule broke. */
  readonly broken: string | null;
}

export const PointingContext = createContext<Pointing>({ selected: null, tab: null, broken: null });

interface SignProps {
  readonly id: string;
  /** A full sentence. */
  readonly says: string;
  readonly box: Box;
  readonly radius?: number;
  /** `part`: something with signs inside. `button`: a number that answers "why?". */
  readonly as?: 'symbol' | 'part' | 'button';
  readonly className?: string;
  /** Of a button that unfolds something. */
  readonly expanded?: boolean;
  readonly children: ReactNode;
}

const ROLES = { symbol: 'graphics-symbol', part: 'graphics-object', button: 'button' } as const;

export function Sign({
  id,
  says,
  box,
  radius = 6,
  as = 'symbol',
  className = '',
  expanded,
  children,
}: SignProps) {
  const { selected, tab, broken } = use(PointingContext);
  const chosen = selected === id;
  return (
    <g
      data-id={id}
      className={`sign ${className}`}
      role={ROLES[as]}
      aria-label={says}
      aria-expanded={expanded}
      aria-current={chosen ? 'true' : undefined}
      tabIndex={tab === id ? 0 : -1}
    >
      {children}
      {broken === id && <Ring box={box} off={4} radius={radius + 4} className="ring-broken" />}
      {chosen && <Ring box={box} off={0} radius={radius} className="ring-selected" />}
      <Ring box={box} off={2} radius={radius + 2} className="ring-focus" />
    </g>
  );
}

interface RingProps {
  readonly box: Box;
  readonly off: number;
  readonly radius: number;
  readonly className: string;
}

export function Ring({ box, off, radius, className }: RingProps) {
  return (
    <rect
      className={`ring ${className}`}
      x={box.x - off}
      y={box.y - off}
      width={box.w + 2 * off}
      height={box.h + 2 * off}
      rx={radius}
      aria-hidden="true"
    />
  );
}
