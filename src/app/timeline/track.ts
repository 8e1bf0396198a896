/** Where things stand on the timeline: steps to pixels, lanes to rows. Pure arithmetic. */
import type { LaneView, LockBar, RunView, StepView } from '../../worker/protocol.ts';

export interface Track {
  readonly steps: number;
  readonly width: number;
  /** Pixels per step. */
  readonly pitch: number;
  /** Lock bars and marks can be told apart. */
  readonly detailed: boolean;
}

const DETAILED_FROM = 7;

export function trackOf(steps: number, width: number): Track {
  const pitch = steps > 0 && width > 0 ? width / steps : 0;
  return { steps, width, pitch, detailed: pitch >= DETAILED_FROM };
}

export const leftOf = (track: Track, step: number): number => (step - 1) * track.pitch;
/** The middle of a step; step 0 stands just before the first. */
export const centreOf = (track: Track, step: number): number =>
  step === 0 ? -6 : (step - 0.5) * track.pitch;
export const spanOf = (track: Track, first: number, last: number): number => (last - first + 1) * track.pitch;

export function stepAt(track: Track, x: number): number {
  if (track.pitch === 0) return 0;
  return Math.max(0, Math.min(track.steps, Math.floor(x / track.pitch) + 1));
}

const NICE = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000];
const LABEL_ROOM = 40;
const TICK_ROOM = 5;

const firstNice = (track: Track, room: number, atLeast: number): number =>
  NICE.find((every) => every >= atLeast && every * track.pitch >= room) ?? NICE.at(-1) ?? 1;

/** Every how many steps there is a number, and a tick. */
export const scaleOf = (track: Track): { readonly labels: number; readonly ticks: number } => ({
  labels: firstNice(track, LABEL_ROOM, 5),
  ticks: firstNice(track, TICK_ROOM, 1),
});

export interface MarkPlace {
  readonly step: StepView;
  readonly row: number;
}

/** Fault, copy and flush stand in the first lock row that is free at their step. */
export function placeMarks(thread: number, run: RunView): readonly MarkPlace[] {
  const bars = [...run.locks, ...run.waits, ...run.stale].filter((bar) => bar.thread === thread);
  const taken = (row: number, at: number): boolean => bars.some((bar) => covers(bar, row, at));
  return run.steps
    .filter((step) => step.thread === thread && step.mark !== null)
    .map((step) => {
      let row = 0;
      while (taken(row, step.at)) row += 1;
      return { step, row };
    });
}

const covers = (bar: Pick<LockBar, 'row' | 'first' | 'last'>, row: number, at: number): boolean =>
  bar.row === row && bar.first <= at && (bar.last === 0 || at <= bar.last);

const OP_HEIGHT = 22;
export const ROW_HEIGHT = 16;

export function rowsOf(lane: LaneView, marks: readonly MarkPlace[]): number {
  return marks.reduce((rows, mark) => Math.max(rows, mark.row + 1), lane.lockRows);
}

export const laneHeight = (rows: number, detailed: boolean): number =>
  OP_HEIGHT + (detailed ? Math.max(rows, 1) * ROW_HEIGHT : 0);
