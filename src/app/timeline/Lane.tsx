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
import { firstWords, textWidth } from '../../scene/measure.ts';
import { IconCopy, IconFault, IconFlush } from '../icons.tsx';
import { useSession } from '../live.ts';
import { hueClass, Swatch } from '../parts/Swatch.tsx';
import { pretty } from '../words.ts';
import { Landed } from './Landing.tsx';
import {
  laneHeight,
  leftOf,
  placeMarks,
  ROW_HEIGHT,
  rowsOf,
  spanOf,
  type MarkPlace,
  type Track,
} from './track.ts';

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
          <span className="clip strong" data-long={lane.name.length > 9} title={lane.name}>
            {lane.name.length > NAME_MOST ? lane.name.replace(/:.*:/, ' ') : lane.name}
          </span>
        </span>
        {track.detailed && lane.cpu >= 0 && <span className="lane-cpu small faint">CPU {lane.cpu}</span>}
      </div>
      <div className="lane-track">
        {ops.map((op) => (
          <Op key={op.line + op.text} op={op} who={hueClass(lane.who)} track={track} />
        ))}
        {track.detailed &&
          locks.map((bar) => (
            <Lock
              key={`${bar.first} ${bar.row}`}
              bar={bar}
              track={track}
              free={freeAfter(bar, thread, run, marks, track)}
            />
          ))}
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

/** `migrate:parent:a.0` is more: then without whose. */
const NAME_MOST = 12;

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
  const room = width - (width < SLIM ? 6 : 12);
  const failed = wide(error) <= room ? error : '';
  return (
    <span
      className={`op ${who}`}
      data-steps={`${op.first} ${lastOf(op.last, track)}`}
      data-begun={begun}
      data-slim={width < SLIM}
      title={`${text}${error}, step ${op.first} to ${lastOf(op.last, track)}`}
      style={{ left: leftOf(track, op.first) + 1, width }}
    >
      {fitting(text, room - wide(failed))}
      {failed !== '' && <b className="op-error">{failed}</b>}
    </span>
  );
}

interface LockProps {
  readonly bar: LockBar;
  readonly track: Track;
  /** Pixels after it in its row in which nothing stands. */
  readonly free: number;
}

function Lock({ bar, track, free }: LockProps): ReactNode {
  const begun = useSession((state) => state.at >= bar.first);
  if (!begun) return null;
  const width = spanOf(track, bar.first, lastOf(bar.last, track)) - 2;
  const inside = fitting(lockName(bar.label), width - (width < 34 ? 6 : 12));
  const beside = inside === '' ? fitting(lockName(bar.label), free - 6) : '';
  const at = { left: leftOf(track, bar.first) + 1, top: 24 + bar.row * ROW_HEIGHT };
  return (
    <>
      <span
        className="lock-bar"
        data-exclusive={bar.exclusive}
        data-slim={width < 34}
        title={bar.label}
        style={{ ...at, width }}
      >
        {inside}
      </span>
      {beside !== '' && (
        <span className="lock-beside" style={{ ...at, left: at.left + width + 3 }} title={bar.label}>
          {beside}
        </span>
      )}
    </>
  );
}

/** How far it is from the end of a bar to whatever comes next in its row. */
function freeAfter(
  bar: LockBar,
  thread: number,
  run: RunView,
  marks: readonly MarkPlace[],
  track: Track,
): number {
  const last = lastOf(bar.last, track);
  // What begins while it lasts, as a lock does that is only weakened, stands where its end does.
  const next = [...run.locks, ...run.waits, ...run.stale]
    .filter((one) => one !== bar && one.thread === thread && one.row === bar.row && one.first >= bar.first)
    .map((one) => one.first);
  const signs = marks
    .filter(({ row, step }) => row === bar.row && step.at > last)
    .map(({ step }) => step.at - 1);
  return (Math.min(track.steps + 1, ...next, ...signs) - last - 1) * track.pitch;
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
      {[bar.words, word].find((text) => wide(text) <= width - 12)}
    </span>
  );
}

const SLIM = 60;
const FACE = { size: 12, mono: false, bold: true };
/** Browsers set text in a page a little wider than it was measured. */
const wide = (text: string): number => (text === '' ? 0 : textWidth(text, FACE) * 1.03 + 2);

/** Less room than there is, for the same reason. */
const fitting = (text: string, room: number): string => firstWords(text, (room - 2) / 1.03, FACE);

/** Whether it is for reading or writing the bar shows, too. */
const lockName = (label: string): string => (label === 'interrupts off' ? 'IRQs off' : label);

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
