// What leaves the page and comes back: links with notes, every export, texts from elsewhere, a smaller
// scenario.
import { readFileSync } from 'node:fs';
import { expect, test, type Page } from '@playwright/test';
import { Explorer } from './helpers/explorer.ts';

interface Case {
  readonly name: string;
  readonly link: string;
  readonly says?: readonly string[];
}
const corpus = JSON.parse(readFileSync('fixtures/links/corpus.json', 'utf8')) as readonly Case[];
const mail = readFileSync('fixtures/mails/uffd-writeprotect.txt', 'utf8');

const dialog = (page: Page) => page.getByRole('dialog');
const violation = '#/s/leak-any-order?model=v5.7&at=end';

const heapOf = (page: Page): Promise<number> =>
  page.evaluate(
    () => (performance as unknown as { memory: { usedJSHeapSize: number } }).memory.usedJSHeapSize,
  );

test('every link of the corpus opens without a word in the console', async ({ page }) => {
  test.setTimeout(180_000);
  const explorer = new Explorer(page);
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  for (const { name, link, says = [] } of corpus) {
    await page.goto('about:blank');
    await page.goto(`/${link}`);
    await expect(page.getByRole('slider', { name: 'Step' }), name).toHaveAttribute(
      'aria-valuetext',
      /Step \d/,
    );
    await expect(page.locator('[aria-busy=true]')).toHaveCount(0);
    for (const part of says)
      await expect(page.getByRole('region', { name: 'Notices' }), name).toContainText(part);
  }
  // Over two megabytes a browser drops an address by itself; below, the page has to.
  await page.goto('about:blank');
  await page.goto(`/#/x/1d.${'A'.repeat(1_500_000)}`);
  await explorer.see(/at most 256 kB are read/);
  expect(await heapOf(page)).toBeLessThan(150_000_000);
  expect(complaints).toEqual([]);
});

test('a link of 10 MB that somebody pastes is refused, and takes no memory', async ({ page }) => {
  const explorer = new Explorer(page);
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  await explorer.open();
  await page.keyboard.press('o');
  await page.getByRole('textbox', { name: 'Text to open' }).fill(`#/x/1d.${'A'.repeat(10_000_000)}`);
  await explorer.button('Open the link').click();
  await explorer.see('This link is too long to be opened.');
  await explorer.step(1);
  expect(await heapOf(page)).toBeLessThan(150_000_000);
  expect(complaints).toEqual([]);
});

