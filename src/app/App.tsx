/** The page: what stands where. */
import { lazy, Suspense, type ReactNode } from 'react';
import { Dialogs } from './dialogs/Dialogs.tsx';
import { Inspector } from './inspector/Inspector.tsx';
import { Divider } from './parts/Divider.tsx';
import { LiveRegion } from './LiveRegion.tsx';
import { useSession } from './live.ts';
import { Notices } from './Notices.tsx';
import { panels } from './panels/index.ts';
import { OpenPanel } from './panels/PanelFrame.tsx';
import { Rail } from './rail/Rail.tsx';
import { Stage } from './stage/Stage.tsx';
import { VerdictStrip } from './strip/VerdictStrip.tsx';
import { Timeline } from './timeline/Timeline.tsx';
import { TopBar } from './top/TopBar.tsx';
import { useLayout } from './useLayout.ts';
import './app.css';

const Embed = lazy(() => import('./embed/Embed.tsx'));
const Phone = lazy(() => import('./phone/Phone.tsx'));
const Audience = lazy(() => import('./present/Audience.tsx'));
const Speaker = lazy(() => import('./present/Speaker.tsx'));

export function App(): ReactNode {
  const { phone } = useLayout();
  const { embed, present, speaker } = useSession((state) => state.carried);
  const trouble = useSession((state) => state.trouble);
  return (
    <>
      <Suspense fallback={null}>
        {trouble !== '' ? (
          <Trouble why={trouble} />
        ) : embed ? (
          <Embed />
        ) : speaker !== '' ? (
          <Speaker />
        ) : present ? (
          <Audience />
        ) : phone ? (
          <Phone />
        ) : (
          <Desk />
        )}
      </Suspense>
      <Notices />
      <Dialogs />
      <LiveRegion />
    </>
  );
}

/** As in panel.css. */
const PANEL_WIDTHS = { narrow: 320, usual: 400, wide: 560, source: 480 } as const;

function Desk(): ReactNode {
  const panel = useSession((state) => state.panel);
  const full = panels.some((one) => one.id === panel && one.place === 'full');
  const beside = panels.some((one) => one.id === panel && one.place === 'side');
  const wide = useSession((state) => (panel === 'source' ? 'source' : state.settings.panels));
  const { narrow } = useLayout();
  const busy = useSession((state) => state.opening);
  return (
    <div className="desk" data-panel={panel ?? 'none'} aria-busy={busy}>
      <a className="button skip" href="#stage" onClick={skip}>
        Skip to the picture
      </a>
      <TopBar />
      <Rail />
      <VerdictStrip />
      <div className="middle">
        <OpenPanel place="side" />
        {beside && (
          <Divider of="panelWidth" side="left" label="Width of the panel" usual={PANEL_WIDTHS[wide]} />
        )}
        <div className="centre">
          {full ? (
            <main className="stage" id="stage" tabIndex={-1}>
              <OpenPanel place="full" />
            </main>
          ) : (
            <Stage />
          )}
          <Timeline />
        </div>
      </div>
      {!full && <Inspector />}
      {!full && !narrow && panel === null && (
        <Divider of="inspectorWidth" side="right" label="Width of the inspector" usual={340} />
      )}
    </div>
  );
}

/** The fragment is the address of the picture, so a skip link must not change it. */
function skip(event: React.MouseEvent): void {
  event.preventDefault();
  document.getElementById('stage')?.focus();
}

function Trouble({ why }: { readonly why: string }): ReactNode {
  return (
    <main className="trouble" role="alert">
      <h1>The simulation did not start.</h1>
      <p>{why}</p>
      <button type="button" className="button" onClick={() => location.reload()}>
        Try again
      </button>
    </main>
  );
}
