/** Where a beat stands: its run, as far as it goes, and the step. */
import { newRun } from '../debugger/run.ts';
import type { Run } from '../debugger/run.ts';
import { follow, seekPosition } from '../debugger/schedule.ts';
import { boot } from '../kernel/machine.ts';
import { modelById, models } from '../kernel/models/index.ts';
import { compileText } from '../scenario/compile.ts';
import { known, sceneText } from './scenes.ts';
import type { Stage } from './syntax.ts';

export interface Stand {
  readonly run: Run;
  readonly at: number;
  /** The scenario's text. */
  readonly text: string;
}

/** Throws an Error with a sentence: the lesson names what is not there. */
export function standOf({ scene, model, schedule, at, beat }: Stage): Stand {
  const wrong = (why: string): Error => new Error(`The beat “${beat.title.text}” cannot be drawn: ${why}.`);
  const text = sceneText(scene),
    rules = modelById(model.text);
  if (text === '') throw wrong(`the gallery has no ${scene.name.text}`);
  if (rules === undefined)
    throw wrong(`there is no model ${model.text}; there are ${models.map((m) => m.id).join(', ')}`);
  const { plan, diagnostics } = compileText(text, known);
  if (plan === null) {
    const mistake = diagnostics.find((d) => d.severity === 'error');
    throw wrong(`line ${mistake?.line ?? 1} of its scenario: ${mistake?.message ?? 'a mistake'}`);
  }
  const run = newRun(boot(plan, rules));
  follow(run, schedule === '' ? plan.schedule : schedule);
  const stop = seekPosition(run, at);
  if (stop.note !== '') throw wrong(stop.note.replace(/\.$/, ''));
  return { run, at: stop.at, text };
}
