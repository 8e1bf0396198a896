// A race as a mail, there and back: over the gallery, over its counterexamples, and as written by hand.
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { check } from '../checker/check.ts';
import { reductionNames } from '../checker/reduce/reduction.ts';
import { planOf } from '../checker/plan-of.ts';
import { extend, finish, newRun } from '../debugger/run.ts';
import type { Run } from '../debugger/run.ts';
import { replay, seekPosition } from '../debugger/schedule.ts';
import { violationsOf } from '../debugger/violations.ts';
import { invariantsFor, questionsOf } from '../invariants/index.ts';
import { choiceOfMove, threadOfMove } from '../kernel/engine.ts';
import { boot } from '../kernel/machine.ts';
import type { Machine } from '../kernel/machine.ts';
import { apartIds, kernels, modelById, modelIds, proposals } from '../kernel/models/index.ts';
import { gallery } from '../scenario/gallery/index.ts';
import { raceText, WIDTH } from './race.ts';
import { isRace, readRace } from './race-read.ts';
import type { Subject } from './subject.ts';

const known = { models: modelIds, apart: apartIds };

/** The shortest run that breaks something on a model, or null. */
function counterexample(machine: Machine): Run | null {
  const { moves } = check(machine, { reduce: reductionNames, states: 300_000, fewest: false });
  if (moves.length === 0) return null;
  const run = newRun(machine);
  for (const m of moves) extend(run, threadOfMove(m), choiceOfMove(m));
  finish(run, threadOfMove(moves.at(-1)!));
  return run;
}

/** The scenario on its model: the counterexample, else its own run. */
function subjectOf(id: string, at?: number): Subject {
  const { text, model } = gallery.find((e) => e.id === id)!;
  const machine = boot(planOf(text), modelById(model)!);
  const shown = counterexample(machine) ?? replay(machine, machine.plan.schedule).run;
  return {
    name: id,
    text,
    run: shown,
    at: at ?? shown.steps.length,
    broken: violationsOf(shown, [...invariantsFor(machine.plan), ...questionsOf(machine.plan).invariants]),
    link: '',
  };
}
const movesOf = (run: Run): string => run.steps.map((s) => `${s.thread}/${s.choice}`).join(' ');

/** The run that a mail tells, made anew from nothing but the mail. */
function runOf(mail: string): { run: Run; at: number; model: string } {
  const { text, model, schedule, at, without, notes } = readRace(mail, known);
  expect(notes).toEqual([]);
  const plan = planOf(text!);
  const made = replay(boot(plan, modelById(model)!, without), schedule === '' ? plan.schedule : schedule);
  expect(made.notes).toEqual([]);
  return { run: made.run, at: seekPosition(made.run, at === '' ? 'end' : at).at, model };
}

describe('there and back', () => {
  test.each(gallery.map((e) => [e.id]))('%s', (id) => {
    const subject = subjectOf(id);
    for (const steps of [false, true]) {
      const mail = raceText(subject, { steps });
      expect(readRace(mail, known).text).toBe(subject.text);
      const { run, at, model } = runOf(mail);
      expect([model, movesOf(run), at]).toEqual([
        subject.run.machine.model.id,
        movesOf(subject.run),
        subject.at,
      ]);
      const wide = mail.split('\n').filter((l) => [...l].length > WIDTH);
      expect(wide).toEqual([]);
    }
  });

  test.each([...kernels, ...proposals].map((m) => [m.id]))(
    'every counterexample of the gallery on %s',
    (id) => {
      const model = modelById(id)!,
        isKernel = kernels.includes(model);
      let found = 0;
      for (const { id: name, text } of gallery) {
        const plan = planOf(text);
        const about = plan.expectations.filter((e) => e.models.includes(id));
        // The kernels are expected to break in so many words; what a proposal does is looked up.
        if (isKernel && !about.some((e) => e.verdict === 'breaks')) continue;
        const run = counterexample(boot(plan, model));
        if (run === null) continue;
        found++;
        const broken = violationsOf(run, [...invariantsFor(plan), ...questionsOf(plan).invariants]);
        const subject = { name, text, run, at: run.steps.length, broken, link: '' };
        const mail = raceText(subject),
          back = runOf(mail);
        expect([name, back.model, movesOf(back.run), back.at]).toEqual([name, id, movesOf(run), subject.at]);
        expect(readRace(mail, known).text).toBe(text);
      }
      expect(found).toBeGreaterThan(0);
    },
    60_000,
  );

  test('at any step, and through a reply that quotes it and a program that cuts trailing space', () => {
    const whole = subjectOf('uffd-lost-write');
    expect(whole.broken.map((b) => b.invariant.id)).toContain('stores-are-not-lost');
    for (let at = 1; at <= whole.run.steps.length; at++) {
      const mail = raceText({ ...whole, at })
        .split('\n')
        .map((l) => `> > ${l}`.trimEnd())
        .join('\r\n');
      const { run, at: found } = runOf(`Hi,\n\n${mail}\n\nregards`);
      expect([movesOf(run), found]).toEqual([movesOf(whole.run), at]);
    }
  });

  test('any text of lines survives, however long they are', () => {
    const line = fc
      .string({ unit: 'grapheme', maxLength: 200 })
      .map((l) => l.replace(/[\r\n\t]/g, ' ').trimEnd());
    const subject = subjectOf('vmsplice-leak');
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 12 }), (lines) => {
        const text = `${lines.join('\n').replace(/\s+$/, '')}\n`;
        if (text.trim() === '') return;
        expect(readRace(raceText({ ...subject, text }), known).text).toBe(text);
      }),
      { numRuns: 300, seed: 6 },
    );
  });
});

