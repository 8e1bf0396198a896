/** The tree of a lesson's text: what was written and where, so that it can be judged and printed again. */
import type { Span } from '../scenario/diagnostic.ts';

/** What stands behind `key:`, and where it begins. */
export interface Said {
  readonly text: string;
  readonly span: Span;
}

/** A scenario that beats run: of the gallery, or written out. */
export interface Scene {
  readonly name: Said;
  /** Lines of the scenario language without their indentation; null: a name of the gallery. */
  readonly lines: readonly string[] | null;
  /** Columns by which each of those lines was indented. */
  readonly indents: readonly number[];
}

/** Keys of a beat that are said once, in the order in which they are printed. */
export const SINGLE = [
  'scenario',
  'model',
  'schedule',
  'at',
  'look',
  'compare',
  'predict',
  'until',
  'free',
  'challenge',
  'sandbox',
  'answer',
  'hint',
  'notes',
] as const;
export type Single = (typeof SINGLE)[number];
/** Keys that may be said again. */
export const REPEATED = ['fact', 'claim', 'must'] as const;
export type Repeated = (typeof REPEATED)[number];
export type BeatKey = Single | Repeated;
export const BEAT_KEYS: readonly BeatKey[] = [...SINGLE, ...REPEATED];

export const HEAD_KEYS = ['lesson', 'about', 'source', 'part', 'order', 'minutes', 'scenario'] as const;
export type HeadKey = (typeof HEAD_KEYS)[number];

export interface Beat {
  readonly title: Said;
  readonly said: Readonly<Partial<Record<Single, Said>>>;
  readonly facts: readonly Said[];
  readonly claims: readonly Said[];
  /** What a rule set of the sandbox has to bring about. */
  readonly musts: readonly Said[];
  /** Lines of each paragraph. */
  readonly prose: readonly (readonly string[])[];
}

export interface Lesson {
  readonly title: Said;
  readonly about: Said;
  readonly source: Said;
  /** The chapter of the course, '' = none. */
  readonly part: Said;
  /** Place in the course, from 1; 0 = none. */
  readonly order: number;
  readonly minutes: number;
  readonly scenes: readonly Scene[];
  readonly beats: readonly Beat[];
}

/** Where a beat stands, with what it takes over from the beats before. */
export interface Stage {
  readonly beat: Beat;
  readonly scene: Scene;
  readonly model: Said;
  /** '' = the order that the scenario asks for. */
  readonly schedule: string;
  readonly at: string;
}

/**
 * Kernel and scenario stay until a beat names others; a schedule stays as long as its scenario, and
 * `schedule: none` ends it.
 */
export function stagesOf({ scenes, beats }: Lesson): Stage[] {
  const nowhere: Said = { text: '', span: { line: 1, column: 1, length: 1 } };
  let scene: Scene = scenes[0] ?? { name: nowhere, lines: null, indents: [] };
  let model = nowhere,
    schedule = '';
  return beats.map((beat) => {
    const { said } = beat,
      named = said.scenario?.text;
    const next = named === undefined ? scene : scenes.find((one) => one.name.text === named);
    const other = next ?? { name: said.scenario ?? nowhere, lines: null, indents: [] };
    if (other.name.text !== scene.name.text) schedule = '';
    scene = other;
    model = said.model ?? model;
    if (said.schedule !== undefined) schedule = said.schedule.text === 'none' ? '' : said.schedule.text;
    return { beat, scene, model, schedule, at: said.at?.text ?? 'start' };
  });
}

/** Paragraphs as they are shown: how lines were broken is the writer's business. */
export const paragraphsOf = ({ prose }: Beat): string[] => prose.map((lines) => lines.join(' '));
