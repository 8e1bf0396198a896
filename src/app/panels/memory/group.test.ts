import { expect, test } from 'vitest';
import { createEngine } from '../../../worker/local.ts';
import type { StructureView } from '../../../worker/protocol/structure.ts';
import { bandsOf, dotAt, HEAD, heightOf, placeOf } from './dots.ts';
import { elementsOf, entryAt, likeEntry, pagesIn, runsOf, sharersOf } from './group.ts';

async function viewOf(text: string): Promise<StructureView> {
  const engine = createEngine();
  const { run } = await engine.open({ text, model: 'v6.18', schedule: '', without: [] });
  return engine.debug('structure', run!.steps.length);
}
const SHARED = `process parent
region a anon 40 pages
parent: store a.7 "x"
parent: fork child
`;
const HUGE = `process parent
region a thp 512 pages
region b thp 512 pages
parent: store a.0 "x"
parent: store b.0 "y"
parent: fork child
`;

test('neighbours alike fold into one cell, what differs stays, and no page is lost', async () => {
  const view = await viewOf(SHARED);
  const { entries } = view.spaces[0]!.areas[0]!;
  const runs = runsOf(entries, likeEntry);
  expect(runs.map(({ of, folded }) => [of[0]!.name, of.at(-1)!.name, folded])).toEqual([
    ['a.0', 'a.6', true],
    ['a.7', 'a.7', false],
    ['a.8', 'a.39', true],
  ]);
  expect(pagesIn(runs.flatMap(({ of }) => of))).toBe(40);
});

test('an address is hex or the name of a page; of a block each page', async () => {
  const view = await viewOf(HUGE);
  const name = (text: string): string | undefined => entryAt(view, 'mm:parent', text)?.entry.name;
  const [first] = view.spaces[0]!.areas;
  expect(name(first!.from)).toBe('a.0');
  expect(name(first!.from.slice(2).toUpperCase())).toBe('a.0');
  expect(name(`0x${(Number(first!.from) + 4095).toString(16)}`)).toBe('a.0');
  expect(name('a.300')).toBe('a.1..511');
  expect(name(`0x${(Number(first!.from) + 300 * 4096).toString(16)}`)).toBe('a.1..511');
  expect(name('a.512')).toBeUndefined();
  expect(name('0x1000')).toBeUndefined();
  expect(name('')).toBeUndefined();
});

test('who shares a page', async () => {
  const view = await viewOf(SHARED);
  const { entry } = entryAt(view, 'mm:parent', 'a.7')!;
  expect(sharersOf(view, entry).map(({ space, entry: e }) => `${space.name} ${e.name}`)).toEqual([
    'child a.7',
  ]);
  expect(sharersOf(view, entryAt(view, 'mm:parent', 'a.0')!.entry)).toEqual([]);
});

test('the overview has a dot for every page, also of those that share a slot', async () => {
  const view = await viewOf(HUGE);
  const bands = bandsOf(view);
  expect(bands.map(({ name, dots }) => [name, dots.length])).toEqual([
    ['parent', 1024],
    ['child', 1024],
    ['Physical memory', elementsOf(view) - 2048],
  ]);
  expect(elementsOf(view)).toBeGreaterThan(2000);
  expect(elementsOf(await viewOf(SHARED))).toBeLessThan(2000);
});

test('a click finds the dot that was drawn there', async () => {
  const bands = bandsOf(await viewOf(HUGE));
  for (const width of [300, 711, 1200])
    for (const [band, dot] of [
      [0, 0],
      [0, 700],
      [1, 1023],
      [2, 12],
    ] as const) {
      const top = heightOf(bands.slice(0, band), width) + HEAD;
      const { x, y } = placeOf(dot, width);
      expect(dotAt(bands, width, x + 2, top + y + 2)).toBe(bands[band]!.dots[dot]);
    }
  expect(dotAt(bands, 300, 10, 2)).toBeNull();
  expect(dotAt(bands, 300, 10, 1e6)).toBeNull();
});
