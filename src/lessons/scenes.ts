/** What a beat's scenario is on a kernel: what those who run lessons have in common. */
import { check } from '../checker/check.ts';
import { invariantById, invariantNames } from '../invariants/index.ts';
import { extras, guards, withExtra } from '../kernel/guards.ts';
import { boot } from '../kernel/machine.ts';
import { apartIds, modelById, modelIds, whyNotMade } from '../kernel/models/index.ts';
import type { Plan } from '../kernel/plan.ts';
import type { Known } from '../scenario/compile.ts';
import type { Problems } from '../scenario/diagnostic.ts';
import { entryById } from '../scenario/gallery/index.ts';
import { textOf } from './parser.ts';
import type { Scene } from './syntax.ts';

/** Says that something is not as written, as against a mistake in the text. */
export type Untrue = Problems['error'];

export const known: Known = {
  models: modelIds,
  apart: apartIds,
  invariants: invariantNames,
  guards: [...guards.map((g) => g.id), ...extras.map((g) => withExtra(g.id))],
  whyNotMade,
};

/** The text that a scene runs, '' if the gallery has no such scenario. */
export const sceneText = (scene: Scene): string =>
  scene.lines === null ? (entryById(scene.name.text)?.text ?? '') : textOf(scene);

export function verdictOf(
  plan: Plan,
  model: string,
  invariant: string,
  without: readonly string[] = [],
): string {
  const only = invariant === '' ? undefined : invariantById(invariant);
  const machine = boot(plan, modelById(model)!, without);
  return check(machine, only === undefined ? { fewest: false } : { invariants: [only], fewest: false })
    .verdict;
}
