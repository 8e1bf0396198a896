/** The debugger: where to stop, what to watch, what to find, what changed, which way it could have gone. */
import { useId, type KeyboardEvent, type ReactNode } from 'react';
import type { Tab } from '../../debug/debugging.ts';
import { debug, useDebug } from '../../debug/start.ts';
import { PanelHead } from '../PanelHead.tsx';
import { Branches } from './Branches.tsx';
import { Diff } from './Diff.tsx';
import { Find } from './Find.tsx';
import { Stops } from './Stops.tsx';
import { Watch } from './Watch.tsx';
import { WhatIf } from './WhatIf.tsx';
import './debug.css';

const TABS: readonly { readonly id: Tab; readonly title: string; readonly Body: () => ReactNode }[] = [
  { id: 'stops', title: 'Stop at', Body: Stops },
  { id: 'watch', title: 'Watch', Body: Watch },
  { id: 'find', title: 'Find', Body: Find },
  { id: 'diff', title: 'Diff', Body: Diff },
  { id: 'branches', title: 'Branches', Body: Branches },
  { id: 'whatif', title: 'What if', Body: WhatIf },
];

export default function Debug(): ReactNode {
  const tab = useDebug((state) => state.tab);
  const base = useId();
  const open = TABS.find((one) => one.id === tab) ?? TABS[0]!;

  function move(event: KeyboardEvent): void {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    const next = TABS[(TABS.indexOf(open) + by + TABS.length) % TABS.length]!;
    debug.turn(next.id);
    document.getElementById(`${base}-${next.id}`)?.focus();
  }

  return (
    <>
      <PanelHead title="Debug" />
      <div className="debug-tabs" role="tablist" aria-label="Debugger">
        {TABS.map(({ id, title }) => (
          <button
            key={id}
            id={`${base}-${id}`}
            type="button"
            role="tab"
            aria-selected={id === tab}
            aria-controls={`${base}-body`}
            tabIndex={id === tab ? 0 : -1}
            className="debug-tab"
            onKeyDown={move}
            onClick={() => debug.turn(id)}
          >
            {title}
          </button>
        ))}
      </div>
      <div
        className="panel-body debug-body"
        id={`${base}-body`}
        role="tabpanel"
        aria-labelledby={`${base}-${tab}`}
      >
        <open.Body />
      </div>
    </>
  );
}
