/**
 * What each operation of a run did, told without step numbers or page names, which two models need not share:
 * how it ended, what it saw, and for every page of every process the bytes, who else shows the same page, and
 * whether it is still the page that was there before.
 */
import { RESULTS } from '../kernel/compile.ts';
import type { Plan } from '../kernel/plan.ts';
import { pte_folio, pte_present } from '../kernel/verbs/pte.ts';
import { VM_READ } from '../kernel/verbs/vma.ts';
import { folioAt, mmAt, observationAt, pteAt, vmaAt } from '../kernel/view.ts';
import { opSpans } from './lanes.ts';
import { goTo } from './run.ts';
import type { Run, StepRecord } from './run.ts';
import { folioName, pageName, processName, storedText } from './words.ts';

/** What a process shows at a page. */
interface Cell {
  /** `parent a.0` */
  readonly at: string;
  readonly signature: string;
  readonly words: string;
}
export interface Outcome {
  /** Equal for operations that did the same. */
  readonly signature: string;
  /** For people; '' if it did not end. */
  readonly phrase: string;
  readonly cells: readonly Cell[];
  /** Step with which it ended, 0 = it did not. */
  readonly last: number;
}
const NOTHING: Outcome = { signature: '', phrase: '', cells: [], last: 0 };

/** What every operation of a run did. Index = operation. */
export function outcomesOf(run: Run): Outcome[] {
  const { plan } = run.machine,
    spans = opSpans(run);
  const out = plan.ops.map(() => NOTHING);
  const ended = spans
    .map((span, op) => ({ ...span, op }))
    .filter((s) => s.last > 0)
    .sort((a, b) => a.last - b.last);
  let before: ReadonlyMap<string, number> = new Map(),
    from = 0;
  for (const { op, last, exit } of ended) {
    const freed = freedIn(run.steps.slice(from, last));
    goTo(run, last);
    const shown = shownFolios(plan);
    const cells = [...shown].map(([at, folio]) =>
      cellOf(plan, at, folio, shown, freed.has(folio) ? undefined : before.get(at)),
    );
    const result = RESULTS[exit] ?? 'end';
    const saw = plan.ops[op]!.observed < 0 ? null : observationAt(plan.ops[op]!.observed);
    const seen = saw?.seen === true ? `sees ${storedText(plan, saw.stored)}` : '';
    const at = ownCell(plan, op),
      own = cells.find((c) => c.at === at)?.words ?? (before.has(at) ? 'no page any more' : 'done');
    const phrase = result !== 'end' ? result : seen !== '' ? seen : own;
    out[op] = { signature: [result, seen, ...cells.map((c) => c.signature)].join(' '), phrase, cells, last };
    before = shown;
    from = last;
  }
  return out;
}

const freedIn = (steps: readonly StepRecord[]): Set<number> =>
  new Set(steps.flatMap((s) => s.effects.flatMap((e) => (e.name === 'freed' ? [e.a] : []))));

const cellName = (plan: Plan, process: number, va: number): string =>
  `${processName(plan, process)} ${pageName(plan, va)}`;

/** The page that an operation works on, as its process shows it; a fork's is the child's. */
function ownCell(plan: Plan, op: number): string {
  const { va, thread, child } = plan.ops[op]!,
    { process } = plan.threads[thread]!;
  if (child >= 0) return cellName(plan, child, 0);
  return va < 0 || process < 0 ? '' : cellName(plan, process, va);
}

/** Folio that each process shows at each page, of present entries, in the scratch world. */
function shownFolios(plan: Plan): Map<string, number> {
  const shown = new Map<string, number>();
  plan.processes.forEach((_, m) => {
    if (mmAt(m).state !== 'alive') return;
    for (let va = 0; va < plan.pages; va++) {
      const e = pteAt(m, va);
      if (pte_present(e)) shown.set(cellName(plan, m, va), pte_folio(e));
    }
  });
  return shown;
}

function cellOf(
  plan: Plan,
  at: string,
  folio: number,
  shown: ReadonlyMap<string, number>,
  was: number | undefined,
): Cell {
  const [name = '', page = ''] = at.split(' ');
  const process = plan.processes.findIndex((p) => p.name === name);
  const va =
    plan.regions
      .flatMap((r) => Array.from({ length: r.pages }, (_, i) => r.at + i))
      .find((v) => pageName(plan, v) === page) ?? 0;
  const readable = (vmaAt(process, va) & VM_READ) !== 0;
  const bytes = readable ? storedText(plan, folioAt(folio).stored) : 'no access';
  const sharers = [...shown].filter(([other, f]) => f === folio && other !== at).map(([other]) => other);
  const others = sharers.map((other) => other.replace(' ', '’s ')).join(' and ');
  const kept = was === folio;
  const how = kept
    ? 'the same page'
    : was !== undefined
      ? 'a copy'
      : sharers.length > 0
        ? 'the page'
        : 'a new page';
  return {
    at,
    signature: `${at}=${kept ? 'kept' : was !== undefined ? 'changed' : 'new'}:${bytes}:${sharers.join('+')}`,
    words: `${how} ${folioName(folio)}: ${bytes}${others === '' ? '' : `, shared with ${others}`}`,
  };
}

/** What to say of each where two operations differ that say the same about their own page. */
export function elsewhere(a: Outcome, b: Outcome): [string, string] {
  const names = [...new Set([...a.cells, ...b.cells].map((c) => c.at))];
  const of = (o: Outcome, at: string): Cell | undefined => o.cells.find((c) => c.at === at);
  const at = names.find((n) => of(a, n)?.signature !== of(b, n)?.signature);
  if (at === undefined) return [a.phrase, b.phrase];
  const say = (o: Outcome): string =>
    `${o.phrase}; ${at.replace(' ', '’s ')} is ${of(o, at)?.words ?? 'not mapped'}`;
  return [say(a), say(b)];
}
