/** The session as a link, and a link as something to open. The form of links belongs to scenario/link.ts. */
import { decodeLink, EMPTY_LINK, encodeLink, type Link, type Source } from '../scenario/link.ts';
import { webDeflate } from '../worker/deflate.ts';
import { FIRST, isAway, type State, type Walk } from './session/state.ts';
import type { BeatFound } from './panels/walkthrough/find.ts';
import type { Target } from './session/opening.ts';
import { isMade } from './words.ts';

/** A run that is not, or not yet, the one on the screen. */
export interface Elsewhere {
  readonly text?: string;
  readonly scenario?: string;
  readonly model: string;
  readonly schedule: string;
  readonly position: string;
}

/** A gallery text goes by its name, everything else by itself. */
function sourceOf(state: State, scenario: string, text: string): Source {
  const origin = state.info?.scenarios.find((one) => one.id === scenario);
  return origin?.text === text ? { kind: 'named', id: scenario } : { kind: 'inline', text };
}

const NOWHERE = new Set(['', '0', 'start']);
const placeOf = (position: string): string => (NOWHERE.has(position) ? '' : position);

function linkOf(state: State): Link {
  const { at, carried, frame, model, openText, panel, pinned, run, scenario, versus, without } = state;
  return {
    ...EMPTY_LINK,
    ...carried,
    scenario: sourceOf(state, scenario, openText),
    model,
    run: run?.schedule ?? '',
    at: at === 0 ? '' : placeOf(frame?.position ?? ''),
    vs: panel === 'compare' && versus !== model ? versus : '',
    without,
    chk: run?.key ?? '',
    notes: pinned,
    ...beatOf(state),
  };
}

/** The beat on the screen; null: no lesson is, or the picture is of another scenario by now. */
function beatOf(state: State): Partial<Link> | null {
  const { walkthrough: walk, panel, carried, openText, frame } = state;
  if (walk === null || (panel !== 'walkthrough' && !carried.present)) return null;
  if (walk.stand?.text !== openText) return null;
  const away = isAway(state) ? { at: frame?.position ?? 'start' } : AT_BEAT;
  return { scenario: null, ...lessonLink(walk), ...away };
}
/** A beat says itself where it stands, and on which kernel. */
const AT_BEAT: Partial<Link> = { model: '', run: '', at: '', chk: '' };

const lessonLink = ({ id, text, beat }: Omit<Walk, 'stand'>): Partial<Link> => ({
  lesson: text === '' ? { kind: 'named', id } : { kind: 'inline', text },
  beat: String(beat + 1),
});

/** Rejects with a sentence if the lesson is too long for a link. */
export const linkToBeat = async (walk: Omit<Walk, 'stand'>, change: Partial<Link> = {}): Promise<string> =>
  absolute(await encodeLink({ ...EMPTY_LINK, ...lessonLink(walk), ...change }, webDeflate));

/** The fragment of what is on the screen. Rejects with a sentence if the text is too long for a link. */
export const fragmentOf = (state: State, change: Partial<Link> = {}): Promise<string> =>
  encodeLink({ ...linkOf(state), ...change }, webDeflate);

