// The table of bug signatures that was made from the recordings alone (leak, lost, stale, needless copies):
// each cell is what the model that answers for that kernel predicts.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { modelById } from '../kernel/models/index.ts';
import { experiments } from '../scenario/experiments.ts';
import { readScript } from './judge.ts';
import { buildForStem, modelForStem } from './kernels.ts';
import { parseOp } from './ops.ts';
import { predict } from './predict.ts';
import type { RecordedStep } from './recording.ts';

const folder = fileURLToPath(new URL('../../fixtures/recordings', import.meta.url));
const read = (name: string): string => readFileSync(`${folder}/${name}`, 'utf8');
const scripts = new Map(experiments(read('results/experiments.litmus')).map((e) => [e.name, e.text]));

interface Cell {
  readonly name: string;
  /** `prd`: what the last such operation reported; `Aa0`: what was seen there last; `frame`. */
  readonly observed: string;
  readonly right: readonly string[];
  readonly kernel: string;
  /** `ok`, `LEAK 99`, `copies`; `-`: that kernel could not run it. */
  readonly says: string;
}
function cells(): Cell[] {
  const rows = read('MATRIX.md')
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .map((line) =>
      line
        .split('|')
        .map((word) => word.trim())
        .slice(1, -1),
    );
  const kernels = rows[0]!.slice(3);
  return rows
    .slice(1)
    .flatMap(([name = '', observed = '', right = '', ...found]) =>
      found.map((says, i) => ({ name, observed, right: right.split(' or '), kernel: kernels[i]!, says })),
    );
}

/**
 * As the table's maker looks: the last value of an operation, the last byte of a page, or the page that was
 * stored to last.
 */
function observe(steps: readonly RecordedStep[], what: string): string | undefined {
  if (what === 'frame') {
    const stores = steps.filter((s) => parseOp(s.op).verb === 'st'),
      { actor, args } = parseOp(stores.at(-1)!.op);
    return stores.at(-1)!.procs[actor]?.[args[0]!.replace('.', '')]?.f;
  }
  if (/^[A-Z]/.test(what)) return steps.flatMap((s) => s.procs[what[0]!]?.[what.slice(1)]?.v ?? []).at(-1);
  return steps.flatMap((s) => (parseOp(s.op).verb.replace(/^&/, '') === what ? (s.val ?? []) : [])).at(-1);
}

const table = cells();
const asked = [...new Set(table.map((c) => c.name))].map((name) => {
  const text = (scripts.get(name) ?? '').split(';').join('\n');
  return [name, readScript(text)] as const;
});
const modelled = asked.flatMap(([name, script]) => (script.plan === null ? [] : [[name, script] as const]));

test('the table is whole', () => {
  expect(table.length).toBe(60 * 10);
  expect(new Set(table.map((c) => c.kernel))).toContain('7.3-rc7');
  expect(asked.filter(([name]) => !scripts.has(name))).toEqual([]);
  const words = new Set(table.map((c) => c.says.split(' ')[0] ?? ''));
  expect([...words].sort()).toEqual(['-', 'LEAK', 'LOST', 'copies', 'ok', 'stale']);
});

test('what no model has is nothing but memory that is not modelled', () => {
  const left = asked.flatMap(([name, script]) => (script.plan === null ? [[name, script.why]] : []));
  for (const [, why] of left) expect(why).toMatch(/^not modelled yet: /);
  expect(modelled.length).toBeGreaterThan(35);
});

describe.each(modelled)('%s', (name, script) => {
  test.each(
    table.filter((c) => c.name === name && c.says !== '-').map((c) => [c.kernel, c.observed, c] as const),
  )('%s, %s', (kernel, observed, { right, says }) => {
    const plan = { ...script.plan, switches: { ...script.plan.switches, ...buildForStem(kernel) } };
    const { steps } = predict(plan, modelById(modelForStem(kernel)!)!, { name, nodrains: script.nodrains }),
      seen = observe(steps, observed);
    const word = says.split(' ')[0]!;
    const isRight = right.includes(seen ?? '');
    expect(isRight ? 'ok' : word === 'copies' ? word : `${word} ${seen}`).toBe(says);
  });
});
