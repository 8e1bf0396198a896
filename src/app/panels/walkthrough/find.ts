/** Lessons by name or by text, and what the picture needs of one of their beats. */
import { course } from '../../../lessons/course/index.ts';
import { lookId } from '../../../lessons/look.ts';
import { readLesson, textOf } from '../../../lessons/parser.ts';
import { stagesOf, type Lesson, type Stage } from '../../../lessons/syntax.ts';
import type { Source } from '../../../scenario/link.ts';
import type { Diagnostic } from '../../../scenario/diagnostic.ts';
import type { State, Walk } from '../../session/state.ts';

/** A lesson that is not in the course: one's own, or one that came from elsewhere. */
export const OWN = 'own';

export interface Loaded {
  readonly id: string;
  readonly text: string;
  readonly lesson: Lesson;
  readonly stages: readonly Stage[];
  /** A lesson with mistakes is not played. */
  readonly wrong: readonly Diagnostic[];
}

/** null: there is none of that name. Rejects where it could not be fetched. */
export async function loadLesson({ id, text }: Pick<Walk, 'id' | 'text'>): Promise<Loaded | null> {
  const entry = text === '' ? course.find((one) => one.id === id) : undefined;
  if (text === '' && entry === undefined) return null;
  const { lesson, diagnostics } = readLesson(entry ? await entry.text() : text);
  const wrong = diagnostics.filter((one) => one.severity === 'error');
  return { id, text, lesson, stages: wrong.length > 0 ? [] : stagesOf(lesson), wrong };
}

/** What a beat runs: a gallery scenario goes by its name. null: it is not here. */
export function sourceOf(
  { info }: Pick<State, 'info'>,
  { scene }: Pick<Stage, 'scene'>,
): { scenario: string; text: string } | null {
  if (scene.lines !== null) return { scenario: '', text: textOf(scene) };
  const found = info?.scenarios.find((one) => one.id === scene.name.text);
  return found ? { scenario: found.id, text: found.text } : null;
}

/** What there is to open of a beat. */
export interface Place {
  readonly scenario: string;
  readonly text: string;
  readonly model: string;
  readonly schedule: string;
  readonly position: string;
  readonly selection: string | null;
}

export function placeOf(state: Pick<State, 'info'>, stage: Stage): Place | null {
  const source = sourceOf(state, stage);
  if (source === null) return null;
  const { look } = stage.beat.said;
  const selection = look === undefined ? null : lookId(look.text);
  return { ...source, model: stage.model.text, schedule: stage.schedule, position: stage.at, selection };
}

/** What a link to a lesson leads to. */
export interface BeatFound {
  readonly walk: Walk | null;
  /** null: the beat has nothing that could be opened. */
  readonly stage: Place | null;
  readonly notes: readonly string[];
}

export async function findBeat(source: Source, wanted: number, state: State): Promise<BeatFound> {
  const [id, text] = source.kind === 'named' ? [source.id, ''] : [OWN, source.text];
  const loaded = await loadLesson({ id, text });
  if (loaded === null) return { walk: null, stage: null, notes: [`There is no lesson “${id}” here.`] };
  const { stages, wrong } = loaded;
  const beat = Math.min(wanted, Math.max(0, stages.length - 1));
  const walk = { id, text, beat, stand: null };
  if (wrong.length > 0) return { walk, stage: null, notes: mistakes(wrong) };
  const [stage] = stages.slice(beat);
  const place = stage ? placeOf(state, stage) : null;
  const notes: string[] = [];
  if (beat !== wanted) notes.push(`The lesson has no beat ${wanted + 1}: this is its last one.`);
  if (stage && place === null)
    notes.push(`Beat ${beat + 1} needs the scenario ${stage.scene.name.text}, which is not here.`);
  // Of rules that are made by hand the simulation says whether they can be.
  const [kernel] = (place?.model ?? '').split('~');
  if (place && state.info?.models.some((one) => one.id === kernel) === false) {
    notes.push(`Beat ${beat + 1} needs the kernel ${place.model}, which is not here.`);
    return { walk, stage: null, notes };
  }
  return { walk, stage: place, notes };
}

const SAID_MAX = 3;

function mistakes(wrong: readonly Diagnostic[]): string[] {
  const said = wrong.slice(0, SAID_MAX).map((one) => `Line ${one.line}: ${one.message}. ${one.hint}`);
  return ['The lesson has mistakes, and cannot be played.', ...said];
}
