/** One thread: its operations, under them the locks it holds and the marks of faults, copies and flushes. */
import { memo, type ReactNode } from 'react';
import type {
  LaneView,
  LockBar,
  OpView,
  RunView,
  StaleBar,
  StepView,
  WaitBar,
} from '../../worker/protocol.ts';
import { IconCopy, IconFault, IconFlush } from '../icons.tsx';
import { useSession } from '../live.ts';
import { hueClass, Swatch } from '../parts/Swatch.tsx';
import { pretty } from '../words.ts';
import { Landed } from './Landing.tsx';
import { laneHeight, leftOf, placeMarks, ROW_HEIGHT, rowsOf, spanOf, type Track } from './track.ts';

interface Props {
  readonly lane: LaneView;
  readonly thread: number;
  readonly run: RunView;
  readonly track: Track;
}

export const Lane = memo(function Lane({ lane, thread, run, track }: Props): ReactNode {
  const marks = placeMarks(thread, run);
  const locks = run.locks.filter((bar) => bar.thread === thread);
  const ops = run.ops.filter((op) => op.thread === thread);
  return (
    <div className="lane" style={{ height: laneHeight(rowsOf(lane, marks), track.detailed) }}>
      <div className="lane-head">
        <span className="lane-name">
          <Swatch who={lane.who} />
          <span className="clip strong">{lane.name}</span>
        </span>
        {track.detailed && lane.cpu >= 0 && <span className="lane-cpu small faint">CPU {lane.cpu}</span>}
      </div>
      <div className="lane-track">
        {ops.map((op) => (
          <Op key={op.line + op.text} op={op} who={hueClass(lane.who)} track={track} />
        ))}
        {track.detailed &&
          locks.map((bar) => <Lock key={`${bar.first} ${bar.row}`} bar={bar} track={track} />)}
        {track.detailed &&
          [...run.waits, ...run.stale]
            .filter((bar) => bar.thread === thread)
            .map((bar) => (
              <Period
                key={`${bar.first} ${bar.row}`}
                bar={bar}
                kind={run.waits.includes(bar) ? 'waits' : 'stale'}
                track={track}
              />
            ))}
        <Landed thread={thread} run={run} track={track} />
        {track.detailed &&
          marks.map(({ step, row }) => <Mark key={step.at} step={step} row={row} track={track} />)}
      </div>
    </div>
  );
});

const lastOf = (last: number, track: Track): number => (last === 0 ? track.steps : last);

function Op({
  op,
  who,
  track,
}: {
  readonly op: OpView;
  readonly who: string;
  readonly track: Track;
}): ReactNode {
  const begun = useSession((state) => op.first > 0 && state.at >= op.first);
  if (op.first === 0) return null;
  const width = Math.max(2, spanOf(track, op.first, lastOf(op.last, track)) - 2);
  const text = pretty(op.text);
  const error = op.error === '' ? '' : ` ${op.error}`;
  return (
    <span
      className={`op ${who}`}
      data-begun={begun}
      data-slim={width < 60}
      title={`${text}${error}, step ${op.first} to ${lastOf(op.last, track)}`}
      style={{ left: leftOf(track, op.first) + 1, width }}
    >
      {width >= roomFor(text) && text}
      {error !== '' && <b className="op-error">{error}</b>}
    </span>
  );
}

function Lock({ bar, track }: { readonly bar: LockBar; readonly track: Track }): ReactNode {
  const begun = useSession((state) => state.at >= bar.first);
  if (!begun) return null;
  const width = spanOf(track, bar.first, lastOf(bar.last, track)) - 2;
  return (
    <span
      className="lock-bar"
      data-exclusive={bar.exclusive}
      data-slim={width < 34}
      title={bar.label}
      style={{ left: leftOf(track, bar.first) + 1, top: 24 + bar.row * ROW_HEIGHT, width }}
    >
      {width >= roomFor(bar.label) && bar.label}
    </span>
  );
}

/** A time in which a thread cannot move, or in which its CPU has what is no longer so. */
function Period({
  bar,
  kind,
  track,
}: {
  readonly bar: WaitBar | StaleBar;
  readonly kind: 'waits' | 'stale';
  readonly track: Track;
}): ReactNode {
  const begun = useSession((state) => state.at >= bar.first - (kind === 'waits' ? 1 : 0));
  if (!begun) return null;
  const width = spanOf(track, bar.first, bar.last) - 2;
  const word = kind === 'waits' ? 'waits' : 'stale TLB';
  return (
    <span
      className={`lane-period lane-${kind}`}
      data-slim={width < 34}
      title={`${bar.words}, step ${bar.first} to ${bar.last}`}
      style={{ left: leftOf(track, bar.first) + 1, top: 24 + bar.row * ROW_HEIGHT, width }}
    >
      {[bar.words, word].find((text) => width >= text.length * 6.5 + 12)}
    </span>
  );
}

/** A cut word is worse than none, as long as the bar says it when pointed at. */
const roomFor = (label: string): number => Math.min(44, label.length * 6.5 + 6);

const SIGNS = { fault: IconFault, copy: IconCopy, flush: IconFlush } as const;

function Mark({
  step,
  row,
  track,
}: {
  readonly step: StepView;
  readonly row: number;
  readonly track: Track;
}): ReactNode {
  const begun = useSession((state) => state.at >= step.at);
  if (!begun || step.mark === null) return null;
  const Sign = SIGNS[step.mark];
  const left = leftOf(track, step.at) + (track.pitch - 14) / 2;
  return (
    <span
      className="lane-mark"
      title={`${step.mark}: ${step.says}`}
      style={{ left, top: 24 + row * ROW_HEIGHT }}
    >
      <Sign size={14} />
    </span>
  );
}
