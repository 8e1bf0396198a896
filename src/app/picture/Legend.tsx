/** One line under the picture: only the signs that this scenario can show. */
import { memo, type ReactNode } from 'react';
import type { Scene, Sign, Who } from '../../scene/scene.ts';
import { useExplained } from '../glossary/glossary.ts';
import { IconAt } from '../icons.tsx';
import { BitAt, MARKS } from './Badges.tsx';
import { Cells, fitCells } from './Bytes.tsx';
import { Head } from './Edges.tsx';
import { signWidth, type LegendWords } from './legend-room.ts';
import type { People } from './names.ts';

interface LegendProps {
  readonly signs: Scene['legend'];
  readonly said: LegendWords;
  readonly people: People;
}

export const Legend = memo(function Legend({ signs, said, people }: LegendProps) {
  const { bits, words, tight } = said;
  const drawn = signs.filter((sign) => sign !== 'bits');
  const explained = useExplained([...bits.map(({ name }) => name), ...drawn.map((sign) => words[sign])]);
  return (
    <ul className={tight ? 'legend legend-tight' : 'legend'} aria-label="Signs">
      {signs.flatMap((sign) =>
        sign === 'bits'
          ? bits.map(({ letter }, i) => (
              <li key={letter} className="legend-bit">
                <b className="mono">{letter}</b> {explained[i]}
              </li>
            ))
          : [
              <li key={sign}>
                <Drawn sign={sign} who={people[0]?.who ?? 0} narrow={tight} />
                <span>{explained[bits.length + drawn.indexOf(sign)]}</span>
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
  if (sign === 'exclusive' || sign === 'owner' || sign === 'mappers') {
    return (
      <svg width="26" height="20" aria-hidden="true">
        <BitAt bit={{ ...MARKS[sign], on: true, changed: false }} x={0} y={0} w={26} />
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
  const short = { writable: 9, 'read-only': 1, stale: 11, away: 9 }[sign];
  const width = signWidth(sign, narrow);
  return (
    <svg width={width} height="16" className={`edge edge-${sign}`} aria-hidden="true">
      <path className="line" d={`M0 8H${width - short}`} />
      <g transform={`translate(${width} 8)`}>
        <Head kind={sign} />
      </g>
    </svg>
  );
}
