import { expect, test } from 'vitest';
import type { OpView, RunView, StepView } from '../../worker/protocol.ts';
import { byOperation, byThread, byViolation, playSeconds, stay } from './moves.ts';

/** Threads of the steps in order: the parent's store is cut in two by the child's. */
const threads = [0, 0, 1, 1, 1, 0, 0, 1];
const op = (thread: number, first: number, last: number): OpView => {
  return { thread, first, last, text: '', line: 1, error: '' };
};
const run = {
  steps: threads.map((thread, i) => ({ at: i + 1, thread, decision: i === 5 ? {} : null }) as StepView),
  ops: [op(0, 1, 7), op(1, 3, 4), op(1, 5, 0)],
  violations: [{ at: 4 }, { at: 7 }],
} as unknown as RunView;

test('an operation forward ends where it ends, and one that never ends, at the end of the run', () => {
  expect(byOperation(run, 0, 1)).toBe(7);
  expect(byOperation(run, 2, 1)).toBe(4);
  expect(byOperation(run, 4, 1)).toBe(8);
  expect(byOperation(run, 8, 1)).toBe(8);
});

test('an operation back goes to before its first step', () => {
  expect(byOperation(run, 4, -1)).toBe(2);
  expect(byOperation(run, 7, -1)).toBe(0);
  expect(byOperation(run, 0, -1)).toBe(0);
});

test('the same thread, over the steps of others', () => {
  expect(byThread(run, 2, 1)).toBe(6);
  expect(byThread(run, 6, -1)).toBe(2);
  expect(byThread(run, 7, 1)).toBe(7);
  expect(byThread(run, 0, 1)).toBe(1);
});

test('from one broken rule to the next, and no further', () => {
  expect(byViolation(run, 0, 1)).toBe(4);
  expect(byViolation(run, 4, 1)).toBe(7);
  expect(byViolation(run, 7, 1)).toBe(7);
  expect(byViolation(run, 7, -1)).toBe(4);
  expect(byViolation(run, 4, -1)).toBe(4);
});

test('a decision stays twice as long, and speed divides both', () => {
  expect(stay(run.steps[0], 1)).toBe(600);
  expect(stay(run.steps[5], 1)).toBe(1200);
  expect(stay(run.steps[5], 4)).toBe(300);
  expect(playSeconds(run)).toBe(5);
});
