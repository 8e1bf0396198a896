/** What the app knows at one moment. Plain data, replaced and never changed in place. */
import type { Known } from '../../scenario/compile.ts';
import type { Link } from '../../scenario/link.ts';
import type {
  CheckView,
  CompareView,
  Diagnostic,
  Frame,
  Info,
  ModelInfo,
  Progress,
  RunView,
  ScenarioInfo,
  WindowView,
} from '../../worker/protocol.ts';
import { USUAL, type Settings } from '../settings.ts';
import type { LandingView } from '../../worker/protocol/debug.ts';

export const PANEL_IDS = [
  'code',
  'debug',
  'gallery',
  'walkthrough',
  'source',
  'check',
  'matrix',
  'evidence',
  'compare',
  'memory',
  'states',
  'rules',
  'reference',
] as const;
export type PanelId = (typeof PANEL_IDS)[number];
export type DialogId =
  'help' | 'glossary' | 'settings' | 'palette' | 'kernel' | 'goto' | 'share' | 'export' | 'import';

export interface Notice {
  readonly id: number;
  /** `link` and `tabs` replace an older notice of their kind. */
  readonly kind: 'link' | 'rules' | 'tabs' | 'trouble' | 'run' | 'version';
  readonly title: string;
  readonly lines: readonly string[];
  readonly action: { readonly label: string; readonly run: () => void } | null;
}

/**
 * A note of a link. `place`: the step where it shows, 0 = before the first; `at`: that as a link writes it.
 */
export interface Pinned {
  readonly at: string;
  readonly place: number;
  readonly text: string;
}

/** What a link carries besides scenario, kernel and run; it stays while those are the link's. */
export interface Carried {
  /** Inside another page: little chrome, and that page may steer. */
  readonly embed: boolean;
  /** For an audience: no tools beside the picture, larger words. */
  readonly present: boolean;
  /** The text cannot be changed. */
  readonly readonly: boolean;
  /** This window is the speaker's, of the presentation of that name; '' = it is not. */
  readonly speaker: string;
  /** Parameters of later versions. */
  readonly others: Link['others'];
}

/** A lesson that is open, at one of its beats. */
export interface Walk {
  /** A name of the course; `own`: a lesson that somebody wrote. */
  readonly id: string;
  /** The lesson's text, where it is not in the course. */
  readonly text: string;
  readonly beat: number;
  /** Where the beat stands, once it does: its scenario, its run and its step. */
  readonly stand: Stand | null;
}
/** `run: null`: the picture has not been there yet. */
export interface Stand {
  readonly text: string;
  readonly run: RunView | null;
  readonly at: number;
}

/** One sign of the verdict strip. */
export interface Cell {
  readonly state: 'waiting' | 'running' | 'done' | 'failed';
  readonly view: CheckView | null;
  /** Why there is no verdict, for `failed`. */
  readonly why: string;
}

export interface CheckState {
  readonly state: 'idle' | 'running' | 'done' | 'stopped' | 'failed';
  readonly model: string;
  /** The text that was checked: an answer about another text is old. */
  readonly text: string;
  readonly progress: Progress;
  /** States per second of the last report. */
  readonly rate: number;
  readonly view: CheckView | null;
  readonly message: string;
}

