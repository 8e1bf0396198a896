/**
 * What the app and the simulation say to each other: a closed union with a version, and the `Engine` that
 * hides it. Two implementations: `worker/client.ts` (a module worker) and `worker/local.ts` (the in-process
 * twin of tests and the command line).
 */
import type { Overview } from '../evidence/overview.ts';
import type { Target } from '../scenario/offers.ts';
import type { Extent, Scene, Who } from '../scene/scene.ts';
import type { Debug, DebugKind } from './protocol/debug.ts';
import type { CompareView, ViolationView } from './protocol/compare.ts';
import type { MapView } from './protocol/structure.ts';
import type { ModelInfo, RulesView } from './protocol/rules.ts';
import type {
  Exported,
  ExportRequest,
  ImportRequest,
  ImportView,
  LessonRequest,
  LessonView,
  ShrinkView,
} from './protocol/exports.ts';
import type {
  CheckRequest,
  CheckView,
  WindowView,
  SearchRequest,
  ColumnView,
  LitmusView,
  GuardInfo,
  AblationView,
} from './protocol/searches.ts';

export type * from './protocol/compare.ts';
export type * from './protocol/exports.ts';
export type * from './protocol/rules.ts';
export type * from './protocol/searches.ts';

export const PROTOCOL_VERSION = 1;

/** A `ColumnView` in which rules that hold are only numbers of rows. */
export interface StoredColumn {
  readonly scenario: string;
  readonly text: string;
  readonly column: ColumnView;
  readonly holds: readonly number[];
  readonly vacuous: readonly number[];
}
/** The gallery on every model, worked out while the app was built. */
export interface StoredVerdicts {
  /** Key of the rules that it was made by: `Info.rules` of the same build. */
  readonly rules: string;
  /** `CellView.row` by number. */
  readonly rows: readonly string[];
  /** `text`: key of the scenario's text. */
  readonly columns: readonly StoredColumn[];
  /** Without the guards that no run comes to. */
  readonly ablations: readonly {
    readonly scenario: string;
    readonly text: string;
    readonly model: string;
    readonly views: readonly AblationView[];
  }[];
}

/** All recordings at a glance, as a build has judged them. */
export interface StoredEvidence extends Overview {
  readonly rules: string;
}

/** What is wrong with a text or a link: where, what, and what to do. Lines and columns count from 1. */
export interface Diagnostic {
  readonly severity: 'error' | 'warning';
  readonly line: number;
  readonly column: number;
  /** Characters that are meant, at least 1. */
  readonly length: number;
  readonly message: string;
  /** What to do, or ''. */
  readonly hint: string;
}

export interface ScenarioInfo {
  readonly id: string;
  readonly title: string;
  /** One paragraph. */
  readonly about: string;
  /** `CVE-2020-29374`, `mail, 8 Jan 2021`. */
  readonly source: string;
  readonly text: string;
}

export interface OpenRequest {
  readonly text: string;
  readonly model: string;
  /** Switches of threads, as in a link: `child@vmsplice.end`. '' = declared order. */
  readonly schedule: string;
  /** Guards switched off. */
  readonly without: readonly string[];
}

/** One done micro-step. `at` is its number, from 1. */
export interface StepView {
  readonly at: number;
  readonly thread: number;
  /** Which of the ways that it might go; 0 on nearly every step. */
  readonly choice: number;
  readonly op: number;
  readonly routine: string;
  readonly label: string;
  /** One sentence: what this step did, with names filled in. */
  readonly says: string;
  /** What changed, a phrase each: `refcount of f1: 2 to 3`. */
  readonly changes: readonly string[];
  /** A rule of the model decided here: what it asked and what it answered. */
  readonly decision: Decision | null;
  /** `mm/memory.c, v5.7`. */
  readonly source: string;
  readonly mark: 'fault' | 'copy' | 'flush' | null;
}

export interface Decision {
  readonly asks: string;
  readonly sees: string;
  readonly answer: string;
  readonly folio: string;
}

