import fc from 'fast-check';
import { expect, test } from 'vitest';
import { status, step } from '../kernel/engine.ts';
import { boot } from '../kernel/machine.ts';
import { models } from '../kernel/models/index.ts';
import type { Plan } from '../kernel/plan.ts';
import { cells, folio_pins, folio_refs, now } from '../kernel/world.ts';
import { compileText } from './compile.ts';

/** More folios than any run here can ask for, so that the bound is not what keeps them few. */
const SPARE = 12;

/** Lets threads run as `choices` say, and counts the folios that are in use at once. */
function mostFolios(plan: Plan, model: (typeof models)[number], choices: readonly number[]): number {
  boot({ ...plan, folios: plan.folios + SPARE }, model);
  const threads = plan.threads.map((_, t) => t);
  let most = 0;
  for (let i = 0; i < 3000; i++) {
    const ready = threads.filter((t) => status(t).kind === 'enabled');
    const next = ready[(choices[i % choices.length] ?? 0) % Math.max(1, ready.length)];
    if (next === undefined || !step(next)) return most;
    let used = 0;
    for (let f = 1; f < now.counts.folios; f++)
      used += cells[folio_refs.at + f] !== 0 || cells[folio_pins.at + f] !== 0 ? 1 : 0;
    most = Math.max(most, used);
  }
  throw new Error('the run does not end');
}

const where = fc.constantFrom('a.0', 'a.0', 'a.1', 's.0');
const doing = fc.oneof(
  { arbitrary: where.map((p) => `store ${p} "x"`), weight: 4 },
  where.map((p) => `load ${p}`),
  where.map((p) => `vmsplice ${p} -> p`),
  fc
    .tuple(
      fc.constantFrom('pin', 'get'),
      where,
      fc.constantFrom('read', 'write'),
      fc.constantFrom('', ' fast'),
    )
    .map(([v, p, a, f]) => `${v} ${p} ${a}${f}`),
  fc.constantFrom(
    'munmap a',
    'munmap a.0',
    'madvise a dontneed',
    'madvise a.0 dontneed',
    'madvise s dontneed',
    'mprotect a ro',
    'mprotect a rw',
    'mprotect a.0 none',
    'move_pages a.0 1',
    'move_pages s.0 1',
  ),
  fc.constant('fork NEW'),
);
const line = (actors: string[]) =>
  fc.tuple(fc.constantFrom(...actors), doing).map(([actor, op]) => `${actor}: ${op}`);
const text = fc
  .tuple(
    fc.boolean(),
    fc.array(line(['A', 'A/2']), { maxLength: 4 }),
    fc.array(line(['A', 'A/2', 'B', 'B/2']), { minLength: 1, maxLength: 6 }),
    fc.array(line(['A', 'B']), { maxLength: 3 }),
  )
  .map(([batched, before, block, after]) => {
    let forks = 0;
    return [
      'process A',
      'region a anon 2 pages',
      'region s shared 1 page',
      batched ? 'lru batched' : '',
      ...before,
      'A: fork B',
      'parallel',
      ...block,
      'end',
      ...after,
    ]
      .map((l) => l.replace('NEW', () => `C${forks++}`))
      .join('\n');
  });

test('no run of any model needs more folios than the plan has', () => {
  fc.assert(
    fc.property(
      text,
      fc.array(fc.nat({ max: 5 }), { minLength: 40, maxLength: 40 }),
      fc.constantFrom(...models.keys()),
      (t, choices, m) => {
        const { plan, diagnostics } = compileText(t, { models: [] });
        expect(diagnostics.filter((d) => d.severity === 'error')).toEqual([]);
        expect(mostFolios(plan!, models[m]!, choices)).toBeLessThanOrEqual(plan!.folios);
      },
    ),
    { numRuns: 400, seed: 11 },
  );
});

test.each([
  ['one store', 'A: store a.0 "x"', 1],
  ['only loads: the zero page is not counted, but a world has one folio', 'A: load a.0', 1],
  ['a copy for each of two that share', 'A: store a.0 "x"\nA: fork B\nA: store a.0 "y"\nB: store a.0 "z"', 3],
  ['what a loop of stores can hold at once', 'A: store a.0 "x"\n'.repeat(9), 2],
  ['the page that another one moves to', 'A: store a.0 "x"\nA: move_pages a.0 1', 2],
  ['a pinned page is copied at fork', 'A: pin a.0 write\nA: fork B', 2],
  [
    'a batch keeps every page that was ever there',
    `lru batched\n${'A: store a.0 "x"\nA: madvise a dontneed\n'.repeat(4)}`,
    4,
  ],
])('%s', (_, operations, folios) => {
  expect(compileText(`process A\nregion a anon 1 page\n${operations}`, { models: [] }).plan?.folios).toBe(
    folios,
  );
});
