// The page-table walk, the owner mark and threads without memory, as the picture gets them from real runs.
import { expect, test } from 'vitest';
import { planOf } from '../checker/plan-of.ts';
import { actorName } from '../debugger/words.ts';
import { finish, newRun, type Run } from '../debugger/run.ts';
import { boot } from '../kernel/machine.ts';
import { modelById } from '../kernel/models/index.ts';
import { walkAt } from '../kernel/view.ts';
import { entryById } from '../scenario/gallery/index.ts';
import { buildScene } from './build.ts';
import { factsOf } from './facts.ts';
import type { Scene, Walk } from './scene.ts';

function runOf(text: string, model: string): Run {
  const run = newRun(boot(planOf(text), modelById(model)!));
  finish(run);
  return run;
}

const scenes = (run: Run): Scene[] => {
  const facts = factsOf(run);
  return [...Array(run.steps.length + 1).keys()].map((at) => buildScene(run, facts, at, []));
};

const TWO = (tables: string): string => `process parent
region a anon 2 pages
region b anon 1 page
${tables}
parent: store a.0 "old"
parent: store b.0 "old"
parent: fork child
`;

/** The address that the indices of a walk make. */
const addressOf = ({ levels }: Walk): number =>
  levels
    .filter(({ level }) => level !== '')
    .reduce((sum, { bits, index }) => {
      const shift = Number(bits.split('–')[1]);
      return sum + Number(index.split('–')[0]) * 2 ** shift;
    }, 0);

test('where a PMD entry maps a huge page, the walk ends there, and no table of PTEs has a lock', () => {
  const all = scenes(runOf(entryById('thp-gap')!.text, 'v5.12'));
  const mine = all.map(({ tables }) => tables[0]!.walks[0]!).filter(Boolean);
  const leads = ({ levels }: Walk): string => levels.find(({ level }) => level === 'pmd')!.leads;
  expect(mine.map(leads)).toContain('huge page');
  expect(leads(mine[0]!)).toBe('empty');
  for (const walk of mine.filter((one) => leads(one) === 'huge page'))
    expect(walk.says).toBe('A huge page, so no PTL.');
});

test('one table of PTEs for all regions, and its indices make its address', () => {
  const run = runOf(TWO(''), 'v6.12');
  const last = scenes(run).at(-1)!;
  for (const table of last.tables) {
    expect(table.walks.map(({ covers }) => covers)).toEqual(['a, b']);
    const [walk] = table.walks;
    expect(addressOf(walk!)).toBe(Number(walk!.address));
    expect(Number(walk!.address)).toBe(walkAt(0, 0).address);
    expect(walk!.levels.map(({ bits }) => bits)).toEqual(['47–39', '38–30', '29–21', '20–12', '11–0']);
    expect(walk!.levels[3]!.index).toMatch(/^(\d+)–(\d+)$/);
  }
});

test('with tables apart each region has its own table and its own lock', () => {
  const run = runOf(TWO('tables apart'), 'v6.12');
  const all = scenes(run);
  expect(factsOf(run).extent.processes.map(({ walks }) => walks)).toEqual([2, 2]);
  const walks = all.at(-1)!.tables[0]!.walks;
  expect(walks.map(({ covers }) => covers)).toEqual(['a', 'b']);
  expect(walks.map(addressOf)).toEqual(walks.map(({ address }) => Number(address)));
  const pmd = walks.map(({ levels }) => levels[2]!.index);
  expect(pmd[0]).not.toBe(pmd[1]);
  // The first store locks the table of a, and only that.
  const held = all.flatMap(({ tables }) => tables[0]!.walks.filter((one) => one.held));
  expect(new Set(held.map(({ covers }) => covers))).toEqual(new Set(['a', 'b']));
  const first = all.find(({ tables }) => tables[0]!.walks.some((one) => one.held))!;
  expect(first.tables[0]!.walks.map((one) => one.held)).toEqual([true, false]);
  expect(first.tables[0]!.walks.map(({ lock }) => lock?.label)).toEqual(['PTL of a', undefined]);
  expect(first.tables[0]!.walks[0]!.says).toBe('PTL held by parent, CPU 0.');
});