export interface OpView {
  readonly thread: number;
  readonly text: string;
  readonly line: number;
  /** First and last step, from 1; 0 = not begun (last = 0: not ended). */
  readonly first: number;
  readonly last: number;
  /** `EFAULT`, `SIGSEGV`, or ''. */
  readonly error: string;
}

export interface LockBar {
  readonly thread: number;
  /** Row under the thread's operations, from 0. */
  readonly row: number;
  readonly first: number;
  readonly last: number;
  readonly label: string;
  readonly exclusive: boolean;
}

/** A thread could not make its next step before steps `first` to `last`. */
export interface WaitBar {
  readonly thread: number;
  readonly row: number;
  readonly first: number;
  readonly last: number;
  /** `waits for PTL, held by parent` */
  readonly words: string;
}
/** A CPU could still use what the page table no longer says, after steps `first` to `last`. */
export interface StaleBar {
  readonly thread: number;
  readonly row: number;
  readonly first: number;
  readonly last: number;
  /** `CPU 1 still has a.0: writable → f0` */
  readonly words: string;
}

export interface LaneView {
  readonly name: string;
  readonly who: Who;
  readonly cpu: number;
  readonly lockRows: number;
}

/** `at`: the step after which it shows. */
export interface NoteView {
  readonly at: number;
  readonly text: string;
}

export interface RunView {
  readonly model: string;
  readonly steps: readonly StepView[];
  readonly ops: readonly OpView[];
  readonly lanes: readonly LaneView[];
  readonly locks: readonly LockBar[];
  readonly waits: readonly WaitBar[];
  readonly stale: readonly StaleBar[];
  readonly violations: readonly ViolationView[];
  /** Why the run ends after the last step. */
  readonly ending: string;
  /** Words of the scenario that belong to a step of this run, in order. */
  readonly notes: readonly NoteView[];
  /** The schedule as a link writes it. */
  readonly schedule: string;
  /** Short key of what happened: by other rules it is another one. */
  readonly key: string;
  readonly extent: Extent;
}

export interface Opened {
  readonly title: string;
  /** What the text says about itself. */
  readonly about: string;
  readonly diagnostics: readonly Diagnostic[];
  /** null when the text has errors. */
  readonly run: RunView | null;
  /** What a link asked for and could not be had, a sentence each. */
  readonly notes: readonly string[];
  /** The header of a rule set that is made by hand: the list of models does not have it. */
  readonly made?: ModelInfo;
}

/** A thread that may move, or why it may not. */
export interface MoveView {
  readonly thread: number;
  /** Which of the ways that its step may go: a move for each; 0 where there is one. */
  readonly choice: number;
  readonly name: string;
  readonly who: Who;
  /** What it would do next: `take PTL`. */
  readonly next: string;
  /** '' = enabled. Else `waits for PTL, held by parent`. */
  readonly blocked: string;
}

export interface RowView {
  readonly label: string;
  readonly says: string;
  readonly locks: readonly string[];
  /** Threads that stand on this row. */
  readonly threads: readonly number[];
  /** The row that the last step executed. */
  readonly current: boolean;
  readonly done: boolean;
}

export interface RoutineView {
  readonly name: string;
  /** `mm/memory.c` */
  readonly file: string;
  /** `v5.7`, with the commit that made the rule where one did. */
  readonly version: string;
  readonly rows: readonly RowView[];
}

export interface HolderView {
  readonly token: string;
  readonly label: string;
  readonly who: Who;
  readonly kind: string;
  readonly inMapcount: boolean;
  /** `since step 4, parent's store a.0 "old"`; '' if the step is not known. */
  readonly since: string;
  readonly sinceStep: number;
  /** It is in the number that the rule reads. */
  readonly counted: boolean;
  /** The function that drops it, and the step of this run, 0 = it is kept to the end. */
  readonly drop: string;
  readonly dropStep: number;
}
/** A step that made something so. `at` 0: from the start. */
export interface LinkView {
  readonly at: number;
  /** Why it matters: `who wrote it`. */
  readonly role: string;
  readonly says: string;
  readonly thread: number;
  /** A rule decided here, on these numbers. */
  readonly judged: {
    readonly folio: string;
    readonly mapcount: number;
    readonly refcount: number;
    readonly counted: readonly string[];
    readonly ignored: readonly string[];
  } | null;
}
/** What a rule may look at when it says whether a page may be written in place: `kernel/suppose.ts`. */
export interface Supposed {
  readonly mapcount: number;
  readonly others: number;
  readonly pins: number;
  readonly batched: boolean;
  readonly exclusive: boolean;
}
/** Every rule set, asked with the same numbers. */
export interface LensView {
  readonly page: Supposed;
  readonly rows: readonly {
    readonly model: string;
    readonly asked: readonly { readonly asks: string; readonly sees: number; readonly answer: string }[];
    readonly answer: 'reuse' | 'copy';
  }[];
}

