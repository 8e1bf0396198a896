// R15, pages that are copied although nobody shares them; and a pin that is lost on the way through a mapping
// that is read-only for a while.
import { describe, expect, test } from 'vitest';
import { finish, newRun } from '../debugger/run.ts';
import { invariantById } from '../invariants/index.ts';
import type { Invariant } from '../invariants/index.ts';
import { pcOf, program } from '../kernel/engine.ts';
import { boot } from '../kernel/machine.ts';
import { modelById } from '../kernel/models/index.ts';
import { now } from '../kernel/world.ts';
import { check } from './check.ts';
import { planOf } from './plan-of.ts';

const MAPCOUNT = ['v4.8', 'v5.6', 'v5.7', 'v5.8'],
  EARLY = ['v5.9', 'v5.10-lts', 'v5.11', 'v5.12'],
  LATE = ['v5.18'],
  EXCLUSIVE = ['v5.19', 'v6.1', 'v6.4.0', 'v6.12', 'v6.18', 'v7.2'];
const ALL = [...MAPCOUNT, ...EARLY, ...LATE, ...EXCLUSIVE];
const planFor = (...lines: string[]) =>
  planOf(['process parent', 'region a anon 1 page', ...lines, ''].join('\n'));
const READ_ONLY = ['parent: mprotect a ro', 'parent: mprotect a rw'];

/** The run in declared order makes a copy on these models. */
function copies(on: readonly string[], ...lines: string[]): void {
  test.each(ALL)('%s', (model) => {
    const run = newRun(boot(planFor(...lines), modelById(model)!));
    finish(run);
    const rows = run.steps.map((s) => run.machine.program.rows[s.pc]!.routine.name);
    expect(rows.includes('wp_page_copy')).toBe(on.includes(model));
  });
}

describe('R15: a fresh page is in the batch of its own CPU', () => {
  copies(EARLY, 'lru batched', 'parent: store a.0 "old"', ...READ_ONLY, 'parent: store a.0 "new"');
});
describe('R15: ... or in that of another CPU, which nobody can empty from here', () => {
  copies(
    [...EARLY, ...LATE],
    'lru batched',
    'parent/2: store a.0 "old"',
    ...READ_ONLY,
    'parent: store a.0 "new"',
  );
});
describe('R15: batches are empty', () => {
  copies([], 'parent/2: store a.0 "old"', ...READ_ONLY, 'parent: store a.0 "new"');
});

describe('R15: somebody has the page locked for a moment', () => {
  // Who counts mappings sleeps for the lock; who counts references does not, and copies.
  const plan = planFor(
    'parent: store a.0 "old"',
    ...READ_ONLY,
    'parallel',
    'parent: store a.0 "new"',
    'parent/2: move_pages a.0 1',
    'end',
  );
  test.each(ALL)('%s', (model) => {
    const machine = boot(plan, modelById(model)!);
    let copied = false;
    const look: Invariant = {
      id: 'look',
      alias: [],
      says: '',
      word: 'unexpected',
      cite: '',
      broken: () => {
        for (let t = 0; t < now.counts.threads; t++)
          copied ||= program.rows[pcOf(t)]!.routine.name === 'wp_page_copy';
        return null;
      },
      applies: () => true,
    };
    expect(check(machine, { invariants: [look], fewest: false }).verdict).toBe('holds');
    expect(copied).toBe([...EARLY, ...LATE].includes(model));
  });
});

describe('a pin, and a mapping that is read-only for a while', () => {
  const plan = planFor(
    'parent: store a.0 "old"',
    'parent: pin a.0 write as h',
    'parent: mprotect a ro',
    'parent: clear_refs',
    'parent: mprotect a rw',
    'parent: store a.0 "new"',
    'parent: release h "io"',
    'parent: load a.0',
  );
  test.each(ALL.filter((m) => m !== 'v4.8' && m !== 'v5.6'))('%s', (model) => {
    const found = check(boot(plan, modelById(model)!), { invariants: [invariantById('PIN')!] });
    expect(found.verdict).toBe([...EARLY, ...LATE].includes(model) ? 'violated' : 'holds');
  });
});
