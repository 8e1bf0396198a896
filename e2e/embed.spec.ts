// Inside another page: little chrome, steered from outside; the build's own example, and the one file from
// a disk.
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { AxeBuilder } from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { Explorer } from './helpers/explorer.ts';

function complaintsOf(page: Page): string[] {
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  return complaints;
}

test('the example page steers its frame, and hears what happens in it', async ({ page }) => {
  const complaints = complaintsOf(page);
  await page.goto('/embed/index.html');
  const frame = page.frameLocator('iframe');
  const step = frame.getByRole('slider', { name: 'Step' });
  const said = page.getByRole('status').and(page.locator('#said'));
  await expect(said).toHaveText(/^v5\.7, step 0 of \d+\./);
  await page.getByRole('button', { name: 'Next' }).click();
  await expect(step).toHaveValue('1');
  await expect(said).toHaveText(/^v5\.7, step 1 of \d+\. \S/);
  await page.getByRole('button', { name: 'Where the secret is read' }).click();
  await expect(said).toHaveText(/Broken: private-writes-stay-private\.$/);
  await expect(frame.getByText('Rule broken:')).toBeVisible();
  await page.getByRole('button', { name: 'Where the pipe takes its reference' }).click();
  await expect(said).not.toHaveText(/Broken/);
  // Steps that are taken inside the frame are heard outside.
  const before = Number(await step.inputValue());
  await frame.getByRole('button', { name: 'Next step' }).click();
  await expect(said).toHaveText(new RegExp(`^v5\\.7, step ${before + 1} of`));
  await page.getByRole('button', { name: 'The same on v5.9' }).click();
  await expect(said).toHaveText(/^v5\.9, step (\d+) of \1\./);
  expect(complaints).toEqual([]);
});

test('a beat of a lesson shows with its words, and the page around goes on to the next', async ({ page }) => {
  const complaints = complaintsOf(page);
  await page.goto('/embed/index.html');
  const frame = page.frameLocator('iframe');
  const said = page.getByRole('status').and(page.locator('#said'));
  await expect(said).toHaveText(/^v5\.7, step 0 of \d+\./);
  // Before there is a lesson there is no next beat.
  await page.getByRole('button', { name: 'The beat after it' }).click();
  await expect(said).toHaveText(/^No lesson is open\./);
  await page.getByRole('button', { name: 'A beat of the lesson' }).click();
  const third = frame.getByRole('region', { name: 'Beat 3 of 9', exact: true });
  await expect(third.getByRole('heading', { name: 'The child lets go, and keeps hold' })).toBeVisible();
  await expect(third.getByText(/^munmap clears the child’s entry\./)).toBeVisible();
  await expect(said).toHaveText(/Beat 3 of 9: The child lets go, and keeps hold\.$/);
  await page.getByRole('button', { name: 'The beat after it' }).click();
  await expect(said).toHaveText(/Beat 4 of 9: Copy, or reuse\?\.$/);
  const fourth = frame.getByRole('region', { name: 'Beat 4 of 9', exact: true });
  // Inside the frame as well, and the page around hears of it.
  await fourth.getByRole('button', { name: 'Next beat', exact: true }).click();
  await expect(said).toHaveText(/Beat 5 of 9: The question that decides\.$/);
  await frame
    .getByRole('region', { name: 'Beat 5 of 9', exact: true })
    .getByRole('button', { name: 'Beat before', exact: true })
    .click();
  await expect(said).toHaveText(/Beat 4 of 9/);
  const origin = frame.getByRole('link', { name: /open it in Folioscope/ });
  await expect(origin).toHaveAttribute('href', /#\/l\/vmsplice-leak\?beat=4$/);
  // Another scenario ends the lesson.
  await page.getByRole('button', { name: 'The same on v5.9' }).click();
  await expect(said).toHaveText(/^v5\.9, step (\d+) of \1\./);
  await expect(frame.getByRole('region', { name: /^Beat / })).toHaveCount(0);
  // In a frame nothing is kept.
  expect(await page.evaluate(() => localStorage.getItem('folioscope.lessons'))).toBeNull();
  expect(complaints).toEqual([]);
});

test('a frame with a beat has nothing that axe finds, and keeps room for the picture', async ({ page }) => {
  for (const [width, height] of [
    [800, 700],
    [360, 640],
  ] as const) {
    await page.setViewportSize({ width, height });
    await page.goto(`/#/l/vmsplice-leak?beat=${width === 800 ? 5 : 7}&embed=1`);
    const beat = page.getByRole('region', { name: /^Beat \d of 9$/ });
    await expect(beat).toBeVisible();
    await expect(page.getByRole('main').locator('svg').first()).toBeVisible();
    const room = await page.locator('.stage-picture').evaluate((one) => one.clientHeight);
    expect(room).toBeGreaterThan(height / 4);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map((one) => `${one.id}: ${one.nodes[0]?.html}`)).toEqual([]);
  }
});

