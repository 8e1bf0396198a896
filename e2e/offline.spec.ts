// After one visit the network may be gone; and a new version waits until it is asked for.
import { cp, mkdtemp, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, type BrowserContext, type Page } from '@playwright/test';
import { course } from '../src/lessons/course/index.ts';
import { seal } from '../scripts/offline-plugin.ts';
import { Explorer } from './helpers/explorer.ts';
import { serve, type Host } from './helpers/host.ts';

test.use({ actionTimeout: 30_000 });
// As a visitor has it, who has set nothing; the other tests keep nothing.
test.use({ storageState: { cookies: [], origins: [] } });

let host: Host;
let folders: string[];
test.beforeEach(async () => {
  host = await serve('dist');
  folders = [];
});
test.afterEach(async () => {
  await host.stop();
  await Promise.all(folders.map((folder) => rm(folder, { recursive: true })));
});

async function visit(page: Page, fragment = ''): Promise<Explorer> {
  const explorer = new Explorer(page);
  await page.goto('about:blank');
  await page.goto(host.address + fragment);
  await explorer.idle();
  return explorer;
}

/** What the settings say, while they say it. */
async function saidInSettings(page: Page, said: RegExp): Promise<void> {
  await page.keyboard.press(',');
  const row = page.getByRole('dialog').getByRole('region', { name: 'Offline' });
  await expect(row.getByRole('status')).toHaveText(said, { timeout: 60_000 });
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
}

const versionOf = (page: Page): Promise<string | null> =>
  page.locator('meta[name=folioscope-version]').getAttribute('content');

const caches = (page: Page): Promise<string[]> => page.evaluate(() => window.caches.keys());

/** Everything that any page or worker of the browser asks for, and what it did not get. */
function watch(context: BrowserContext): { asked: string[]; failed: string[] } {
  const seen = { asked: [] as string[], failed: [] as string[] };
  context.on('request', (request) => seen.asked.push(request.url()));
  context.on('requestfailed', (request) => seen.failed.push(request.url()));
  return seen;
}

test('after one visit the app and every lesson work with the network off', async ({ context, page }) => {
  test.setTimeout(240_000);
  const seen = watch(context);
  await visit(page);
  await saidInSettings(page, /^yes\./);
  await page.close();
  await host.stop();
  await context.setOffline(true);

  const later = await context.newPage();
  const errors: string[] = [];
  later.on('pageerror', (error) => errors.push(String(error)));
  seen.failed.length = 0;
  const explorer = await visit(later, '#/s/vmsplice-leak?model=v5.7');
  await explorer.toEnd();
  expect(await later.evaluate(() => document.fonts.check('16px Inter'))).toBe(true);

  const gallery = await explorer.panel('Gallery');
  await gallery.getByRole('button', { name: 'The leak, in any order' }).click();
  await expect(later.getByRole('heading', { level: 1 })).toContainText('The leak, in any order');
  await explorer.idle();
  const check = await explorer.panel('Check');
  await check.getByRole('button', { name: 'Check every order' }).click();
  await expect(check.getByRole('heading', { name: /^(Broken|Holds) on v/ })).toBeVisible({ timeout: 30_000 });
  await explorer.panel('Matrix');
  await expect(later.getByRole('table').first()).toBeVisible();
  await explorer.panel('Evidence');
  await expect(later.getByRole('table').first()).toBeVisible();
  await explorer.panel('Source');
  await expect(explorer.editor).toBeVisible();

  for (const { title, beats } of course) {
    const lessons = await explorer.panel('Lessons');
    await lessons.getByRole('button', { name: title }).first().click();
    await expect(lessons.getByText(`Beat 1 of ${beats}`)).toBeVisible();
    await expect(lessons.getByText('You are at this beat')).toBeVisible();
    await lessons.getByRole('button', { name: 'Next beat' }).click();
    await expect(lessons.getByText(`Beat 2 of ${beats}`)).toBeVisible();
    await lessons.getByRole('button', { name: 'All lessons' }).click();
  }
  expect(errors).toEqual([]);
  expect(seen.failed, 'nothing was missing').toEqual([]);
  const elsewhere = seen.asked.filter(
    (url) => !url.startsWith(host.origin) && !/^(?:blob|data|about):/.test(url),
  );
  expect(elsewhere, 'nothing asks another host').toEqual([]);
});

