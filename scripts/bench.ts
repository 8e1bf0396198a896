// How fast the core is: the stepper's engine alone, then checks of fixed scenarios. Prints medians; never
// fails. `npm run bench [repetitions]`; `--twins` for the twins alone, `--record` to record them.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { againstRecord } from '../bench/anonymous.ts';
import { LONG } from '../bench/long-run.mjs';
import { median, timed } from '../bench/measure.ts';
import { advance, begin, resultOf } from '../src/checker/check.ts';
import type { Result, Search } from '../src/checker/check.ts';
import { planOf } from '../src/checker/plan-of.ts';
import { reductionNames } from '../src/checker/reduce/reduction.ts';
import { step } from '../src/kernel/engine.ts';
import { goTo, runAll } from '../src/debugger/run.ts';
import { activate, boot } from '../src/kernel/machine.ts';
import type { Machine } from '../src/kernel/machine.ts';
import { gallery } from '../src/scenario/gallery/index.ts';
import { factsOf } from '../src/scene/facts.ts';
import { frameView } from '../src/worker/frame-view.ts';
import { runView } from '../src/worker/run-view.ts';
import { kernels, modelById } from '../src/kernel/models/index.ts';
import { back, settle, stand } from '../src/checker/pool.ts';

const repetitions = Math.max(1, Number(process.argv.slice(2).find((a) => !a.startsWith('--')) ?? 5));

const shared = (...lines: readonly string[]): string =>
  [
    'process parent',
    'region a anon 1 page',
    'parent: store a.0 "old"',
    'parent: fork child',
    'parallel',
    ...lines,
    '',
  ].join('\n');
const plans = {
  leak: shared(
    'child: vmsplice a.0 -> p',
    'child: munmap a',
    'parent: store a.0 "secret"',
    'end',
    'child: read p',
  ),
  writers: shared(
    'parent: store a.0 "one"',
    'parent: load a.0 -> seen',
    'parent/2: store a.0 "two"',
    'child: load a.0 -> got',
    'child: store a.0 "three"',
    'end',
  ),
  crowd: shared(
    'parent: store a.0 "one"',
    'parent/2: store a.0 "two"',
    'child: store a.0 "three"',
    'child/2: vmsplice a.0 -> p',
    'child/2: munmap a',
    'end',
    'child: read p',
  ),
} as const;

const rate = (n: number, ms: number): string => `${(n / ms / 1000).toFixed(2).padStart(6)} M/s`;

const times = (a: readonly number[], b: readonly number[]): string => (median(a) / median(b)).toFixed(2);
const row = (what: string, value: string, remark: string): void =>
  console.log(`  ${what.padEnd(18)} ${value}   ${remark}`);

function run(machine: Machine, bare: boolean): { search: Search; result: Result } {
  const search = begin(machine, bare ? { invariants: [] } : {});
  while (!advance(search, 4096));
  return { search, result: resultOf(search) };
}
/**
 * Every step from every world of a finished search, without a visited set: the engine, unpacking and undo,
 * nothing else.
 */
function sweep(machine: Machine, { pool }: Search): number {
  activate(machine);
  const threads = machine.plan.threads.length;
  let steps = 0;
  settle(pool);
  for (let i = 0; i < pool.count; i++) {
    stand(pool, i);
    for (let t = 0; t < threads; t++) {
      if (!step(t)) continue;
      steps += 1;
      back(pool);
    }
  }
  return steps;
}

/**
 * What the numbers are compared with, in the same run: a hand-written loop that makes, hashes, looks up and
 * keeps states of 64 bytes, each met three times. Milliseconds for a million of them.
 */
function reference(): number {
  const n = 400_000,
    W = 16,
    slots = 1 << 20;
  const pool = new Int32Array(n * W),
    table = new Int32Array(slots),
    state = new Int32Array(W);
  let count = 0;
  const { ms } = timed(() => {
    for (let i = 0; i < 3 * n; i++) {
      // Neighbours of one another, as in a search.
      const id = i < n ? i : (Math.imul(i, 7919) >>> 0) % n;
      let h = 0x9e3779b9;
      for (let w = 0; w < W; w++) {
        state[w] = Math.imul(id + w, 0x85ebca6b);
        h = Math.imul(h ^ state[w]!, 0xcc9e2d51);
        h = (h << 13) | (h >>> 19);
      }
      let slot = (h ^ (h >>> 15)) & (slots - 1);
      for (; table[slot] !== 0; slot = (slot + 1) & (slots - 1)) {
        const at = (table[slot]! - 1) * W;
        let k = 0;
        while (k < W && pool[at + k] === state[k]) k++;
        if (k === W) break;
      }
      if (table[slot] !== 0) continue;
      pool.set(state, count * W);
      table[slot] = ++count;
    }
  });
  if (count !== n) throw new Error(`reference: ${count} states`);
  return (ms / (3 * n)) * 1e6;
}

/** As `folioscope check` and the app search. */
function verdict(machine: Machine): Result {
  const search = begin(machine, { reduce: reductionNames });
  while (!advance(search, 4096));
  return resultOf(search);
}
/** What is aimed at: milliseconds for a verdict, seconds for all of them, on one core. */
const EACH = 1000,
  ALL = 60;
