/** How far a search may go, from the command line, and a line about how far it has come. */
import { advanceWithin, beginWithin, progressWithin, resultWithin, stopWithin } from '../checker/bounded.ts';
import type { Bounded, BoundedOptions } from '../checker/bounded.ts';
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

interface Timed {
  readonly ms?: number;
}
/** A search from start to end; a terminal hears of one that takes long. */
export function searched(machine: Machine, options: Options & Timed): Result {
  const search = begin(machine, options);
  inSlices(machine, options, {
    advance: () => advance(search, SLICE),
    stop: (why) => stop(search, why),
    progress: () => progressOf(search),
  });
  return resultOf(search);
}
/** The same of the runs with at most so many preemptions. */
export function searchedWithin(machine: Machine, most: number, options: BoundedOptions & Timed): Bounded {
  const search = beginWithin(machine, most, options);
  inSlices(machine, options, {
    advance: () => advanceWithin(search, SLICE),
    stop: (why) => stopWithin(search, why),
    progress: () => progressWithin(search),
  });
  return resultWithin(search);
}

const SLICE = 1 << 14;
interface Slices {
  readonly advance: () => boolean;
  readonly stop: (why: string) => void;
  readonly progress: () => { readonly states: number; readonly depth: number; readonly bytes: number };
}
function inSlices({ model }: Machine, { ms }: Timed, slices: Slices): void {
  const { stderr } = process,
    from = performance.now();
  let told = from;
  while (!slices.advance()) {
    const now = performance.now();
    if (ms !== undefined && now - from > ms) slices.stop(`${ms / 1000} s`);
    if (!stderr.isTTY || now - told < 500) continue;
    told = now;
    const { states, depth, bytes } = slices.progress(),
      rate = (Math.round(states / (now - from)) * 1000).toLocaleString('en');
    const far = `${count(states, 'state')}, ${rate} a second, depth ${depth}`;
    stderr.write(`\r\u001b[K${model.id}: ${far}, ${Math.ceil(bytes / 2 ** 20)} MB`);
  }
  if (told !== from) stderr.write('\r\u001b[K');
}