test('in a lesson the share dialog offers the beat with its words, and the picture alone', async ({
  page,
}) => {
  const explorer = new Explorer(page);
  await explorer.open('#/l/vmsplice-leak?beat=3');
  await expect(page.getByText('You are at this beat')).toBeVisible();
  await page.keyboard.press('s');
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('radio', { name: 'Inside another page, this beat with its words' }).check();
  const code = dialog.locator('pre');
  await expect(code).toHaveText(/^<iframe src="http[^"]*#\/l\/vmsplice-leak\?beat=3&embed=1"/);
  await dialog.getByRole('radio', { name: 'Inside another page, the picture alone' }).check();
  await expect(code).toHaveText(
    /^<iframe src="http[^"]*#\/s\/vmsplice-leak\?[^"]*at=parent@store~2[^"]*embed=1/,
  );
});

test('a frame has little chrome, keeps out of the way of its page, and leads to the whole explorer', async ({
  page,
}) => {
  await page.goto('/#/s/vmsplice-leak?model=v5.7&embed=1');
  await expect(page.getByRole('slider', { name: 'Step' })).toBeVisible();
  await expect(page.getByRole('navigation')).toHaveCount(0);
  await expect(page.getByRole('banner')).toHaveCount(0);
  await page.keyboard.press('ArrowRight');
  await expect(page.getByRole('slider', { name: 'Step' })).toHaveValue('1');
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map((one) => `${one.id}: ${one.nodes[0]?.html}`)).toEqual([]);
  const [whole] = await Promise.all([
    page.waitForEvent('popup'),
    page.getByRole('link', { name: /open it in Folioscope/ }).click(),
  ]);
  const explorer = new Explorer(whole);
  await explorer.idle();
  await explorer.isAt(1);
  await expect(whole.getByRole('navigation', { name: 'Panels' })).toBeVisible();
});

test('the one file works in a frame of a page on a disk', async ({ page }) => {
  const complaints = complaintsOf(page);
  const folder = mkdtempSync(join(tmpdir(), 'folioscope-embed-'));
  const file = pathToFileURL('dist/folioscope.html').href;
  const script = readFileSync('public/embed/folioscope-embed.js', 'utf8').replace(
    'export function',
    'function',
  );
  const host = join(folder, 'host.html');
  writeFileSync(
    host,
    `<!doctype html><title>x</title><iframe src="${file}#/s/zero-page?embed=1" width="900" height="600"></iframe>
    <script>${script}; window.view = folioscope(document.querySelector('iframe'));</script>`,
  );
  await page.goto(pathToFileURL(host).href);
  const state = await page.evaluate(async () => {
    const { view } = window as unknown as {
      view: { ready: Promise<unknown>; step(by: number): Promise<unknown> };
    };
    await view.ready;
    return view.step(4);
  });
  expect(state).toMatchObject({ at: 4, title: expect.stringMatching(/\S/) });
  expect(complaints).toEqual([]);
});

test('the one file steps, exports and opens a mail without asking for anything', async ({ page }) => {
  const complaints = complaintsOf(page);
  const file = pathToFileURL('dist/folioscope.html').href;
  const requests: string[] = [];
  page.on('request', (request) => requests.push(request.url()));
  await page.goto(`${file}#/s/leak-any-order?model=v5.7`);
  const explorer = new Explorer(page);
  await explorer.idle();
  await explorer.step(5);
  expect(await explorer.link()).toMatch(/^#\/s\/leak-any-order\?model=v5\.7&at=/);
  await page.keyboard.press('x');
  for (const form of ['C program', 'Picture, PNG', 'Animation, GIF']) {
    await page.getByRole('radio', { name: form }).check();
    await expect(page.getByRole('link', { name: 'Download' })).toBeVisible({ timeout: 20_000 });
  }
  await page.keyboard.press('Escape');
  await page.keyboard.press('s');
  await page.getByRole('button', { name: 'QR code' }).click();
  await expect(page.getByRole('figure', { name: 'QR code of the link' })).toBeVisible();
  await page.keyboard.press('Escape');
  await page.keyboard.press('o');
  const mail = readFileSync('fixtures/mails/uffd-writeprotect.txt', 'utf8');
  await page.getByRole('textbox', { name: 'Text to open' }).fill(mail);
  await explorer.button('Open it').click();
  await expect(explorer.sign('v5.9')).toHaveAttribute('aria-pressed', 'true');
  await page.reload();
  await explorer.idle();
  await expect(explorer.sign('v5.9')).toHaveAttribute('aria-pressed', 'true');
  expect(complaints).toEqual([]);
  expect(requests.filter((url) => !url.startsWith(file) && !/^(?:blob|data):/.test(url))).toEqual([]);
});
