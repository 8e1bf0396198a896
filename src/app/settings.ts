/** What a visitor has set: kept by the browser, never part of a link. */
import type { Shelf } from './session/keep.ts';

export interface Settings {
  readonly motion: 'system' | 'none';
  /** What readers of screens hear of each step. */
  readonly narration: 'off' | 'brief' | 'full';
  /** How far Next and Back go, and each beat of playing. */
  readonly stride: 'micro' | 'section' | 'operation';
  readonly tables: 'room' | 'folded';
  readonly inspector: 'room' | 'tabs';
  readonly strip: 'room' | 'sentence';
  readonly lanes: 'locks' | 'operations';
  readonly panels: 'narrow' | 'usual' | 'wide';
  /** Pixels that somebody gave the side panel and the inspector; 0: as usual. */
  readonly panelWidth: number;
  readonly inspectorWidth: number;
  /** Keys of commands that were given others, by the command's id. */
  readonly keys: Readonly<Record<string, readonly string[]>>;
}

export const USUAL: Settings = {
  motion: 'system',
  narration: 'full',
  stride: 'micro',
  tables: 'room',
  inspector: 'room',
  strip: 'room',
  lanes: 'locks',
  panels: 'usual',
  panelWidth: 0,
  inspectorWidth: 0,
  keys: {},
};

export type Width = 'panelWidth' | 'inspectorWidth';
/** The least and the most that a width may be. */
export const WIDTHS = { panelWidth: [280, 800], inspectorWidth: [260, 640] } as const satisfies {
  readonly [K in Width]: readonly [number, number];
};
/** A width that may be set, 0 for anything else. */
export function widthIn(name: Width, found: unknown): number {
  const [least, most] = WIDTHS[name];
  return typeof found === 'number' && found >= least && found <= most ? Math.round(found) : 0;
}

/** Values that each setting may have, first the usual one where there is room. */
export const CHOICES = {
  motion: ['system', 'none'],
  narration: ['full', 'brief', 'off'],
  stride: ['micro', 'section', 'operation'],
  tables: ['room', 'folded'],
  inspector: ['room', 'tabs'],
  strip: ['room', 'sentence'],
  lanes: ['locks', 'operations'],
  panels: ['narrow', 'usual', 'wide'],
} as const satisfies { readonly [K in Exclude<keyof Settings, 'keys' | Width>]: readonly Settings[K][] };
export type Choice = keyof typeof CHOICES;

const KEY = 'folioscope.settings';

/** Whatever is kept there: what is not understood is as usual. */
export function keptSettings(shelf: Shelf): Settings {
  let found: Readonly<Record<string, unknown>> = {};
  try {
    const kept = JSON.parse(shelf.getItem(KEY) ?? '{}') as unknown;
    if (typeof kept === 'object' && kept !== null) found = kept as Readonly<Record<string, unknown>>;
  } catch {
    // Not ours, then.
  }
  const chosen = Object.entries(CHOICES).filter(([name, values]) =>
    (values as readonly unknown[]).includes(found[name]),
  );
  return {
    ...USUAL,
    ...Object.fromEntries(chosen.map(([name]) => [name, found[name]])),
    panelWidth: widthIn('panelWidth', found['panelWidth']),
    inspectorWidth: widthIn('inspectorWidth', found['inspectorWidth']),
    keys: keysIn(found['keys']),
  };
}

function keysIn(found: unknown): Settings['keys'] {
  if (typeof found !== 'object' || found === null) return {};
  return Object.fromEntries(
    Object.entries(found).filter(
      (entry): entry is [string, string[]] =>
        Array.isArray(entry[1]) && entry[1].every((key) => typeof key === 'string' && key.length < 40),
    ),
  );
}

export function keepSettings(shelf: Shelf, settings: Settings): void {
  try {
    shelf.setItem(KEY, JSON.stringify(settings));
  } catch {
    // A browser that keeps nothing: it lasts as long as the page.
  }
}

interface Keyed {
  readonly id: string;
  readonly keys: readonly string[];
}
/** The keys of a command as they are set. */
export const keysOf = (command: Keyed, keys: Settings['keys']): readonly string[] =>
  keys[command.id] ?? command.keys;

/** These mean something wherever they are pressed. */
const TAKEN = /^(Tab|Shift\+Tab|Enter|Shift\+Enter|Escape|[1-9])$/;
export const mayBeSet = (key: string): boolean =>
  !TAKEN.test(key) &&
  !/^(?:(?:Mod|Alt|Shift)\+)*(?:Control|Shift|Alt|Meta|Dead|Process|CapsLock|AltGraph)$/.test(key);

/** The command gets this key and no other; whoever had it has it no longer. */
export function withKey(
  commands: readonly Keyed[],
  keys: Settings['keys'],
  id: string,
  key: string,
): Settings['keys'] {
  const robbed = commands.filter((one) => one.id !== id && keysOf(one, keys).includes(key));
  return {
    ...keys,
    ...Object.fromEntries(robbed.map((one) => [one.id, keysOf(one, keys).filter((other) => other !== key)])),
    [id]: [key],
  };
}
/** As it was made; a key that another command was given meanwhile stays there. */
export function withoutKey(commands: readonly Keyed[], keys: Settings['keys'], id: string): Settings['keys'] {
  const { [id]: _, ...others } = keys;
  const own = commands.find((one) => one.id === id)?.keys ?? [];
  const free = own.filter((key) =>
    commands.every((one) => one.id === id || !keysOf(one, others).includes(key)),
  );
  return free.length === own.length ? others : { ...others, [id]: free };
}
