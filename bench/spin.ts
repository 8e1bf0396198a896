// The product's search against SPIN on the same graphs:
// `npm run bench:spin [-- [--record] [--record-sizes] parts of names]`.
// Prints a line for each twin; times only as ratios, of CPU time in this run. Exits 1 when counts, verdicts
// or lengths differ, and never for being slow. README.md says how to read it.
import { changes, folder, median, record, search, sizesOf, timed } from './measure.ts';
import type { How, Sizes } from './measure.ts';
import { findTools, spin } from './pan.ts';
import type { Model } from './pan.ts';
import { twins } from './twins/twins.ts';
import type { Counted, Twin } from './twins/twins.ts';

const REPETITIONS = 3;
const MILLION = 1e6;
const args = process.argv.slice(2),
  records = args.includes('--record'),
  recordsSizes = args.includes('--record-sizes'),
  wanted = args.filter((a) => !a.startsWith('--'));
/** A step down (`1/12`) or up (`3.5`). */
const part = (ratio: number): string => (ratio >= 1 ? ratio.toFixed(1) : `1/${(1 / ratio).toFixed(1)}`);

interface Rates {
  readonly bare: number;
  readonly text: string;
}
/** All of them in turn, so that a change of the machine's load meets all alike. */
function measure(twin: Twin, violates: boolean, model: Model): Rates {
  const machine = twin.boot(!violates),
    spins: number[] = [];
  const ours: Record<How, number[]> = { bare: [], judged: [], reduced: [] };
  for (let i = 0; i < REPETITIONS; i++) {
    spins.push(model.count(violates).ms);
    for (const how of ['bare', 'judged', 'reduced'] as const)
      ours[how].push(timed(() => search(twin, machine, how)).ms);
  }
  const dfs = median(spins),
    rate = (how: How): number => dfs / median(ours[how]);
  const judged = violates ? '' : ` (${rate('judged').toFixed(2)} with every rule)`;
  const verdict = violates ? '' : `  time to the verdict, reduced ${part(1 / rate('reduced'))}`;
  return { bare: rate('bare'), text: `states/s ours:SPIN DFS ${rate('bare').toFixed(2)}${judged}${verdict}` };
}

interface Line {
  readonly text: string;
  readonly equal: boolean;
  readonly counted: Counted;
  readonly sizes: Sizes;
  /** Of a twin with more than a million states: ours to SPIN's, states for each CPU second. */
  readonly rate: number | null;
}
function compare(twin: Twin): Line {
  const model = spin(folder, twin.promela, twin.defines, twin.size === 'large');
  try {
    const shortest = model.shortest(),
      counts = model.count(shortest !== null),
      counted = { states: counts.states - 1, edges: counts.edges - 2, steps: shortest };
    const judged = search(twin, twin.boot(true), 'judged'),
      reduced = search(twin, twin.boot(true), 'reduced'),
      violates = judged.verdict === 'violated',
      whole = violates ? search(twin, twin.boot(false), 'bare') : judged,
      steps = violates ? judged.moves.length : null;

    const same =
      whole.verdict === 'holds' && whole.states === counted.states && whole.edges === counted.edges;
    const agrees = steps === shortest && reduced.verdict === judged.verdict;
    const spelled = (n: number | null): string => (n === null ? 'holds' : `violated in ${n} steps`);
    const parts = [
      twin.id.padEnd(46),
      same ? 'COUNTS-EQUAL ' : 'COUNTS-DIFFER',
      `${counted.states} states ${counted.edges} edges`.padEnd(30),
      agrees ? spelled(steps).padEnd(20) : `SPIN ${spelled(shortest)}, ours ${spelled(steps)}`,
    ];
    if (!same) parts.push(`ours ${whole.states} states ${whole.edges} edges ${whole.bound}`);
    if (reduced.verdict !== judged.verdict) parts.push(`reduced: ${reduced.verdict}`);
    if (!violates)
      parts.push(`reduced ${part(reduced.states / whole.states)}, ${reduced.bytesPerState} bytes/state`);
    let rate: number | null = null;
    if (twin.size === 'large' && same) {
      parts.push(`bytes/state ${Math.round(whole.bytesPerState)}:${counts.bytes}`);
      const { bare, text } = measure(twin, violates, model);
      parts.push(text);
      if (whole.states > MILLION) rate = bare;
    }
    return { text: parts.join('  '), equal: same && agrees, counted, sizes: sizesOf(twin), rate };
  } finally {
    model.dispose();
  }
}

/** The state stays small: the largest change of all twins against what was recorded. */
function growth(found: Readonly<Record<string, Sizes>>): string {
  const all = changes(found);
  if (all.length === 0) return 'bytes/state: nothing is recorded';
  const most = all.reduce((a, b) => (b.ratio > a.ratio ? b : a)),
    by = most.ratio - 1,
    percent = `${by < 0 ? '' : '+'}${(100 * by).toFixed(1)} %`;
  return `bytes/state against what was recorded: at most ${percent} (${most.id}, ${most.of})`;
}

function main(): number {
  const missing = findTools();
  if (missing !== null) {
    console.log(`bench:spin skipped: ${missing}`);
    return 0;
  }
  const counts: Record<string, Counted> = {},
    sizes: Record<string, Sizes> = {},
    rates: { readonly id: string; readonly rate: number }[] = [];
  let differ = 0;
  for (const twin of twins) {
    if (!wanted.every((w) => twin.id.includes(w))) continue;
    const { text, equal, counted, sizes: taken, rate } = compare(twin);
    console.log(text);
    counts[twin.id] = counted;
    sizes[twin.id] = taken;
    if (rate !== null) rates.push({ id: twin.id, rate });
    if (!equal) differ += 1;
  }
  const n = Object.keys(counts).length;
  console.log(`${n} twins, ${differ === 0 ? 'all equal' : `${differ} differ`}`);
  console.log(growth(sizes));
  if (rates.length > 0) {
    const worst = rates.reduce((a, b) => (b.rate < a.rate ? b : a)),
      middle = median(rates.map((r) => r.rate));
    console.log(
      `over a million states, states/s ours:SPIN DFS: median ${middle.toFixed(2)}, ` +
        `worst ${worst.rate.toFixed(2)} (${worst.id})`,
    );
  }
  if (records) record('counts.json', counts);
  if (recordsSizes) record('sizes.json', sizes);
  return differ === 0 ? 0 : 1;
}
process.exitCode = main();
