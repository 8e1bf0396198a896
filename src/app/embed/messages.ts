/**
 * What a page may say to a Folioscope inside it, and what it hears: docs/embed.md. Everything that arrives is
 * hostile until it was looked at.
 */

/** Versions of the messages: whoever speaks an old one is answered in it. 2 knows lessons. */
export const VERSIONS = [1, 2] as const;
export type Version = (typeof VERSIONS)[number];

export interface EmbedState {
  readonly title: string;
  readonly model: string;
  readonly at: number;
  readonly last: number;
  /** As a link writes it: `child@munmap.end`. */
  readonly position: string;
  /** What the last step did, one sentence; '' before the first. */
  readonly says: string;
  /** The rule that is broken by now, or ''. */
  readonly broken: string;
  /** Fragment of a link to it. */
  readonly link: string;
  /** Since version 2; null: it shows no lesson. */
  readonly lesson?: EmbedLesson | null;
}

export interface EmbedLesson {
  readonly title: string;
  /** From 1. */
  readonly beat: number;
  readonly beats: number;
  readonly heading: string;
  /** Its paragraphs. */
  readonly prose: readonly string[];
}

export type EmbedCall =
  | { readonly call: 'state' | 'play' | 'pause' }
  | { readonly call: 'load'; readonly link: string }
  | { readonly call: 'step'; readonly by: number }
  | { readonly call: 'goto'; readonly at: number | string }
  | { readonly call: 'beat'; readonly to: number };

export type EmbedSaid =
  | { readonly folioscope: Version; readonly event: 'ready' | 'step'; readonly state: EmbedState }
  | { readonly folioscope: Version; readonly id: number; readonly state: EmbedState }
  | { readonly folioscope: Version; readonly id: number; readonly error: string };

export interface Heard {
  readonly version: Version;
  readonly id: number;
  /** null: it is for us, and makes no sense. */
  readonly call: EmbedCall | null;
}

const LINK_MAX = 256 * 1024,
  STEPS_MAX = 1_000_000;

/** null: it is not for us. */
export function readMessage(data: unknown): Heard | null {
  if (typeof data !== 'object' || data === null) return null;
  const { folioscope, id, call, ...rest } = data as Readonly<Record<string, unknown>>;
  const version = VERSIONS.find((one) => one === folioscope);
  if (version === undefined || typeof call !== 'string') return null;
  const number = typeof id === 'number' && Number.isSafeInteger(id) ? id : 0;
  return { version, id: number, call: callOf(version, call, rest) };
}

function callOf(
  version: Version,
  call: string,
  { link, by = 1, at, to }: Readonly<Record<string, unknown>>,
): EmbedCall | null {
  switch (call) {
    case 'state':
    case 'play':
    case 'pause':
      return { call };
    case 'load':
      return typeof link === 'string' && link.length <= LINK_MAX && link.includes('#')
        ? { call, link }
        : null;
    case 'step':
      return isStep(by) ? { call, by } : null;
    case 'goto':
      return isStep(at) || (typeof at === 'string' && at.length <= 200) ? { call, at } : null;
    case 'beat':
      return version >= 2 && isStep(to) && to > 0 ? { call, to } : null;
    default:
      return null;
  }
}

const isStep = (value: unknown): value is number =>
  typeof value === 'number' && Number.isInteger(value) && Math.abs(value) <= STEPS_MAX;
