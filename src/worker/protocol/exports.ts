/** What goes out of the app, what comes in from elsewhere, and a scenario made smaller. */
import type { Drawn } from '../../export/svg.ts';

/** `frames`: a picture for each frame of an animation. */
export type ExportForm = 'ascii' | 'c' | 'svg' | 'comic' | 'frames' | 'itf' | 'perfetto';
/** Of the run that is open. */
export interface ExportRequest {
  readonly form: ExportForm;
  /** The step to show, or the last one to tell. */
  readonly at: number;
  /** A file name without its suffix. */
  readonly name: string;
  /** A link to it, or ''. */
  readonly link: string;
  /** ascii: every step. */
  readonly steps: boolean;
  /** Pictures: the app's `tokens.css`, and which of its themes. */
  readonly tokens: string;
  readonly theme: 'light' | 'dark' | 'contrast';
  /** c: the recorder. */
  readonly sources: readonly { readonly name: string; readonly text: string }[];
}
export interface Exported {
  readonly texts: readonly string[];
  /** Why it cannot be made, or ''; `line` of the scenario, 0 = the whole. */
  readonly refused: string;
  readonly line: number;
}

/** A lesson on paper, or small pictures of it. */
export interface LessonRequest {
  readonly text: string;
  /** Of the course: its name. '' = links hold the text. */
  readonly id: string;
  /** The app's `tokens.css`, and which of its themes. */
  readonly tokens: string;
  readonly theme: 'light' | 'dark' | 'contrast';
  /** `paper`: every beat; a number: the picture of that beat alone, from 0. */
  readonly want: 'paper' | number;
  /** The page that links lead to, without a fragment. */
  readonly site: string;
}
export interface LessonView {
  readonly title: string;
  /** The inside of a page; instead of an address a picture has its number, `src="0"`. '' for one picture. */
  readonly html: string;
  readonly pictures: readonly Drawn[];
}

export interface ImportRequest {
  readonly text: string;
  /** Of the file that it came in, or ''. */
  readonly name: string;
  /** Rules for the steps of a table that names none. */
  readonly model: string;
}
/** A scenario that was found in a text; '' and [] stand for what the text does not say. */
export interface ImportEntry {
  readonly name: string;
  readonly about: string;
  readonly text: string;
  readonly model: string;
  readonly schedule: string;
  readonly at: string;
  readonly without: readonly string[];
  /** What the model says to a recorded outcome; '' = it is none, or nobody was asked. */
  readonly outcome: '' | 'confirmed' | 'contradicted' | 'not-modelled';
}
export interface ImportView {
  readonly kind: 'scenario' | 'race' | 'experiments' | 'recording' | 'nothing';
  /** What the text was taken for. */
  readonly says: string;
  /** What could not be read. */
  readonly notes: readonly string[];
  readonly entries: readonly ImportEntry[];
}

/** A smaller scenario that breaks the same rule, and the shortest run that does. */
export interface ShrinkView {
  readonly text: string;
  readonly invariant: string;
  /** Operations. */
  readonly before: number;
  readonly after: number;
  /** Nothing more can be taken out; else a bound ended it. */
  readonly complete: boolean;
  readonly schedule: string;
  readonly steps: number;
}
