/**
 * What the service worker does, without the service worker: caches and network come in as values.
 *
 * A build is kept whole or not at all, each in a cache of its own. A page names its version in a `<meta>`
 * and holds a lock of its cache's name for as long as it is open, so an old version goes on working wholly
 * beside a newer one, and its cache is deleted when nobody shows it any more.
 */

/** Written into the service worker by `scripts/offline-plugin.ts`. */
export interface Build {
  /** Hash of the contents of all files. */
  readonly version: string;
  /** Names of all built files, relative to the scope. */
  readonly files: readonly string[];
}

export interface Surroundings {
  readonly caches: CacheStorage;
  readonly fetch: (address: string, how?: RequestInit) => Promise<Response>;
  /** The folder in which the app lies, as an absolute address that ends with `/`. */
  readonly scope: string;
  /** Names of the caches that an open page holds. */
  readonly held: () => Promise<readonly string[]>;
}

export const PAGE = 'index.html';
/** Files whose names change with what is in them. */
const HASHED = /^assets\//;
/** Downloads at a time: whoever looks at the page needs the network, too. */
const LANES = 4;

const prefixOf = (scope: string): string => `folioscope ${scope} `;

/** Name of the cache of one version, and of the lock that its open pages hold. */
export const cacheName = (scope: string, version: string): string => prefixOf(scope) + version;

/** All versions that are kept for this folder; another folder of the same host has its own. */
export async function kept(caches: CacheStorage, scope: string): Promise<readonly string[]> {
  return (await caches.keys()).filter((name) => name.startsWith(prefixOf(scope)));
}

/** Where a built file is asked for; the page by its folder, since some hosts redirect from its name. */
const addressOf = (scope: string, name: string): string => scope + (name === PAGE ? '' : name);

/** The file of the app that an address means; null: it lies elsewhere. */
export function fileAt(scope: string, address: string): string | null {
  const path = address.replace(/[?#].*$/s, '');
  if (!path.startsWith(scope)) return null;
  return path === scope ? PAGE : path.slice(scope.length);
}

/** How the page says its version. */
export const versionTag = (version: string): string =>
  `<meta name="folioscope-version" content="${version}" />`;

/** Keeps every file of the build, or throws a sentence and keeps none. */
export async function keepAll({ caches, fetch, scope }: Surroundings, build: Build): Promise<void> {
  const older = await kept(caches, scope);
  const name = cacheName(scope, build.version);
  const cache = await caches.open(name);

  async function fetched(file: string): Promise<Response> {
    const address = addressOf(scope, file);
    const same = HASHED.test(file) ? await among(caches, older, address) : undefined;
    if (same) return same;
    // What is not hashed may lie in the browser's own cache from an older version.
    const fresh: RequestInit = HASHED.test(file) ? {} : { cache: 'no-cache' };
    const response = await fetch(address, { ...fresh, priority: 'low' });
    if (!response.ok) throw new Error(`${file} could not be had: ${response.status}`);
    if (file !== PAGE) return response;
    const text = await response.text();
    if (!text.includes(versionTag(build.version))) throw new Error('the page is of another version');
    // Made anew, since a browser refuses to open a page with a response that was redirected.
    return new Response(text, { headers: response.headers });
  }

  const left = [...build.files];
  async function lane(): Promise<void> {
    for (let file = left.pop(); file !== undefined; file = left.pop())
      await cache.put(addressOf(scope, file), await fetched(file));
  }
  try {
    await Promise.all(Array.from({ length: LANES }, lane));
  } catch (error) {
    left.length = 0;
    await caches.delete(name);
    throw error;
  }
}

async function among(
  caches: CacheStorage,
  names: readonly string[],
  address: string,
): Promise<Response | undefined> {
  for (const name of names) {
    const found = await (await caches.open(name)).match(address, { ignoreVary: true });
    if (found) return found;
  }
  return undefined;
}

/**
 * The answer to a request of a page; null: it is not for a file of the app, and the network's. The page is
 * only ever that of this version. A file with a hash in its name may be of another one, for a page that
 * still is.
 */
export function answer(
  around: Surroundings,
  build: Build,
  request: Pick<Request, 'method' | 'url'>,
): Promise<Response> | null {
  const file = request.method === 'GET' ? fileAt(around.scope, request.url) : null;
  if (file === null || !(build.files.includes(file) || HASHED.test(file))) return null;
  return answered(around, build, file);
}

async function answered(
  { caches, fetch, scope }: Surroundings,
  build: Build,
  file: string,
): Promise<Response> {
  const address = addressOf(scope, file);
  const mine = cacheName(scope, build.version);
  const others = HASHED.test(file) ? (await kept(caches, scope)).filter((name) => name !== mine) : [];
  return (await among(caches, [mine, ...others], address)) ?? fetch(address);
}

/** Deletes the versions that no open page shows. */
export async function tidy({ caches, scope, held }: Surroundings, build: Build): Promise<void> {
  const used = new Set([cacheName(scope, build.version), ...(await held())]);
  const old = (await kept(caches, scope)).filter((name) => !used.has(name));
  await Promise.all(old.map((name) => caches.delete(name)));
}
