/** Where in a run conditions hold, how watched values go, and what is different between two steps. */
import type { Run } from '../run.ts';
import type { Condition, Watched } from './condition.ts';
import { facts, read, subjects, valueText } from './facts.ts';

/**
 * Steps at which a debugger stops for it. What a step does: each step that does it. How things stand: the
 * steps with which it comes to be so.
 */
export function hitsOf(run: Run, { test, event }: Condition): number[] {
  const hits: number[] = [];
  for (let at = event ? 1 : 0, before = false; at <= run.steps.length; at++) {
    const is = test(run, at);
    if (is && (event || !before)) hits.push(at);
    before = is;
  }
  return hits;
}

/** The value from step `from` on, until the next span. */
export interface Span {
  readonly from: number;
  readonly value: string;
}
export function spansOf(run: Run, { kind, value }: Watched): Span[] {
  const out: Span[] = [];
  for (let at = 0; at <= run.steps.length; at++) {
    const text = valueText(value(run, at), kind);
    if (out.at(-1)?.value !== text) out.push({ from: at, value: text });
  }
  return out;
}

/** A fact that is not the same after two steps. `path` can be watched. */
export interface Difference {
  readonly path: string;
  readonly says: string;
  readonly before: string;
  readonly after: string;
}
export function differences(run: Run, a: number, b: number): Difference[] {
  const out: Difference[] = [];
  for (const subject of subjects(run)) {
    for (const fact of facts) {
      if (fact.of !== subject.of) continue;
      // What follows from the folio that an entry names is said of the folio.
      if (fact.of === 'entry' && FOLLOWS.has(fact.name)) continue;
      const before = valueText(read(run, a, fact, subject), fact.kind),
        after = valueText(read(run, b, fact, subject), fact.kind);
      if (before === after) continue;
      const path = fact.name === '' ? subject.name : `${subject.name}.${fact.name}`;
      out.push({ path, says: fact.says, before, after });
    }
  }
  return out;
}
const FOLLOWS: ReadonlySet<string> = new Set([
  'present',
  'writable',
  'folio',
  'bytes',
  'refcount',
  'mapcount',
  'pins',
  'exclusive',
]);
