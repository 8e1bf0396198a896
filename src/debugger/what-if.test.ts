import { expect, test } from 'vitest';
import { boot } from '../kernel/machine.ts';
import { apartIds, modelById, modelIds } from '../kernel/models/index.ts';
import { pteAt, tlbAt } from '../kernel/view.ts';
import { compileText } from '../scenario/compile.ts';
import { entryById } from '../scenario/gallery/index.ts';
import { landingsAt } from './landing.ts';
import { staleSpans, waitSpans } from './lanes.ts';
import { branch, extend, goTo, runAll, statuses } from './run.ts';
import type { Run } from './run.ts';
import { isStale } from './stale.ts';
import { guardsAt, replaced, stoodStill, wandered } from './what-if.ts';

function runOf(id: string, model: string): Run {
  const known = { models: modelIds, apart: apartIds };
  return runAll(boot(compileText(entryById(id)!.text, known).plan!, modelById(model)!));
}
const moves = (run: Run): string => run.steps.map((s) => `${s.thread}.${s.choice}`).join(' ');

test('a walk by chance is the same for the same seed, another for others, and ends', () => {
  const run = runOf('leak-any-order', 'v5.7');
  const walks = [1, 2, 3, 4].map((seed) => moves(wandered(run, 3, seed)));
  expect(moves(wandered(run, 3, 1))).toBe(walks[0]);
  expect(new Set(walks).size).toBeGreaterThan(1);
  for (const w of walks) expect(w.split(' ').slice(0, 3)).toEqual(moves(run).split(' ').slice(0, 3));
  const walk = wandered(run, 0, 9);
  for (const s of statuses(walk, walk.steps.length)) expect(s.kind).not.toBe('enabled');
  const dma = wandered(runOf('card-any-time', 'v5.7'), 0, 5);
  expect(dma.steps.length).toBeLessThan(20_000);
});

test('another thread makes a step, and the rest follows as it was', () => {
  const run = runOf('leak-any-order', 'v5.7');
  const place = run.steps.findIndex((s, i) =>
    statuses(run, i).some((o, t) => o.kind === 'enabled' && t !== s.thread),
  );
  const other = statuses(run, place).findIndex(
    (o, t) => o.kind === 'enabled' && t !== run.steps[place]!.thread,
  );
  const changed = replaced(run, place + 1, other);
  expect(changed.run.steps[place]!.thread).toBe(other);
  expect(moves(changed.run).startsWith(moves(branch(run, place)))).toBe(true);
  expect(() => replaced(run, 1, 99)).toThrow('cannot move here');
});

test('a thread that stands still moves again only when nobody else can', () => {
  const run = runOf('leak-any-order', 'v5.7');
  const at = run.steps.find(
    (_, i) => i > 0 && statuses(run, i).filter((o) => o.kind === 'enabled').length > 1,
  )!.at;
  const { thread } = run.steps[at - 1]!;
  const { run: still, notes } = stoodStill(run, at);
  expect(notes).toEqual([]);
  const again = still.steps.find((s) => s.at >= at && s.thread === thread)!.at;
  expect(again).toBeGreaterThan(at);
  const others = statuses(still, again - 1).filter((_, t) => t !== thread);
  expect(others.filter((o) => o.kind === 'enabled')).toEqual([]);
});

test('what can be left out of a step are the guards that it comes to', () => {
  const run = runOf('source-goes-away', 'v5.9');
  const all = run.steps.flatMap((s) => guardsAt(run, s.at));
  expect(all).toContain('copy-holds-old-folio');
  expect(guardsAt(run, 1).filter((g) => g === 'copy-holds-old-folio')).toEqual([]);
});

test('a step that could land here does land there', () => {
  const run = runOf('copy-while-child-exits', 'v5.9');
  let landed = 0;
  for (let at = 1; at <= run.steps.length; at++) {
    const { steps, blocked } = landingsAt(run, at);
    const now = statuses(run, at - 1);
    for (const b of blocked) expect(now[b.thread]!.kind).not.toBe('enabled');
    for (const n of steps) {
      expect(run.steps[n - 1]!.thread).not.toBe(run.steps[at - 1]!.thread);
      if (n < at) continue;
      // The first of each thread can move at once.
      const first = steps.filter((x) => x >= at && run.steps[x - 1]!.thread === run.steps[n - 1]!.thread)[0];
      if (n !== first) continue;
      const b = branch(run, at - 1);
      expect(extend(b, run.steps[n - 1]!.thread, run.steps[n - 1]!.choice)).toBe(true);
      expect(b.steps.at(-1)!.pc).toBe(run.steps[n - 1]!.pc);
      landed++;
    }
    // Nothing is left out that is plainly possible.
    const possible = now.flatMap((s, t) => {
      const next = run.steps.slice(at - 1).find((x) => x.thread === t);
      return t !== run.steps[at - 1]!.thread && s.kind === 'enabled' && next !== undefined ? [next.at] : [];
    });
    expect(steps).toEqual(expect.arrayContaining(possible));
  }
  expect(landed).toBeGreaterThan(0);
});

test('waiting is a span of the steps before which a thread could not move', () => {
  const run = runOf('two-writers', 'v5.9');
  const b = branch(run, 0);
  // Let both run in turns, so that they meet at the lock.
  for (let i = 0; i < 400; i++) {
    const able = statuses(b, b.steps.length).flatMap((s, t) => (s.kind === 'enabled' ? [t] : []));
    const next = able[i % Math.max(1, able.length)];
    if (next === undefined || !extend(b, next)) break;
  }
  const spans = waitSpans(b);
  expect(spans.length).toBeGreaterThan(0);
  const waits = new Set(
    spans.flatMap((s) =>
      Array.from({ length: s.last - s.first + 1 }, (_, i) => `${s.thread} ${s.first + i}`),
    ),
  );
  for (let at = 1; at <= b.steps.length; at++)
    statuses(b, at - 1).forEach((s, t) =>
      expect(waits.has(`${t} ${at}`), `${t} before ${at}`).toBe(s.kind === 'locked' || s.kind === 'waits'),
    );
});

test('a stale span covers the steps after which the CPU still shows the old entry', () => {
  const run = runOf('uffd-lost-write', 'v5.9');
  const spans = staleSpans(run);
  expect(spans.length).toBeGreaterThan(0);
  const { plan } = run.machine;
  for (let at = 1; at <= run.steps.length; at++) {
    goTo(run, at);
    const pages = Array.from({ length: plan.pages }, (_, va) => va);
    const stale = plan.threads.flatMap(({ process }, t) =>
      pages.flatMap((va) =>
        process >= 0 && isStale(tlbAt(t, va), pteAt(process, va)) ? [`${t} ${va}`] : [],
      ),
    );
    const covered = spans.filter((s) => s.first <= at && at <= s.last).map((s) => `${s.thread} ${s.va}`);
    expect([...covered].sort()).toEqual([...stale].sort());
  }
});
