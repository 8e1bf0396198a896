import { describe, expect, test } from 'vitest';
import { invariantsFor, questionsOf } from '../invariants/index.ts';
import { boot } from '../kernel/machine.ts';
import { apartIds, modelById, modelIds } from '../kernel/models/index.ts';
import { compileText } from '../scenario/compile.ts';
import { gallery } from '../scenario/gallery/index.ts';
import { linesOf } from '../scenario/lexer.ts';
import { parse } from '../scenario/parser.ts';
import { print } from '../scenario/printer.ts';
import { check } from './check.ts';
import { reductionNames } from './reduce/reduction.ts';
import { shrink } from './shrink.ts';
import type { Shrunk } from './shrink.ts';

const known = { models: modelIds, apart: apartIds };

function breaks(text: string, model: string, id: string): boolean {
  const { plan } = compileText(text, known);
  if (plan === null) return false;
  const rule = [...invariantsFor(plan), ...questionsOf(plan).invariants].find((i) => i.id === id);
  if (rule === undefined) return false;
  const options = { invariants: [rule], reduce: reductionNames, states: 500_000, fewest: false };
  return check(boot(plan, modelById(model)!), options).verdict === 'violated';
}
function small(text: string, model: string, options = {}): Shrunk {
  const found = shrink(text, modelById(model)!, known, options);
  if ('why' in found) throw new Error(found.why);
  return found;
}

const cases = ['vmsplice-leak', 'leak-any-order', 'two-looks', 'uffd-lost-write', 'vmsplice-mirror'].flatMap(
  (id) => gallery.filter((e) => e.id === id),
);

describe.each(cases)('$id', ({ text, model }) => {
  const { plan } = compileText(text, known);
  const found = check(boot(plan!, modelById(model)!), { reduce: reductionNames, fewest: false });

  test.runIf(found.verdict === 'violated')(
    'still breaks the rule; without any one operation it does not',
    () => {
      const { text: least, invariant, complete, operations } = small(text, model);
      expect(complete).toBe(true);
      expect(breaks(least, model, invariant)).toBe(true);
      const { statements } = parse(least).scenario;
      const ops = statements.filter((s) => s.kind === 'op' || s.kind === 'any');
      expect(ops).toHaveLength(operations.after);
      for (const op of ops) {
        const without = print({ statements: statements.filter((s) => s !== op) });
        expect(breaks(without, model, invariant)).toBe(false);
      }
      expect(print(parse(least).scenario)).toBe(least);
      expect(small(text, model)).toEqual(small(text, model));
    },
  );
});

test('idle processes, pages, threads and questions go', () => {
  const padded = `
scenario Much ado
process parent idle
region a anon 4 pages
region b anon 2 pages in idle
idle: store b.0 "noise"
parent: store a.1 "other"
parent: store a.0 "old"
parent: fork child
parent: fork third
third: load a.1 -> noise
parallel
  child: vmsplice a.0 -> p
  idle: load b.0 -> more
  child: munmap a
end
third: exit
parent: store a.0 "secret"
child: read p -> got
never child.got = "secret"
never third.noise = "never"
expect v5.7 breaks`;
  const { text, operations } = small(padded, 'v5.7', { invariant: 'private-writes-stay-private' });
  expect(operations).toEqual({ before: 12, after: 6 });
  expect(linesOf(text)).toEqual([
    'scenario Much ado',
    'process parent',
    'region a anon 1 page',
    'parent: store a.0 "old"',
    'parent: fork child',
    'child:  vmsplice a.0 -> p',
    'child:  munmap a',
    'parent: store a.0 "secret"',
    'child:  read p -> got',
  ]);
});

test('a question of the scenario is kept, if it is the rule', () => {
  const leak = gallery.find((e) => e.id === 'vmsplice-leak')!.text;
  const { text } = small(leak, 'v5.7', { invariant: 'never child.got = "secret"' });
  expect(text).toContain('never child.got = "secret"\n');
});

test('says why there is nothing to shrink', () => {
  const leak = gallery.find((e) => e.id === 'vmsplice-leak')!.text;
  expect(shrink(leak, modelById('v6.18')!, known)).toEqual({ why: 'every rule holds on v6.18' });
  expect(shrink('nonsense here', modelById('v6.18')!, known)).toHaveProperty('why');
  expect(shrink(leak, modelById('v5.7')!, known, { states: 3 })).toEqual({
    why: expect.stringMatching(/^the check met a bound/),
  });
  expect(small(leak, 'v5.7', { checks: 1 }).complete).toBe(false);
});
