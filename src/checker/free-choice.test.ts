import { describe, expect, test } from 'vitest';
import { extend, finish, newRun } from '../debugger/run.ts';
import { replay, scheduleText } from '../debugger/schedule.ts';
import { choiceOfMove, threadOfMove } from '../kernel/engine.ts';
import { boot } from '../kernel/machine.ts';
import { modelById } from '../kernel/models/index.ts';
import { check } from './check.ts';
import { litmus } from './outcomes.ts';
import { planOf } from './plan-of.ts';

const START = ['process parent', 'region a anon 1 page', 'parent: store a.0 "old"', 'parent: fork child'];
const leak = planOf(
  [
    ...START,
    'parallel',
    'child:  any 2 of load a.0 | munmap a | get a.0 read as h',
    'parent: store a.0 "secret"',
    'end',
    'child: release h -> got',
    'never child.got = "secret"',
    '',
  ].join('\n'),
);

describe('any 2 of three', () => {
  test('finds the leak by itself', () => {
    const machine = boot(leak, modelById('v5.7')!),
      found = check(machine);
    expect(found.reason).toBe('child sees “secret” through h: parent wrote it to private memory after fork.');
    const run = newRun(machine);
    for (const m of found.moves) expect(extend(run, threadOfMove(m), choiceOfMove(m))).toBe(true);
    finish(run, threadOfMove(found.moves.at(-1)!));
    // What it chose, and in which order, is in the text.
    const text = scheduleText(run),
      again = replay(machine, text);
    expect(again.notes).toEqual([]);
    expect(again.run.steps.map((s) => [s.thread, s.choice])).toEqual(
      run.steps.map((s) => [s.thread, s.choice]),
    );
    expect(text).toMatch(/^child@get\..*,child@munmap\./);
  });

  test('holds where the leak was mended', () => {
    expect(check(boot(leak, modelById('v5.8')!)).verdict).toBe('holds');
  });
});

test('the choices are those of two out of three, in every order, and nothing else', () => {
  const plan = planOf(
    [
      'process p',
      'region a anon 1 page',
      'p: any 2 of store a.0 "x" | store a.0 "y" | load a.0',
      'p: load a.0 -> end',
      '',
    ].join('\n'),
  );
  const machine = boot(plan, modelById('v6.18')!),
    { endings } = litmus(machine);
  const seen = endings.map((e) => e.seen.map((s) => (s < 0 ? s : plan.stored[s]!.text)).join());
  expect(seen.sort()).toEqual(['-2,x', '-2,y', '00,x', '00,y', 'x,x', 'y,y']);
});