const absolute = (fragment: string): string => location.href.replace(/#.*$/s, '') + fragment;

export const linkToHere = async (state: State, change: Partial<Link> = {}): Promise<string> =>
  absolute(await fragmentOf(state, change));

export async function linkToRun(
  state: State,
  { text, scenario, model, schedule, position }: Elsewhere,
): Promise<string> {
  const id = scenario ?? state.scenario;
  const named = state.info?.scenarios.find((one) => one.id === id);
  const source = sourceOf(state, id, text ?? named?.text ?? state.openText);
  const { without } = state;
  const link = { ...EMPTY_LINK, scenario: source, model, run: schedule, at: placeOf(position), without };
  return absolute(await encodeLink(link, webDeflate));
}

export interface Arrival {
  readonly target: Target;
  /** What the link asked for and could not be had. */
  readonly notes: readonly string[];
  /** The lesson of the link, without the place where its beat stands. */
  readonly walk: Walk | null;
  /** The picture is not where the beat stands. */
  readonly away: boolean;
}

/** Whatever can be opened of a fragment; never rejects. */
export async function arrivalOf(
  fragment: string,
  state: State,
  /** Of a rule set that is made by hand: why there is none, '' = there is. */
  refused: (model: string) => Promise<string>,
): Promise<Arrival> {
  const { link, notes } = await decodeLink(fragment, webDeflate);
  const said = [...notes];
  const models = state.info?.models ?? [];
  const knows = async (id: string): Promise<boolean> => {
    if (models.some((one) => one.id === id)) return true;
    const why = isMade(id) ? await refused(id) : 'unknown';
    if (why !== '' && isMade(id)) said.push(why);
    return why === '';
  };
  const exists = await knows(link.model);
  if (link.model !== '' && !exists) {
    const ids = models.map((one) => one.id).filter((id) => /^v\d/.test(id));
    const instead = `so this is ${FIRST.model}. Known: ${ids.join(', ')}.`;
    said.push(`There is no kernel “${cut(link.model)}” here, ${instead}`);
  }
  const other = await knows(link.vs);
  if (link.vs !== '' && !other) said.push(`There is no kernel “${cut(link.vs)}” here to compare with.`);
  const guards = state.info?.guards.map((one) => one.id) ?? [];
  for (const id of link.without)
    if (!guards.includes(id)) said.push(`There is no guard “${cut(id)}” here that could be switched off.`);
  const lesson = link.lesson && (await beatIn(link.lesson, link.beat, state));
  said.push(...(lesson?.notes ?? []));
  const stage = lesson?.stage ?? null;
  // A link whose picture has left the beat says all of it.
  const away = stage !== null && link.at !== '';
  const { scenario, text } = stage ?? textOf(link, state, said);
  const opened = text !== null;
  const { embed, present, readonly, speaker, others } = link;
  const model = stage && link.model === '' ? stage.model : exists ? link.model : FIRST.model;
  const place = stage && !away ? stage : { schedule: link.run, position: link.at };
  return {
    notes: said,
    walk: lesson?.walk ?? null,
    away,
    target: {
      scenario,
      text: text ?? first(state),
      model,
      schedule: opened ? place.schedule : '',
      position: opened ? place.position : '',
      selection: stage && !away ? stage.selection : null,
      without: link.without.filter((id) => guards.includes(id)),
      turn: false,
      tell: true,
      link: {
        carried: { embed, present, readonly, speaker, others },
        notes: opened ? link.notes : [],
        // Of another scenario or kernel than the link's the run is another one anyway.
        key: opened && exists && isKey(link.chk) ? link.chk : '',
        versus: other ? link.vs : '',
      },
    },
  };
}

async function beatIn(lesson: Source, beat: string, state: State): Promise<BeatFound> {
  try {
    const { findBeat } = await import('./panels/walkthrough/find.ts');
    return await findBeat(lesson, Math.max(0, Number(beat) - 1), state);
  } catch {
    return { walk: null, stage: null, notes: ['The lesson could not be loaded. Look at the network.'] };
  }
}

const isKey = (text: string): boolean => /^[0-9a-f]{8}$/.test(text);

const first = (state: State): string =>
  state.info?.scenarios.find((one) => one.id === FIRST.scenario)?.text ?? '';

function textOf({ scenario }: Link, state: State, said: string[]): { scenario: string; text: string | null } {
  if (scenario === null) return { scenario: FIRST.scenario, text: null };
  if (scenario.kind === 'inline') return { scenario: '', text: scenario.text };
  const found = state.info?.scenarios.find((one) => one.id === scenario.id);
  if (found) return { scenario: found.id, text: found.text };
  said.push(`There is no scenario “${cut(scenario.id)}” in the gallery, so this is the first one.`);
  return { scenario: FIRST.scenario, text: null };
}

const cut = (text: string): string => (text.length > 40 ? `${text.slice(0, 40)}…` : text);
