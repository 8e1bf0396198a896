/** Names that users write, looked up: for an unknown one there is the nearest, and the list. */
import { invariantById, invariantNames, invariants } from '../invariants/index.ts';
import type { Invariant } from '../invariants/index.ts';
import { extras, guards, withExtra } from '../kernel/guards.ts';
import { modelById, models, whyNotMade } from '../kernel/models/index.ts';
import type { Plan } from '../kernel/plan.ts';
import type { Model } from '../kernel/rules.ts';
import { didYouMean } from '../scenario/nearest.ts';
import { BadInput } from './command.ts';
import type { Args } from './command.ts';

function unknown(kind: string, name: string, ids: readonly string[], more: readonly string[] = []): BadInput {
  const list = `There ${ids.length === 1 ? 'is' : 'are'} ${ids.join(', ')}.`;
  const near = didYouMean(name, [...ids, ...more]);
  return new BadInput(
    `no ${kind} is called "${name.slice(0, 60)}"`,
    [near, list].filter((s) => s !== '').join(' '),
  );
}
export const unknownScenario = (name: string, ids: readonly string[]): BadInput =>
  unknown('scenario', name, ids);
export const unknownExperiment = (name: string, ids: readonly string[]): BadInput => {
  // Of hundreds, those that begin alike are the likely ones.
  const alike = ids.filter((id) => id.startsWith(name.slice(0, 3)));
  const likely = alike.length > 0 ? alike : ids;
  const shown = likely.length > 8 ? [...likely.slice(0, 8), `${ids.length - 8} more`] : likely;
  return unknown('experiment', name, shown, ids);
};

export function modelNamed(id: string): Model {
  const model = modelById(id),
    why = whyNotMade(id);
  if (why !== null) {
    const rest = 'folioscope models --switches lists all of them.';
    throw new BadInput(`no rule set is called "${id.slice(0, 60)}": ${why.message}`, `${why.hint} ${rest}`);
  }
  if (model === undefined)
    throw unknown(
      'model',
      id,
      models.map((m) => m.id),
    );
  return model;
}

/** `--model ID`, which must be there. */
export function modelOf(args: Args, option = 'model'): Model {
  const id = args.text(option);
  if (id === undefined)
    throw new BadInput(`--${option} is missing`, `Models: ${models.map((m) => m.id).join(', ')}.`);
  return modelNamed(id);
}

/** `more`: questions of the scenario. */
export function invariantNamed(name: string, more: readonly Invariant[] = []): Invariant {
  const asked = more.find((i) => i.id === name || i.alias.includes(name));
  const found = asked ?? invariantById(name);
  if (found === undefined)
    throw unknown(
      'invariant',
      name,
      [...invariants, ...more].map((i) => i.id),
      invariantNames,
    );
  return found;
}

/** `--schedule S`; without one, or with an empty one, the scenario's own. */
export const scheduleOf = (args: Args, plan: Plan): string => args.text('schedule') || plan.schedule;

/** `--without A,B` and `--with C`, as links have them: `A`, `B`, `+C`. */
export function guardsOf(args: Args): string[] {
  const off = listed(args, 'without'),
    on = listed(args, 'with');
  for (const [names, known] of [
    [off, guards],
    [on, extras],
  ] as const)
    for (const id of names)
      if (!known.some((g) => g.id === id))
        throw unknown(
          'guard',
          id,
          known.map((g) => g.id),
        );
  return [...off, ...on.map(withExtra)];
}
const listed = (args: Args, option: string): string[] =>
  (args.text(option) ?? '')
    .split(',')
    .map((g) => g.trim())
    .filter((g) => g !== '');
