import { expect, expectTypeOf, test } from 'vitest';
import type * as protocol from '../worker/protocol.ts';
import { isNotModelled, notModelled, problems } from './diagnostic.ts';
import type { Diagnostic } from './diagnostic.ts';

test('a diagnostic is what the protocol carries', () => {
  expectTypeOf<Diagnostic>().toEqualTypeOf<protocol.Diagnostic>();
});

test('diagnostics come in the order of the text, and only errors fail', () => {
  const found = problems();
  found.warning({ line: 2, column: 1, length: 0 }, 'b');
  expect(found.failed()).toBe(false);
  found.error({ line: 1, column: 9, length: 2 }, 'a', 'do');
  expect(found.failed()).toBe(true);
  expect(found.sorted()).toEqual([
    { severity: 'error', line: 1, column: 9, length: 2, message: 'a', hint: 'do' },
    { severity: 'warning', line: 2, column: 1, length: 1, message: 'b', hint: '' },
  ]);
});

test('what is not modelled can be told from a mistake', () => {
  const found = problems();
  found.error({ line: 1, column: 1, length: 1 }, notModelled('mremap'));
  found.error({ line: 2, column: 1, length: 1 }, 'mremap is wrong');
  expect(found.sorted().map(isNotModelled)).toEqual([true, false]);
});
