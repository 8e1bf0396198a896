/**
 * A link: a scenario, by name or with its whole text, and where in which run to look. Everything is in the
 * fragment, so it never reaches a server. Links are forever: what a version of this file has written, every
 * later one reads.
 *
 *     #/s/vmsplice-leak?model=v5.7&run=child@vmsplice.end&at=parent@store~2.end&vs=v5.9&without=pte-same
 *     #/x/1d.<base64url of the deflated text>?model=v5.7
 *     #/x/1t.<percent-encoded text>?model=v5.7
 *     #/l/three-counts?beat=2
 *     #/l/1d.<base64url of the deflated text of a lesson>?beat=2
 *
 * A lesson brings its scenario; `model`, `run` and `at` are there only where the picture has left the beat.
 * Further parameters: `note=POSITION:TEXT` (any number of them), `chk=` (key of the run as it was), the flags
 * `embed=1`, `present=1` and `readonly=1`, and `speaker=` (the presentation that this window follows).
 */
import { linesOf } from './lexer.ts';
import { TEXT_MAX } from './limits.ts';
import { decodeUtf8, encodeUtf8, fromBase64url, toBase64url, utf8Length } from './utf8.ts';

/** Compression comes from outside: the core has no web types. `worker/deflate.ts` has it. */
export interface Deflate {
  /** Raw deflate. */
  deflate(bytes: Uint8Array): Promise<Uint8Array>;
  /** Rejects with a sentence if the bytes are damaged, or would inflate to more than `cap` bytes. */
  inflate(bytes: Uint8Array, cap: number): Promise<Uint8Array>;
}

export type Source =
  { readonly kind: 'named'; readonly id: string } | { readonly kind: 'inline'; readonly text: string };

/** Words of whoever shares the link. `at`: a position of the run; '': they are about the whole. */
export interface LinkNote {
  readonly at: string;
  readonly text: string;
}

/** '' and [] stand for what a link does not say. */
export interface Link {
  /** null: nothing to open could be read. */
  readonly scenario: Source | null;
  /** In place of a scenario: a lesson of the course, or its text. */
  readonly lesson: Source | null;
  /** Of the lesson, from 1; '' = the first. */
  readonly beat: string;
  readonly model: string;
  /** The schedule: switches of threads. */
  readonly run: string;
  /** The position in the run. */
  readonly at: string;
  /** The model to compare with. */
  readonly vs: string;
  /** Guards switched off. */
  readonly without: readonly string[];
  /** Key of the run as it was when the link was made, `RunView.key`: another one tells that rules changed. */
  readonly chk: string;
  readonly embed: boolean;
  readonly present: boolean;
  readonly readonly: boolean;
  /** The presentation that this window is the second one of. */
  readonly speaker: string;
  readonly notes: readonly LinkNote[];
  /** Parameters of later versions, kept so that writing the link again does not drop them. */
  readonly others: readonly (readonly [name: string, value: string])[];
}

/** `notes`: what could not be read, a sentence each. */
export interface Decoded {
  readonly link: Link;
  readonly notes: readonly string[];
}

export const EMPTY_LINK: Link = {
  scenario: null,
  lesson: null,
  beat: '',
  model: '',
  run: '',
  at: '',
  vs: '',
  without: [],
  chk: '',
  embed: false,
  present: false,
  readonly: false,
  speaker: '',
  notes: [],
  others: [],
};

/** Letters of a link that are read at all. */
export const LINK_MAX = 256 * 1024;
/** Bytes of deflated text in a link. */
export const DEFLATED_MAX = 64 * 1024;
/** Notes of a link, and letters of one. */
export const NOTES_MAX = 24;
export const NOTE_MAX = 280;

const VERSION = '1';
const VALUES = ['beat', 'model', 'run', 'at', 'vs', 'chk', 'speaker'] as const;
const FLAGS = ['embed', 'present', 'readonly'] as const;
/** How the page is laid out: means something to the page only, and stands among the others. */
export const LAYOUT = 'layout';
/** What a value that is no free text has to be. */
const FORMS: Readonly<Record<string, RegExp>> = { beat: /^[1-9]\d?$/, speaker: /^[a-z0-9]{1,40}$/ };
/** `1d.`: here a text begins. No lesson of the course has such a name. */
const PACKED = /^\d+[a-z]\./;
const ID = /^[a-z0-9]+(?:[-.][a-z0-9]+)*$/;

/**
 * The fragment of a link, with its `#`. `plain` writes an inline text that people can read and change.
 * Rejects with a sentence if there is no scenario or the text is too long for a link.
 */
