/** The page in one hand: title, kernel, caption, picture, two questions; Back and Next under the thumb. */
import { lazy, Suspense, useState, type ReactNode } from 'react';
import { linkToHere } from '../address.ts';
import { IconFolder, IconHelp, IconList, IconSave, IconShare, IconTable, IconTick } from '../icons.tsx';
import { chosen } from '../inspector/chosen.ts';
import { session, useSession } from '../live.ts';
import { OpenPanel } from '../panels/PanelFrame.tsx';
import { panels } from '../panels/index.ts';
import { Dialog } from '../parts/Dialog.tsx';
import { Caption } from '../stage/Caption.tsx';
import { PinnedNotes } from '../stage/PinnedNotes.tsx';
import { Drawing } from '../stage/Stage.tsx';
import { useStripSentence } from '../strip/useStrip.ts';
import { VerdictSign } from '../strip/VerdictSign.tsx';
import { KernelButton } from '../top/KernelButton.tsx';
import { useCopy } from '../top/useCopy.ts';
import { PhoneDock } from './PhoneDock.tsx';
import './phone.css';

const Sections = lazy(() => import('../inspector/Sections.tsx'));

/** Panels about the step on the screen: one wants to step while they are open. */
const BESIDE_STEPS: ReadonlySet<string> = new Set(['code', 'debug', 'memory', 'states']);

export default function Phone(): ReactNode {
  const panel = useSession((state) => panels.find((one) => one.id === state.panel) ?? null);
  const lesson = panel?.id === 'walkthrough';
  return (
    <div className="phone" data-panel={panel?.id ?? 'none'}>
      <PhoneTop />
      {panel && !lesson ? (
        <main className="phone-main phone-panel">
          <OpenPanel place={panel.place} />
        </main>
      ) : (
        <main className="phone-main" id="stage" aria-label="What happens">
          {lesson && <OpenPanel place="side" />}
          <PhoneVerdict />
          <Caption />
          <PinnedNotes />
          <Drawing />
          <Questions />
        </main>
      )}
      {(!panel || lesson || BESIDE_STEPS.has(panel.id)) && <PhoneDock />}
    </div>
  );
}

function PhoneTop(): ReactNode {
  const title = useSession((state) => state.title);
  const [menu, setMenu] = useState(false);
  const { copied, copy } = useCopy(() => linkToHere(session.store.getState()));
  const label = copied ? 'Link copied' : 'Share link';
  return (
    <header className="phone-top">
      <h1 className="clip">{title}</h1>
      <button type="button" className="button button-quiet button-icon" aria-label={label} onClick={copy}>
        {copied ? <IconTick size={20} /> : <IconShare size={20} />}
      </button>
      <button
        type="button"
        className="button button-quiet button-icon"
        aria-label="Menu"
        aria-haspopup="dialog"
        onClick={() => setMenu(true)}
      >
        <IconList size={20} />
      </button>
      {menu && <PhoneMenu close={() => setMenu(false)} />}
    </header>
  );
}

const DIALOGS = [
  { id: 'share', title: 'Link with notes or a QR code', Icon: IconShare },
  { id: 'export', title: 'Export this run', Icon: IconSave },
  { id: 'import', title: 'Open a mail, a text or a recording', Icon: IconFolder },
  { id: 'help', title: 'Keys and signs', Icon: IconHelp },
] as const;

function PhoneMenu({ close }: { readonly close: () => void }): ReactNode {
  const asTable = useSession((state) => state.asTable);
  return (
    <Dialog title="Folioscope" onClose={close}>
      <ul className="phone-menu">
        {panels.map(({ id, title, Icon }) => (
          <li key={id}>
            <button
              type="button"
              onClick={() => {
                close();
                session.show(id);
              }}
            >
              <Icon size={20} />
              {title}
            </button>
          </li>
        ))}
        <li>
          <button
            type="button"
            onClick={() => {
              close();
              session.show(null);
              session.showTable(!asTable);
            }}
          >
            <IconTable size={20} />
            {asTable ? 'Show the picture' : 'Show the picture as a table'}
          </button>
        </li>
        {DIALOGS.map(({ id, title, Icon }) => (
          <li key={id}>
            <button
              type="button"
              onClick={() => {
                close();
                session.dialog(id);
              }}
            >
              <Icon size={20} />
              {title}
            </button>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}

function PhoneVerdict(): ReactNode {
  const cell = useSession((state) => state.verdicts[state.model]);
  const says = useStripSentence();
  return (
    <div className="phone-verdict">
      <KernelButton tall />
      <p className="phone-says">
        <VerdictSign cell={cell} />
        <span>{says}</span>
      </p>
    </div>
  );
}

function Questions(): ReactNode {
  const why = useSession((state) => chosen(state)?.refcount ?? null);
  const started = useSession((state) => state.at > 0);
  const [asked, ask] = useState(false);
  return (
    <div className="phone-questions">
      <button type="button" className="button button-tall" data-explains="" onClick={() => ask(true)}>
        {started && why !== null ? `Why refcount ${why}?` : 'What to watch'}
      </button>
      <button type="button" className="button button-tall" onClick={() => session.dialog('kernel')}>
        Other kernels
      </button>
      {asked && (
        <Dialog title="Why?" onClose={() => ask(false)}>
          <div className="phone-sections">
            <Suspense fallback={null}>
              <Sections />
            </Suspense>
          </div>
        </Dialog>
      )}
    </div>
  );
}
