/** Brand, what is open, which kernel, and the four things to do with it. */
import type { ReactNode } from 'react';
import { IconCompare, IconHelp, Logo } from '../icons.tsx';
import { session, useSession } from '../live.ts';
import { KernelButton } from './KernelButton.tsx';
import { MoreButton } from './MoreButton.tsx';
import { ScenarioButton } from './ScenarioButton.tsx';
import { ShareButton } from './ShareButton.tsx';
import { ThemeButton } from './ThemeButton.tsx';
import './top.css';

export function TopBar(): ReactNode {
  const comparing = useSession((state) => state.panel === 'compare');
  return (
    <header className="top">
      <a className="brand" href="#/">
        <Logo />
        <span className="brand-name">Folioscope</span>
      </a>
      <span className="top-rule" />
      <ScenarioButton />
      <span className="grow" />
      <KernelButton />
      <Tools comparing={comparing} />
    </header>
  );
}

function Tools({ comparing }: { readonly comparing: boolean }): ReactNode {
  return (
    <>
      <button
        type="button"
        className="button top-compare"
        aria-label="Compare"
        aria-pressed={comparing}
        onClick={() => session.show(comparing ? null : 'compare')}
      >
        <IconCompare />
        <span>Compare</span>
      </button>
      <ShareButton />
      <div className="top-tools">
        <MoreButton />
        <ThemeButton />
        <button
          type="button"
          className="button button-quiet button-icon"
          aria-label="Help: keys and signs"
          onClick={() => session.dialog('help')}
        >
          <IconHelp />
        </button>
      </div>
    </>
  );
}