/** Every scenario of the gallery on every kernel, each from the plan to the verdict. */
function matrix(): string {
  const cells: { name: string; ms: number }[] = [];
  for (const { id, text } of gallery) {
    const plan = planOf(text);
    for (const model of kernels) {
      const { ms, value } = timed(() => verdict(boot(plan, model)));
      if (value.verdict === 'incomplete') throw new Error(`${id} on ${model.id}: ${value.bound}`);
      cells.push({ name: `${id} on ${model.id}`, ms });
    }
  }
  const all = cells.map((c) => c.ms),
    worst = cells.reduce((a, b) => (b.ms > a.ms ? b : a));
  const total = all.reduce((a, b) => a + b, 0);
  const slow = all.filter((ms) => ms >= EACH).length,
    met = slow === 0 && total < ALL * 1000;
  return (
    `gallery x kernels, ${cells.length} verdicts: median ${median(all).toFixed(1)} ms, worst ${worst.ms.toFixed(0)} ms ` +
    `(${worst.name}), all ${(total / 1000).toFixed(1)} s; ` +
    `aim: each < ${EACH / 1000} s, all < ${ALL} s: ${met ? 'met' : `missed (${slow} slower)`}`
  );
}

/**
 * A run of more than 10,000 steps: to make it, to go to any of its steps in an order that jumps, to make the
 * picture of one; and the memory that it keeps.
 */
function longRun(): void {
  const machine = boot(planOf(LONG), modelById('v6.18')!);
  collect();
  const before = kept();
  const made = timed(() => runAll(machine)),
    whole = made.value,
    n = whole.steps.length;
  const facts = factsOf(whole),
    view = runView(whole, facts, [], '');
  collect();
  const heap = (kept() - before) / 2 ** 20;
  const seeks = 20_000;
  const gone = timed(() => {
    for (let i = 0; i < seeks; i++) goTo(whole, (i * 7919) % n);
  });
  const drawn = 100;
  const scenes = timed(() => {
    for (let i = 0; i < drawn; i++) frameView(whole, facts, [], (i * 7919) % n);
  });
  console.log(`a run of ${n} steps, ${view.ops.length} operations`);
  row('made and kept', `${((made.ms * 1000) / n).toFixed(1)} us`, 'a step');
  row('seek', `${((gone.ms * 1000) / seeks).toFixed(2)} us`, 'to any step, goal 5 ms');
  row(
    'frame',
    `${(scenes.ms / drawn).toFixed(1)} ms`,
    'picture, moves, table and holders of a step, before it is drawn',
  );
  row('memory', `${heap.toFixed(0)} MB`, 'run, facts and what the page is told, goal 150 MB');
}
/** Bytes on the heap, and beside it in arrays. */
function kept(): number {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
/** What nobody needs any more is no memory that a run takes. */
function collect(): void {
  setFlagsFromString('--expose_gc');
  (runInNewContext('gc') as () => void)();
}

if (process.argv.includes('--twins')) {
  console.log(againstRecord(repetitions, reference, process.argv.includes('--record')));
  process.exit();
}
if (process.argv.includes('--matrix')) {
  console.log(matrix());
  process.exit();
}
const base = median(Array.from({ length: 3 }, reference));
console.log(
  `node ${process.version}, median of ${repetitions}, user CPU time; reference loop ${base.toFixed(0)} ns a state\n`,
);
for (const [name, text] of Object.entries(plans)) {
  for (const model of ['v5.8', 'v6.18']) {
    const machine = boot(planOf(text), modelById(model)!);
    const { search, result } = run(machine, true);
    const sweeps: number[] = [],
      bare: number[] = [],
      full: number[] = [];
    let steps = 0;
    for (let i = 0; i < repetitions; i++) {
      const swept = timed(() => sweep(machine, search));
      steps = swept.value;
      sweeps.push(swept.ms);
      bare.push(timed(() => run(machine, true)).ms);
      full.push(timed(() => run(machine, false)).ms);
    }
    const { states, edges, depth, bytesPerState } = result;
    const world = machine.words * 4;
    console.log(`${name} on ${model}: ${states} states, ${edges} edges, depth ${depth}`);
    console.log(`  memory              ${bytesPerState} bytes/state, ${world} of them the world`);
    row('steps', rate(steps, median(sweeps)), `${((median(sweeps) * 1e6) / steps).toFixed(0)} ns each`);
    row('states, no rules', rate(states, median(bare)), `${times(bare, sweeps)} x the steps`);
    row('states, every rule', rate(states, median(full)), `${times(full, bare)} x without rules`);
    // Above 1: a transition costs less than the hand-written loop takes to store a state.
    const each = (ms: readonly number[]): string => (base / ((median(ms) * 1e6) / edges)).toFixed(2);
    row('against reference', `${each(bare)} x transitions`, `${each(full)} x with every rule\n`);
  }
}
console.log(againstRecord(repetitions, reference, process.argv.includes('--record')));
console.log(matrix());
longRun();
// A person waits for the page, not for the core.
const page = fileURLToPath(new URL('../bench/page.mjs', import.meta.url));
execFileSync(process.execPath, [page, '--runs', '3'], { stdio: 'inherit' });
