/** What is exported: a run of a scenario, and a place in it. Every format is made from this, and is pure. */
import type { Run } from '../debugger/run.ts';
import type { Broken } from '../debugger/violations.ts';

export interface Subject {
  /** A file name without its suffix. */
  readonly name: string;
  /** The scenario as its author wrote it. */
  readonly text: string;
  readonly run: Run;
  /** Step after which to look, from 0. */
  readonly at: number;
  /** Rules that the run breaks, by their first step. */
  readonly broken: readonly Broken[];
  /** A link to it, or ''. */
  readonly link: string;
}

/** `v5.7 breaks private-writes-stay-private after step 57: ...`, or that it breaks nothing. */
export function verdictOf({ run, broken }: Subject): string {
  const { id } = run.machine.model;
  const [first] = broken;
  if (first === undefined) return `${id}: this run breaks no rule.`;
  return `${id}: ${first.invariant.id} is broken after step ${first.at}. ${sentenceOf(first.reason)}`;
}

const sentenceOf = (reason: string): string => {
  const text = reason.charAt(0).toUpperCase() + reason.slice(1);
  return /[.!?]$/.test(text) ? text : `${text}.`;
};

/** Operations begun by a step: `store a.0 "old"`; a step of an actor of its own has a name, too. */
export const operationText = ({ machine }: Run, op: number): string => machine.plan.ops[op]?.text ?? '';
