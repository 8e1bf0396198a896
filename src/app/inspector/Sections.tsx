/** What the inspector says now, most urgent first. */
import { useState, type ReactNode } from 'react';
import type { RunView } from '../../worker/protocol.ts';
import { useSession } from '../live.ts';
import { brokenBy } from '../session/moves.ts';
import { aboutBroken, Because, type Asked } from './Because.tsx';
import { Changed } from './Changed.tsx';
import { Decided } from './Decided.tsx';
import { Difference } from './Difference.tsx';
import { EveryRule } from './EveryRule.tsx';
import { RoutineTable } from './RoutineTable.tsx';
import { Selected } from './Selected.tsx';
import { Story } from './Story.tsx';
import { TheRule } from './TheRule.tsx';
import { WatchFor } from './WatchFor.tsx';
import { Why } from './Why.tsx';

export default function Sections(): ReactNode {
  const run = useSession((state) => state.run);
  const at = useSession((state) => state.at);
  const broken = useSession((state) => state.run && brokenBy(state.run, state.at));
  const selected = useSession((state) => state.selection);
  const about = useSession((state) => broken && aboutBroken(state.frame, broken));
  const [asked, ask] = useState<
    (Asked & { readonly run: RunView | null; readonly of: string | null }) | null
  >(null);
  if (at === 0 && selected === null) return <WatchFor />;
  const go = (next: Asked): void => ask({ ...next, run, of: selected });
  const stays = asked !== null && asked.run === run && asked.of === selected && asked.steps.includes(at);
  const now: Omit<Asked, 'steps'> | null = stays
    ? asked
    : selected !== null
      ? { at, about: selected, decidedAt: 0 }
      : null;
  const story = broken && <Story broken={broken} />;
  return (
    <>
      <Difference />
      {selected !== null && <Selected id={selected} />}
      {now && <Because {...now} onGo={go} />}
      {!broken && <Changed />}
      {broken && about === null && story}
      {broken && about !== null && about !== now?.about && (
        <Because at={at} about={about} decidedAt={broken.decidedAt} onGo={go} otherwise={story} />
      )}
      {broken && <TheRule broken={broken} />}
      <Why />
      <Decided />
      <EveryRule />
      <RoutineTable />
    </>
  );
}
