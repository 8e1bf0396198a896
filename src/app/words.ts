/** Phrases that several panels say, so that they say them alike. */
import type { OpView, RunView, StepView } from '../worker/protocol.ts';
import { opOf } from './session/moves.ts';

export const count = (n: number, one: string, many = `${one}s`): string =>
  `${n.toLocaleString('en')} ${n === 1 ? one : many}`;

/** A rule set that was put together by hand: `v5.9~reuse.mapcount`. */
export const isMade = (model: string): boolean => model.includes('~');
/** Its name where there is little room. */
export function shortModel(model: string): string {
  const [base = '', ...switches] = model.split('~');
  return switches.length === 0 ? base : `${base} + ${count(switches.length, 'switch', 'switches')}`;
}

/** What a check says that had no memory to keep every state: a probability as people say one. */
export function missedWords(atMost: number): string {
  const [unit, name] = (
    [
      [1e15, ' million billion'],
      [1e9, ' billion'],
      [1e6, ' million'],
    ] as const
  ).find(([least]) => 1 / atMost >= least) ?? [1, ''];
  const one = Math.max(1, Math.floor(1 / atMost / unit)).toLocaleString('en');
  return (
    'Memory ran short, so states were told apart by fingerprints of 64 bits. ' +
    `The chance that a state was missed for that is below 1 in ${one}${name}.`
  );
}

export const stepOf = (at: number, run: RunView): string => `Step ${at} of ${run.steps.length}`;

/** Text of a scenario as it reads best: real arrows, quotes and apostrophes. */
const QUOTED = /"([^"]*)"/g;
const APOSTROPHE = /(?<=\p{L})'(?=s\b)/gu;
export const pretty = (text: string): string =>
  text.replaceAll('->', '→').replace(QUOTED, '“$1”').replace(APOSTROPHE, '’');

/** `parent: store a.0 "old"`. */
export const opName = (run: RunView, op: OpView): string =>
  `${run.lanes[op.thread]?.name ?? '?'}: ${pretty(op.text)}`;

/** What the small line above the caption says of a step. */
export function whereOf(run: RunView, step: StepView): readonly string[] {
  const op = opOf(run, step);
  return op ? [opName(run, op)] : [run.lanes[step.thread]?.name ?? ''];
}

/** What the live region says of a place in the run. */
export function spoken(run: RunView, at: number, brief = false): string {
  const step = run.steps[at - 1];
  if (!step) return `Step 0 of ${run.steps.length}. Nothing has happened yet.`;
  const broke = run.violations.find((one) => one.at === at);
  const thread = run.lanes[step.thread]?.name ?? '';
  const op = opOf(run, step);
  const begins = op?.first === at ? ` begins ${pretty(op.text)}` : '';
  const parts = [`Step ${at} of ${run.steps.length}, ${thread}${begins}. ${step.says}`];
  if (brief) return parts.join(' ');
  if (step.decision)
    parts.push(`The rule asked: ${step.decision.asks} It answered: ${step.decision.answer}.`);
  if (broke) parts.push(`A rule broke: ${broke.title}`);
  if (at === run.steps.length) parts.push(run.ending);
  return parts.join(' ');
}
