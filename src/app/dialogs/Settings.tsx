/** What can be set: how it looks, how far a step goes, what is read aloud, and every key. */
import { useEffect, useState, type ReactNode } from 'react';
import { nameOf } from '../keys.ts';
import { session, useSession } from '../live.ts';
import { OfflineSetting } from '../offline/OfflineSetting.tsx';
import { Dialog } from '../parts/Dialog.tsx';
import {
  CHOICES,
  keysOf,
  mayBeSet,
  USUAL,
  withKey,
  withoutKey,
  type Choice,
  type Settings,
} from '../settings.ts';
import { commands, keyName, rivalsOf, type Command } from '../shortcuts.ts';
import { chosenTheme, setTheme, THEMES, type Theme } from '../theme/theme.ts';
import { SingleKeys } from './SingleKeys.tsx';
import './dialogs.css';
import './settings.css';

const mac = /mac|iphone|ipad/i.test(navigator.platform);

const WORDS: { readonly [K in Choice]: { readonly title: string } & Record<Settings[K], string> } = {
  stride: {
    title: 'Next and Back go',
    micro: 'one step',
    section: 'to where locks change',
    operation: 'one operation',
  },
  narration: { title: 'Read aloud', full: 'step, rule, violation', brief: 'the step only', off: 'nothing' },
  motion: { title: 'Motion', system: 'as the system', none: 'none' },
  tables: { title: 'Page tables', room: 'a column, where there is room', folded: 'inside the processes' },
  inspector: { title: 'Inspector', room: 'beside, where there is room', tabs: 'tabs' },
  strip: { title: 'Verdicts', room: 'signs, where there is room', sentence: 'a sentence' },
  lanes: { title: 'Lanes', locks: 'operations and locks', operations: 'operations only' },
  panels: { title: 'Side panels', narrow: 'narrow', usual: 'usual', wide: 'wide' },
};
const THEME_WORDS: Readonly<Record<Theme, string>> = {
  system: 'as the system',
  light: 'light',
  dark: 'dark',
  contrast: 'high contrast',
};

export default function SettingsDialog(): ReactNode {
  const settings = useSession((state) => state.settings);
  const [theme, choose] = useState(chosenTheme);
  return (
    <Dialog title="Settings" onClose={() => session.dialog(null)} wide>
      <div className="settings">
        <Radios
          title="Theme"
          name="theme"
          values={THEMES}
          words={THEME_WORDS}
          value={theme}
          onChoose={(one) => {
            setTheme(one);
            choose(one);
          }}
        />
        {(Object.keys(WORDS) as Choice[]).map((name) => (
          <Radios<string>
            key={name}
            title={WORDS[name].title}
            name={name}
            values={CHOICES[name]}
            words={WORDS[name]}
            value={settings[name]}
            onChoose={(value) =>
              session.adjust({ [name]: value, ...(name === 'panels' ? { panelWidth: 0 } : {}) })
            }
          />
        ))}
      </div>
      <OfflineSetting />
      <Keys />
    </Dialog>
  );
}

interface RadiosProps<V extends string> {
  readonly title: string;
  readonly name: string;
  readonly values: readonly V[];
  readonly words: Readonly<Record<V, string>>;
  readonly value: V;
  readonly onChoose: (value: V) => void;
}

function Radios<V extends string>({
  title,
  name,
  values,
  words,
  value,
  onChoose,
}: RadiosProps<V>): ReactNode {
  return (
    <fieldset className="setting">
      <legend>{title}</legend>
      {values.map((one) => (
        <label key={one}>
          <input
            type="radio"
            name={`setting-${name}`}
            checked={one === value}
            onChange={() => onChoose(one)}
          />
          {words[one]}
        </label>
      ))}
    </fieldset>
  );
}

function Keys(): ReactNode {
  const keys = useSession((state) => state.settings.keys);
  const [listens, setListens] = useState<string | null>(null);
  useListen(listens, () => setListens(null));
  return (
    <section aria-label="Keys">
      <div className="settings-head">
        <h3>Keys</h3>
        <button
          type="button"
          className="button"
          aria-disabled={Object.keys(keys).length === 0}
          onClick={() => session.adjust({ keys: USUAL.keys })}
        >
          All as usual
        </button>
      </div>
      <SingleKeys />
      <ul className="settings-keys">
        {commands
          .filter((one) => one.id !== 'out')
          .map((command) => (
            <KeyRow
              key={command.id}
              command={command}
              keys={keys}
              listens={listens === command.id}
              listen={() => setListens(listens === command.id ? null : command.id)}
            />
          ))}
      </ul>
    </section>
  );
}

interface KeyRowProps {
  readonly command: Command;
  readonly keys: Settings['keys'];
  readonly listens: boolean;
  readonly listen: () => void;
}

function KeyRow({ command, keys, listens, listen }: KeyRowProps): ReactNode {
  const { id, title } = command;
  return (
    <li>
      <span>{title}</span>
      <span className="settings-of">
        {keysOf(command, keys).map((key) => (
          <kbd key={key} className="key">
            {keyName(key, mac)}
          </kbd>
        ))}
      </span>
      <button
        type="button"
        className="button"
        aria-label={`Change the key of: ${title}`}
        aria-pressed={listens}
        onClick={listen}
      >
        {listens ? 'Press a key' : 'Change'}
      </button>
      <button
        type="button"
        className="button button-quiet"
        aria-label={`As usual: ${title}`}
        disabled={!(id in keys)}
        onClick={() => session.adjust({ keys: withoutKey(rivalsOf(id), keys, id) })}
      >
        As usual
      </button>
    </li>
  );
}

/** The next key is the command's; Escape and a click elsewhere are second thoughts. */
function useListen(id: string | null, done: () => void): void {
  useEffect(() => {
    if (id === null) return;
    const press = (event: KeyboardEvent): void => {
      const key = nameOf(event);
      event.preventDefault();
      event.stopPropagation();
      if (key === 'Escape') return done();
      if (!mayBeSet(key)) return;
      session.adjust({ keys: withKey(rivalsOf(id), session.store.getState().settings.keys, id, key) });
      done();
    };
    window.addEventListener('keydown', press, true);
    return () => window.removeEventListener('keydown', press, true);
  }, [id, done]);
}
