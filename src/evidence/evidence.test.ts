// The models against what real kernels did, file by file; and predictions where recordings are silent.
import { readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { modelById } from '../kernel/models/index.ts';
import { fuzz, fuzzWords } from './fuzz.ts';
import type { RunOnKernel } from './fuzz.ts';
import { judge, judgeRecording, readScript } from './judge.ts';
import { modelForStem } from './kernels.ts';
import { predict } from './predict.ts';
import type { Prediction } from './predict.ts';
import { parseRecording } from './recording.ts';
import type { RecordedExperiment } from './recording.ts';

const folder = fileURLToPath(new URL('../../fixtures/recordings', import.meta.url));
const files = ['results', 'random'].flatMap((sub) =>
  readdirSync(join(folder, sub))
    .filter((n) => n.endsWith('.jsonl'))
    .map((n) => `${sub}/${n}`),
);
const idOf = (file: string): string | null => modelForStem(basename(file, '.jsonl'));
const judgeFile = (file: string, each?: Parameters<typeof judgeRecording>[4]) => {
  const stem = basename(file, '.jsonl'),
    id = idOf(file);
  const recording = parseRecording(readFileSync(join(folder, file), 'utf8'), file);
  expect(recording.problems).toEqual([]);
  return judgeRecording(recording, stem, id, id === null ? undefined : modelById(id), each);
};
const modelled = files.filter((f) => modelById(idOf(f) ?? '') !== undefined);

const predictText = (text: string, id = 'v6.18'): Prediction => {
  const script = readScript(text);
  if (script.plan === null) throw new Error(script.why);
  return predict(script.plan, modelById(id)!, { name: 'x', nodrains: script.nodrains });
};
const last = (text: string, id?: string) => predictText(text, id).steps.at(-1)!;

describe('recordings', () => {
  test('there are those that the models answer for', () => {
    const stems = modelled.map((f) => f.replace('.jsonl', ''));
    expect(stems).toEqual(
      expect.arrayContaining([
        'results/5.10.223',
        'results/5.10.262-pagecount',
        'results/5.10.262-mapcount',
        'results/5.10.262-gupbreak',
        'results/6.1.176',
        'results/6.12.117',
        'results/6.16.12',
        'results/6.18.15',
        'results/6.18.44',
        'results/7.2.13',
        'results/7.2.13-guptest',
        'results/7.3-rc7',
        'random/5.10.262-pagecount',
        'random/5.10.262-mapcount',
        'random/5.10.262-gupbreak',
        'random/6.1.176',
        'random/6.12.117',
        'random/6.18.15',
        'random/6.18.44',
        'random/7.2.13-guptest',
      ]),
    );
  });

  test.each(modelled)('%s: values, frames, and mapping counts', (file) => {
    const e = judgeFile(file, (experiment, judged) => {
      if (!judged.covered) return;
      const counts = (x: RecordedExperiment) => x.steps.map((s) => mapcounts(s.procs));
      expect([judged.name, counts(judged.prediction)]).toEqual([judged.name, counts(experiment)]);
    });
    console.log(
      `${file}, ${e.model}: ${e.covered} covered, ${e.valuesConfirmed} values, ${e.framesConfirmed} frames`,
    );
    expect(e.covered).toBeGreaterThanOrEqual(file.startsWith('results') ? 80 : 240);
    expect(e.contradicted.filter((c) => c.level === 'values')).toEqual([]);
    expect(e.valuesConfirmed).toBe(e.covered);
    expect(e.framesConfirmed / e.covered).toBeGreaterThanOrEqual(0.98);
    // Nothing is left out: every experiment has a model.
    expect(e.notModelled).toEqual([]);
  });

  test.each(files.filter((f) => !modelled.includes(f)))('%s has no model yet', (file) => {
    const e = judgeFile(file);
    expect([e.model, e.covered, e.contradicted]).toEqual([null, 0, []]);
    expect(e.notModelled.length).toBeGreaterThan(100);
  });
});
const mapcounts = (procs: RecordedExperiment['steps'][number]['procs']) =>
  Object.entries(procs).map(([actor, pages]) => [
    actor,
    Object.entries(pages).map(([name, { mc, x }]) => [name, mc, x]),
  ]);

describe('a judgement', () => {
  const recorded = (text: string, id: string): RecordedExperiment => ({
    ...predictText(text, id),
    kernel: '1.2.3',
  });
  const leak = 'A map a anon 1; A st a.0 11; A fork B; B vms a.0 0; B unmap a; A st a.0 99; - prd 0';

  test('names the first difference at each level', () => {
    const judged = judge(recorded(leak, 'v5.10-lts+mapcount'), modelById('v6.18')!);
    expect(judged).toMatchObject({
      covered: true,
      values: { op: '- prd 0', recorded: '99 [Aa0=99]', predicted: '11 [Aa0=99]' },
      frames: { op: 'A st a.0 99' },
    });
  });

  test('a file: what was skipped is not counted, what is not modelled says why', () => {
    const experiments = [
      { ...recorded(leak, 'v6.18'), name: 'same' },
      { ...recorded(leak, 'v5.7'), name: 'other' },
      { ...recorded(leak, 'v5.7'), name: 'skipped', skip: 'no root' },
      { kernel: '1.2.3', name: 'huge', steps: [{ op: 'A map a shthp', ret: 0, procs: {} }] },
    ];
    const e = judgeRecording(
      { file: 'f', env: null, experiments, problems: [] },
      '6.18.1',
      'v6.18',
      modelById('v6.18'),
    );
    expect(e).toMatchObject({ covered: 2, valuesConfirmed: 1, framesConfirmed: 1 });
    expect(e.contradicted).toEqual([
      expect.objectContaining({ name: 'other', level: 'values', op: '- prd 0' }),
    ]);
    expect(e.notModelled).toEqual([{ name: 'huge', why: 'not modelled yet: memory of kind shthp' }]);
  });
});

describe('a prediction', () => {
  test('is in the recorder’s words', () => {
    const text =
      'A nodrain; A map a shanon 2 ro; A map b anon 1; A hro b.0; - hrel 00; A adv b dontneed; ' +
      'A vms b.0 0; - prd 0';
    expect(predictText(text).steps.map((s) => s.op)).toEqual(text.split('; '));
    const { kernel, name } = predictText(text);
    expect([kernel, name]).toEqual(['v6.18', 'x']);
  });

  test('lists a region until it is unmapped as a whole, for heirs too', () => {
    expect(last('A map a anon 2; A st a.0 11; A fork B; A unmap a.0; B unmap a').procs).toEqual({
      A: { a0: { none: 1 }, a1: { none: 1 } },
      B: {},
    });
    expect(last('A map a anon 1; A fork B; A exit').procs).toEqual({ B: { a0: { none: 1 } } });
  });

  test('of a page that may not be read, and of what fails', () => {
    const { steps } = predictText(
      'A map a anon 1; A st a.0 11; A prot a none; A ld a.0; A vms a.0 0; A hrw a.0; - prd 0',
    );
    expect(steps.map(({ ret, err, val }) => [ret, err, val])).toEqual([
      [0, undefined, undefined],
      [0, undefined, undefined],
      [0, undefined, undefined],
      [-1, 'SIGSEGV', undefined],
      [-1, 'EFAULT', undefined],
      [-1, 'EFAULT', undefined],
      [-1, undefined, undefined],
    ]);
    expect(steps[3]?.procs).toEqual({ A: { a0: { f: 'f0', v: '!', x: 1, mc: 1, fl: 'anon ' } } });
  });

  test('of madvise and mprotect over a hole', () => {
    expect(last('A map a anon 2; A unmap a.1; A adv a dontneed')).toMatchObject({ ret: -1, err: 'ENOMEM' });
    expect(last('A map a anon 2; A unmap a.1; A prot a rw')).toMatchObject({ ret: -1, err: 'ENOMEM' });
  });

  test('names the zero page with a z, and ends a name that nobody shows', () => {
    const { steps } = predictText('A map a anon 1; A ld a.0; A st a.0 11; A adv a dontneed; A ld a.0');
    expect(steps.map((s) => s.procs['A']?.['a0']?.f)).toEqual([undefined, 'z0', 'f1', undefined, 'z2']);
  });

  test('of VMAs that fork leaves apart: a load maps no neighbour beyond its own (as 6.18.44 did)', () => {
    const there = (text: string): string[] =>
      Object.entries(last(text).procs).flatMap(([who, pages]) =>
        Object.entries(pages).flatMap(([page, { none }]) => (none === undefined ? [`${who}${page}`] : [])),
      );
    const locked = 'A map a memfd 2; A mlock a.1; A fork B';
    expect(there(`${locked}; B hro a.1; - hrel 00`)).toEqual(['Aa1', 'Ba1']);
    expect(there(`${locked}; B adv a dofork; B ld a.1`)).toEqual(['Aa1', 'Ba1']);
    // Changed both, or moved: they are one.
    expect(there(`${locked}; B prot a ro; B prot a rw; B ld a.1`)).toEqual(['Aa1', 'Ba0', 'Ba1']);
    expect(there(`${locked}; B mremap a; B ld a.1`)).toEqual(['Aa1', 'Ba0', 'Ba1']);
    expect(there('A map a shanon 2; A st a.1 10; A mlock a.0; A fork B; B ld a.0')).toEqual([
      'Aa0',
      'Aa1',
      'Ba0',
    ]);
    expect(there('A map a pfile 2; A mlock a.1; A fork B; B adv a dontneed; B ld a.0')).toEqual([
      'Aa1',
      'Ba0',
    ]);
  });

  test('of a page that was used before: used again it has a reference in a batch (6.18.44)', () => {
    const once = 'A map a anon 1; A st a.0 10; A fork B; B st a.0 12; A ptpoke a.0 14';
    const first = (words: string): string => once.replace('A fork', `${words}; A fork`);
    const frame = (text: string) => last(text).procs['A']?.['a0']?.f;
    expect(frame(once)).toBe('f0');
    for (const use of ['A hro a.0; - hrel 00', 'A poke a.0 11', 'A vms a.0 0; - prd 0', 'A adv a popread'])
      expect([use, frame(first(use))]).toEqual([use, 'f2']);
    // Used twice it is on the active list already; not used lately; on no list.
    for (const use of ['A pvr a.0; A pvr a.0', 'A pvr a.0; A adv a cold', 'A pvr a.0; A mlock a'])
      expect([use, frame(first(use))]).toEqual([use, 'f0']);
  });

  test('of registrations of a whole region, and of what cannot be had (as 6.18.44 did)', () => {
    const whole = 'A map a anon 2; A st a.0 11; A ureg a; A fork B; A st a.0 12; A urd a.1 44; A ld a.1';
    expect(last(whole)).toMatchObject({ val: '44', procs: { B: { a1: { v: '00' } } } });
    const part = 'A map a anon 2; A st a.0 11; A prot a.1 ro; A ureg a';
    expect(last(part)).toMatchObject({ ret: -1, err: 'EFAULT' });
    expect(last(`${part}; A ureg a.0; A uwr a.0`)).toMatchObject({ ret: 0, val: '11' });
    expect(last(`${part}; A ureg a.0; A uunreg`)).toMatchObject({ ret: 0 });
    expect(last('A map a anon 2; A gro a; A gread')).toMatchObject({ ret: 0, val: '00' });
  });

  test('tells faults, and what no kernel shows if it is asked', () => {
    const script = readScript('A map a anon 1; A st a.0 11; A st a.0 12');
    if (script.plan === null) throw new Error(script.why);
    const { steps } = predict(script.plan, modelById('v6.18')!, { inside: true });
    expect(steps.map((s) => s.flt)).toEqual([undefined, [1, 0], undefined]);
    expect(steps[2]?.model).toEqual({
      folios: [
        {
          folio: 'f0',
          f: 'f0',
          refcount: 1,
          pins: 0,
          mapcount: 1,
          exclusive: true,
          bytes: '12',
          holders: ["A's entry of a.0"],
        },
      ],
      ptes: { A: { 'a.0': 'P W D A f0' } },
      tlb: { A: { 'a.0': 'P W D f0' } },
      locks: [],
    });
  });

  test('of strings, of regions that are there from the start, and of what never ends', () => {
    const script = readScript(
      'process p\nregion heap anon 1 page ro\np: store heap.0 "old"\np: load heap.0\n' +
        'p: mprotect heap none\np: vmsplice heap.0 -> q\np: read q\n',
    );
    if (script.plan === null) throw new Error(script.why);
    const { steps, unfinished } = predict(script.plan, modelById('v5.7')!);
    expect(steps.map((s) => [s.op, s.err, s.procs['p']?.['heap.0']?.f])).toEqual([
      ['p st heap.0 "old"', 'SIGSEGV', undefined],
      ['p ld heap.0', undefined, 'z0'],
      ['p prot heap none', undefined, 'z0'],
      ['p vms heap.0 q', 'EFAULT', 'z0'],
    ]);
    expect(unfinished).toEqual([{ op: 'p prd q', why: 'waits until the pipe has something to read' }]);
  });
});

describe('fuzzing', () => {
  /** A kernel that follows another model. */
  const kernel =
    (id: string): RunOnKernel =>
    (scripts) =>
      scripts.map(({ name, text }) => ({ ...predictText(text, id), name }));

  test('a kernel that is as the model says', () => {
    const result = fuzz({ seed: 3, count: 40 }, modelById('v6.18')!, kernel('v6.18'));
    expect(fuzzWords(result)).toBe('40 scripts, 0 values differ, 0 frames differ');
  });

  test('disagreements are shrunk to what matters', () => {
    const result = fuzz({ seed: 3, count: 80, shrunkMax: 3 }, modelById('v6.18')!, kernel('v5.7'));
    expect(result.scripts).toBe(80);
    expect(result.values + result.frames).toBeGreaterThan(3);
    expect(result.disagreements).toHaveLength(3);
    for (const d of result.disagreements) {
      expect(d.smallest.length).toBeLessThanOrEqual(d.script.length);
      expect(d.recorded).not.toBe(d.predicted);
    }
  });

  test('what a kernel cannot run is not compared', () => {
    const result = fuzz({ seed: 3, count: 5 }, modelById('v6.18')!, (scripts) =>
      scripts.map(({ name }) => ({ kernel: 'k', name, steps: [], skip: 'no root' })),
    );
    expect(result).toMatchObject({ scripts: 0, values: 0, frames: 0, disagreements: [] });
    expect(result.notCompared).toContainEqual({ why: 'no root', scripts: 5 });
  });
});
