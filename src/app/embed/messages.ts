/**
 * What a page may say to a Folioscope inside it, and what it hears: docs/embed.md. Everything that arrives is
 * hostile until it was looked at.
 */

/** Version of the messages. */
export const FOLIOSCOPE = 1;

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
}

export type EmbedCall =
  | { readonly call: 'state' | 'play' | 'pause' }
  | { readonly call: 'load'; readonly link: string }
  | { readonly call: 'step'; readonly by: number }
  | { readonly call: 'goto'; readonly at: number | string };

export type EmbedSaid =
  | { readonly folioscope: 1; readonly event: 'ready' | 'step'; readonly state: EmbedState }
  | { readonly folioscope: 1; readonly id: number; readonly state: EmbedState }
  | { readonly folioscope: 1; readonly id: number; readonly error: string };

export interface Heard {
  readonly id: number;
  /** null: it is for us, and makes no sense. */
  readonly call: EmbedCall | null;
}

const LINK_MAX = 256 * 1024,
  STEPS_MAX = 1_000_000;

/** null: it is not for us. */
export function readMessage(data: unknown): Heard | null {
  if (typeof data !== 'object' || data === null) return null;
  const { folioscope, id, call, link, by, at } = data as Readonly<Record<string, unknown>>;
  if (folioscope !== FOLIOSCOPE || typeof call !== 'string') return null;
  const number = typeof id === 'number' && Number.isSafeInteger(id) ? id : 0;
  return { id: number, call: callOf(call, link, by ?? 1, at) };
}

function callOf(call: string, link: unknown, by: unknown, at: unknown): EmbedCall | null {
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
    default:
      return null;
  }
}

const isStep = (value: unknown): value is number =>
  typeof value === 'number' && Number.isInteger(value) && Math.abs(value) <= STEPS_MAX;
