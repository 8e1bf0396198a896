import { describe, expect, test } from 'vitest';
import { invariantsFor } from '../../invariants/index.ts';
import { boot } from '../../kernel/machine.ts';
import { apartIds, modelById, modelIds } from '../../kernel/models/index.ts';
import { folioAt } from '../../kernel/view.ts';
import { compileText } from '../../scenario/compile.ts';
import { entryById, gallery } from '../../scenario/gallery/index.ts';
import { goTo, runAll } from '../run.ts';
import type { Run } from '../run.ts';
import { violationsOf } from '../violations.ts';
import { conditionOf, watchOf } from './condition.ts';
import { facts } from './facts.ts';
import { differences, hitsOf, spansOf } from './find.ts';

const known = { models: modelIds, apart: apartIds };
const runOf = (id: string, model: string): Run =>
  runAll(boot(compileText(entryById(id)!.text, known).plan!, modelById(model)!));
const leak = runOf('vmsplice-leak', 'v5.7');
const broken = violationsOf(leak, invariantsFor(leak.machine.plan)).map((b) => ({
  at: b.at,
  id: b.invariant.id,
}));

function hits(text: string, run = leak): number[] {
  const { made, mistake } = conditionOf(run.machine, text, broken);
  if (made === null) throw new Error(mistake.message);
  return hitsOf(run, made);
}
const wrong = (text: string): string => {
  const { mistake } = conditionOf(leak.machine, text);
  return mistake === null ? '' : `${mistake.column}+${mistake.length} ${mistake.message} | ${mistake.hint}`;
};

describe('breakpoints', () => {
  test('by function and by row stop at each step of it', () => {
    const at = hits('step.function = do_wp_page');
    expect(at.length).toBeGreaterThan(0);
    for (const i of at)
      expect(leak.machine.program.rows[leak.steps[i - 1]!.pc]!.routine.name).toBe('do_wp_page');
    const { routine, label } = leak.machine.program.rows[leak.steps[at[0]! - 1]!.pc]!;
    expect(hits(`step.row = ${routine.name}.${label}`)).toContain(at[0]);
  });

  test('by lock stop where it is taken or dropped, and only there', () => {
    const named = (name: 'lock' | 'unlock'): number[] =>
      leak.steps.filter((s) => s.effects.some((e) => e.name === name)).map((s) => s.at);
    const takes = new Set(
      ['mmap_lock', 'ptl', 'folio_lock', 'pmd_lock'].flatMap((l) => hits(`step.takes = ${l}`)),
    );
    expect([...takes].sort((a, b) => a - b)).toEqual(named('lock'));
    expect(hits('step.takes = mmap_lock.write')).not.toEqual(hits('step.takes = mmap_lock.read'));
    expect(hits('step.drops')).toEqual(named('unlock'));
  });

  test('by entry and by folio stop where they change', () => {
    const set = leak.steps.filter((s) =>
      s.effects.some((e) => e.name === 'set_pte_at' || e.name === 'pte_clear'),
    );
    const either = hits('changes child.a.0.folio or changes parent.a.0.folio or changes child.a.0.writable');
    for (const at of either) expect(set.map((s) => s.at)).toContain(at);
    expect(hits('step.writes = parent.a.0 or step.writes = child.a.0')).toEqual(set.map((s) => s.at));
    const refcount = (at: number): number => {
      goTo(leak, at);
      return folioAt(1).refcount;
    };
    expect(hits('changes f0.refcount')).toEqual(
      leak.steps.filter((s) => refcount(s.at) !== refcount(s.at - 1)).map((s) => s.at),
    );
  });

  test('by decision stop where a rule answered', () => {
    expect(hits('step.decides')).toEqual(leak.steps.filter((s) => s.decided !== null).map((s) => s.at));
    expect(hits('step.decides and f0.mapcount = 1 and f0.refcount = 2')).toHaveLength(1);
  });

  test('broken is the step with which a rule breaks', () => {
    expect(hits('broken')).toEqual([...new Set(broken.map((b) => b.at))]);
  });
});

test('a state is met where it comes to be so, an event at each of its steps', () => {
  const [from] = hits('f0.refcount > 1');
  expect(from).toBeGreaterThan(0);
  expect(hits('f0.refcount > 1')).not.toContain(from! + 1);
  expect(hits('f0.refcount > 1 and step.thread = child').length).toBeGreaterThan(1);
});

test('a result is asked about as in a question of the scenario, and answered the same', () => {
  const [at] = hits('child.got = "secret"');
  expect(at).toBe(broken[0]!.at);
  expect(hits('child.got = none')).toEqual([]);
  const safe = runOf('vmsplice-leak', 'v5.9');
  expect(hits('child.got = "secret"', safe)).toEqual([]);
  expect(hits('child.got = "old"', safe)).toHaveLength(1);
});

