/** One line under the picture: only the signs that this scenario can show. */
import { memo, type ReactNode } from 'react';
import type { Bit, Scene, Sign, Who } from '../../scene/scene.ts';
import { IconAt } from '../icons.tsx';
import { BitAt } from './Badges.tsx';
import { Cells, fitCells } from './Bytes.tsx';
import { Head } from './Edges.tsx';
import type { People } from './names.ts';

interface LegendProps {
  readonly signs: Scene['legend'];
  /** Every kind of bit that an entry shows here. */
  readonly bits: readonly Pick<Bit, 'letter' | 'name'>[];
  readonly people: People;
  readonly narrow: boolean;
}

export const Legend = memo(function Legend({ signs, bits, people, narrow }: LegendProps) {
  const alone = people.length === 1 ? people[0] : undefined;
  const brief = signs.length > 6 || narrow;
  const words: Readonly<Record<Exclude<Sign, 'bits'>, string>> = {
    'read-only': 'read-only',
    writable: 'writable',
    stale: brief ? 'stale TLB' : 'stale TLB entry',
    reference: 'reference',
    pin: 'pin',
    pale: brief ? 'before fork' : 'bytes from before fork',
    solid: alone ? `bytes written by ${alone.name}` : brief ? 'after fork' : 'bytes written after fork',
    exclusive: 'exclusive',
  };
  return (
    <ul className={narrow ? 'legend legend-tight' : 'legend'} aria-label="Signs">
      {signs.flatMap((sign) =>
        sign === 'bits'
          ? bits.map(({ letter, name }) => (
              <li key={letter} className="legend-bit">
                <b className="mono">{letter}</b> {name}
              </li>
            ))
          : [
              <li key={sign}>
                <Drawn sign={sign} who={people[0]?.who ?? 0} narrow={narrow} />
                {words[sign]}
              </li>,
            ],
      )}
    </ul>
  );
});

interface DrawnProps {
  readonly sign: Exclude<Sign, 'bits'>;
  readonly who: Who;
  readonly narrow: boolean;
}

function Drawn({ sign, who, narrow }: DrawnProps): ReactNode {
  if (sign === 'pale' || sign === 'solid') {
    const bytes = { text: 'a', who, fresh: sign === 'solid' };
    return (
      <svg width="14" height="20" aria-hidden="true">
        <Cells bytes={bytes} x={0} y={0} fitted={fitCells('a', 14, 'small')} />
      </svg>
    );
  }
  if (sign === 'exclusive') {
    return (
      <svg width="26" height="20" aria-hidden="true">
        <BitAt
          bit={{ letter: 'AE', name: 'exclusive to one process', on: true, changed: false }}
          x={0}
          y={0}
          w={26}
        />
      </svg>
    );
  }
  if (sign === 'reference' || sign === 'pin') {
    return (
      <svg width="20" height="20" className="edge" aria-hidden="true">
        <g className="disc">
          <circle cx="10" cy="10" r="9.25" />
          <IconAt name={sign === 'pin' ? 'pin' : 'hand'} x={3.5} y={3.5} size={13} />
        </g>
      </svg>
    );
  }
  const short = { writable: 9, 'read-only': 1, stale: 11 }[sign];
  const width = !narrow ? 30 : sign === 'stale' ? 28 : 22;
  return (
    <svg width={width} height="16" className={`edge edge-${sign}`} aria-hidden="true">
      <path className="line" d={`M0 8H${width - short}`} />
      <g transform={`translate(${width} 8)`}>
        <Head kind={sign} />
      </g>
    </svg>
  );
}
