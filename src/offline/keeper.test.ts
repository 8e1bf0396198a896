import { beforeEach, describe, expect, test } from 'vitest';
import {
  answer,
  cacheName,
  fileAt,
  keepAll,
  kept,
  tidy,
  versionTag,
  type Build,
  type Surroundings,
} from './keeper.ts';

const SCOPE = 'https://host.example/some/folder/';
const FIRST: Build = {
  version: 'aa',
  files: ['index.html', 'icon.svg', 'assets/Panel-1.js', 'assets/main-1.js'],
};
const SECOND: Build = {
  version: 'bb',
  files: ['index.html', 'icon.svg', 'assets/Panel-1.js', 'assets/main-2.js'],
};

/** The part of CacheStorage that is used; what is looked up is a copy, as in a browser. */
function cachesOf(): { storage: CacheStorage; all: Map<string, Map<string, Response>> } {
  const all = new Map<string, Map<string, Response>>();
  const open = (name: string): Promise<unknown> => {
    const files = all.get(name) ?? new Map<string, Response>();
    all.set(name, files);
    return Promise.resolve({
      match: (address: string) => Promise.resolve(files.get(address)?.clone()),
      put: (address: string, response: Response) => Promise.resolve(void files.set(address, response)),
    });
  };
  const storage = {
    open,
    keys: () => Promise.resolve([...all.keys()]),
    delete: (name: string) => Promise.resolve(all.delete(name)),
  };
  return { storage: storage as unknown as CacheStorage, all };
}

let cached: ReturnType<typeof cachesOf>;
let deployed: Build;
let asked: string[];
let held: string[];
let lost: string[];
let around: Surroundings;
beforeEach(() => {
  cached = cachesOf();
  [deployed, asked, held, lost] = [FIRST, [], [], []];
  around = {
    caches: cached.storage,
    scope: SCOPE,
    held: () => Promise.resolve(held),
    fetch: (address) => {
      const file = fileAt(SCOPE, address);
      asked.push(address);
      if (file === null || lost.includes(file) || !deployed.files.includes(file))
        return Promise.resolve(new Response('', { status: 404 }));
      return Promise.resolve(new Response(`${file} of ${deployed.version} ${versionTag(deployed.version)}`));
    },
  };
});

const get = async (build: Build, file: string, method = 'GET'): Promise<string | null> =>
  (await (await answer(around, build, { method, url: SCOPE + file }))?.text())?.split(' <')[0] ?? null;

describe('what an address means', () => {
  test.each([
    ['', 'index.html'],
    ['#/s/vmsplice-leak?model=v5.7', 'index.html'],
    ['?from=mail', 'index.html'],
    ['index.html', 'index.html'],
    ['assets/main-1.js', 'assets/main-1.js'],
  ])('“%s” is %s', (address, file) => {
    expect(fileAt(SCOPE, SCOPE + address)).toBe(file);
  });

  test('outside of the folder nothing is ours', () => {
    for (const address of ['https://host.example/some/', 'https://other.example/some/folder/'])
      expect(fileAt(SCOPE, address)).toBeNull();
  });
});

test('a version is kept whole, and then asks for nothing', async () => {
  await keepAll(around, FIRST);
  expect(asked.toSorted()).toEqual(
    FIRST.files.map((name) => SCOPE + name.replace('index.html', '')).toSorted(),
  );
  asked.length = 0;
  for (const file of FIRST.files) expect(await get(FIRST, file)).toBe(`${file} of aa`);
  expect(await get(FIRST, '?x=1')).toBe('index.html of aa');
  expect(asked).toEqual([]);
});

test('what is no file of the app is left to the network', async () => {
  await keepAll(around, FIRST);
  expect(answer(around, FIRST, { method: 'GET', url: `${SCOPE}folioscope.html` })).toBeNull();
  expect(answer(around, FIRST, { method: 'GET', url: 'https://other.example/assets/main-1.js' })).toBeNull();
  expect(answer(around, FIRST, { method: 'POST', url: SCOPE })).toBeNull();
});

test('half a version is none: one file is lost, and nothing is kept', async () => {
  lost = ['assets/Panel-1.js'];
  await expect(keepAll(around, FIRST)).rejects.toThrow('assets/Panel-1.js could not be had: 404');
  expect([...cached.all.keys()]).toEqual([]);
});

test('a page of another version is not kept: the files of two would be mixed', async () => {
  deployed = { ...FIRST, version: 'cc' };
  await expect(keepAll(around, FIRST)).rejects.toThrow('the page is of another version');
  expect([...cached.all.keys()]).toEqual([]);
});

test('a failure leaves the version before as it was', async () => {
  await keepAll(around, FIRST);
  [deployed, lost] = [SECOND, ['assets/main-2.js']];
  await expect(keepAll(around, SECOND)).rejects.toThrow('main-2');
  expect(await kept(cached.storage, SCOPE)).toEqual([cacheName(SCOPE, 'aa')]);
  expect(await get(FIRST, 'assets/main-1.js')).toBe('assets/main-1.js of aa');
});

test('files that did not change are not fetched again, and the page always is', async () => {
  await keepAll(around, FIRST);
  deployed = SECOND;
  asked.length = 0;
  await keepAll(around, SECOND);
  expect(asked.toSorted()).toEqual([SCOPE, `${SCOPE}assets/main-2.js`, `${SCOPE}icon.svg`]);
});

test('beside a newer version an open old page finds all its parts, and never the new page', async () => {
  await keepAll(around, FIRST);
  deployed = SECOND;
  await keepAll(around, SECOND);
  // The old worker answers until the new one has taken over.
  expect(await get(FIRST, '')).toBe('index.html of aa');
  expect(await get(SECOND, '')).toBe('index.html of bb');
  expect(await get(SECOND, 'assets/main-1.js')).toBe('assets/main-1.js of aa');
  expect(await get(SECOND, 'icon.svg')).toBe('icon.svg of bb');
});

test('an old version goes when nobody shows it any more', async () => {
  await keepAll(around, FIRST);
  deployed = SECOND;
  await keepAll(around, SECOND);
  held = [cacheName(SCOPE, 'aa'), cacheName(SCOPE, 'bb')];
  await tidy(around, SECOND);
  expect(await kept(cached.storage, SCOPE)).toHaveLength(2);
  held = [];
  await tidy(around, SECOND);
  expect(await kept(cached.storage, SCOPE)).toEqual([cacheName(SCOPE, 'bb')]);
});

test('caches of another folder and of other apps are not touched', async () => {
  const others = [cacheName(`${SCOPE}deeper/`, 'aa'), cacheName('https://host.example/', 'aa'), 'a blog'];
  for (const name of others) await cached.storage.open(name);
  await keepAll(around, FIRST);
  await tidy(around, FIRST);
  expect([...cached.all.keys()].toSorted()).toEqual([...others, cacheName(SCOPE, 'aa')].toSorted());
});

test('a file that the browser has thrown away comes from the network', async () => {
  await keepAll(around, FIRST);
  cached.all.get(cacheName(SCOPE, 'aa'))?.delete(`${SCOPE}icon.svg`);
  expect(await get(FIRST, 'icon.svg')).toBe('icon.svg of aa');
});
