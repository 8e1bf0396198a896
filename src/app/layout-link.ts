/**
 * How the page is laid out, as a part of a link, only where somebody asked for that when sharing:
 * `panel=debug,panelWidth=480,tables=folded`. It holds for the visit, and is not kept.
 */
import { CHOICES, USUAL, widthIn, type Settings } from './settings.ts';
import type { State } from './session/state.ts';

export { LAYOUT } from '../scenario/link.ts';
const CHOSEN = ['tables', 'inspector', 'strip', 'lanes', 'panels'] as const;
const WIDE = ['panelWidth', 'inspectorWidth'] as const;

export function layoutText({ settings, panel }: Pick<State, 'settings' | 'panel'>): string {
  const said = [...CHOSEN, ...WIDE]
    .filter((name) => settings[name] !== USUAL[name])
    .map((name) => `${name}=${settings[name]}`);
  return [`panel=${panel ?? 'none'}`, ...said].join(',');
}

export interface Laid {
  readonly panel: string;
  readonly settings: Partial<Settings>;
  /** The glossary is open at this word; '' = it is not. */
  readonly word: string;
}

/** What of it is understood; whatever it does not say is as usual. */
export function layoutIn(text: string): Laid {
  const pairs = text.slice(0, 400).split(',');
  const said = new Map(
    pairs.map((pair): [string, string] => {
      const [name = '', value = ''] = pair.split('=', 2);
      return [name, value];
    }),
  );
  const chosen = CHOSEN.map((name) => {
    const value = said.get(name) ?? '';
    return [name, (CHOICES[name] as readonly string[]).includes(value) ? value : USUAL[name]];
  });
  const wide = WIDE.map((name) => [name, widthIn(name, Number(said.get(name) ?? 0))]);
  const settings = Object.fromEntries([...chosen, ...wide]);
  return { panel: said.get('panel') ?? 'none', settings, word: said.get('word') ?? '' };
}
