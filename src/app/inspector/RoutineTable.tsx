/** The routine that runs now, as a kernel reader would lay it out: a row per step, with who stands where. */
import type { ReactNode } from 'react';
import type { RowView, RunView } from '../../worker/protocol.ts';
import { useExplained } from '../glossary/glossary.ts';
import { useSession } from '../live.ts';
import { Swatch } from '../parts/Swatch.tsx';
import { Section } from './Section.tsx';

export function RoutineTable(): ReactNode {
  const run = useSession((state) => state.run);
  const routine = useSession((state) => state.frame?.routine ?? null);
  const explained = useExplained(routine?.rows.map(({ says }) => says) ?? []);
  if (!run || !routine) return null;
  return (
    <Section
      title={
        <>
          <span className="mono">{routine.name}</span> in {run.model}
        </>
      }
      aside={<span title={routine.version}>{routine.file}</span>}
      tab="code"
    >
      <ol className="rows">
        {routine.rows.map((row, i) => (
          <Row key={row.label} row={row} says={explained[i]} run={run} />
        ))}
      </ol>
      <p className="small faint">{routine.version}</p>
    </Section>
  );
}

interface RowProps {
  readonly row: RowView;
  readonly says: ReactNode;
  readonly run: RunView;
}

function Row({ row, says, run }: RowProps): ReactNode {
  const state = row.current ? 'current' : row.done ? 'done' : 'ahead';
  return (
    <li className="routine-row" data-state={state} aria-current={row.current ? 'step' : undefined}>
      <span className="routine-says">{says}</span>
      {row.locks.length > 0 && <span className="routine-locks small faint">{row.locks.join(', ')}</span>}
      {row.threads.map((thread) => {
        const lane = run.lanes[thread];
        return lane ? (
          <span key={thread} className="routine-thread small">
            <Swatch who={lane.who} size={8} />
            {lane.name}
          </span>
        ) : null;
      })}
    </li>
  );
}
