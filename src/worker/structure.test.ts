// Memory by its addresses, from real runs, as the engine answers it.
import { describe, expect, test } from 'vitest';
import { gallery } from '../scenario/gallery/index.ts';
import { createEngine } from './local.ts';
import type { EntryView, StructureView } from './protocol/structure.ts';

async function viewOf(text: string, model: string, at = Infinity): Promise<StructureView> {
  const engine = createEngine();
  const { run } = await engine.open({ text, model, schedule: '', without: [] });
  return engine.debug('structure', Math.min(at, run!.steps.length));
}
const galleryText = (id: string): string => gallery.find((one) => one.id === id)!.text;
const entriesOf = ({ spaces }: StructureView): EntryView[] =>
  spaces.flatMap(({ areas }) => areas.flatMap(({ entries }) => entries));

const FORKED = `process parent
region a anon 4 pages
parent: store a.0 "one"
parent: mprotect a.2 ro
parent: fork child
parent: store a.0 "two"
`;

test('indices make the address, and entries lie where their VMA does', async () => {
  for (const { text } of gallery.slice(0, 12)) {
    const view = await viewOf(text, 'v6.18');
    for (const { areas } of view.spaces)
      for (const { from, to, entries, pages } of areas) {
        expect(Number(to) - Number(from)).toBe(pages * 4096);
        for (const { index, address } of entries) {
          const made = index.reduce((sum, n, level) => sum + n * 2 ** (39 - 9 * level), 0);
          expect(made).toBe(Number(address));
          expect(made).toBeGreaterThanOrEqual(Number(from));
          expect(made).toBeLessThan(Number(to));
        }
      }
  }
});

test('what an entry leads to is in use, and mapped as often as entries lead there', async () => {
  for (const id of ['vmsplice-leak', 'pin-fork-write', 'mprotect-under-pin', 'two-writers']) {
    const view = await viewOf(galleryText(id), 'v6.18');
    for (const page of view.physical.filter(({ kind }) => kind === 'page')) {
      const leading = entriesOf(view).filter((e) => e.state === 'page' && e.leads === page.pfn);
      expect([id, page.name, leading.length]).toEqual([id, page.name, page.mapcount]);
      expect(page.refcount).toBeGreaterThanOrEqual(page.mapcount);
    }
    const present = entriesOf(view).filter(({ state }) => state === 'page');
    for (const { leads } of present) expect(view.physical[leads]!.kind).not.toBe('free');
  }
});

test('lines of the map are VMAs: parted where permissions differ', async () => {
  const { spaces } = await viewOf(FORKED, 'v6.18');
  for (const { areas } of spaces)
    expect(areas.map(({ name, may, pages }) => [name, may, pages])).toEqual([
      ['a', 'rw-p', 2],
      ['a.2', 'r--p', 1],
      ['a.3', 'rw-p', 1],
    ]);
});

test('an entry has the bits of x86-64, and the number of its page', async () => {
  const view = await viewOf(FORKED, 'v5.7');
  const [mine, theirs] = entriesOf(view).filter(({ name }) => name === 'a.0');
  const bits = ({ value }: EntryView): bigint => BigInt(value) & 0xfffn;
  expect(mine!.writable).toBe(true);
  // Present, writable, user, accessed, dirty.
  expect(bits(mine!)).toBe(0b1100111n);
  expect(theirs!.writable).toBe(false);
  expect(bits(theirs!) & 0b11n).toBe(1n);
  for (const one of [mine!, theirs!]) {
    expect((BigInt(one.value) >> 12n) & 0xfffffn).toBe(BigInt(one.leads));
    expect(BigInt(one.value) >> 63n).toBe(1n);
  }
  expect(mine!.leads).not.toBe(theirs!.leads);
});

describe('huge pages', () => {
  test('a PMD entry maps a huge page: one entry for all 512, with the bit for its size', async () => {
    const text = 'process p\nregion a thp 512 pages\np: store a.0 "x"\n';
    const view = await viewOf(text, 'v6.18');
    const [area] = view.spaces[0]!.areas;
    expect(area).toMatchObject({ pmd: 'huge', pages: 512 });
    expect(area!.entries.reduce((n, { pages }) => n + pages, 0)).toBe(512);
    for (const { huge, value } of area!.entries) {
      expect(huge).toBe(true);
      expect((BigInt(value) >> 7n) & 1n).toBe(1n);
    }
    const large = view.physical.filter(({ kind }) => kind === 'large');
    expect(large.reduce((n, { pages }) => n + pages, 0)).toBe(512);
    expect(new Set(large.map(({ head }) => head)).size).toBe(1);
  });

  test('pages of the pool are counted', async () => {
    const view = await viewOf(galleryText('huge-page-leak'), 'v6.18');
    expect(view.pool).not.toBeNull();
    expect(view.physical.some(({ kind }) => kind === 'huge')).toBe(true);
    expect((await viewOf(FORKED, 'v6.18')).pool).toBeNull();
  });
});

test('what was swapped out leads to a slot, and the swap cache says so', async () => {
  const text = galleryText('swap-leak');
  const engine = createEngine();
  const { run } = await engine.open({ text, model: 'v5.7', schedule: '', without: [] });
  let out = 0,
    cached = 0;
  for (let at = 0; at <= run!.steps.length; at += 1) {
    const view = await engine.debug('structure', at);
    for (const { state, leads, value } of entriesOf(view)) {
      if (state !== 'swapped') continue;
      out += 1;
      expect(view.physical[leads]!.kind).toBe('slot');
      expect(view.physical[leads]!.refcount).toBeGreaterThan(0);
      expect(value).toBe('');
    }
    cached += view.physical.filter(({ also }) => also.some((one) => one.startsWith('swap cache'))).length;
  }
  expect(out).toBeGreaterThan(0);
  expect(cached).toBeGreaterThan(0);
});

test('fork shows the entries of a child that is not born yet', async () => {
  const engine = createEngine();
  const { run } = await engine.open({ text: FORKED, model: 'v6.18', schedule: '', without: [] });
  const unborn: number[] = [];
  for (let at = 0; at <= run!.steps.length; at += 1) {
    const { spaces } = await engine.debug('structure', at);
    const child = spaces.find(({ name }) => name === 'child')!;
    if (child.state === 'unborn' && child.areas.length > 0) unborn.push(at);
  }
  expect(unborn.length).toBeGreaterThan(0);
});

test('moves of the map are opened as a run, at the state they lead to', async () => {
  const engine = createEngine();
  const text = galleryText('leak-any-order');
  await engine.open({ text, model: 'v5.7', schedule: '', without: [] });
  const map = await engine.map(
    { text, model: 'v5.7', schedule: '', without: [] },
    () => undefined,
    new AbortController().signal,
  );
  const leaks = map.nodes.findIndex(({ breaks }) => breaks.length > 0);
  const moves: number[] = [];
  for (let at = map.nodes[leaks]!; at.up >= 0; at = map.nodes[at.up]!) moves.unshift(...at.moves);
  const { run } = await engine.debug('follow', moves);
  expect(run!.violations[0]!.at).toBe(moves.length);
  expect(map.nodes[leaks]!.breaks).toContain(run!.violations[0]!.invariant);
});
