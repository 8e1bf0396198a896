// The commands as scripts use them: what they print, their JSON, and their exit status.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { compareSteps } from '../evidence/canon.ts';
import type { RecordedExperiment } from '../evidence/recording.ts';
import { parseRecording } from '../evidence/recording.ts';
import { planOf } from '../checker/plan-of.ts';
import { invariants, invariantsFor } from '../invariants/index.ts';
import { guards } from '../kernel/guards.ts';
import { kernels, models, proposals } from '../kernel/models/index.ts';
import { entryById, gallery } from '../scenario/gallery/index.ts';
import { decodeLink } from '../scenario/link.ts';
import { webDeflate } from '../worker/deflate.ts';
import { commands } from './commands.ts';
import { say } from './captured.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const experiments = join(root, 'fixtures/recordings/results/experiments.litmus');
const folder = mkdtempSync(join(tmpdir(), 'folioscope-'));
afterAll(() => rmSync(folder, { recursive: true }));
function file(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}

// oxlint-disable-next-line typescript/no-explicit-any -- the shape is what the tests look at
async function json(...words: string[]): Promise<any> {
  const { status, out, err } = await say(...words, '--json');
  expect([status, err]).toEqual([0, '']);
  expect(out).not.toContain('\n');
  return JSON.parse(out);
}

/** Five threads at four pages: far too much for a moment. */
const FIVE_WRITERS = readFileSync(new URL('../../fixtures/five-writers.txt', import.meta.url), 'utf8');

describe('lists', () => {
  test('models, scenarios, invariants and guards have an id and a title', async () => {
    const lists = await Promise.all(['models', 'scenarios', 'invariants', 'guards'].map((c) => json(c)));
    const ids = [models, gallery, invariants, guards].map((list) => list.map((x) => x.id));
    expect(lists.map((list) => list.map((x: { id: string }) => x.id))).toEqual(ids);
    for (const x of lists.flat())
      expect(x).toEqual(
        expect.objectContaining({ id: expect.any(String), title: expect.stringMatching(/\w/) }),
      );
  });

  test('for people, every id is on a line', async () => {
    for (const [command, ids] of [
      ['models', models],
      ['scenarios', gallery],
      ['invariants', invariants],
      ['guards', guards],
    ] as const) {
      const { out, status } = await say(command);
      expect(status).toBe(0);
      for (const { id } of ids) expect(out).toMatch(new RegExp(`^${id.replaceAll('+', '\\+')}\\b`, 'm'));
    }
  });
});

describe('run', () => {
  test('prints a line in the recorder’s format', async () => {
    const line = (await say('run', `${experiments}#hold-rw-fork-parent-write`, '--model', 'v6.18', '--json'))
      .out;
    const {
      experiments: [predicted],
      problems,
    } = parseRecording(line, 'run');
    expect(problems).toEqual([]);
    const recording = parseRecording(
      readFileSync(join(root, 'fixtures/recordings/results/6.18.44.jsonl'), 'utf8'),
      'x',
    );
    const recorded = recording.experiments.find((e) => e.name === predicted!.name)!;
    expect(compareSteps(recorded, predicted as RecordedExperiment, 'frames')).toBe(null);
    const { steps } = JSON.parse(line);
    expect(steps.map((s: { op: string }) => s.op)).toEqual(recorded.steps.map((s) => s.op));
    expect(Object.keys(steps[0].model)).toEqual(['folios', 'ptes', 'tlb', 'locks']);
  });

  test('says what was seen, who holds what, and what is broken', async () => {
    const { status, out } = await say('run', 'vmsplice-leak', '--model', 'v5.7');
    expect(status).toBe(0);
    expect(out).toMatch(/child prd p +sees secret/);
    expect(out).toMatch(/f0 +secret +refcount 1 +mapcount 1/);
    expect(out).toMatch(/After step \d+, private-writes-stay-private is broken/);
  });

  test('follows a schedule, and says what of it cannot be followed', async () => {
    const { status, err } = await say(
      'run',
      'vmsplice-leak',
      '--model',
      'v5.7',
      '--schedule',
      'child@nothing.end',
    );
    expect([status, err]).toEqual([0, 'child has no operation "nothing".']);
    const leak = await say(
      'run',
      'leak-any-order',
      '--model',
      'v5.7',
      '--schedule',
      'child@vmsplice.end,child@munmap.end',
    );
    expect(leak.status).toBe(0);
  });

  test('leaves guards out', async () => {
    const { out } = await say(
      'run',
      'two-writers',
      '--model',
      'v5.9',
      '--without',
      'copy-holds-old-folio, copy-rechecks-pte',
    );
    expect(out).toContain('two-writers on v5.9');
  });
});

