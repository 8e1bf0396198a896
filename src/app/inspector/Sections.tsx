/** What the inspector says now, most urgent first. */
import type { ReactNode } from 'react';
import { useSession } from '../live.ts';
import { brokenBy } from '../session/moves.ts';
import { Changed } from './Changed.tsx';
import { Decided } from './Decided.tsx';
import { Difference } from './Difference.tsx';
import { EveryRule } from './EveryRule.tsx';
import { RoutineTable } from './RoutineTable.tsx';
import { Selected } from './Selected.tsx';
import { Story } from './Story.tsx';
import { WatchFor } from './WatchFor.tsx';
import { Why } from './Why.tsx';

export function Sections(): ReactNode {
  const started = useSession((state) => state.at > 0);
  const broken = useSession((state) => state.run && brokenBy(state.run, state.at));
  const selected = useSession((state) => state.selection);
  if (!started && selected === null) return <WatchFor />;
  return (
    <>
      <Difference />
      {selected !== null && <Selected id={selected} />}
      {broken ? <Story broken={broken} /> : <Changed />}
      <Why />
      <Decided />
      <EveryRule />
      <RoutineTable />
    </>
  );
}