export async function encodeLink(link: Link, deflate: Deflate, plain = false): Promise<string> {
  const { scenario, lesson } = link;
  const source = lesson ?? scenario;
  if (source === null) throw new Error('There is no scenario to link to.');
  const kind = lesson !== null ? 'l' : source.kind === 'named' ? 's' : 'x';
  const path = `${kind}/${source.kind === 'named' ? source.id : await packed(source.text, deflate, plain)}`;
  const pairs: [string, string][] = [];
  for (const name of VALUES) {
    if (name === 'chk') pairs.push(['without', link.without.join(',')]);
    pairs.push([name, link[name]]);
  }
  for (const name of FLAGS) pairs.push([name, link[name] ? '1' : '']);
  for (const { at, text } of link.notes) pairs.push(['note', text === '' ? '' : `${at}:${text}`]);
  const said = [...pairs.filter(([, value]) => value !== ''), ...link.others];
  const query = said.map(([name, value]) => `${escaped(name)}=${escaped(value)}`).join('&');
  const fragment = `#/${path}${query === '' ? '' : `?${query}`}`;
  if (fragment.length > LINK_MAX) throw new Error(tooLong(fragment.length));
  return fragment;
}

function tooLong(length: number): string {
  const [kB, most] = [Math.ceil(length / 1024), LINK_MAX / 1024];
  return `The link has ${kB} kB; at most ${most} kB are read. Send the text as a file.`;
}

async function packed(text: string, deflate: Deflate, plain: boolean): Promise<string> {
  if (plain) return `${VERSION}t.${escaped(text)}`;
  const bytes = encodeUtf8(text);
  const small = bytes.length > TEXT_MAX ? null : await deflate.deflate(bytes);
  if (small === null || small.length > DEFLATED_MAX)
    throw new Error('The text is too long for a link. Send it as a file.');
  return `${VERSION}d.${toBase64url(small)}`;
}

/**
 * Percent-encodes what a fragment may not contain, or what ends a part of ours; `@ , / : ;` stay readable.
 */
