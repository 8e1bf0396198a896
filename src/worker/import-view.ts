/**
 * A text that somebody pasted or dropped, as scenarios to open: a race out of a mail, a file of
 * experiments, a
 * recording of a kernel with what the model says to it, or a scenario. Hostile: bounded, and nothing throws.
 */
import { judge, scriptOf } from '../evidence/judge.ts';
import { buildForStem, modelForRelease, modelForStem } from '../evidence/kernels.ts';
import { describeProblem, parseRecording } from '../evidence/recording.ts';
import type { RecordedExperiment } from '../evidence/recording.ts';
import { isRace, readRace } from '../export/race-read.ts';
import { modelById } from '../kernel/models/index.ts';
import type { Model } from '../kernel/rules.ts';
import { compileText } from '../scenario/compile.ts';
import type { Known } from '../scenario/compile.ts';
import { experiments } from '../scenario/experiments.ts';
import type { ImportEntry, ImportRequest, ImportView } from './protocol.ts';

/** Letters of a text, and experiments of a recording, that are looked at. */
const LETTERS_MAX = 8 * 1024 * 1024,
  JUDGED_MAX = 600,
  PROBLEMS_MAX = 5;

const ENTRY: ImportEntry = {
  name: '',
  about: '',
  text: '',
  model: '',
  schedule: '',
  at: '',
  without: [],
  outcome: '',
};

export function imported({ text, name, model }: ImportRequest, known: Known): ImportView {
  if (text.trim() === '') return nothing('There is nothing in it.');
  if (text.length > LETTERS_MAX) {
    const size = (text.length / 1024 / 1024).toFixed(1);
    return nothing(`It has ${size} MB; at most ${LETTERS_MAX / 1024 / 1024} MB are read.`);
  }
  if (/^[^\n]{0,200}\{"kernel"/m.test(text)) return recordingOf(text, name);
  if (isRace(text)) {
    const { text: found, notes, ...rest } = readRace(text, known, model);
    return found === null
      ? { kind: 'nothing', says: notes.join(' '), notes: [], entries: [] }
      : { kind: 'race', says: 'A race out of a mail.', notes, entries: [{ ...ENTRY, ...rest, text: found }] };
  }
  const all = experiments(text);
  if (all.length > 0) {
    const entries = all.map((one) => ({
      ...ENTRY,
      name: one.name,
      about: one.about,
      text: `@${one.name}${one.about === '' ? '' : ` ${one.about}`}\n${one.text}`,
    }));
    const says = all.length === 1 ? 'An experiment of the recorder.' : `${all.length} experiments.`;
    return { kind: 'experiments', says, notes: [], entries };
  }
  const { diagnostics } = compileText(text, known);
  const wrong = diagnostics.filter((d) => d.severity === 'error');
  const notes = wrong.slice(0, PROBLEMS_MAX).map((d) => `Line ${d.line}: ${d.message}.`);
  const says = wrong.length === 0 ? 'A scenario.' : 'A scenario with mistakes; the editor shows where.';
  return { kind: 'scenario', says, notes, entries: [{ ...ENTRY, text }] };
}

const nothing = (says: string): ImportView => ({ kind: 'nothing', says, notes: [], entries: [] });

function recordingOf(text: string, file: string): ImportView {
  const recording = parseRecording(text, file || 'recording');
  const stem = file.replace(/^.*[/\\]/, '').replace(/\.jsonl$/, '');
  const kernel = recording.experiments[0]?.kernel ?? recording.env?.kernel ?? '';
  const id = modelForStem(stem) ?? modelForRelease(kernel);
  const model = id === null ? undefined : modelById(id);
  const problems = recording.problems.map(describeProblem);
  const notes = problems.slice(0, PROBLEMS_MAX);
  if (problems.length > notes.length)
    notes.push(`And ${problems.length - notes.length} lines more that could not be read.`);
  if (model === undefined) notes.push(`No model answers for the kernel ${kernel.slice(0, 40) || stem}.`);
  if (recording.experiments.length > JUDGED_MAX) notes.push(`Only the first ${JUDGED_MAX} were compared.`);
  const entries = recording.experiments.map((one, i) =>
    entryOf(one, i < JUDGED_MAX ? model : undefined, stem),
  );
  const count = (outcome: ImportEntry['outcome']): number =>
    entries.filter((one) => one.outcome === outcome).length;
  const says =
    `A recording of Linux ${kernel.slice(0, 40)}: ${entries.length} experiments` +
    (model === undefined
      ? '.'
      : `; ${model.id} confirmed ${count('confirmed')}, contradicted ${count('contradicted')}, ` +
        `not modelled ${count('not-modelled')}.`);
  return { kind: entries.length === 0 ? 'nothing' : 'recording', says, notes, entries };
}

function entryOf(experiment: RecordedExperiment, model: Model | undefined, stem: string): ImportEntry {
  const { name, skip } = experiment;
  const entry = { ...ENTRY, name, text: `@${name}\n${scriptOf(experiment)}`, model: model?.id ?? '' };
  if (skip !== undefined) return { ...entry, about: `not run there: ${skip}` };
  if (model === undefined) return entry;
  const judged = judge(experiment, model, buildForStem(stem));
  if (!judged.covered) return { ...entry, outcome: 'not-modelled', about: judged.why };
  const level = judged.values !== null ? 'values' : 'frames';
  const wrong = judged[level];
  if (wrong === null) return { ...entry, outcome: 'confirmed' };
  const { op, recorded, predicted } = wrong;
  return {
    ...entry,
    outcome: 'contradicted',
    about: `${level} of ${op}: recorded ${recorded}, predicted ${predicted}`,
  };
}
