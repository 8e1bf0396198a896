import { expect, test } from 'vitest';
import { apartIds, modelById, modelIds } from '../kernel/models/index.ts';
import type { Plan } from '../kernel/plan.ts';
import { compileText } from '../scenario/compile.ts';
import { entryById } from '../scenario/gallery/index.ts';
import { compareModels } from './compare.ts';
import type { Comparison } from './compare.ts';

function planOf(text: string): Plan {
  const { plan, diagnostics } = compileText(text, { models: modelIds, apart: apartIds });
  if (plan === null) throw new Error(diagnostics[0]?.message);
  return plan;
}
const between = (text: string, left: string, right: string): Comparison =>
  compareModels(planOf(text), modelById(left)!, modelById(right)!).comparison;
const leak = entryById('vmsplice-leak')!.text;

test('the leak: where the rules part, what each asked, what it saw', () => {
  const { op, left, right, says, ops } = between(leak, 'v5.7', 'v5.9');
  expect(ops[op]?.text).toBe('parent: store a.0 "secret"');
  expect(left).toMatchObject({ model: 'v5.7', asks: 'mapcount 1?', sees: 1, answer: 'reuse', folio: 'f0' });
  expect(right).toMatchObject({ model: 'v5.9', asks: 'refcount 1?', sees: 2, answer: 'copy', folio: 'f0' });
  expect(says).toContain('They part at parent: store a.0 "secret"');
  expect(ops.map((o) => o.same)).toEqual([true, true, true, true, false, false]);
  expect(ops[5]).toMatchObject({ left: 'sees “secret”', right: 'sees “old”' });
});

test('pin and mprotect: the first store parts them, and the bit is why', () => {
  const { op, left, right, ops } = between(entryById('mprotect-under-pin')!.text, 'v5.9', 'v5.19');
  expect(ops[op]?.text).toBe('parent: store a.0 "new"');
  expect(ops.findIndex((one) => !one.same)).toBe(op);
  expect(left).toMatchObject({ asks: 'refcount 1?', sees: 1025, answer: 'copy', folio: 'f0' });
  expect(right).toMatchObject({ asks: 'exclusive?', sees: 1, answer: 'reuse', folio: 'f0' });
  expect(ops.at(-1)).toMatchObject({ left: 'sees “new”', right: 'sees “device”' });
});

test('a rule that only one side asks', () => {
  const { op, left, right, ops } = between(leak, 'v5.7', 'v5.8');
  expect(ops[op]?.text).toBe('child: vmsplice a.0 -> p');
  expect(left.at).toBe(0);
  expect(right).toMatchObject({ asks: 'mapcount 1?', answer: 'copy' });
});

test('a model against itself', () => {
  const { op, says, ops } = between(leak, 'v5.9', 'v5.9');
  expect(op).toBe(-1);
  expect(says).toBe('v5.9 and v5.9 do the same, operation by operation.');
  expect(ops.every((o) => o.same)).toBe(true);
});

test('numbers of pages do not matter, only what is shared with whom', () => {
  // The unshare of v6.18 copies at the pin, the write fault of v5.9 at the store; afterwards both are alike.
  const text = `process A
region a anon 1 page
A: store a.0 "old"
A: fork B
A: pin a.0 read as h
A: store a.0 "new"
A: release h -> saw
B: load a.0 -> mine
`;
  const { ops } = between(text, 'v5.9', 'v6.18');
  expect(ops.map((o) => o.same)).toEqual([true, true, false, false, false, true]);
});

test('an operation that never ends', () => {
  const text = 'process A\nregion a anon 1 page ro\nA: mprotect a none\nA: vmsplice a.0 -> p\nA: read p\n';
  const { op, ops } = between(text, 'v5.7', 'v6.18');
  expect(op).toBe(-1);
  expect(ops.map((o) => o.left)).toEqual(['done', 'EFAULT', '']);
});