/** Answer to "why?" about anything in the picture. */
export interface AnswerOf {
  readonly question: string;
  readonly lead: string;
  /** The latest step first. */
  readonly links: readonly LinkView[];
}
/** Answer to "why is this refcount 3?". */
export interface WhyView {
  readonly folio: string;
  readonly refcount: number;
  readonly mapcount: number;
  /** The number that the rule reads: of the decision of this step, else of the model. */
  readonly reads: 'mapcount' | 'refcount' | 'pins' | 'bit';
  readonly holders: readonly HolderView[];
  readonly gone: readonly { readonly label: string; readonly from: number; readonly to: number }[];
}

export interface Frame {
  readonly at: number;
  readonly scene: Scene;
  readonly moves: readonly MoveView[];
  readonly routine: RoutineView | null;
  readonly why: readonly WhyView[];
  /** How a link writes this position. */
  readonly position: string;
}

/** What can be done to things of a scenario, by whom. */
export interface OffersRequest {
  readonly text: string;
  readonly model: string;
  readonly without: readonly string[];
  readonly targets: readonly { readonly actor: string; readonly target: Target }[];
}
/** One more line for the text. */
export interface Offer {
  readonly actor: string;
  /** `store a.0 "new"` */
  readonly operation: string;
  /** The text with it. */
  readonly text: string;
  /** Of the new line, from 1. */
  readonly line: number;
  /** How it fails on this model, or ''. */
  readonly error: string;
}

export interface Progress {
  readonly states: number;
  readonly depth: number;
  /** Memory that the states take. */
  readonly bytes?: number;
}

export interface Info {
  readonly models: readonly ModelInfo[];
  readonly scenarios: readonly ScenarioInfo[];
  readonly invariants: readonly InvariantInfo[];
  readonly guards: readonly GuardInfo[];
  /** Key of the rules of this build, '' where it has none. */
  readonly rules: string;
}
export interface InvariantInfo {
  readonly id: string;
  readonly alias: string;
  readonly says: string;
  readonly word: string;
}

