import { expect, test } from 'vitest';
import { createEngine } from './local.ts';

const TWO = `process parent
region a anon 1 page

parent: store a.0 "old"
parent: fork child
parallel
  parent:   store a.0 "one"
  parent/2: store a.0 "two"
end
`;
const { signal } = new AbortController();
const ask = { model: 'v6.18', invariant: null, without: [], budget: 200_000 };

test('a guard that the text leaves out is missing on every model, in runs and in checks', async () => {
  const engine = createEngine();
  const plain = await engine.check({ ...ask, text: TWO }, () => undefined, signal);
  expect(plain.verdict).toBe('holds');
  const text = `${TWO}without copy-rechecks-pte\n`;
  const broken = await engine.check({ ...ask, text }, () => undefined, signal);
  expect(broken.verdict).toBe('violated');
  const opened = await engine.open({ text, model: 'v6.18', schedule: broken.schedule, without: [] });
  expect(opened.run?.violations.map((v) => v.invariant)).toContain(broken.invariant);
});

test('notes stand at their steps; one that the run does not come to is a warning', async () => {
  const text = `${TWO}note parent@store~2.end: First is done.
note start: Nobody has a page yet.
note child@store.end: No such thread acts.
`;
  const engine = createEngine();
  const { run, diagnostics } = await engine.open({ text, model: 'v6.18', schedule: '', without: [] });
  expect(run?.notes.map((n) => n.text)).toEqual(['Nobody has a page yet.', 'First is done.']);
  const end = run?.ops.find((op) => op.text === 'store a.0 "one"')?.last;
  expect(run?.notes.map((n) => n.at)).toEqual([0, end]);
  expect(diagnostics.map((d) => `${d.line}: ${d.severity} ${d.message}`)).toEqual([
    '12: warning this run on v6.18 never comes to child@store.end',
  ]);
});