const PINNED = `process parent
region a anon 1 page
parent: store a.0 "old"
parent: pin a.0 write as dma
parent: fork child
parallel
  child: load a.0 -> seen
  -: release dma "new"
end
`;

test('gup_owner is on the card of the kernels that have it, from the step that sets it', () => {
  const all = scenes(runOf(PINNED, 'gup-owner-min'));
  expect(all[0]!.legend).toContain('owner');
  const owners = all.map(({ folios }) => folios[0]!.owner?.name);
  expect(owners[0]).toBe('');
  const marked = all.find(({ folios }) => folios[0]!.changed.includes('owner'))!;
  expect(marked.folios[0]!.owner).toEqual({ name: 'parent', who: 0 });
  const other = scenes(runOf(PINNED, 'v5.11'));
  expect(other.some(({ folios }) => folios.some(({ owner }) => owner !== null))).toBe(false);
  expect(other[0]!.legend).not.toContain('owner');
});

test('a thread without memory is called after what it does', () => {
  const { plan } = runOf(PINNED, 'v5.11').machine;
  const outside = plan.threads.findIndex(({ process }) => process < 0);
  expect(actorName(plan, outside)).toBe('device');
  expect(actorName(plan, 0)).toBe('parent');
  const piped = planOf(`process parent
region a anon 1 page
parent: store a.0 "old"
parent: vmsplice a.0 -> p
-: read p -> got
`);
  expect(
    actorName(
      piped,
      piped.threads.findIndex(({ process }) => process < 0),
    ),
  ).toBe('observer');
});

test('while a device works on a hold, the card of the hold says so', () => {
  const run = runOf(PINNED, 'v5.11');
  const device = run.steps.find(({ thread }) => run.machine.plan.threads[thread]!.process < 0)!;
  const all = scenes(run);
  const said = all.slice(1).filter(({ holders }) => holders.some(({ note }) => note.startsWith('device: ')));
  const before = all[device.at - 1]!;
  expect(before.holders[0]!.note).not.toMatch(/^device/);
  expect(said.length).toBeGreaterThan(0);
  for (const { at } of said) expect(run.machine.plan.threads[run.steps[at - 1]!.thread]!.process).toBe(-1);
});

test('an entry that waits for a page to move points to it, dotted, and grants nothing', () => {
  const run = runOf(entryById('migration-under-io')!.text, 'v6.12');
  const away = scenes(run).filter(({ edges }) => edges.some(({ kind }) => kind === 'away'));
  expect(away.length).toBeGreaterThan(0);
  for (const { edges, tables, processes, legend } of away) {
    const edge = edges.find(({ kind }) => kind === 'away')!;
    expect(edge.to).toMatch(/^folio:/);
    const row = tables.flatMap(({ rows }) => rows).find(({ id }) => id === edge.from)!;
    expect(row.words).toMatch(/^moving → f\d/);
    expect(row.bits.find(({ letter }) => letter === 'P')?.on).toBe(false);
    expect(legend).toContain('away');
    expect(processes[0]!.views[0]!.word).toBe('nothing yet, it waits for the move');
  }
});

test('a card says that its page is of a file, or merged', () => {
  const kinds = (id: string) =>
    new Set(scenes(runOf(entryById(id)!.text, 'v6.12')).flatMap(({ folios }) => folios.map((f) => f.kind)));
  expect(kinds('merged-page-written')).toContain('merged by KSM');
  expect(kinds('file-pages-at-fork')).toContain('file, used.1');
  expect(kinds('huge-page-leak')).toContain('huge page');
  const first = scenes(runOf(entryById('huge-page-leak')!.text, 'v7.2'))[0]!;
  expect(first.processes[0]!.vmas.map((v) => v.what)).toEqual(['huge rw']);
});
