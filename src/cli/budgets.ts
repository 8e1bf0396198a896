/** How far a search may go, from the command line, and a line about how far it has come. */
import { advance, begin, progressOf, resultOf, stop } from '../checker/check.ts';
import type { Options, Result } from '../checker/check.ts';
import type { Machine } from '../kernel/machine.ts';
import { numberOf } from './command.ts';
import type { Args, Option } from './command.ts';
import { count } from './table.ts';

const statesDefault = 5_000_000;

export const budgetOptions: Readonly<Record<string, Option>> = {
  budget: { value: 'STATES', says: `most states to visit (${statesDefault.toLocaleString('en')})` },
  'budget-depth': { value: 'STEPS', says: 'most steps to a state' },
  'budget-memory': {
    value: 'MB',
    says: 'most memory for states (1024); near it, states are told apart by fingerprints',
  },
  'budget-time': { value: 'SECONDS', says: 'most time for one search' },
};

export type Budgets = Pick<Options, 'depth' | 'bytes'> & { readonly states: number; readonly ms?: number };
export function budgetsOf(args: Args): Budgets {
  const given = (name: string, unit: number): number | null =>
    args.text(name) === undefined ? null : numberOf(args, name, 0, 1) * unit;
  const depth = given('budget-depth', 1),
    bytes = given('budget-memory', 2 ** 20),
    ms = given('budget-time', 1000);
  return {
    states: numberOf(args, 'budget', statesDefault, 1),
    ...(depth === null ? {} : { depth }),
    ...(bytes === null ? {} : { bytes }),
    ...(ms === null ? {} : { ms }),
  };
}

/** A search from start to end; a terminal hears of one that takes long. */
export function searched(machine: Machine, options: Options & { readonly ms?: number }): Result {
  const search = begin(machine, options),
    { stderr } = process,
    from = performance.now();
  let told = from;
  while (!advance(search, 1 << 14)) {
    const now = performance.now();
    if (options.ms !== undefined && now - from > options.ms) stop(search, `${options.ms / 1000} s`);
    if (!stderr.isTTY || now - told < 500) continue;
    told = now;
    const { states, depth, bytes } = progressOf(search),
      rate = (Math.round(states / (now - from)) * 1000).toLocaleString('en');
    const far = `${count(states, 'state')}, ${rate} a second, depth ${depth}`;
    stderr.write(`\r\u001b[K${machine.model.id}: ${far}, ${Math.ceil(bytes / 2 ** 20)} MB`);
  }
  if (told !== from) stderr.write('\r\u001b[K');
  return resultOf(search);
}