describe('check', () => {
  test('one model: verdict, numbers, the shortest schedule', async () => {
    const found = await json('check', 'vmsplice-leak', '--model', 'v5.7');
    expect(found).toMatchObject({
      model: 'v5.7',
      verdict: 'violated',
      invariant: 'private-writes-stay-private',
      preemptions: 0,
    });
    for (const key of ['states', 'edges', 'depth', 'ms', 'bytesPerState'])
      expect(found[key]).toBeGreaterThan(0);
    expect(typeof found.schedule).toBe('string');
    expect(found.expectations).toEqual([expect.objectContaining({ held: true })]);
    const { out } = await say('check', 'vmsplice-leak', '--model', 'v5.7');
    expect(out).toContain('do_wp_page.count');
    expect(out).toContain('One page table maps f0');
  });

  test('outcomes of a check that holds', async () => {
    const found = await json('check', 'vmsplice-leak', '--model', 'v5.9');
    expect(found).toMatchObject({
      verdict: 'holds',
      invariant: null,
      outcomes: [{ seen: { 'child.got': 'old' } }],
    });
  });

  test('all models: an array without the composed ones', async () => {
    const found = await json('check', 'pin-fork-write', '--model', 'all');
    expect(found.map((f: { model: string }) => f.model)).toEqual(kernels.map((m) => m.id));
    const { out } = await say('check', 'pin-fork-write', '--model', 'all');
    expect(out).toMatch(/v5\.7 +violated: \S+ .* as expected/);
  });

  test('all proposals', async () => {
    const found = await json('check', 'owner-leak', '--model', 'proposals');
    expect(found.map((f: { model: string }) => f.model)).toEqual(proposals.map((m) => m.id));
  });

  test('extra steps, which no kernel has', async () => {
    const look = ['check', 'two-looks', '--model', 'v5.19', '--invariant', 'PIN'],
      without = ['--without', 'copy-holds-old-folio'];
    expect(await json(...look, ...without)).toMatchObject({ verdict: 'violated' });
    const more = [...look, ...without, '--with', 'copy-rechecks-exclusive'];
    expect(await json(...more)).toMatchObject({
      verdict: 'holds',
      without: ['copy-holds-old-folio', '+copy-rechecks-exclusive'],
    });
    expect((await say(...look, '--with', 'copy-holds-old-folio')).status).toBe(2);
  });

  test('a schedule that it prints leads to the violation', async () => {
    const { schedule, invariant, depth } = await json('check', 'leak-any-order', '--model', 'v5.7');
    const run = JSON.parse(
      (await say('run', 'leak-any-order', '--model', 'v5.7', '--schedule', schedule, '--json')).out,
    );
    expect(run.violations).toContainEqual(expect.objectContaining({ at: depth, invariant }));
  });

  test('an expectation that fails is status 1', async () => {
    const text = gallery
      .find((e) => e.id === 'vmsplice-leak')!
      .text.replace('expect v4.8..v5.7 breaks private-writes-stay-private', 'expect v5.7 holds');
    const path = file(
      'wrong.txt',
      text.replace('expect v5.8..v7.2 holds', 'expect v5.9 breaks no-use-after-free'),
    );
    const one = await say('check', path, '--model', 'v5.7');
    expect([one.status, one.out]).toEqual([1, expect.stringContaining('NOT AS EXPECTED')]);
    const all = await say('check', path, '--model', 'all');
    expect([all.status, all.out]).toEqual([
      1,
      expect.stringContaining('NOT AS EXPECTED: v5.9 breaks no-use-after-free'),
    ]);
    expect((await say('check', path, '--model', 'v6.18')).status).toBe(0);
  });

  test('one invariant, by any of its names; guards left out; budgets', async () => {
    const one = await json('check', 'vmsplice-leak', '--model', 'v5.7', '--invariant', 'INV-PIN');
    expect(one).toMatchObject({ verdict: 'holds', expectations: [] });
    const asked = await json(
      'check',
      'vmsplice-leak',
      '--model',
      'v5.7',
      '--invariant',
      'never child.got = "secret"',
    );
    expect(asked).toMatchObject({ verdict: 'violated', invariant: 'never child.got = "secret"' });
    const without = await json(
      'check',
      'two-writers',
      '--model',
      'v5.9',
      '--without',
      'copy-rechecks-pte',
      '--full',
    );
    expect(without).toMatchObject({ verdict: 'violated', without: ['copy-rechecks-pte'], expectations: [] });
    const small = await say('check', 'two-writers', '--model', 'v5.9', '--budget', '10', '--json');
    expect(JSON.parse(small.out)).toMatchObject({ verdict: 'incomplete', bound: '10 states', states: 10 });
    expect(small.status).toBe(1);
  });

  test.each([
    ['--budget 10', '10 states'],
    ['--budget-depth 5', 'depth 5'],
    ['--budget-memory 1', '1 MB of memory'],
    ['--budget-time 1', '1 s'],
  ])('%s ends a check as incomplete, and it says where', async (budget, bound) => {
    // Too large for each of them, and nothing is broken in it.
    const big = file('five-writers', FIVE_WRITERS);
    const words = ['check', big, '--model', 'v6.18', '--full', '--json', ...budget.split(' ')];
    const all = JSON.parse((await say(...words)).out) as object;
    expect(all).toMatchObject({ verdict: 'incomplete', bound });
    const few = JSON.parse((await say(...words, '--preemptions', '9')).out) as object;
    expect(few).toMatchObject({ verdict: 'incomplete', bound, within: 9 });
  });
});