function escaped(text: string): string {
  const safe = text.replace(
    /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g,
    '\ufffd',
  );
  // Mail programs end an address at brackets and quotes.
  const strict = encodeURIComponent(safe).replace(
    /[!'()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return strict.replace(/%(?:40|2C|2F|3A|3B)/g, (code) => decodeURIComponent(code));
}

/**
 * Reads a fragment, with or without its `#`, or a whole address. Never rejects: the link has what could be
 * read, and the notes say what could not.
 */
export async function decodeLink(address: string, deflate: Deflate): Promise<Decoded> {
  const notes: string[] = [];
  if (address.length > LINK_MAX) return { link: EMPTY_LINK, notes: [tooLong(address.length)] };
  const fragment = address.slice(address.indexOf('#') + 1);
  const question = fragment.indexOf('?');
  const path = question < 0 ? fragment : fragment.slice(0, question);
  const link = parameters(question < 0 ? '' : fragment.slice(question + 1), notes);
  return { link: { ...link, ...(await sourceOf(path, deflate, notes)) }, notes };
}

async function sourceOf(
  path: string,
  deflate: Deflate,
  notes: string[],
): Promise<Pick<Link, 'scenario' | 'lesson'>> {
  const lesson = /^\/?l\/(.*)$/s.exec(path)?.[1];
  if (lesson === undefined) return { scenario: await scenarioOf(path, deflate, notes), lesson: null };
  if (PACKED.test(lesson)) {
    const text = await textOf(lesson, deflate, notes);
    return { scenario: null, lesson: text === null ? null : { kind: 'inline', text } };
  }
  if (ID.test(lesson)) return { scenario: null, lesson: { kind: 'named', id: lesson } };
  notes.push(
    lesson === ''
      ? 'The link names no lesson.'
      : `The link names the lesson “${short(lesson)}”, which cannot be a name.`,
  );
  return { scenario: null, lesson: null };
}

async function scenarioOf(path: string, deflate: Deflate, notes: string[]): Promise<Source | null> {
  const [, kind, rest = ''] = /^\/?(?:([sx])\/(.*))?$/s.exec(path) ?? [null, '', ''];
  if (kind === undefined) return null;
  if (kind === 's') {
    if (ID.test(rest)) return { kind: 'named', id: rest };
    notes.push(
      rest === ''
        ? 'The link names no scenario.'
        : `The link names the scenario “${short(rest)}”, which cannot be a name.`,
    );
    return null;
  }
  if (kind === 'x') {
    const text = await textOf(rest, deflate, notes);
    return text === null ? null : { kind: 'inline', text };
  }
  notes.push('The address is not one of ours: it begins with none of #/s/, #/x/ and #/l/.');
  return null;
}

/** The text of an inline link, or null after saying why not. */
async function textOf(packed: string, deflate: Deflate, notes: string[]): Promise<string | null> {
  const refuse = (note: string): null => {
    notes.push(note);
    return null;
  };
  const [, version, codec, data = ''] = /^(\d+)([a-z])\.(.*)$/s.exec(packed) ?? [];
  if (packed === '') return refuse('The link holds no text.');
  if (version === undefined)
    return refuse('The text of the link does not begin with its format, such as 1d. or 1t.');
  if (version !== VERSION) {
    return refuse(
      `The link is in format ${version}; this Folioscope reads format ${VERSION}. Load the page again.`,
    );
  }
  if (data === '') return refuse('The link holds no text.');
  if (codec === 't') {
    const text = unescaped(data);
    if (text === null)
      return refuse('The text of the link has a % that is not followed by two hex digits of UTF-8.');
    return utf8Length(text) > TEXT_MAX ? refuse(textTooLong()) : text;
  }
  if (codec !== 'd')
    return refuse(`The link is packed by a method “${codec}” that this Folioscope does not know.`);
  const bytes = fromBase64url(data);
  if (bytes === null) return refuse('The text of the link is damaged: it is not base64url.');
  if (bytes.length > DEFLATED_MAX) return refuse(textTooLong());
  try {
    const text = decodeUtf8(await deflate.inflate(bytes, TEXT_MAX));
    return text ?? refuse('The text of the link is damaged: it is not UTF-8.');
  } catch (problem) {
    const why = problem instanceof Error ? problem.message : String(problem);
    return refuse(`The text of the link could not be unpacked: ${why}.`);
  }
}

function textTooLong(): string {
  return `The text of the link is longer than ${TEXT_MAX / 1024} kB. Open it as a file.`;
}

function parameters(query: string, notes: string[]): Link {
  const values = new Map<string, string>();
  const others: [string, string][] = [];
  const pinned: LinkNote[] = [];
  for (const pair of query.split('&')) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const name = unescaped(equals < 0 ? pair : pair.slice(0, equals));
    const value = unescaped(equals < 0 ? '' : pair.slice(equals + 1));
    if (name === null || value === null)
      notes.push(`“${short(pair)}” of the link is damaged and was left out.`);
    else if (name === 'note') pinned.push(noteOf(value));
    else if (name !== 'without' && ![...VALUES, ...FLAGS].some((known) => known === name)) {
      others.push([name, value]);
      if (name !== LAYOUT) notes.push(`This Folioscope does not know “${short(name)}” of the link.`);
    } else if (values.has(name)) notes.push(`The link says “${name}” twice; the first one counts.`);
    else if (FORMS[name]?.test(value) === false) {
      if (value !== '') notes.push(`“${short(pair)}” of the link is damaged and was left out.`);
    } else values.set(name, value);
  }
  if (pinned.length > NOTES_MAX) notes.push(`Of the notes of the link only ${NOTES_MAX} were read.`);
  if (pinned.some((one) => one.text.length > NOTE_MAX))
    notes.push(`A note of the link was cut at ${NOTE_MAX} letters.`);
  const text = (name: string): string => values.get(name) ?? '';
  const flag = (name: string): boolean => values.has(name) && !['', '0', 'false'].includes(text(name));
  return {
    scenario: null,
    lesson: null,
    beat: text('beat'),
    model: text('model'),
    run: text('run'),
    at: text('at'),
    vs: text('vs'),
    without: text('without')
      .split(',')
      .map((g) => g.trim())
      .filter((g) => g !== ''),
    chk: text('chk'),
    embed: flag('embed'),
    present: flag('present'),
    readonly: flag('readonly'),
    speaker: text('speaker'),
    notes: pinned
      .filter((one) => one.text !== '')
      .slice(0, NOTES_MAX)
      .map((one) => ({ ...one, text: one.text.slice(0, NOTE_MAX) })),
    others,
  };
}

/** `child@munmap.end:Gone here.`; without a position it is about the whole. */
function noteOf(value: string): LinkNote {
  const [, at = '', text = value] = /^(|start|end|\d{1,6}|[^\s:@,]+@[^\s:,]+):(.*)$/s.exec(value) ?? [];
  return { at, text };
}

function unescaped(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

/** As much of it as a sentence can bear. */
function short(text: string): string {
  const [first = ''] = linesOf(text);
  return first.length > 40 ? `${first.slice(0, 40)}…` : first;
}