/** The same app with other names: a page of the old version cannot get along with its files. */
async function nextVersion(): Promise<{ folder: string; version: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'folioscope-next-'));
  folders.push(folder);
  await cp('dist', folder, { recursive: true });
  const assets = join(folder, 'assets');
  const names = (await readdir(assets)).filter((name) => name.endsWith('.js'));
  const backwards = (text: string): string => [...text].toReversed().join('');
  const renamed = names.map((name) => [name, name.replace(/(?<=-)[\w-]{8}(?=\.js$)/, backwards)] as const);
  for (const path of [join(folder, 'index.html'), ...names.map((name) => join(assets, name))]) {
    const text = await readFile(path, 'utf8');
    await writeFile(
      path,
      renamed.reduce((now, [from, to]) => now.replaceAll(from, to), text),
    );
  }
  for (const [from, to] of renamed) await rename(join(assets, from), join(assets, to));
  const { version } = await seal(folder);
  return { folder, version };
}

test('a new version is offered; until it is taken the old one goes on wholly', async ({ context, page }) => {
  test.setTimeout(120_000);
  const explorer = await visit(page);
  await saidInSettings(page, /^yes\./);
  const before = await versionOf(page);
  const bystander = await context.newPage();
  await visit(bystander);

  const { folder, version } = await nextVersion();
  expect(version).not.toBe(before);
  host.deploy(folder);
  await page.reload();
  await explorer.idle();
  expect(await versionOf(page), 'a reload alone takes nothing').toBe(before);
  const notice = page.getByRole('region', { name: 'Notices' }).getByText('A new version is there.');
  await expect(notice).toBeVisible({ timeout: 60_000 });
  // The old page asks for a part of itself that it has not loaded yet, and that the host no longer has.
  const lessons = await explorer.panel('Lessons');
  await lessons.getByRole('button', { name: course[2]!.title }).click();
  await expect(lessons.getByText(/^Beat 1 of/)).toBeVisible();
  expect(await versionOf(page)).toBe(before);

  await explorer.step(3);
  await page.getByRole('region', { name: 'Notices' }).getByRole('button', { name: 'Reload' }).click();
  await expect.poll(() => versionOf(page)).toBe(version);
  await explorer.idle();
  await expect(notice).toHaveCount(0);
  await explorer.panel('Gallery');
  // A tab that did not ask is still of the version before, and still whole.
  expect(await versionOf(bystander)).toBe(before);
  await new Explorer(bystander).panel('Matrix');
  await expect(bystander.getByRole('table').first()).toBeVisible();
  expect(await caches(page)).toHaveLength(2);
  // When it is closed, nobody shows the old version any more.
  await bystander.close();
  await page.reload();
  await expect
    .poll(() => caches(page), { timeout: 30_000 })
    .toEqual([`folioscope ${host.address} ${version}`]);
});

test('who wants nothing kept has nothing kept', async ({ page }) => {
  await visit(page);
  await saidInSettings(page, /^yes\./);
  expect(await caches(page)).toHaveLength(1);
  await page.keyboard.press(',');
  const keep = page.getByRole('checkbox', { name: /^Keep Folioscope in this browser/ });
  await keep.uncheck();
  await expect.poll(() => caches(page)).toEqual([]);
  await page.reload();
  await saidInSettings(page, /^no, since nothing is kept/);
  expect(await page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length)).toBe(0);
  await page.keyboard.press(',');
  await keep.check();
  await page.keyboard.press('Escape');
  await saidInSettings(page, /^yes\./);
});

test('what cannot be kept is told in the settings and nowhere else', async ({ page }) => {
  host.lose(/^assets\/Matrix-.*\.js$/);
  const explorer = await visit(page);
  await saidInSettings(page, /^not in this browser, because assets\/Matrix-\S+ could not be had: 404\.$/);
  await expect(page.getByRole('region', { name: 'Notices' }).getByRole('button')).toHaveCount(0);
  expect(await caches(page), 'half a version is none').toEqual([]);
  await explorer.step(3);
});