test('and binds closer than or; brackets and not turn that round', () => {
  const all = leak.steps.map((s) => s.at);
  expect(hits('step.thread = parent or step.thread = child and step.thread = parent')).toEqual(
    hits('step.thread = parent'),
  );
  expect(hits('(step.thread = parent or step.thread = child) and step.thread = child')).toEqual(
    hits('step.thread = child'),
  );
  expect(
    [...hits('not step.thread = child'), ...hits('step.thread != parent')].sort((a, b) => a - b),
  ).toEqual(all);
  expect(hits('f0.refcount>1')).toEqual(hits('f0.refcount > 1'));
  expect(hits('f0.refcount >= 2')).toEqual(hits('not f0.refcount < 2'));
});

test('a mistake says where, what and what to do', () => {
  expect(wrong('')).toMatch(/nothing to ask/);
  expect(wrong('f0.refcont > 1')).toMatch(/^1\+10 f0 has no refcont \| Did you mean refcount\?/);
  expect(wrong('chlid.a.0.writable')).toMatch(/there is no chlid.a.0 here \| Did you mean child.a.0\?/);
  expect(wrong('f0.refcount > many')).toMatch(/^15\+4 `many` is no number/);
  expect(wrong('step.thread > child')).toMatch(/no number/);
  expect(wrong('f0.exclusive = maybe')).toMatch(/yes or no/);
  expect(wrong('f0.refcount > 1 f0.pins')).toMatch(/too much/);
  expect(wrong('(f0.free')).toMatch(/\) is missing/);
  expect(wrong('child.got = ')).toMatch(/value is missing/);
  expect(wrong('f99.refcount')).toMatch(/no f99 here/);
  expect(wrong(`${'not '.repeat(200)}f0.free`)).toMatch(/too many|at most/);
  expect(wrong(`f0.free ${'and f0.free '.repeat(100)}`)).toMatch(/at most/);
});

test('whatever is typed, a mistake lies inside it', () => {
  const parts = [
    'f0.refcount',
    '>',
    '1',
    '(',
    ')',
    'and',
    'or',
    'not',
    'changes',
    '"x',
    '=',
    ':',
    'child.a.0',
    ';',
    'step.row',
    '!',
    '""',
  ];
  for (let i = 0, seed = 7; i < 3000; i++) {
    const words: string[] = [];
    for (let k = 0; k < 1 + (i % 7); k++) {
      seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
      words.push(parts[seed % parts.length]!);
    }
    const text = words.join(i % 3 === 0 ? '' : ' ');
    const { made, mistake } = conditionOf(leak.machine, text);
    if (made !== null) hitsOf(leak, made);
    expect(mistake === null ? 0 : mistake.column + mistake.length).toBeLessThanOrEqual(text.length + 2);
  }
});

test('a watch shows each value from the step that made it', () => {
  const watched = watchOf(leak.machine, 'f0.refcount').made!;
  const spans = spansOf(leak, watched);
  expect(spans[0]).toEqual({ from: 0, value: '0' });
  expect(spans.slice(1).map((s) => s.from)).toEqual(hits('changes f0.refcount'));
  expect(spansOf(leak, watchOf(leak.machine, 'child.got').made!).map((s) => s.value)).toEqual([
    'pending',
    '“secret”',
  ]);
  expect(
    spansOf(leak, watchOf(leak.machine, 'f0.refcount > 1').made!)
      .map((s) => s.value)
      .slice(0, 2),
  ).toEqual(['no', 'yes']);
});

test('two steps differ in what happened between them, and in nothing else', () => {
  expect(differences(leak, 5, 5)).toEqual([]);
  const [at] = hits('changes f0.refcount');
  const found = differences(leak, at! - 1, at!).find((d) => d.path === 'f0.refcount');
  expect(found).toMatchObject({ before: '0', after: '1' });
  for (const d of differences(leak, 0, leak.steps.length)) {
    if (d.path.startsWith('step.')) throw new Error('a step is no state');
    expect([d.path, watchOf(leak.machine, d.path).mistake]).toEqual([d.path, null]);
  }
});

test('every fact can be asked of some gallery run without an error', () => {
  const left = new Set(facts.filter((f) => f.of !== 'result').map((f) => `${f.of}.${f.name}`));
  for (const { id, model } of [
    gallery.find((g) => g.id === 'vmsplice-leak')!,
    gallery.find((g) => g.id === 'two-writers')!,
  ]) {
    const run = runOf(id, model);
    const names: Record<string, string> = {
      step: 'step',
      folio: 'f0',
      entry: 'parent.a.0',
      thread: 'parent',
      process: 'parent',
    };
    for (const f of facts) {
      const path = `${names[f.of] ?? ''}.${f.name}`;
      const { made } = watchOf(run.machine, path);
      if (made === null) continue;
      expect(spansOf(run, made).length).toBeGreaterThan(0);
      left.delete(`${f.of}.${f.name}`);
    }
  }
  expect([...left]).toEqual([]);
});
