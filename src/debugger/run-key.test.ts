import { expect, test } from 'vitest';
import { planOf } from '../checker/plan-of.ts';
import { boot } from '../kernel/machine.ts';
import { modelById } from '../kernel/models/index.ts';
import { gallery } from '../scenario/gallery/index.ts';
import { runKey } from './run-key.ts';
import { replay } from './schedule.ts';

const keyOf = (text: string, model: string, schedule = '', without: readonly string[] = []): string =>
  runKey(replay(boot(planOf(text), modelById(model)!, without), schedule).run);
const { text } = gallery.find((one) => one.id === 'leak-any-order')!;

test('the same run has the same key, whatever the words of its scenario', () => {
  expect(keyOf(text, 'v5.7')).toMatch(/^[0-9a-f]{8}$/);
  expect(keyOf(text, 'v5.7')).toBe(keyOf(text, 'v5.7'));
  expect(keyOf(text.replace('scenario ', 'scenario My '), 'v5.7')).toBe(keyOf(text, 'v5.7'));
});

test('other rules, another order, a missing guard: another key', () => {
  const looks = gallery.find((one) => one.id === 'two-looks')!.text;
  const keys = [
    keyOf(text, 'v5.7'),
    keyOf(text, 'v5.9'),
    keyOf(text, 'v5.7', 'child@vmsplice.end,parent@store~2.end'),
    keyOf(looks, 'v6.18'),
    keyOf(looks, 'v6.18', '', ['copy-holds-old-folio']),
  ];
  expect(new Set(keys).size).toBe(keys.length);
});