test('a link with a note and flags, made by keyboard only, shows the same in another window', async ({
  page,
}) => {
  const explorer = new Explorer(page);
  await explorer.open('#/s/vmsplice-leak?model=v5.9');
  await explorer.step(12);
  const before = await explorer.sceneText();
  await page.keyboard.press('s');
  await expect(dialog(page)).toContainText('Share this picture');
  const field = page.getByRole('textbox', { name: 'Note for step 12' });
  while (!(await field.evaluate((node) => node === document.activeElement))) await page.keyboard.press('Tab');
  await page.keyboard.type('Here the pipe takes its reference.');
  await page.keyboard.press('Enter');
  await expect(dialog(page)).toContainText('step 12');
  await page.getByRole('button', { name: 'QR code' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('figure', { name: 'QR code of the link' })).toBeVisible();
  await page.getByRole('radio', { name: /^For an audience/ }).focus();
  await page.keyboard.press('Space');
  const link = page.getByRole('textbox', { name: /^Link, \d+ characters/ });
  await expect(link).toHaveValue(/present=1/);
  const address = await link.inputValue();
  await page.keyboard.press('Escape');
  await expect(dialog(page)).toHaveCount(0);

  const other = new Explorer(await page.context().newPage());
  await other.open(new URL(address).hash);
  await other.isAt(12);
  await expect(other.page.getByRole('complementary', { name: 'Notes' })).toContainText('Here the pipe takes');
  await expect(other.page.getByRole('navigation', { name: 'Panels' })).toHaveCount(0);
  await other.button('Show the tools').click();
  await expect(other.page.getByRole('navigation', { name: 'Panels' })).toBeVisible();
  expect(await other.sceneText()).toEqual(before);
  await other.step(1);
  await other.button('Previous note, step 12').click();
  await other.isAt(12);
});

test('for an audience picture and words are larger', async ({ page }) => {
  const explorer = new Explorer(page);
  const sizes = async (): Promise<readonly number[]> => {
    const heights = [
      page.getByRole('main').getByText('page table', { exact: false }).first(),
      page.getByRole('list', { name: 'Signs' }),
    ].map(async (one) => (await one.boundingBox())?.height ?? 0);
    return Promise.all(heights);
  };
  await explorer.open('#/s/vmsplice-leak?model=v5.7&at=30');
  const plain = await sizes();
  await explorer.open('#/s/vmsplice-leak?model=v5.7&at=30&present=1');
  const large = await sizes();
  for (const [i, height] of large.entries()) expect(height).toBeGreaterThan(plain[i]! * 1.2);
  // And all of it is on the screen.
  const map = await page.getByLabel('Memory after step').boundingBox();
  const dock = await explorer.scrubber.boundingBox();
  expect(map!.x + map!.width).toBeLessThanOrEqual(1440);
  expect(map!.y + map!.height).toBeLessThanOrEqual(dock!.y);
});

test('a link by other rules says so; one to a comparison shows it', async ({ page }) => {
  const explorer = new Explorer(page);
  // Two pictures side by side leave the timeline out.
  await page.goto('#/s/vmsplice-leak?model=v5.7&at=end&vs=v5.9&chk=00000000');
  await explorer.see('The rules have changed since this link was made.');
  await expect(page.getByRole('combobox', { name: 'The other' })).toHaveValue('v5.9');
  expect(await explorer.link()).toMatch(/&vs=v5\.9&chk=[1-9a-f][0-9a-f]{7}$/);
});

const made: readonly (readonly [form: string, file: RegExp, starts: RegExp])[] = [
  ['Race for a mail', /^leak-any-order-v5\.7\.txt$/, /^The leak, in any order\n/],
  ['C program', /\.c$/, /^\/\*\n \* leak-any-order\.c/],
  ['Picture, SVG', /\.svg$/, /^<svg /],
  ['Picture, PNG', /\.png$/, /^\u0089PNG/],
  ['Comic strip, SVG', /-strip\.svg$/, /^<svg /],
  ['Animation, GIF', /\.gif$/, /^GIF89a/],
  ['Trace for Perfetto', /\.trace\.json$/, /^\{"displayTimeUnit"/],
  ['Trace, ITF', /\.itf\.json$/, /^\{"#meta"/],
  ['Scenario', /\.folio\.txt$/, /^scenario /],
];

test('every export of the run on the screen is shown and downloads', async ({ page }) => {
  test.setTimeout(90_000);
  const explorer = new Explorer(page);
  await explorer.open(violation);
  await page.keyboard.press('x');
  for (const [form, file, starts] of made) {
    await page.getByRole('radio', { name: form, exact: true }).check();
    const link = page.getByRole('link', { name: 'Download' });
    await expect(link).toHaveAttribute('download', file, { timeout: 20_000 });
    await expect(dialog(page).getByRole('region', { name: 'Preview' })).toBeVisible();
    const [download] = await Promise.all([page.waitForEvent('download'), link.click()]);
    expect(download.suggestedFilename()).toMatch(file);
    const bytes = readFileSync(await download.path());
    expect(bytes.toString('latin1')).toMatch(starts);
    expect(bytes.length).toBeGreaterThan(100);
  }
});

test('what no program can do is refused in words', async ({ page }) => {
  const explorer = new Explorer(page);
  await explorer.open('#/s/any-two');
  await page.keyboard.press('x');
  await page.getByRole('radio', { name: 'C program' }).check();
  await expect(dialog(page)).toContainText(
    /No C program can show this.*Line \d+ of the scenario: a free choice/,
  );
});

test('a mail goes out and comes back as the same run', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const explorer = new Explorer(page);
  await explorer.open('#/s/leak-any-order?model=v5.7');
  await explorer.step(30);
  const before = await explorer.sceneText();
  await page.keyboard.press('x');
  await page.getByLabel('Only up to step 30').check();
  await dialog(page).getByRole('button', { name: 'Copy' }).click();
  await expect(dialog(page).getByRole('button', { name: 'Copied' })).toBeVisible();
  const text = await page.evaluate(() => navigator.clipboard.readText());
  expect(text).toContain('Folioscope opens this mail as it is.');

  const other = new Explorer(await context.newPage());
  await other.open('#/s/zero-page');
  await other.page.keyboard.press('o');
  await other.page.getByRole('textbox', { name: 'Text to open' }).fill(text.replaceAll(/^/gm, '> '));
  await other.button('Open it').click();
  await other.isAt(30);
  await other.page.keyboard.press('Escape');
  expect(await other.sceneText()).toEqual(before);
});

test('a race by hand, a file of experiments and a recording are opened; so is one that is dropped', async ({
  page,
}) => {
  const explorer = new Explorer(page);
  await explorer.open();
  await page.keyboard.press('o');
  await expect(page.getByRole('textbox', { name: 'Text to open' })).toBeFocused();
  await page.getByRole('textbox', { name: 'Text to open' }).fill(mail);
  await explorer.button('Open it').click();
  await expect(explorer.sign('v5.9')).toHaveAttribute('aria-pressed', 'true');
  await explorer.see(/No mistakes/);

  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  const data = await page.evaluateHandle(
    (text) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([text], '6.18.44.jsonl'));
      return transfer;
    },
    readFileSync('fixtures/recordings/results/6.18.44.jsonl', 'utf8'),
  );
  await page.locator('body').dispatchEvent('drop', { dataTransfer: data });
  await expect(dialog(page)).toContainText(
    /A recording of Linux 6\.18\S*: \d+ experiments; v6\.18 confirmed \d\d+/,
  );
  await page.getByRole('textbox', { name: 'Find among them' }).fill('fork-child-write');
  await dialog(page)
    .getByRole('button', { name: /fork-child-write/ })
    .first()
    .click();
  await explorer.idle();
  await expect(explorer.sign('v6.18')).toHaveAttribute('aria-pressed', 'true');

  await page.goBack();
  await expect(explorer.sign('v5.9')).toHaveAttribute('aria-pressed', 'true');
});

test('a violation shrinks to what it needs', async ({ page }) => {
  const explorer = new Explorer(page);
  await explorer.open(violation);
  await explorer.button('Shrink').click();
  await explorer.see(/\d+ of \d+ operations still break the rule\./);
  await expect(page.getByText(/^Rule broken:/).first()).toContainText('private writes stay private');
  expect(await explorer.link()).toMatch(/^#\/x\/1d\./);
});
