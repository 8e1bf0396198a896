/** What the benches share: a search of a twin, and what was recorded of the twins. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { advance, begin, resultOf } from '../src/checker/check.ts';
import type { Result } from '../src/checker/check.ts';
import { reductionNames } from '../src/checker/reduce/reduction.ts';
import type { Machine } from '../src/kernel/machine.ts';
import { twins } from './twins/twins.ts';
import type { Twin } from './twins/twins.ts';

/** npm runs its scripts in the root of the repository. */
export const folder = join(process.cwd(), 'bench', 'twins');

export type How = 'bare' | 'judged' | 'reduced';
/** `bare`: no invariants, so that the search goes to the end whatever is wrong. */
export function search(twin: Twin, machine: Machine, how: How | 'bare reduced'): Result {
  const invariants = how.startsWith('bare') ? [] : twin.invariants;
  const s = begin(machine, {
    fewest: false,
    ...(invariants === undefined ? {} : { invariants }),
    ...(how.endsWith('reduced') ? { reduce: reductionNames } : {}),
  });
  while (!advance(s, 1 << 16));
  return resultOf(s);
}

export const median = (list: readonly number[]): number => [...list].sort((a, b) => a - b)[list.length >> 1]!;
/** CPU milliseconds of this process, with its threads that compile and collect. */
export function timed<T>(work: () => T): { readonly ms: number; readonly value: T } {
  const before = process.cpuUsage().user,
    value = work();
  return { ms: Math.max(0.001, (process.cpuUsage().user - before) / 1000), value };
}

export const recorded = <T>(file: string): Readonly<Record<string, T>> =>
  JSON.parse(readFileSync(join(folder, file), 'utf8')) as Readonly<Record<string, T>>;
/** What was not looked at this time stays; what is no twin any more goes. */
export function record<T>(file: string, fresh: Readonly<Record<string, T>>): void {
  const known = { ...recorded<T>(file), ...fresh };
  const all = twins.flatMap(({ id }) => (known[id] === undefined ? [] : [[id, known[id]] as const]));
  writeFileSync(join(folder, file), `${JSON.stringify(Object.fromEntries(all), null, 2)}\n`);
}

/** Bytes that our search takes for each state: of the whole graph, and of what a reduced one keeps. */
export interface Sizes {
  readonly whole: number;
  readonly reduced: number;
}
/** Without invariants, so that neither ends early where something goes wrong. */
export function sizesOf(twin: Twin): Sizes {
  const of = (how: 'bare' | 'bare reduced'): number => search(twin, twin.boot(false), how).bytesPerState;
  return { whole: of('bare'), reduced: of('bare reduced') };
}
export interface Change {
  readonly id: string;
  readonly of: keyof Sizes;
  /** Now to what was recorded. */
  readonly ratio: number;
}
export function changes(found: Readonly<Record<string, Sizes>>): Change[] {
  const before = recorded<Sizes>('sizes.json');
  return Object.entries(found).flatMap(([id, now]) => {
    const was = before[id];
    if (was === undefined) return [];
    return (['whole', 'reduced'] as const).map((of) => ({ id, of, ratio: now[of] / was[of] }));
  });
}