describe('what stands in the table', () => {
  const mail = raceText(subjectOf('uffd-lost-write'));

  test('a column for each thread, steps where somebody comes in between, locks and counts', () => {
    expect(mail).toMatch(/^parent +parent\/2 +parent\/3$/m);
    expect(mail).toMatch(/\+PTL/);
    expect(mail).toMatch(/-PTL/);
    expect(mail).toMatch(/f0 refs \d>\d|f0 refs\n/);
    expect(mail).toMatch(/stores-are-not-lost is broken after step \d+/);
  });

  test('is ASCII but for the scenario', () => {
    const table = mail.slice(0, mail.indexOf('\nScenario:'));
    // oxlint-disable-next-line no-control-regex -- all of ASCII
    expect(table).toMatch(/^[\u0000-\u007f]*$/);
  });

  test('a sequential run is one line for each operation', () => {
    const short = raceText(subjectOf('vmsplice-leak')).split('\nScenario:')[0]!;
    expect(short.split('\n').length).toBeLessThan(24);
    expect(short).toMatch(/^ +vmsplice a\.0 -> p: f0 refs 2>3$/m);
  });
});

describe('written by hand', () => {
  const mail = (name: string): string =>
    readFileSync(new URL(`../../fixtures/mails/${name}.txt`, import.meta.url), 'utf8');
  const brokenBy = (name: string, model: string): string[] => {
    const read = readRace(mail(name), known, model);
    expect(read.notes).toEqual([]);
    const plan = planOf(read.text!);
    const { run, notes } = replay(boot(plan, modelById(read.model)!), read.schedule);
    expect(notes).toEqual([]);
    return violationsOf(run, invariantsFor(plan)).map((b) => b.invariant.id);
  };

  test('the race of the userfaultfd mail, in columns', () => {
    expect(brokenBy('uffd-writeprotect', '')).toContain('stores-are-not-lost');
    expect(readRace(mail('uffd-writeprotect'), known).text).toBe(
      [
        'process app',
        'region a anon 1 page',
        'lru batched',
        'app:   store a.0 "old"',
        'app:   uffd_register a wp',
        'parallel',
        '  app/2: uffd_writeprotect a.0 off',
        '  app/3: store a.0 "other"',
        '  app:   store a.0 "mine"',
        '  app:   load a.0 -> seen',
        'end',
        '',
      ].join('\n'),
    );
  });

  test('the race of the wp_page_copy mail, in a frame of tabs and bars', () => {
    expect(brokenBy('wp-page-copy', 'unshare-mapcount')).toContain('pins-stay-coherent');
    // There the second pin sees the reference, and the copy of the first one is thrown away.
    expect(readRace(mail('wp-page-copy'), known, 'v6.18').notes).toEqual([
      'Line 17: app does not come to wp_page_copy.install here on v6.18.',
    ]);
  });

  test('says what it could not read', () => {
    const table = 'A        B\n-----    -----\nload a.0\n  no_such_function\nwhat is this?\n';
    const { notes, text } = readRace(`region a anon 1\n${table}`, known, 'v6.18');
    expect(text).toContain('A: load a.0');
    expect(notes.join('\n')).toMatch(/A does not come to no_such_function/);
    expect(notes.join('\n')).toMatch(/Line \d is neither an operation nor a step of one: "what is this\?"/);
  });
});

describe('hostile text', () => {
  test('is no race, and nothing throws', () => {
    expect(isRace('scenario x\nprocess parent\n')).toBe(false);
    for (const text of [
      '',
      'Scenario:\n',
      'Scenario:\n  | ',
      '-----\n-----\n',
      'a b\n---\n',
      '|'.repeat(5000),
      `A  B\n---  ---\n${'x'.repeat(1900)}\n`.repeat(50),
      `${'A  '.repeat(600)}\n---\n`,
      'x\n'.repeat(30_000),
      'A\n---\n__proto__\nconstructor\nload __proto__.0',
      `Scenario:\n${'  | a\n'.repeat(19_000)}`,
      ' '.repeat(9_000_000),
    ]) {
      const read = readRace(text, known, 'v6.18');
      expect(read.text !== null || read.notes.join(' ').length > 20).toBe(true);
    }
  });

  test('any cut or mixed-up mail is read without an exception', () => {
    const mail = raceText(subjectOf('leak-any-order'));
    const lines = mail.split('\n').filter((l) => !l.startsWith('  |'));
    fc.assert(
      fc.property(fc.shuffledSubarray(lines), fc.nat(mail.length), (some, cut) => {
        for (const text of [some.join('\n'), mail.slice(0, cut)]) {
          const read = readRace(text, known, 'v5.7');
          expect(read.text !== null || read.notes.length > 0).toBe(true);
        }
      }),
      { numRuns: 150, seed: 7 },
    );
  });
});