describe('compare and why', () => {
  test('compare: the first operation, and the rule on both sides', async () => {
    const found = await json('compare', 'vmsplice-leak', '--model', 'v5.7', '--vs', 'v5.9');
    expect(found).toMatchObject({
      scenario: 'vmsplice-leak',
      model: 'v5.7',
      versus: 'v5.9',
      op: 4,
      left: { asks: 'mapcount 1?' },
    });
    const { out } = await say('compare', 'vmsplice-leak', '--model', 'v5.7', '--vs', 'v5.9');
    expect(out).toMatch(/^> +parent: store a\.0 "secret"/m);
    expect(out).toContain('refcount 1? 2 -> copy');
    expect((await say('compare', 'vmsplice-leak', '--model', 'v5.9', '--vs', 'v5.9')).out).toContain(
      'do the same',
    );
  });

  test('why: by number, by position, all folios', async () => {
    const found = await json(
      'why',
      'vmsplice-leak',
      '--model',
      'v5.7',
      '--at',
      'child@vmsplice.end',
      '--folio',
      'f0',
    );
    expect(found).toMatchObject({ folio: 'f0', refcount: 3, mapcount: 2 });
    const { at } = found;
    expect(
      await json('why', 'vmsplice-leak', '--model', 'v5.7', '--at', String(at), '--folio', 'f0'),
    ).toEqual(found);
    expect(await json('why', 'vmsplice-leak', '--model', 'v5.7', '--at', String(at))).toEqual([found]);
    const { out } = await say('why', 'vmsplice-leak', '--model', 'v5.7', '--at', String(at));
    expect(out).toMatch(/\+1 +pipe p, spliced by child +since step \d+/);
  });
});

