/** What all windows of a presentation show: plain data, and small enough to be sent at every step. */
import { LONGEST_TEXT } from '../session/opening.ts';
import { isAway, type State } from '../session/state.ts';

/** What the presenter does besides stepping. */
export interface Stagecraft {
  readonly blank: boolean;
  /** Hands counted for each answer of the question on the screen. */
  readonly hands: readonly number[];
  readonly revealed: boolean;
  /** When the clock of the talk was started, in milliseconds since 1970. */
  readonly began: number;
}

export interface Shown extends Stagecraft {
  readonly lesson: { readonly id: string; readonly text: string; readonly beat: number } | null;
  /** null: as the beat has it. */
  readonly picture: {
    readonly scenario: string;
    readonly text: string;
    readonly model: string;
    readonly schedule: string;
    readonly without: readonly string[];
    readonly at: number;
  } | null;
}

/** null while the picture is on its way. */
export function shownOf(state: State, craft: Stagecraft): Shown | null {
  const { run, opening, walkthrough: walk, openText: text, scenario, model, without, at } = state;
  if (run === null || opening || (walk !== null && walk.stand === null)) return null;
  const { blank, hands, revealed, began } = craft;
  const picture =
    walk !== null && !isAway(state) ? null : { scenario, text, model, schedule: run.schedule, without, at };
  const lesson = walk === null ? null : { id: walk.id, text: walk.text, beat: walk.beat };
  return { blank, hands, revealed, began, lesson, picture };
}

export const HANDS_MAX = 999;
const OPTIONS_MAX = 9;

type Fields = Readonly<Record<string, unknown>>;
const isText = (value: unknown): value is string => typeof value === 'string' && value.length <= LONGEST_TEXT;
const isCount = (value: unknown, most: number): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value <= most;
const fieldsOf = (value: unknown): Fields | null =>
  typeof value === 'object' && value !== null ? (value as Fields) : null;

/** Another window may be of another version, or another page of this site: what it says is looked at. */
export function readShown(value: unknown): Shown | null {
  const said = fieldsOf(value);
  if (said === null) return null;
  const { blank, hands, revealed, began } = said;
  if (typeof blank !== 'boolean' || typeof revealed !== 'boolean' || typeof began !== 'number') return null;
  if (!Array.isArray(hands) || hands.length > OPTIONS_MAX) return null;
  if (!hands.every((one): one is number => isCount(one, HANDS_MAX))) return null;
  const lesson = said['lesson'] === null ? null : lessonIn(fieldsOf(said['lesson']));
  const picture = said['picture'] === null ? null : pictureIn(fieldsOf(said['picture']));
  if (lesson === undefined || picture === undefined || (lesson === null && picture === null)) return null;
  return { blank, hands, revealed, began, lesson, picture };
}

function lessonIn(said: Fields | null): Shown['lesson'] | undefined {
  const { id, text, beat } = said ?? {};
  return isText(id) && isText(text) && isCount(beat, 1000) ? { id, text, beat } : undefined;
}

function pictureIn(said: Fields | null): Shown['picture'] | undefined {
  const { scenario, text, model, schedule, without, at } = said ?? {};
  if (!isText(scenario) || !isText(text) || !isText(model) || !isText(schedule)) return undefined;
  if (!Array.isArray(without) || !without.every(isText) || !isCount(at, 1_000_000)) return undefined;
  return { scenario, text, model, schedule, without, at };
}
