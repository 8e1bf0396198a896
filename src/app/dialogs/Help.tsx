/** Keys and signs, from the one list of commands. */
import type { ReactNode } from 'react';
import {
  IconBang,
  IconBroken,
  IconCopy,
  IconDash,
  IconDots,
  IconFault,
  IconFlush,
  IconTick,
} from '../icons.tsx';
import { session, useSession } from '../live.ts';
import { Dialog } from '../parts/Dialog.tsx';
import { keysOf } from '../settings.ts';
import { commands, keyName, THREAD_KEYS } from '../shortcuts.ts';
import { GLOSSARY } from './glossary.ts';
import './dialogs.css';

const GROUPS = ['Step', 'Play', 'Debug', 'Look', 'Panels', 'Page'] as const;
const mac = /mac|iphone|ipad/i.test(navigator.platform);

export default function Help(): ReactNode {
  const singleKeys = useSession((state) => state.singleKeys);
  const set = useSession((state) => state.settings.keys);
  return (
    <Dialog title="Keys and signs" onClose={() => session.dialog(null)} wide>
      <label className="help-switch">
        <input
          type="checkbox"
          checked={singleKeys}
          onChange={(event) => session.setSingleKeys(event.target.checked)}
        />
        Keys of one letter, digit or sign work. Switch them off for speech input.
      </label>
      <p className="help-set">
        <button type="button" className="button" onClick={() => session.dialog('settings')}>
          Change keys and settings
        </button>
      </p>
      <div className="help-columns">
        {GROUPS.map((group) => (
          <section key={group}>
            <h3>{group}</h3>
            <dl className="help-keys">
              {commands
                .filter((one) => one.group === group && keysOf(one, set).length > 0)
                .map((one) => (
                  <Keys key={one.id} title={one.title} keys={keysOf(one, set)} />
                ))}
              {group === 'Step' && <Keys title={THREAD_KEYS.title} keys={THREAD_KEYS.keys} />}
            </dl>
          </section>
        ))}
        <Signs />
      </div>
      <h3 className="help-words">Words</h3>
      <dl className="help-glossary">
        {GLOSSARY.map(({ word, means }) => (
          <div key={word}>
            <dt className="mono strong">{word}</dt>
            <dd>{means}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}

function Keys({ title, keys }: { readonly title: string; readonly keys: readonly string[] }): ReactNode {
  return (
    <div>
      <dt>{title}</dt>
      <dd>
        {keys.map((key) => (
          <kbd key={key} className="key">
            {keyName(key, mac)}
          </kbd>
        ))}
      </dd>
    </div>
  );
}

function Signs(): ReactNode {
  const signs = [
    [<IconTick key="i" />, 'holds in every order'],
    [<IconBroken key="i" />, 'broken; a click opens that kernel'],
    [<IconDots key="i" />, 'not decided: too large, or still at it'],
    [<IconDash key="i" />, 'not defined on this kernel'],
    [<IconFault key="i" />, 'a page fault'],
    [<IconCopy key="i" />, 'a page was copied'],
    [<IconFlush key="i" />, 'TLBs were flushed'],
    [<IconBang key="i" />, 'a rule broke here'],
  ] as const;
  return (
    <section>
      <h3>Signs</h3>
      <ul className="help-signs">
        {signs.map(([sign, words]) => (
          <li key={words}>
            {sign}
            {words}
          </li>
        ))}
      </ul>
    </section>
  );
}
