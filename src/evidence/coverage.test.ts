import { expect, test } from 'vitest';
import { coverage } from './coverage.ts';
import type { Supports } from './coverage.ts';

const supports: Supports = (verb, args) =>
  ['st', 'ld', 'fork'].includes(verb) || (verb === 'map' && args[1] === 'anon');

test('a script of modelled operations is covered, comments and line ends included', () => {
  expect(coverage('# first\nA map a anon 1; A st a.0 11\nA fork B;\n', supports)).toEqual({ covered: true });
});

test.each([
  ['A map a anon 1; A clearrefs; - ksm', 'verb clearrefs is not modelled yet'],
  ['A map a thp; A clearrefs', 'verb map thp is not modelled yet'],
  ['A map a anon 1; A adv a pageout', 'verb adv pageout is not modelled yet'],
  ['A map a anon 1; A &st a.0 11', 'verb &st is not modelled yet'],
])('%s', (script, why) => {
  expect(coverage(script, supports)).toEqual({ covered: false, why });
});
