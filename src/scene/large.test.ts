import { expect, test } from 'vitest';
import { runAll } from '../debugger/run.ts';
import { seekPosition } from '../debugger/schedule.ts';
import { boot } from '../kernel/machine.ts';
import { apartIds, modelById, modelIds } from '../kernel/models/index.ts';
import { compileText } from '../scenario/compile.ts';
import { buildScene } from './build.ts';
import { factsOf } from './facts.ts';
import { layout } from './layout.ts';

const TEXT = `process parent
region a thp 512 pages
parent: store a.0 "old"
parent: mprotect a.0 ro
parent: load a.0 -> seen`;
const { plan } = compileText(TEXT, { models: modelIds, apart: apartIds });
const run = runAll(boot(plan!, modelById('v5.9')!));
const facts = factsOf(run);
const sceneAt = (position: string) => buildScene(run, facts, seekPosition(run, position).at, []);

test('a huge page is one card with the named page and a block for the rest, under one PMD token', () => {
  const scene = sceneAt('parent@store.end');
  const live = scene.folios.filter(({ state }) => state === 'live');
  expect(live.map(({ kind, mapcount, refcount }) => [kind, mapcount, refcount])).toEqual([
    ['huge page, 512 pages', 1, 1],
  ]);
  expect(live[0]!.pages.map(({ name, weight, bytes }) => [name, weight, bytes?.text])).toEqual([
    ['a.0', 1, 'old'],
    ['a.1..511', 511, '0'],
  ]);
  expect(live[0]!.pages.every(({ mappers }) => mappers.map(({ name }) => name).join() === 'parent')).toBe(
    true,
  );
  expect(live[0]!.mapped.map(({ label }) => label)).toEqual(['parent PMD']);
  expect(scene.edges.filter(({ kind }) => kind === 'writable').map(({ from }) => from)).toEqual([
    'pte:parent:a.0',
  ]);
});

test('split into entries, each entry has its token, with the references that it stands for', () => {
  const scene = sceneAt('parent@mprotect.end');
  const [folio] = scene.folios.filter(({ state }) => state === 'live');
  expect(folio).toMatchObject({ kind: 'large folio, 512 pages', mapcount: 512, refcount: 512 });
  expect(folio!.mapped.map(({ label }) => label)).toEqual(['parent a.0', 'parent a.1..511 × 511']);
  expect(scene.tables[0]!.rows.map(({ words }) => words)).toEqual(['read-only → f0', 'writable → f0']);
});

test('the pages stand in their card, above the tokens, in every form that is not a line', () => {
  const scene = sceneAt('parent@mprotect.end');
  for (const [shape, width] of [
    ['wide', 1036],
    ['folded', 760],
    ['phone', 390],
  ] as const) {
    const { boxes, plan: places } = layout(scene, facts.extent, { width, height: 0, shape });
    const card = boxes.get('open:folio:f0') ?? boxes.get('folio:f0')!;
    const [named, rest] = ['page:f0', 'page:f1'].map((id) => boxes.get(id)!);
    expect(named!.x).toBeGreaterThanOrEqual(card.x);
    expect(named!.x + named!.w).toBeLessThan(rest!.x);
    expect(rest!.x + rest!.w).toBeLessThanOrEqual(card.x + card.w);
    expect(rest!.w).toBeGreaterThan(named!.w);
    const token = boxes.get('token:folio:f0:pte:parent:a.0')!;
    expect(named!.y + named!.h).toBeLessThanOrEqual(token.y);
    expect(places.height).toBeGreaterThanOrEqual(card.y + card.h);
  }
});
