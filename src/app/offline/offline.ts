/**
 * The page and its service worker: registered behind the first picture, a new version is offered and never
 * forced. What comes of it stands in the settings; a failure is told there and nowhere else.
 */
import { createStore } from 'zustand/vanilla';
import { cacheName, kept } from '../../offline/keeper.ts';
import type { FromWorker, ToWorker } from '../../offline/messages.ts';
import { session } from '../live.ts';
import { localShelf } from '../storage.ts';
import { whyNot } from './why-not.ts';

export interface Offline {
  /** `keeping`: the files are on their way. `off`: the visitor does not want it. */
  readonly state: 'keeping' | 'kept' | 'off' | 'not' | 'needless';
  readonly why: string;
  /** A newer version is kept and waits to be asked for. */
  readonly newer: boolean;
}

export const offline = createStore<Offline>(() => ({ state: 'keeping', why: '', newer: false }));

const WORKER = 'service-worker.js';
const scope = new URL('.', location.href).href;
export const version =
  document.querySelector<HTMLMetaElement>('meta[name="folioscope-version"]')?.content ?? '';

const KEY = 'folioscope.offline';
const shelf = localShelf();
const wanted = (): boolean => shelf.getItem(KEY) !== 'off';

/** A page that stays open for days hears of a new version when somebody comes back to it. */
const LOOK_AGAIN_MS = 3_600_000;

const hindrance = whyNot({
  protocol: location.protocol,
  version,
  framed: window.parent !== window,
  secure: window.isSecureContext,
  able: 'serviceWorker' in navigator && 'caches' in window && 'locks' in navigator,
});

const is = (state: Offline['state'], why = ''): void => offline.setState({ state, why });

export function startOffline(): void {
  if (hindrance) return is(hindrance.fine ? 'needless' : 'not', hindrance.why);
  // For as long as this page is open; the lock is let go by closing it.
  void navigator.locks.request(cacheName(scope, version), { mode: 'shared' }, () => new Promise(() => {}));
  if (!wanted()) return is('off');
  void drawn().then(quiet).then(register);
}

const drawn = (): Promise<void> =>
  new Promise((resolve) => {
    const look = (): void => {
      if (session.store.getState().frame === null) return;
      stop();
      resolve();
    };
    const stop = session.store.subscribe(look);
    look();
  });

const quiet = (): Promise<void> =>
  new Promise((resolve) => {
    // Safari has no requestIdleCallback.
    if ('requestIdleCallback' in window) requestIdleCallback(() => resolve(), { timeout: 5000 });
    else setTimeout(resolve, 1000);
  });

async function register(): Promise<void> {
  navigator.serviceWorker.addEventListener('message', ({ data }) => {
    if (offline.getState().state === 'keeping') is('not', (data as FromWorker).notKept);
  });
  try {
    const found = await navigator.serviceWorker.register(WORKER, { updateViaCache: 'none' });
    watch(found);
  } catch (error) {
    is('not', error instanceof Error ? error.message : String(error));
  }
}

function watch(registration: ServiceWorkerRegistration): void {
  const look = (): void => {
    const { active, waiting } = registration;
    if (active) {
      is('kept');
      active.postMessage('tidy' satisfies ToWorker);
    }
    // Without one that is active there is nothing older that this page could be.
    if (active && waiting) offer();
  };
  const follow = (worker: ServiceWorker | null): void => worker?.addEventListener('statechange', look);
  follow(registration.installing);
  follow(registration.waiting);
  registration.addEventListener('updatefound', () => follow(registration.installing));
  look();
  let looked = Date.now();
  document.addEventListener('visibilitychange', () => {
    if (document.hidden || Date.now() - looked < LOOK_AGAIN_MS) return;
    looked = Date.now();
    // Without a network there is no answer, and nothing to say.
    registration.update().catch(() => undefined);
  });
}

function offer(): void {
  if (offline.getState().newer) return;
  offline.setState({ newer: true });
  // Before an audience it stays in the settings.
  if (session.store.getState().carried.present) return;
  session.tell('version', 'A new version is there.', ['This one goes on working until you reload.'], {
    label: 'Reload',
    run: () => void takeNewer(),
  });
}

/** Another tab may have asked for it before: then it is there already. */
export async function takeNewer(): Promise<void> {
  const waiting = (await navigator.serviceWorker.getRegistration())?.waiting;
  if (!waiting) return location.reload();
  navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true });
  waiting.postMessage('take over' satisfies ToWorker);
}

/** Keeps the app here, or nothing of it. */
export async function want(on: boolean): Promise<void> {
  try {
    shelf.setItem(KEY, on ? 'on' : 'off');
  } catch {
    // It lasts as long as the page.
  }
  if (on) {
    is('keeping');
    return register();
  }
  is('off');
  await (await navigator.serviceWorker.getRegistration())?.unregister();
  await Promise.all((await kept(caches, scope)).map((name) => caches.delete(name)));
}
