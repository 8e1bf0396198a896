/* oxlint-disable jsx-a11y/no-noninteractive-element-to-interactive-role, jsx-a11y/prefer-tag-over-role,
   jsx-a11y/click-events-have-key-events, jsx-a11y/no-autofocus
   -- the combobox pattern: the field keeps focus and keys */
/** Find by a few letters: commands, scenarios, kernels. A combobox in a dialog. */
import { useId, useMemo, useState, type KeyboardEvent, type ReactNode } from 'react';
import { session, useSession } from '../live.ts';
import { Dialog } from '../parts/Dialog.tsx';
import { keysOf } from '../settings.ts';
import { commands, keyName } from '../shortcuts.ts';
import { rank } from './fuzzy.ts';
import './dialogs.css';

interface Item {
  readonly id: string;
  readonly title: string;
  readonly kind: string;
  /** Found by this, too. */
  readonly more?: string;
  readonly key: string;
  readonly run: () => void;
}

const SHOWN = 12;

export default function Palette(): ReactNode {
  const items = useItems();
  const [query, setQuery] = useState('');
  const [place, setPlace] = useState(0);
  const base = useId();
  const found = useMemo(
    () => rank(items, query, (item) => `${item.title} ${item.kind} ${item.more ?? ''}`).slice(0, SHOWN),
    [items, query],
  );
  const here = Math.min(place, found.length - 1);

  function take(item: Item | undefined): void {
    if (!item) return;
    session.dialog(null);
    item.run();
  }

  function move(event: KeyboardEvent): void {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by === undefined && event.key !== 'Enter') return;
    event.preventDefault();
    if (by === undefined) take(found[here]);
    else if (found.length > 0) setPlace((here + by + found.length) % found.length);
  }

  return (
    <Dialog title="Find a command, a scenario or a kernel" onClose={() => session.dialog(null)} bare>
      <input
        autoFocus
        className="palette-field"
        role="combobox"
        aria-expanded="true"
        aria-controls={`${base}-list`}
        aria-activedescendant={found[here] ? `${base}-${found[here].id}` : undefined}
        aria-label="Find a command, a scenario or a kernel"
        placeholder="Command, scenario or kernel"
        value={query}
        onChange={(event) => {
          setQuery(event.target.value);
          setPlace(0);
        }}
        onKeyDown={move}
      />
      <ul id={`${base}-list`} role="listbox" aria-label="Found" className="palette-list">
        {found.map((item, index) => (
          <li
            key={item.id}
            id={`${base}-${item.id}`}
            role="option"
            aria-selected={index === here}
            className="palette-item"
            onPointerMove={() => setPlace(index)}
            onClick={() => take(item)}
          >
            <span className="clip">{item.title}</span>
            <span className="small faint">{item.kind}</span>
            {item.key !== '' && <kbd className="key">{item.key}</kbd>}
          </li>
        ))}
      </ul>
      {found.length === 0 && (
        <p className="palette-none quiet" aria-live="polite">
          Nothing is called that.
        </p>
      )}
    </Dialog>
  );
}

function useItems(): readonly Item[] {
  const info = useSession((state) => state.info);
  const set = useSession((state) => state.settings.keys);
  const present = useSession((state) => state.carried.present);
  return useMemo(
    () => [
      ...commands
        .filter((one) => one.id !== 'palette' && one.id !== 'out' && (one.when === undefined || present))
        .map((command) => {
          const { id, title, run } = command;
          const [first] = keysOf(command, set);
          const key = first === undefined ? '' : keyName(first);
          return { id: `c-${id}`, title, kind: 'command', key, run: () => run(session) };
        }),
      ...(info?.scenarios ?? []).map(({ id, title }) => {
        return {
          id: `s-${id}`,
          title,
          more: id,
          kind: 'scenario',
          key: '',
          run: () => void session.openScenario(id),
        };
      }),
      ...(info?.models ?? []).map(({ id, title }) => {
        const name = title === id || title === '' ? id : `${id}: ${title}`;
        return { id: `m-${id}`, title: name, kind: 'kernel', key: '', run: () => void session.setModel(id) };
      }),
    ],
    [info, set, present],
  );
}
