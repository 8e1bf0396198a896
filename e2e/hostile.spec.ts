// Bad texts and bad links: a clear sentence, something to look at, and never a lost text.
import { expect, test, type Page } from '@playwright/test';
import { deflateRawSync } from 'node:zlib';
import { Explorer } from './helpers/explorer.ts';

const notice = (page: Page) => page.getByRole('region', { name: 'Notices' });

test('a mistake is shown where it is; the picture stays, and so does the text, over a reload', async ({
  page,
}) => {
  const explorer = new Explorer(page);
  await explorer.open();
  await explorer.step(12);
  const before = await explorer.sceneText();
  const source = await explorer.panel('Source');
  const text = (await explorer.text()).replace('parent: fork child', 'parent: frok child');
  await explorer.editor.fill(text);

  const mistake = source.getByRole('button', { name: /^Line \d+, column \d+/ }).first();
  await expect(mistake).toBeVisible();
  await explorer.see('The picture shows the last text without mistakes.');
  await explorer.isAt(12);
  expect(await explorer.sceneText()).toEqual(before);

  await mistake.click();
  await expect(explorer.editor).toBeFocused();
  const selected = await explorer.editor.evaluate((field) =>
    (field.getRootNode() as Document).getSelection()?.toString(),
  );
  expect(selected).toContain('frok');

  await page.reload();
  await explorer.idle();
  await explorer.panel('Source');
  await explorer.hasText(text);
  await expect(mistake).toBeVisible();

  // Mended, it opens again.
  await explorer.editor.fill(text.replace('frok', 'fork'));
  await explorer.see(/No mistakes/);
});

test('a link to a kernel or a scenario that is not here opens what it can and says so', async ({ page }) => {
  const explorer = new Explorer(page);
  await explorer.open('#/s/vmsplice-leak?model=v99.9&at=parent@nowhere.never');
  await expect(notice(page)).toContainText('There is no kernel “v99.9” here');
  await expect(explorer.sign('v5.7')).toHaveAttribute('aria-pressed', 'true');
  await notice(page).getByRole('button', { name: 'Dismiss' }).click();
  await expect(notice(page)).toBeEmpty();

  await explorer.open('#/s/no-such-thing');
  await expect(notice(page)).toContainText('There is no scenario “no-such-thing” in the gallery');
  await explorer.open('#/what/is/this');
  await expect(notice(page)).toContainText('The address is not one of ours');
  await explorer.see('The child keeps a reference');
});

const packed = (text: string): string => `#/x/1d.${deflateRawSync(text).toString('base64url')}`;

test('a truncated, a huge and an exploding link are refused in words', async ({ page }) => {
  const explorer = new Explorer(page);
  const whole = packed('scenario Whole\nprocess parent\nregion a anon 1 page\nparent: store a.0 "old"\n');
  await explorer.open(whole.slice(0, -20));
  await expect(notice(page)).toContainText(/damaged|cut off/);

  await explorer.open(`#/x/1t.${'x'.repeat(1_000_000)}`);
  await expect(notice(page)).toContainText('at most 256 kB');

  await explorer.open(packed('#'.repeat(30_000_000)));
  await expect(notice(page)).toContainText(/more than 256 kB|longer/);
  await explorer.isAt(0);
  await explorer.step(3);
});

test('a text too long to be read says so and is kept', async ({ page }) => {
  const explorer = new Explorer(page);
  await explorer.open();
  const source = await explorer.panel('Source');
  await explorer.editor.fill(`# ${'x'.repeat(300_000)}`);
  await expect(source.getByText(/at most 256 kB/i).first()).toBeVisible();
  // Of a line that long the editor draws a part.
  await explorer.hasText(/x{1000}/);
});

test('two tabs do not overwrite each other’s text', async ({ page, context }) => {
  const one = new Explorer(page);
  const two = new Explorer(await context.newPage());
  await one.open();
  await two.open();
  await one.panel('Source');
  await two.panel('Source');
  const text = await one.text();
  await one.editor.fill(`${text}# of one\n`);
  await two.editor.fill(`${text}# of two\n`);
  await expect(notice(one.page)).toContainText('Another tab is changing this scenario, too.');
  await one.hasText(/# of one\n$/);
  await one.page.reload();
  await one.idle();
  await one.panel('Source');
  await one.hasText(/# of one\n$/);
});

test('without its worker the page says so, and a reload tries again', async ({ page }) => {
  await page.route(/host-.*\.js$/, (route) => route.abort());
  await page.goto('/');
  await expect(page.getByRole('alert')).toContainText('The simulation did not start.');
  await page.unroute(/host-.*\.js$/);
  await page.getByRole('button', { name: 'Try again' }).click();
  await new Explorer(page).idle();
});
