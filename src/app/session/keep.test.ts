import { expect, test } from 'vitest';
import { createKeep, LONGEST_DRAFT, type Shelf } from './keep.ts';

function shelfOf(entries: [string, string][] = []): Shelf & { readonly map: Map<string, string> } {
  const map = new Map(entries);
  return {
    map,
    get length() {
      return map.size;
    },
    key: (place) => [...map.keys()][place] ?? null,
    getItem: (key) => map.get(key) ?? null,
    setItem: (key, value) => void map.set(key, value),
    removeItem: (key) => void map.delete(key),
  };
}

let clock = 0;
const now = (): number => ++clock;

test('two tabs keep two texts, and neither takes the other one’s', () => {
  const shelf = shelfOf();
  const [one, two] = [createKeep(shelf, 'one', now), createKeep(shelf, 'two', now)];
  one.save('leak', 'first');
  two.save('leak', 'second');
  expect(one.mine()?.text).toBe('first');
  expect(two.mine()?.text).toBe('second');
  expect(one.others()?.text).toBe('second');
});

test('a change of another tab is noticed, an own one is not', () => {
  const shelf = shelfOf();
  const keep = createKeep(shelf, 'one', now);
  createKeep(shelf, 'two', now).save('leak', 'theirs');
  keep.save('leak', 'mine');
  const [[theirs, value], [own]] = [...shelf.map] as [[string, string], [string, string]];
  expect(keep.fromEvent(theirs, value)?.text).toBe('theirs');
  expect(keep.fromEvent(own, shelf.map.get(own) ?? null)).toBeNull();
  expect(keep.fromEvent('something else', value)).toBeNull();
});

test('a text that was left does not come back by itself, but can be found', () => {
  const shelf = shelfOf();
  const keep = createKeep(shelf, 'one', now);
  keep.save('leak', 'left');
  keep.leave();
  expect(keep.mine()).toBeNull();
  const left = keep.others();
  expect(left?.text).toBe('left');
  if (left) keep.offered(left);
  expect(keep.others()).toBeNull();
});

test('what others left behind is not kept without end', () => {
  const shelf = shelfOf();
  for (let i = 0; i < 20; i += 1) createKeep(shelf, `tab${i}`, now).save('leak', `text ${i}`);
  expect(shelf.map.size).toBeLessThanOrEqual(7);
  expect(createKeep(shelf, 'tab19', now).mine()?.text).toBe('text 19');
});

test('a full or forbidden storage says no and breaks nothing', () => {
  const refuse = (): never => {
    throw new Error('QuotaExceededError');
  };
  const keep = createKeep(
    { ...shelfOf(), length: 1, key: refuse, getItem: refuse, setItem: refuse },
    'one',
    now,
  );
  expect(keep.save('leak', 'text')).toBe(false);
  expect(keep.mine()).toBeNull();
  expect(keep.others()).toBeNull();
  expect(() => keep.leave()).not.toThrow();
  expect(createKeep(shelfOf(), 'one', now).save('leak', 'x'.repeat(LONGEST_DRAFT + 1))).toBe(false);
});

test('foreign and older entries are passed over', () => {
  const shelf = shelfOf([
    ['folioscope.draft.one', 'not json'],
    ['folioscope.draft.two', '{"version":2,"tab":"two","scenario":"a","text":"b","saved":1}'],
    ['folioscope.draft.three', '{"version":1,"tab":"three","scenario":"a","text":5,"saved":1}'],
    ['theme', 'dark'],
  ]);
  const keep = createKeep(shelf, 'one', now);
  expect(keep.mine()).toBeNull();
  expect(keep.others()).toBeNull();
});
