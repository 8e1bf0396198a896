// One search that goes on behind violations says the same of each invariant as a search for it alone.
import { describe, expect, test } from 'vitest';
import { invariantsFor, questionsOf } from '../invariants/index.ts';
import { doMove } from '../kernel/engine.ts';
import { activate, boot } from '../kernel/machine.ts';
import { modelById } from '../kernel/models/index.ts';
import { entryById } from '../scenario/gallery/index.ts';
import { load } from '../kernel/world.ts';
import { check } from './check.ts';
import { survey } from './matrix.ts';
import { planOf } from './plan-of.ts';

const cases = [
  ['leak-any-order', 'v5.7'],
  ['leak-any-order', 'v5.8'],
  ['fast-pin-fork', 'v5.9'],
  ['uffd-lost-write', 'v5.9'],
  ['refcount-overflow', 'v4.8'],
  ['any-two', 'v5.7'],
] as const;

describe.each(cases)('%s on %s', (id, model) => {
  const plan = planOf(entryById(id)!.text),
    machine = boot(plan, modelById(model)!);
  const column = survey(machine);

  test('agrees with a search for each', () => {
    for (const invariant of [...invariantsFor(plan), ...questionsOf(plan).invariants]) {
      const alone = check(machine, { invariants: [invariant] }),
        cell = column.cells.find((c) => c.row === invariant.id)!;
      expect([invariant.id, cell.verdict]).toEqual([invariant.id, alone.verdict]);
      expect(cell.moves?.length ?? 0).toBe(alone.moves.length);
    }
  });

  test('every way leads to what it shows', () => {
    const rules = [...invariantsFor(plan), ...questionsOf(plan).invariants];
    for (const cell of column.cells) {
      const rule = rules.find((i) => i.id === cell.row);
      if (cell.verdict !== 'violated' || rule === undefined) continue;
      activate(machine);
      load(machine.start, 0);
      expect(cell.moves!.every(doMove)).toBe(true);
      expect(rule.broken()).not.toBeNull();
    }
  });
});

test('a survey that met its bound says incomplete, never holds', () => {
  const machine = boot(planOf(entryById('leak-any-order')!.text), modelById('v5.8')!);
  const { cells, bound } = survey(machine, { states: 50 });
  expect(bound).toBe('50 states');
  expect(new Set(cells.map((c) => c.verdict))).toEqual(new Set(['incomplete']));
});
