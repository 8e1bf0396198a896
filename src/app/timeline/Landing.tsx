/** Which steps of other threads could come right before the one that is pointed at, and who is kept out. */
import { useCallback, useEffect, useRef, type ReactNode } from 'react';
import type { RunView } from '../../worker/protocol.ts';
import type { LandingView } from '../../worker/protocol/debug.ts';
import { debugging } from '../debugging.ts';
import { useSession } from '../live.ts';
import { count } from '../words.ts';
import { leftOf, spanOf, type Track } from './track.ts';

/** Long enough that a pointer which only crosses the lanes asks nothing. */
const DWELL_MS = 220;

/** Tell it the step that is pointed at, null when none is. */
export function useLanding(): (at: number | null) => void {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const last = useRef<number | null>(null);
  useEffect(() => () => clearTimeout(timer.current), []);
  return useCallback((at: number | null) => {
    const step = at === 0 ? null : at;
    if (step === last.current) return;
    last.current = step;
    clearTimeout(timer.current);
    timer.current = setTimeout(
      () => void debugging().then((debug) => debug.land(step)),
      step === null ? 0 : DWELL_MS,
    );
  }, []);
}

interface Props {
  readonly thread: number;
  readonly run: RunView;
  readonly track: Track;
}

/** In a lane: the pointed step, or those that could land before it. */
export function Landed({ thread, run, track }: Props): ReactNode {
  const landing = useSession((state) => state.landing);
  if (landing === null || run.lanes.length < 2) return null;
  const place = (first: number, last: number): { left: number; width: number } => ({
    left: leftOf(track, first),
    width: Math.max(3, spanOf(track, first, last)),
  });
  if (run.steps[landing.at - 1]?.thread === thread)
    return <i className="lane-landed lane-pointed" style={place(landing.at, landing.at)} />;
  return stretches(landing.steps.filter((at) => run.steps[at - 1]?.thread === thread)).map(
    ([first, last]) => <i key={first} className="lane-landed" style={place(first, last)} />,
  );
}

/** 3 4 5 9 as 3 to 5 and 9 to 9. */
export function stretches(steps: readonly number[]): readonly (readonly [first: number, last: number])[] {
  const out: [number, number][] = [];
  for (const at of steps) {
    const open = out.at(-1);
    if (open && open[1] === at - 1) open[1] = at;
    else out.push([at, at]);
  }
  return out;
}

/** The same in words. */
export function Landing({ run }: { readonly run: RunView }): ReactNode {
  const landing = useSession((state) => state.landing);
  if (landing === null || run.lanes.length < 2) return null;
  return <output className="landing small">{landingWords(run, landing)}</output>;
}

export function landingWords(run: RunView, { at, steps, blocked }: LandingView): string {
  const name = (thread: number): string => run.lanes[thread]?.name ?? '';
  const of = run.lanes.flatMap((lane, thread) => {
    const n = steps.filter((step) => run.steps[step - 1]?.thread === thread).length;
    return n === 0 ? [] : [`${count(n, 'step')} of ${lane.name}`];
  });
  const out = blocked.map((one) => `${name(one.thread)} ${one.words}`);
  const may = of.length === 0 ? 'No step of another thread could come' : `${of.join(' and ')} could come`;
  return [`${may} right before step ${at}.`, ...out.map((one) => `${one}.`)].join(' ');
}
