import { expect, test } from 'vitest';
import { status } from '../kernel/engine.ts';
import { boot } from '../kernel/machine.ts';
import { apartIds, modelById, modelIds } from '../kernel/models/index.ts';
import { compileText } from '../scenario/compile.ts';
import { entryById, gallery } from '../scenario/gallery/index.ts';
import { answer } from './answer.ts';
import type { Answer, Subject } from './answer.ts';
import { historyOf } from './history.ts';
import { branch, extend, finish, goTo, newRun, runAll } from './run.ts';
import type { Run } from './run.ts';

function runText(text: string, model: string): Run {
  const { plan } = compileText(text, { models: modelIds, apart: apartIds });
  return runAll(boot(plan!, modelById(model)!));
}
const runOf = (id: string, model: string): Run => runText(entryById(id)!.text, model);
const ask = (run: Run, of: Subject, at = run.steps.length): Answer =>
  answer(run, historyOf(run), of, at) ?? { question: '', lead: '', links: [] };

test('from the leaked bytes back to the rule that did not count the pipe', () => {
  const run = runOf('vmsplice-leak', 'v5.7');
  const { question, links } = ask(run, { kind: 'result', observed: 0 });
  expect(question).toBe('How did “secret” get here?');
  expect(links.map(({ role }) => role)).toEqual([
    'saw',
    'stored',
    'writable',
    'decided',
    'left',
    'held',
    'maps',
  ]);
  const decided = links.find(({ role }) => role === 'decided')!;
  expect(decided.at).toBe(run.steps.findLast((s) => s.decided !== null)?.at);
  expect(decided.judged).toMatchObject({
    asks: 'mapcount 1?',
    answer: 'reuse',
    mapcount: 1,
    refcount: 2,
    counted: ["parent's entry of a.0"],
    ignored: ['pipe p, spliced by child'],
  });
  // Every link is a step of the run, the latest first, and each did what it is said to have done.
  const at = links.map((link) => link.at);
  expect(at).toEqual([...at].sort((a, b) => b - a));
  const did = (role: string): readonly string[] => {
    const link = links.find((one) => one.role === role)!;
    return run.steps[link.at - 1]!.effects.map(({ name }) => name);
  };
  expect(did('saw')).toContain('seen');
  expect(did('stored')).toContain('store');
  expect(did('writable')).toContain('set_pte_at');
  expect(did('left')).toContain('pte_clear');
  expect(did('held')).toContain('pipe');
});

test('where the rule counts everybody, the bytes came by a copy and nobody is ignored', () => {
  const run = runOf('vmsplice-leak', 'v5.9');
  const { links } = ask(run, { kind: 'page', mm: 0, va: 0 });
  expect(links.map(({ role }) => role)).toContain('maps');
  expect(links.find(({ role }) => role === 'decided')?.judged).toMatchObject({
    asks: 'refcount 1?',
    answer: 'copy',
    refcount: 2,
    ignored: [],
  });
});

test('a store that is lost: where it went, and which rule moved the page away', () => {
  const run = runOf('mprotect-under-pin', 'v5.9');
  const { links } = ask(run, { kind: 'result', observed: 0 });
  expect(links.find(({ role }) => role === 'missing')?.says).toMatch(/device/);
  expect(links.find(({ role }) => role === 'decided')?.judged).toMatchObject({ sees: 1025, answer: 'copy' });
});

test('each bit of an entry names the step that wrote it last', () => {
  const run = runOf('vmsplice-leak', 'v5.7');
  const { question, links } = ask(run, { kind: 'pte', mm: 0, va: 0 });
  expect(question).toBe('Why is parent’s entry of a.0 “writable → f0”?');
  const [reused, decided, first] = links;
  expect(reused?.says).toMatch(/^Writable: /);
  expect(decided?.judged?.answer).toBe('reuse');
  expect(first?.says).toMatch(/^Present, dirty, accessed, shows f0: /);
  const { links: forked } = ask(run, { kind: 'pte', mm: 0, va: 0 }, decided!.at);
  expect(forked[0]?.says).toMatch(/^Not writable: /);
});