export interface State {
  readonly info: Info | null;
  /** The simulation could not be started at all; in words, or ''. */
  readonly trouble: string;
  /** Gallery id of what the text started from; '' = own text. */
  readonly scenario: string;
  readonly title: string;
  /** What the text that is open says about itself. */
  readonly about: string;
  /** What the editor shows. */
  readonly text: string;
  /** What the picture shows: the last text without errors. */
  readonly openText: string;
  readonly model: string;
  /** Guards switched off, as a link may ask. */
  readonly without: readonly string[];
  readonly carried: Carried;
  /** The settings are those of a link, for this visit: they are not kept. */
  readonly lent: boolean;
  /** Notes that came with a link or were pinned here, in the order of the run. */
  readonly pinned: readonly Pinned[];
  /** The kernel to compare with, '' = whatever the panel suggests. */
  readonly versus: string;
  readonly run: RunView | null;
  readonly diagnostics: readonly Diagnostic[];
  readonly at: number;
  readonly frame: Frame | null;
  readonly opening: boolean;
  /** Counts what the browser's Back should undo: a branch, a scenario, a model; never a step. */
  readonly turn: number;
  readonly playing: boolean;
  readonly speed: number;
  readonly verdicts: Readonly<Record<string, Cell>>;
  /** Every answer of a check so far: text, then model. What strip and gallery know. */
  readonly judged: Readonly<Record<string, Readonly<Record<string, CheckView>>>>;
  readonly check: CheckState;
  /** Setting of the Check panel: most preemptions, null = any. */
  readonly within: number | null;
  /** The race window of the run that is open; null: it breaks nothing, or it is not known yet. */
  readonly race: WindowView | null;
  /** Where this model parts from the one that was shown before it. */
  readonly difference: CompareView | null;
  /** Steps of this run at which playing stops. */
  readonly stops: readonly number[];
  /** Bookmarked steps of this run. */
  readonly bookmarks: readonly number[];
  /** What could land before the step that is pointed at. */
  readonly landing: LandingView | null;
  readonly selection: string | null;
  readonly panel: PanelId | null;
  readonly dialog: DialogId | null;
  readonly walkthrough: Walk | null;
  readonly notices: readonly Notice[];
  /** A smaller scenario is being looked for. */
  readonly shrinking: boolean;
  /** The picture as tables: the same facts, for readers of screens and of tables. */
  readonly asTable: boolean;
  /** Page-table walks of the picture that are unfolded. */
  readonly unfolded: readonly string[];
  readonly settings: Settings;
  /** Single keys may be switched off, since they get in the way of speech input. */
  readonly singleKeys: boolean;
}

export const FIRST = { scenario: 'vmsplice-leak', model: 'v5.7' } as const;
export const SPEEDS = [0.5, 1, 2, 4] as const;

export const IDLE_CHECK: CheckState = {
  state: 'idle',
  model: '',
  text: '',
  progress: { states: 0, depth: 0 },
  rate: 0,
  view: null,
  message: '',
};

export const EMPTY: State = {
  info: null,
  trouble: '',
  scenario: FIRST.scenario,
  title: '',
  about: '',
  text: '',
  openText: '',
  model: FIRST.model,
  without: [],
  lent: false,
  carried: { embed: false, present: false, readonly: false, speaker: '', others: [] },
  pinned: [],
  versus: '',
  run: null,
  diagnostics: [],
  at: 0,
  frame: null,
  opening: false,
  turn: 0,
  playing: false,
  speed: 1,
  verdicts: {},
  judged: {},
  check: IDLE_CHECK,
  within: null,
  race: null,
  difference: null,
  stops: [],
  bookmarks: [],
  landing: null,
  selection: null,
  panel: null,
  dialog: null,
  walkthrough: null,
  notices: [],
  shrinking: false,
  asTable: false,
  unfolded: [],
  settings: USUAL,
  singleKeys: true,
};

export const scenarioOf = (state: State): ScenarioInfo | null =>
  state.info?.scenarios.find((one) => one.id === state.scenario) ?? null;

export const modelOf = (state: State, id = state.model): ModelInfo | null =>
  state.info?.models.find((one) => one.id === id) ?? null;

/** The picture is not where the beat wants it: whoever stepped away finds the way back. */
export const isAway = ({ walkthrough, run, at }: State): boolean => {
  const stand = walkthrough?.stand ?? null;
  return stand !== null && (stand.run !== run || stand.at !== at);
};

/** The text is not that of its gallery scenario. */
export const isEdited = (state: State): boolean => {
  const origin = scenarioOf(state);
  return origin === null || origin.text !== state.text;
};

export const hasErrors = (state: State): boolean => state.diagnostics.some((one) => one.severity === 'error');

/** What the compiler has to be told: the same as the engine tells it. */
export const knownOf = ({ info }: State): Known => {
  const ids = (apart: boolean): string[] =>
    (info?.models ?? []).filter((m) => (m.composed || m.proposal) === apart).map((m) => m.id);
  return {
    models: ids(false),
    apart: ids(true),
    invariants: (info?.invariants ?? []).map((one) => one.id),
    guards: (info?.guards ?? []).map((one) => one.id),
  };
};