describe('export', () => {
  test('links that open again', async () => {
    const { out } = await say('export', 'vmsplice-leak', '--to', 'link', '--model', 'v5.7', '--at', '12');
    const named = await decodeLink(out, webDeflate);
    expect(named).toMatchObject({
      notes: [],
      link: { scenario: { kind: 'named', id: 'vmsplice-leak' }, model: 'v5.7' },
    });
    const inline = await say('export', `${experiments}#anon-write`, '--to', 'link');
    const { link } = await decodeLink(inline.out, webDeflate);
    expect(link.scenario).toMatchObject({ kind: 'inline', text: expect.stringContaining('A map a anon 1') });
  });

  test('JSON, with the run if there is a model', async () => {
    const bare = JSON.parse((await say('export', 'vmsplice-leak', '--to', 'json')).out);
    expect(Object.keys(bare)).toEqual(['name', 'title', 'text', 'plan']);
    const { steps } = JSON.parse(
      (await say('export', 'vmsplice-leak', '--to', 'json', '--model', 'v5.9')).out,
    );
    expect(steps[0]).toMatchObject({ at: 1, thread: 'parent', routine: 'user_store', label: 'access' });
  });
});

describe('evidence', () => {
  // Thousands of experiments, one after the other: on a busy machine that takes its time.
  test('--json: a line for each recording, and nothing that is not modelled', async () => {
    const found = await json('evidence');
    const own = found.find((e: { file: string }) => e.file === 'results/6.18.44.jsonl');
    expect(Object.keys(own)).toEqual([
      'file',
      'kernel',
      'model',
      'covered',
      'valuesConfirmed',
      'framesConfirmed',
      'contradicted',
      'notModelled',
    ]);
    expect(own).toMatchObject({
      kernel: '6.18.44',
      model: 'v6.18',
      covered: own.valuesConfirmed,
      contradicted: [],
    });
    // Every experiment of every recording has a model.
    expect(found.flatMap((e: { notModelled: unknown[] }) => e.notModelled)).toEqual([]);
    expect(found.find((e: { kernel: string }) => e.kernel === '6.1.176')).toMatchObject({
      model: 'v6.1',
      contradicted: [],
    });
  }, 120_000);

  test('one experiment; more recordings; a contradiction is status 1', async () => {
    const one = await json('evidence', 'hold-ro-zero');
    expect(one.find((e: { kernel: string }) => e.kernel === '6.18.44')).toMatchObject({
      covered: 1,
      framesConfirmed: 1,
    });
    const { out } = await say(
      'run',
      `${experiments}#vmsplice-child-unmap-parent-write`,
      '--model',
      'v5.7',
      '--json',
    );
    file('6.18.99.jsonl', `${out}\nnot json\n`);
    const more = await say('evidence', 'vmsplice-child-unmap-parent-write', '--from', folder);
    expect([more.status, more.err]).toEqual([1, expect.stringMatching(/^6\.18\.99\.jsonl:2: /)]);
    expect(more.out).toContain(
      '6.18.99.jsonl, vmsplice-child-unmap-parent-write: v6.18 is contradicted at values by - prd 0',
    );
  });
});