/** Two threads at one page, one of them stopped inside the page-table lock. */
function waiting(): Run {
  const text = [
    'process p',
    'region a anon 1 page',
    'parallel',
    'p: store a.0 "x"',
    'p/2: store a.0 "y"',
    'end',
  ];
  const { plan } = compileText(text.join('\n'), { models: modelIds, apart: apartIds });
  const whole = runAll(boot(plan!, modelById('v5.7')!));
  const took = whole.steps.filter((s) => s.thread === 0 && s.effects.some((e) => e.name === 'lock'));
  const run = branch(whole, took[1]!.at);
  while (extend(run, 1));
  return run;
}

test('a thread that waits: for which lock, who has it since when, and when he lets go', () => {
  const run = waiting(),
    at = run.steps.length;
  goTo(run, at);
  expect(status(1).kind).toBe('locked');
  finish(run);
  const { question, lead, links } = ask(run, { kind: 'thread', thread: 1 }, at);
  expect(question).toBe('Why does p/2 wait?');
  expect(lead).toMatch(/^It needs .*, and p has it\.$/);
  const [frees, since, took] = links;
  expect(frees).toMatchObject({ role: 'frees' });
  expect(frees!.at).toBeGreaterThan(at);
  expect(since).toMatchObject({ role: 'blocks', at });
  expect(took!.at).toBeLessThan(at);
  expect(run.steps[took!.at - 1]?.thread).toBe(0);
  goTo(run, frees!.at);
  expect(status(1).kind).not.toBe('locked');
  // Who can move waits for nothing.
  expect(answer(run, historyOf(run), { kind: 'thread', thread: 0 }, at)).toBeNull();
});

test('what a CPU remembers: since when, and what has changed meanwhile', () => {
  const run = runOf('vmsplice-leak', 'v5.7');
  const stale = run.steps.findIndex((s) => s.effects.some((e) => e.name === 'flush_tlb'));
  const { lead, links } = ask(run, { kind: 'tlb', thread: 0, va: 0 }, stale);
  expect(lead).toBe('CPU 0 still uses what the page table no longer says.');
  expect(links.map(({ role }) => role)).toEqual(['frees', 'changed', 'changed']);
  expect(links[0]?.at).toBe(stale + 1);
});

test('views, entries and holds of every scenario have answers whose links are steps of the run', () => {
  const wrong: string[] = [];
  for (const { id, text } of gallery) {
    for (const model of ['v5.7', 'v6.18']) {
      const run = runText(text, model),
        history = historyOf(run),
        { plan } = run.machine;
      const subjects: Subject[] = [
        ...plan.observed.map((_, observed): Subject => ({ kind: 'result', observed })),
        ...plan.holds.map((_, hold): Subject => ({ kind: 'hold', hold })),
        ...plan.processes.flatMap((_, mm) =>
          Array.from({ length: plan.pages }, (_v, va): Subject[] => [
            { kind: 'page', mm, va },
            { kind: 'pte', mm, va },
          ]).flat(),
        ),
        ...plan.threads.map((_, thread): Subject => ({ kind: 'thread', thread })),
      ];
      for (const at of [Math.floor(run.steps.length / 2), run.steps.length]) {
        for (const of of subjects) {
          const found = answer(run, history, of, at);
          if (found === null) continue;
          const steps = found.links.map((link) => link.at);
          const where = `${id} on ${model}, ${JSON.stringify(of)} after ${at}`;
          const ok =
            found.question.endsWith('?') &&
            new Set(steps).size === steps.length &&
            steps.every((step) => step >= 0 && step <= run.steps.length) &&
            found.links.every(({ says }) => /^[^{}]+[.?]$/.test(says));
          if (!ok) wrong.push(where);
        }
      }
    }
  }
  expect(wrong).toEqual([]);
});

test('a run that nobody has begun has nothing to say', () => {
  const { plan } = compileText(entryById('vmsplice-leak')!.text, { models: modelIds, apart: apartIds });
  const run = newRun(boot(plan!, modelById('v5.7')!));
  expect(answer(run, historyOf(run), { kind: 'result', observed: 0 }, 0)).toBeNull();
});
