import { expect, test } from 'vitest';
import { whyNot, type Place } from './why-not.ts';

const GOOD: Place = { protocol: 'https:', version: 'aa', framed: false, secure: true, able: true };

test('an ordinary page can be kept', () => {
  expect(whyNot(GOOD)).toBeNull();
});

test.each<[Partial<Place>, RegExp]>([
  [{ version: '' }, /not a finished build/],
  [{ framed: true }, /inside another page/],
  [{ protocol: 'http:', secure: false, able: false }, /plain http; https or localhost/],
  [{ able: false }, /no service workers/],
])('%o cannot, and says why', (change, why) => {
  const said = whyNot({ ...GOOD, ...change });
  expect(said?.why).toMatch(why);
  expect(said?.fine).toBe(false);
});

test('the single file needs nothing to be kept', () => {
  expect(whyNot({ ...GOOD, protocol: 'file:', version: '', secure: false, able: false })?.fine).toBe(true);
});
