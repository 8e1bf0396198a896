/**
 * Rule sets that are put together by hand: `v5.9~reuse.mapcount~fork.share` is v5.9, but for the switches
 * behind it. Whatever takes the id of a model takes such an id, too. Registered models come in as a value:
 * the registry itself uses this file.
 */
import type { Model, Rules } from '../rules.ts';
import { switches } from './switches.ts';
import type { Position } from './switches.ts';

/** Between the base and its switches, and between a switch and its position. Neither is escaped in links. */
export const PLUS = '~',
  AT = '.';
/** Longer ones are no id. */
const LONGEST = 400;
const KEPT = 200;

/** By switch: the position. */
export type Chosen = Readonly<Record<string, string>>;
export interface Written {
  readonly base: string;
  readonly chosen: Chosen;
}
/** Why an id stands for no rule set, and what to do. */
export interface Refused {
  readonly message: string;
  readonly hint: string;
}

export const isMade = (id: string): boolean => id.includes(PLUS);
export const isRefused = (made: object): made is Refused => 'hint' in made;

const idsOf = (of: object): string => Object.keys(of).join(', ');
const has = Object.hasOwn;
const cut = (text: string): string => (text.length > 40 ? `${text.slice(0, 40)}…` : text);

/** The words of an id. */
export function readId(id: string): Written | Refused {
  const [base = '', ...said] = id.slice(0, LONGEST + 1).split(PLUS);
  if (id.length > LONGEST)
    return { message: `an id of ${id.length} letters`, hint: `At most ${LONGEST} are read.` };
  const chosen: Record<string, string> = {};
  for (const one of said) {
    const dot = one.indexOf(AT),
      name = dot < 0 ? one : one.slice(0, dot),
      at = dot < 0 ? '' : one.slice(dot + 1);
    if (!has(switches, name))
      return { message: `no switch is called "${cut(name)}"`, hint: `There are ${idsOf(switches)}.` };
    const { positions } = switches[name]!;
    if (!has(positions, at))
      return { message: `${name} has no position "${cut(at)}"`, hint: `It has ${idsOf(positions)}.` };
    if (has(chosen, name)) return { message: `${name} is said twice`, hint: 'Keep one of them.' };
    chosen[name] = at;
  }
  return { base, chosen };
}

type Part = Pick<Model, 'routines'> & { readonly rules: Partial<Rules> };
/** What a position brings. */
function partOf(name: string, { from, besides }: Position, models: readonly Model[]): Part {
  const { rules, hooks = [] } = switches[name]!,
    model = models.find((m) => m.id === from)!;
  return {
    rules: { ...Object.fromEntries(rules.map((rule) => [rule, model.rules[rule]])), ...besides },
    routines: Object.fromEntries(hooks.map((hook) => [hook, model.routines[hook]!])),
  };
}
const includes = (all: object, some: object): boolean =>
  Object.entries(some).every(([key, value]) => (all as Record<string, unknown>)[key] === value);

/** Where a model has this switch; null: nowhere, it is a mix of its own. */
export function positionOf(model: Model, name: string, models: readonly Model[]): string | null {
  for (const [id, position] of Object.entries(switches[name]!.positions)) {
    const { rules, routines } = partOf(name, position, models);
    if (includes(model.rules, rules) && includes(model.routines, routines)) return id;
  }
  return null;
}
/** All switches of a base, with what was chosen instead. */
export const positionsOf = (
  base: Model,
  chosen: Chosen,
  models: readonly Model[],
): Record<string, string | null> =>
  Object.fromEntries(
    Object.keys(switches).map((name) => [name, chosen[name] ?? positionOf(base, name, models)]),
  );

/** The first position that lacks what it needs. */
export interface Lack {
  readonly name: string;
  readonly at: string;
  readonly needs: string;
  readonly needed: string;
}
export function lackIn(at: Readonly<Record<string, string | null>>): Lack | null {
  for (const [name, { positions }] of Object.entries(switches)) {
    const here = at[name] ?? null;
    for (const [needs, needed] of Object.entries((here === null ? undefined : positions[here]?.needs) ?? {}))
      if (at[needs] !== needed) return { name, at: here!, needs, needed };
  }
  return null;
}

/** What follows from the switches without being asked. */
function derived(rules: Rules, base: Rules): Rules {
  const { locksRanges, forkCopiesPinned, hasExclusive, hugetlbForcedWrites: forced } = rules,
    ranges = base.mmapLockName === 'range lock';
  return {
    ...rules,
    mmapLockName: locksRanges ? 'range lock' : ranges ? 'mmap_lock' : base.mmapLockName,
    forkCopiesPinnedHuge: rules.forkCopiesPinnedHuge && forkCopiesPinned,
    hugetlbForcedWrites: forced === 'exclusive' && !hasExclusive ? 'refused' : forced,
  };
}

const made = new Map<string, Model>();

/** The same object for the same id, as of registered models. */
export function compose(id: string, models: readonly Model[]): Model | Refused {
  const known = made.get(id);
  if (known !== undefined) return known;
  const read = readId(id);
  if (isRefused(read)) return read;
  const base = models.find((m) => m.id === read.base);
  if (base === undefined)
    return {
      message: `no model is called "${cut(read.base)}"`,
      hint: `There are ${models.map((m) => m.id).join(', ')}.`,
    };
  const { chosen } = read,
    lack = lackIn(positionsOf(base, chosen, models));
  if (lack !== null) {
    const needed = `${lack.needs}${AT}${lack.needed}`;
    return {
      message: `${lack.name}${AT}${lack.at} needs ${needed}`,
      hint: `Add ${PLUS}${needed}, or choose another position of ${lack.name}.`,
    };
  }
  const parts = Object.entries(chosen).map(([name, at]) =>
    partOf(name, switches[name]!.positions[at]!, models),
  );
  const rules = Object.assign({ ...base.rules }, ...parts.map((part) => part.rules)) as Rules;
  const from = switches['reuse']!.positions[chosen['reuse'] ?? '']?.from;
  const model: Model = {
    ...base,
    id,
    title: `Made by hand: ${base.id} with other switches`,
    rule: `As ${base.id}, but for ${Object.entries(chosen)
      .map(([name, at]) => `${name}${AT}${at}`)
      .join(', ')}.`,
    since: 'Never released: put together here.',
    replaces: '',
    breaks: 'What a check finds.',
    looksAt: models.find((m) => m.id === from)?.looksAt ?? base.looksAt,
    composed: true,
    proposal: false,
    mailSays: '',
    ours: '',
    rules: derived(rules, base.rules),
    routines: Object.assign({ ...base.routines }, ...parts.map((part) => part.routines)) as Model['routines'],
  };
  if (made.size >= KEPT) made.clear();
  made.set(id, model);
  return model;
}
