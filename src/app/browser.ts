/** The session and the browser: address bar, reload, kept text, other tabs. */
import { createAddressBar } from './addressBar.ts';
import { debugging } from './debugging.ts';
import { panels } from './panels/index.ts';
import type { Session } from './session.ts';
import { createKeep, type Draft, type Keep } from './session/keep.ts';
import { isEdited } from './session/state.ts';
import { keepSettings, keptSettings, type Settings } from './settings.ts';
import { isReload, localShelf, tabName } from './storage.ts';

export async function startBrowser(session: Session): Promise<void> {
  keepSet(session);
  // Known before anything is drawn, so that a frame never shows the whole explorer for a moment.
  if (/[?&]embed=1(?:&|$)/.test(location.hash)) session.carry({ embed: true });
  if (/[?&]present=1(?:&|$)/.test(location.hash)) {
    const speaker = /[?&]speaker=([a-z0-9]{1,40})(?:&|$)/.exec(location.hash)?.[1] ?? '';
    session.carry({ present: true, speaker });
  }
  const keep = createKeep(localShelf(), tabName(), () => Date.now());
  await session.start();
  if (session.store.getState().info === null) return;
  const address = createAddressBar(session);
  await address.open(location.hash);
  // A page around us has its own text, and so has a presentation: the reader's is neither shown there nor
  // touched.
  const { embed, speaker } = session.store.getState().carried;
  if (!embed && speaker === '') {
    restore(session, keep);
    keepText(session, keep);
  }
  keepKeys(session);
  keepPanel(session);
  address.listen();
  // Breakpoints of an earlier visit, and the tree of branches: behind the first picture.
  setTimeout(() => void debugging(), 900);
  session.store.subscribe(
    (state) => `${state.title} on ${state.model}`,
    (title) => {
      document.title = `${title} · Folioscope`;
    },
  );
}

/** After a reload of this tab its text is simply there again; an older text is offered. */
function restore(session: Session, keep: Keep): void {
  const mine = keep.mine();
  const { readonly } = session.store.getState().carried;
  if (mine && isReload() && !readonly) {
    session.resume(mine.scenario, mine.text);
    return;
  }
  const draft = mine ?? keep.others();
  if (draft && location.hash === '' && draft.text !== session.store.getState().text) {
    keep.offered(draft);
    offer(session, draft, 'A text that you wrote here is still kept.');
  }
}

function offer(session: Session, draft: Draft, title: string): void {
  const when = new Date(draft.saved).toLocaleString();
  session.tell('tabs', title, [`Last change: ${when}.`], {
    label: 'Open it',
    run: () => {
      session.resume(draft.scenario, draft.text);
      session.show('source');
    },
  });
}

function keepText(session: Session, keep: Keep): void {
  const { store } = session;
  let warned = false;
  const save = (): void => {
    const state = store.getState();
    if (!isEdited(state)) {
      // Not forgotten: the text that was left for another scenario can still be found.
      keep.leave();
    } else if (!keep.save(state.scenario, state.text) && !warned) {
      warned = true;
      session.tell('tabs', 'This browser does not keep the text. Copy it before you leave.', []);
    }
  };
  store.subscribe((state) => state.text, save);
  store.subscribe((state) => state.scenario, save);
  window.addEventListener('storage', (event) => {
    const draft = keep.fromEvent(event.key, event.newValue);
    const state = store.getState();
    if (!draft || draft.scenario !== state.scenario || !isEdited(state) || draft.text === state.text) return;
    offer(session, draft, 'Another tab is changing this scenario, too. Both texts are kept.');
  });
}

/** Settings are there before the first picture. */
function keepSet(session: Session): void {
  const shelf = localShelf();
  const root = document.documentElement.dataset;
  const { style } = document.documentElement;
  const apply = ({ motion, panels, panelWidth, inspectorWidth }: Settings): void => {
    root['motion'] = motion;
    root['panels'] = panelWidth > 0 ? 'own' : panels;
    style.setProperty('--panel-width', `${panelWidth}px`);
    if (inspectorWidth > 0) style.setProperty('--inspector-width', `${inspectorWidth}px`);
    else style.removeProperty('--inspector-width');
  };
  let kept = keptSettings(shelf);
  session.adjust(kept);
  apply(kept);
  session.store.subscribe(
    (state) => state.settings,
    (settings, before) => {
      apply(settings);
      if (session.store.getState().lent) return;
      // Only what was changed here: the rest may be lent by a link.
      const changed = Object.entries(settings).filter(
        ([name, value]) => before[name as keyof Settings] !== value,
      );
      kept = { ...kept, ...Object.fromEntries(changed) };
      keepSettings(shelf, kept);
    },
  );
}

const PANEL = 'folioscope.panel';
/** Wide enough that a panel leaves the picture where it is. */
const BESIDE = '(min-width: 1100px)';

/** The panel that stood beside the picture stands there again after a reload. */
function keepPanel(session: Session): void {
  const shelf = localShelf();
  const before = panels.find((one) => one.id === shelf.getItem(PANEL) && one.place === 'side');
  if (before && isReload() && window.matchMedia(BESIDE).matches && session.store.getState().panel === null)
    session.show(before.id);
  session.store.subscribe(
    (state) => state.panel,
    (panel) => {
      try {
        shelf.setItem(PANEL, panel ?? '');
      } catch {
        // As with the keys.
      }
    },
  );
}

const KEYS = 'folioscope.singleKeys';

function keepKeys(session: Session): void {
  const shelf = localShelf();
  session.setSingleKeys(shelf.getItem(KEYS) !== 'off');
  session.store.subscribe(
    (state) => state.singleKeys,
    (on) => {
      try {
        shelf.setItem(KEYS, on ? 'on' : 'off');
      } catch {
        // Not kept beyond this page, then.
      }
    },
  );
}
