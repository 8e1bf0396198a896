/** What a step did to locks and counts, as short as people write it into a mail. */
import type { Effect } from '../debugger/record.ts';
import type { Run, StepRecord } from '../debugger/run.ts';
import { folioName, lockLabel, pageName, placeOfPte, processName, pteWords } from '../debugger/words.ts';
import { lockOfBit } from '../kernel/locks.ts';
import { RESULTS } from '../kernel/compile.ts';

/** `+PTL`, `f0 refs 1>2`: taken and dropped locks first, as they stand at the beginning of a step. */
export function notesOf(run: Run, step: StepRecord): string[] {
  const all = step.effects.flatMap((e) => noteOf(run, e) ?? []);
  return [...new Set(all)];
}

/** A note about several steps together: counts from the first value to the last, locks left out. */
export function notesOfAll(run: Run, steps: readonly StepRecord[]): string[] {
  const counts = new Map<string, { from: number; to: number }>();
  const others: string[] = [];
  for (const e of steps.flatMap((s) => s.effects)) {
    const count = COUNTS[e.name];
    if (count === undefined) {
      if (LASTING.has(e.name)) others.push(...(noteOf(run, e) ?? []));
      continue;
    }
    const key = `${folioName(e.a)} ${count}`;
    const known = counts.get(key) ?? { from: e.b - e.c, to: 0 };
    counts.set(key, { from: known.from, to: e.b });
  }
  const changed = [...counts].filter(([, { from, to }]) => from !== to);
  return [...new Set([...others, ...changed.map(([key, { from, to }]) => `${key} ${from}>${to}`)])];
}

const COUNTS: Readonly<Record<string, string>> = { refs: 'refs', pins: 'pins', maps: 'maps' };
/** Worth a word when a whole operation is told in one line. */
const LASTING = new Set(['alloc', 'copy', 'freed', 'seen', 'end']);

function noteOf(run: Run, e: Effect): string[] | null {
  const { plan, model } = run.machine;
  switch (e.name) {
    case 'lock':
      return [`+${lockLabel(lockOfBit.get(e.a)!, model)}`];
    case 'unlock':
      return [`-${lockLabel(lockOfBit.get(e.a)!, model)}`];
    case 'refs':
    case 'pins':
    case 'maps':
      return [`${folioName(e.a)} ${COUNTS[e.name]} ${e.b - e.c}>${e.b}`];
    case 'alloc':
      return [`${folioName(e.a)} new`];
    case 'freed':
      return [`${folioName(e.a)} freed`];
    case 'copy':
      return [`${folioName(e.a)} = copy of ${folioName(e.b)}`];
    case 'store':
      return [`${folioName(e.a)} = ${said(plan.stored[e.b]!)}`];
    case 'seen':
      return [`sees ${said(plan.stored[e.b]!)}`];
    case 'exclusive':
      return [`${folioName(e.a)} ${e.b === 0 ? 'not ' : ''}exclusive`];
    case 'set_pte_at':
    case 'pte_clear': {
      const { process, va } = placeOfPte(e.a);
      const what = e.name === 'pte_clear' ? 'cleared' : pteWords(e.b).replace(' → ', ' ');
      return [`${processName(plan, process)}:${pageName(plan, va)} ${what}`];
    }
    case 'flush_tlb':
      return [`flush ${pageName(plan, e.b)}`];
    case 'end': {
      const result = RESULTS[e.a] ?? 'end';
      return result === 'end' ? null : [result];
    }
    default:
      return null;
  }
}

const said = ({ text, hex }: { readonly text: string; readonly hex: boolean }): string =>
  hex ? text : JSON.stringify(text);
