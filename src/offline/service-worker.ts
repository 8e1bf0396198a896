/** Keeps the app in the browser, so that it works without a network. Everything it does is in keeper.ts. */
import { answer, keepAll, tidy, type Build, type Surroundings } from './keeper.ts';
import type { FromWorker, ToWorker } from './messages.ts';

declare const self: ServiceWorkerGlobalScope;
declare const __BUILD__: Build;

const build = __BUILD__;

const around: Surroundings = {
  caches: self.caches,
  fetch: (address, how) => self.fetch(address, how),
  scope: self.registration.scope,
  held: async () => {
    const { held = [] } = await self.navigator.locks.query();
    return held.flatMap(({ name }) => name ?? []);
  },
};

/** In words of the app, where it is something that a visitor can do something about. */
function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.name === 'QuotaExceededError' ? 'it has no room for the files' : error.message;
}

async function keep(): Promise<void> {
  try {
    await keepAll(around, build);
  } catch (error) {
    const said: FromWorker = { notKept: wordsOf(error) };
    for (const page of await self.clients.matchAll({ includeUncontrolled: true })) page.postMessage(said);
    // An installation that fails is tried again on a later visit; the version before it stays.
    throw error;
  }
}

self.addEventListener('install', (event) => event.waitUntil(keep()));

self.addEventListener('activate', (event) =>
  // The page that brought the worker is of its version, and shall not need another visit.
  event.waitUntil(self.clients.claim().then(() => tidy(around, build))),
);

self.addEventListener('message', (event) => {
  const said = event.data as ToWorker;
  event.waitUntil(said === 'take over' ? self.skipWaiting() : tidy(around, build));
});

self.addEventListener('fetch', (event) => {
  const response = answer(around, build, event.request);
  if (response) event.respondWith(response);
});
