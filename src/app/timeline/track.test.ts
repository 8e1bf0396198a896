import { expect, test } from 'vitest';
import type { LaneView, LockBar, RunView, StepView } from '../../worker/protocol.ts';
import { centreOf, placeMarks, rowsOf, scaleOf, stepAt, trackOf } from './track.ts';

test('a click in the middle of a step finds it, on every width', () => {
  for (const [steps, width] of [
    [1, 300],
    [32, 912],
    [500, 640],
    [5000, 912],
  ] as const) {
    const track = trackOf(steps, width);
    for (const step of [1, Math.ceil(steps / 2), steps])
      expect(stepAt(track, centreOf(track, step))).toBe(step);
  }
});

test('clicks outside find the first or the last step, and before the first layout none', () => {
  const track = trackOf(32, 912);
  expect(stepAt(track, 5000)).toBe(32);
  expect(stepAt(track, -100)).toBe(0);
  expect(stepAt(trackOf(32, 0), 100)).toBe(0);
});

test('numbers on the scale keep their distance, however many steps there are', () => {
  for (const steps of [1, 12, 32, 120, 480, 10_000]) {
    const track = trackOf(steps, 640);
    const { labels, ticks } = scaleOf(track);
    expect(labels * track.pitch).toBeGreaterThanOrEqual(40);
    expect(ticks * track.pitch).toBeGreaterThanOrEqual(5);
  }
});

test('locks are drawn only where they can be told apart', () => {
  expect(trackOf(32, 912).detailed).toBe(true);
  expect(trackOf(400, 912).detailed).toBe(false);
});

test('a mark stands in the first lock row that is free at its step', () => {
  const bar = (row: number, first: number, last: number): LockBar => {
    return { thread: 0, row, first, last, label: 'PTL', exclusive: true };
  };
  const steps = [1, 2, 3, 4].map(
    (at) => ({ at, thread: 0, mark: at === 3 || at === 4 ? 'copy' : null }) as StepView,
  );
  const run = { steps, locks: [bar(0, 1, 3), bar(1, 2, 3)], waits: [], stale: [] } as unknown as RunView;
  const marks = placeMarks(0, run);
  expect(marks.map(({ step, row }) => [step.at, row])).toEqual([
    [3, 2],
    [4, 0],
  ]);
  expect(rowsOf({ lockRows: 2 } as LaneView, marks)).toBe(3);
});
