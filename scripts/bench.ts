// How fast the core is: the stepper's engine alone, then checks of fixed scenarios. Prints medians; never
// fails. `npm run bench [repetitions]`.
import { advance, begin, resultOf } from '../src/checker/check.ts';
import type { Result, Search } from '../src/checker/check.ts';
import { planOf } from '../src/checker/plan-of.ts';
import { step } from '../src/kernel/engine.ts';
import { goTo, runAll } from '../src/debugger/run.ts';
import { activate, boot } from '../src/kernel/machine.ts';
import type { Machine } from '../src/kernel/machine.ts';
import { modelById } from '../src/kernel/models/index.ts';
import { load } from '../src/kernel/world.ts';

const repetitions = Math.max(1, Number(process.argv[2] ?? 5));

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

const median = (list: readonly number[]): number => [...list].sort((a, b) => a - b)[list.length >> 1]!;
/** CPU time of this process in milliseconds: a neighbour on the machine does not distort it. */
const cpu = (): number => process.cpuUsage().user / 1000;
function timed<T>(work: () => T): { ms: number; value: T } {
  const before = cpu(),
    value = work();
  return { ms: Math.max(0.001, cpu() - before), value };
}
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
 * Every step from every world of a finished search, without a visited set: the engine and two copies,
 * nothing else.
 */
function sweep(machine: Machine, { pool }: Search): number {
  activate(machine);
  const { worlds, words, count } = pool,
    threads = machine.plan.threads.length;
  let steps = 0;
  for (let i = 0; i < count; i++) {
    load(worlds, i * words);
    for (let t = 0; t < threads; t++) {
      if (!step(t)) continue;
      steps += 1;
      load(worlds, i * words);
    }
  }
  return steps;
}

/** Brings every step of a long run to the scratch world, in an order that jumps; microseconds for each. */
function seek(): string {
  const stores = Array.from({ length: 100 }, (_, i) =>
    i % 2 === 0 ? 'parent: mprotect a ro' : 'parent: mprotect a rw',
  );
  const plan = planOf(['process parent', 'region a anon 8 pages', ...stores].join('\n'));
  const whole = runAll(boot(plan, modelById('v6.18')!)),
    n = whole.steps.length;
  const seeks = 20_000;
  const { ms } = timed(() => {
    for (let i = 0; i < seeks; i++) goTo(whole, (i * 7919) % n);
  });
  const made = timed(() => runAll(boot(plan, modelById('v6.18')!))).ms;
  return `run of ${n} steps: ${((made * 1000) / n).toFixed(1)} us to make a step and keep it, ${((ms * 1000) / seeks).toFixed(2)} us to go to any`;
}

console.log(`node ${process.version}, median of ${repetitions}, user CPU time\n`);
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
    row('states, every rule', rate(states, median(full)), `${times(full, bare)} x without rules\n`);
  }
}
console.log(seek());