/** What the app holds. Calls reject with an Error whose message is meant for people. */
export interface Engine {
  info(): Promise<Info>;
  /** Parses, compiles and runs to the end. Replaces what was open. */
  open(request: OpenRequest): Promise<Opened>;
  /**
   * Opens the branch in which `thread` makes the step after `at`; what follows is the declared order again.
   */
  choose(at: number, thread: number, choice?: number): Promise<Opened>;
  /** The picture after step `at` (0 = before the first). */
  frame(at: number): Promise<Frame>;
  /**
   * Step number of a written position (`child@munmap.zap_pte_range.clear`, a number, `start`, `end`), and a
   * note if it is not there.
   */
  seek(position: string): Promise<{ readonly at: number; readonly note: string }>;
  check(request: CheckRequest, progress: (p: Progress) => void, signal: AbortSignal): Promise<CheckView>;
  /** Every invariant and every question on one model, behind violations too. */
  survey(request: SearchRequest, progress: (p: Progress) => void, signal: AbortSignal): Promise<ColumnView>;
  /** Everything that can be observed at the end. */
  litmus(request: SearchRequest, progress: (p: Progress) => void, signal: AbortSignal): Promise<LitmusView>;
  /** Which swaps of steps repair the run that breaks a rule first; null: it breaks none. */
  race(
    request: OpenRequest,
    progress: (p: Progress) => void,
    signal: AbortSignal,
  ): Promise<WindowView | null>;
  /** All worlds of a scenario, and where the run goes through them. */
  map(request: OpenRequest, progress: (p: Progress) => void, signal: AbortSignal): Promise<MapView>;
  /** What each guard prevents. */
  ablate(
    request: SearchRequest,
    progress: (p: Progress) => void,
    signal: AbortSignal,
  ): Promise<readonly AblationView[]>;
  /** Lines that could be added to a text. */
  offers(
    request: OffersRequest,
    progress: (p: Progress) => void,
    signal: AbortSignal,
  ): Promise<readonly Offer[]>;
  /**
   * The switches of a model, or of it with one of them changed; `base` stands among the switches, and is
   * changed like them.
   */
  rules(model: string, change: readonly [name: string, at: string] | null): Promise<RulesView>;
  /** First divergence of the open run against another model. */
  compare(model: string): Promise<CompareView>;
  /** What the debugger asks about the open run, or does to it. */
  debug: Debug<Opened>;
  /** The run that is open as a text, a program or a picture. */
  export(request: ExportRequest): Promise<Exported>;
  /** A lesson on paper, or one of its pictures; rejects with a sentence if it cannot be drawn. */
  lesson(request: LessonRequest): Promise<LessonView>;
  /** Scenarios in a text from elsewhere; never rejects because of the text. */
  import(request: ImportRequest): Promise<ImportView>;
  /** The smallest scenario that still breaks the same rule. */
  shrink(request: CheckRequest, progress: (p: Progress) => void, signal: AbortSignal): Promise<ShrinkView>;
  /** The picture of the run that was compared with last, after its step `at`. */
  versus(at: number): Promise<Frame>;
  /** Why something is as it is after step `at`, by its id in the picture; null: there is no more to say. */
  ask(at: number, id: string): Promise<AnswerOf | null>;
  /**
   * What all rule sets answer to the question of step `at`, with its numbers, or with others; null: that
   * step did not decide between reuse and copy.
   */
  lens(at: number, page: Supposed | null): Promise<LensView | null>;
}

/** On the wire. */
export type Request =
  | { readonly id: number; readonly call: 'info' }
  | { readonly id: number; readonly call: 'open'; readonly request: OpenRequest }
  | {
      readonly id: number;
      readonly call: 'choose';
      readonly at: number;
      readonly thread: number;
      readonly choice: number;
    }
  | { readonly id: number; readonly call: 'frame'; readonly at: number }
  | { readonly id: number; readonly call: 'versus'; readonly at: number }
  | { readonly id: number; readonly call: 'lens'; readonly at: number; readonly page: Supposed | null }
  | { readonly id: number; readonly call: 'ask'; readonly at: number; readonly about: string }
  | { readonly id: number; readonly call: 'seek'; readonly position: string }
  | { readonly id: number; readonly call: 'check'; readonly request: CheckRequest }
  | { readonly id: number; readonly call: 'survey' | 'litmus' | 'ablate'; readonly request: SearchRequest }
  | { readonly id: number; readonly call: 'race' | 'map'; readonly request: OpenRequest }
  | { readonly id: number; readonly call: 'offers'; readonly request: OffersRequest }
  | { readonly id: number; readonly call: 'compare'; readonly model: string }
  | {
      readonly id: number;
      readonly call: 'rules';
      readonly model: string;
      readonly change: readonly [name: string, at: string] | null;
    }
  | { readonly id: number; readonly call: 'debug'; readonly kind: DebugKind; readonly ask: unknown }
  | { readonly id: number; readonly call: 'export'; readonly request: ExportRequest }
  | { readonly id: number; readonly call: 'lesson'; readonly request: LessonRequest }
  | { readonly id: number; readonly call: 'import'; readonly request: ImportRequest }
  | { readonly id: number; readonly call: 'shrink'; readonly request: CheckRequest }
  | { readonly id: number; readonly call: 'cancel'; readonly cancels: number };
export type Reply =
  | { readonly id: number; readonly kind: 'value'; readonly value: unknown }
  | { readonly id: number; readonly kind: 'progress'; readonly progress: Progress }
  | { readonly id: number; readonly kind: 'error'; readonly message: string; readonly internal: boolean };