test('matrix: every model and invariant', async () => {
  const rows = await json('matrix', 'vmsplice-leak');
  const plan = planOf(entryById('vmsplice-leak')!.text),
    asked = invariantsFor(plan).length + plan.questions.length;
  expect(rows.length).toBe(kernels.length * asked);
  expect(rows[0]).toMatchObject({
    scenario: 'vmsplice-leak',
    model: 'v4.8',
    invariant: 'private-writes-stay-private',
    verdict: 'violated',
  });
  expect(rows[0].link).toMatch(/^#\/s\/vmsplice-leak\?model=v4\.8&at=\d+$/);
  const { out } = await say('matrix', 'vmsplice-leak');
  expect(out).toMatch(/^private-writes-stay-private +(?:BROKEN +)+\. /m);
  expect(out).toMatch(/^never child\.got = "secret" +BROKEN/m);
  // What was not decided is no success.
  expect((await say('matrix', 'leak-any-order', '--budget', '50')).status).toBe(1);
});

test('ablate: what the reference of the copy is for', async () => {
  const rows = await json('ablate', 'two-looks', '--model', 'v6.18');
  const found = rows.find((r: { guard: string }) => r.guard === 'copy-holds-old-folio');
  expect(found).toMatchObject({ scenario: 'two-looks', model: 'v6.18', verdict: 'breaks' });
  expect(found.link).toMatch(/^#\/s\/two-looks\?.*without=copy-holds-old-folio$/);
  expect(found.steps).toBeGreaterThan(0);
  const { out, status } = await say('ablate', 'two-looks', '--model', 'v6.18');
  expect(status).toBe(0);
  expect(out).toMatch(/^copy-holds-old-folio \(do_wp_page\)$/m);
  expect(out).toMatch(/^Nothing breaks here without: .*uffd-wp-flushes/m);
}, 60_000);

test('check says where the race is, what can be observed, and how to open both', async () => {
  const found = await json('check', 'leak-any-order', '--model', 'v5.7');
  expect(found.window).toMatchObject({
    swaps: [
      {
        first: { thread: 'child', at: 'child@munmap.zap_pte_range.clear' },
        second: { thread: 'parent', at: 'parent@store~2.do_wp_page.count' },
      },
    ],
    complete: true,
  });
  expect(found.link).toMatch(/^#\/s\/leak-any-order\?model=v5\.7&/);
  expect(found.outcomes.map((o: { seen: object }) => o.seen)).toEqual(
    expect.arrayContaining([{ 'child.got': 'secret' }, { 'child.got': 'old' }]),
  );
  for (const o of found.outcomes)
    expect([o.states > 0, o.steps > 0, typeof o.schedule]).toEqual([true, true, 'string']);
  expect(found.questions).toEqual([
    { says: 'never child.got = "secret"', line: 20, ending: expect.any(Number), holds: false },
  ]);
  const { out } = await say('check', 'leak-any-order', '--model', 'v5.7');
  expect(out).toMatch(/^Race window, steps \d+ to \d+\./m);
  expect(out).toMatch(/^Link: #\/s\/leak-any-order/m);
  expect(out).toMatch(/child\.got = "secret" +1 end state +never/);
});

test('check --preemptions: only runs with few switches', async () => {
  const none = await json('check', 'any-two', '--model', 'v5.7', '--preemptions', '0'),
    one = await json('check', 'any-two', '--model', 'v5.7', '--preemptions', '1');
  expect([none.verdict, none.within, one.verdict, one.preemptions]).toEqual(['holds', 0, 'violated', 1]);
  const { out } = await say('check', 'any-two', '--model', 'v5.7', '--preemptions', '0');
  expect(out).toMatch(/holds within 0 preemptions/);
  expect((await say('check', 'any-two', '--model', 'v5.7', '--preemptions', 'x')).status).toBe(2);
});

test('every command explains itself', async () => {
  const all = await say('--help');
  expect(all.status).toBe(0);
  for (const { name, options } of commands) {
    expect(all.out).toMatch(new RegExp(`^  ${name}\\b`, 'm'));
    const own = await say(name, '--help');
    expect(own.status).toBe(0);
    for (const option of [...Object.keys(options), 'json', 'help']) expect(own.out).toContain(`--${option}`);
  }
});

test('the program itself, from another folder', () => {
  const program = join(root, 'bin/folioscope.mjs');
  const started = (...words: string[]) =>
    spawnSync(process.execPath, [program, ...words], { cwd: folder, encoding: 'utf8' });
  const found = started('check', 'vmsplice-leak', '--model', 'v5.9', '--json');
  expect([found.status, JSON.parse(found.stdout).verdict]).toEqual([0, 'holds']);
  const wrong = started('check', 'vmsplice-leak', '--model', 'v0');
  expect([wrong.status, wrong.stdout, wrong.stderr]).toEqual([
    2,
    '',
    expect.stringContaining('no model is called "v0"'),
  ]);
}, 60_000);
