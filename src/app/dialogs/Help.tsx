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
import { SingleKeys } from './SingleKeys.tsx';
import { keysOf } from '../settings.ts';
import { commands, HAND_KEYS, keyName, THREAD_KEYS } from '../shortcuts.ts';
import './dialogs.css';

/** Pages of the docs: a build in many files has them (`scripts/docs-plugin.ts`). */
declare const __DOCS__: boolean | undefined;

const GROUPS = ['Step', 'Play', 'Debug', 'Look', 'Panels', 'Page', 'Present'] as const;
const mac = /mac|iphone|ipad/i.test(navigator.platform);

export default function Help(): ReactNode {
  const set = useSession((state) => state.settings.keys);
  return (
    <Dialog title="Keys and signs" onClose={() => session.dialog(null)} wide>
      <SingleKeys />
      <p className="help-set">
        <button type="button" className="button" onClick={() => session.dialog('settings')}>
          Change keys and settings
        </button>
        <button type="button" className="button" onClick={() => session.dialog('glossary')}>
          Words: the glossary
        </button>
        {typeof __DOCS__ === 'boolean' && __DOCS__ && (
          <a className="button" href="./docs/index.html" target="_blank" rel="noreferrer">
            Read the docs
          </a>
        )}
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
              {group === 'Present' && <Keys title={HAND_KEYS.title} keys={HAND_KEYS.keys} />}
            </dl>
          </section>
        ))}
        <Signs />
        <PictureSigns />
      </div>
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

/** What is drawn in the picture and in the lanes. */
function PictureSigns(): ReactNode {
  const line = (d: string, width: number, dash = ''): ReactNode => (
    <path d={d} fill="none" stroke="currentColor" strokeWidth={width} strokeDasharray={dash} />
  );
  const drawn: readonly (readonly [ReactNode, string])[] = [
    [
      <>
        {line('M1 10H32', 4)}
        <path d="M30 3l11 7-11 7z" fill="currentColor" />
      </>,
      'mapped writable',
    ],
    [line('M1 10H40M33 5l8 5-8 5', 1.5), 'mapped read-only'],
    [
      <>
        {line('M1 10H30', 3, '7 5')}
        {line('M31 4l9 6-9 6z', 1.5)}
      </>,
      'stale TLB entry: ends on the card, since nobody counts it',
    ],
    [
      <>
        {line('M1 10H31', 2.5, '2 4')}
        <circle cx="36" cy="10" r="4" fill="none" stroke="currentColor" strokeWidth="1.5" />
      </>,
      'not present: swapped out, or on the move',
    ],
    [line('M1.5 3.5q0-2 2-2h35q2 0 2 2v13q0 2-2 2h-35q-2 0-2-2z', 1.5), 'a page table that maps the folio'],
    [line('M10 1.5h22a8.5 8.5 0 0 1 0 17H10a8.5 8.5 0 0 1 0-17z', 1.5), 'another holder: pipe, pin, batch'],
    [line('M2 1v5q0 4 4 4h30q4 0 4-4V1', 1.5), 'spans what a count counts'],
    [
      <rect key="set" x="10" y="1" width="20" height="18" rx="3" fill="currentColor" />,
      'a bit that is set, or a lock held to write',
    ],
    [
      line('M13.5 1.5h13q3 0 3 3v11q0 3-3 3h-13q-3 0-3-3v-11q0-3 3-3z', 1.5),
      'a clear bit, or a lock held to read',
    ],
    [
      line('M3.5 1.5h34q2 0 2 2v13q0 2-2 2h-34q-2 0-2-2v-13q0-2 2-2z', 1.5, '4 3'),
      'a kept place, or somebody who waits',
    ],
    [
      <rect key="mark" x="1" y="2" width="40" height="16" rx="4" fill="var(--mark)" />,
      'this step changed it, or decides on it',
    ],
    [
      <rect
        key="bad"
        x="2"
        y="2"
        width="38"
        height="16"
        rx="5"
        fill="none"
        stroke="var(--bad)"
        strokeWidth="2"
      />,
      'where a rule broke',
    ],
  ];
  return (
    <section>
      <h3>In the picture</h3>
      <ul className="help-signs">
        {drawn.map(([shape, words]) => (
          <li key={words}>
            <svg width="42" height="20" aria-hidden="true">
              {shape}
            </svg>
            {words}
          </li>
        ))}
      </ul>
    </section>
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
