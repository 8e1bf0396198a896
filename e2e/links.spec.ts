// A link is the picture: made, opened again, gone back from.
import { expect, test } from '@playwright/test';
import { Explorer, inline, TWO_THREADS } from './helpers/explorer.ts';

test('a reload shows the same step and the same picture', async ({ page }) => {
  const explorer = new Explorer(page);
  await explorer.open();
  await explorer.step(30);
  const [before, link] = [await explorer.sceneText(), await explorer.link()];
  expect(link).toMatch(/^#\/s\/vmsplice-leak\?model=v5\.7&at=\w+@/);
  await page.reload();
  await explorer.idle();
  await explorer.isAt(30);
  expect(await explorer.sceneText()).toEqual(before);

  // And in another window, which knows nothing.
  const other = new Explorer(await page.context().newPage());
  await other.open(link);
  await other.isAt(30);
  expect(await other.sceneText()).toEqual(before);
});

test('twenty steps back and twenty forward lead to the same picture', async ({ page }) => {
  const explorer = new Explorer(page);
  await explorer.open();
  await explorer.step(40);
  const before = await explorer.sceneText();
  await explorer.step(-20);
  expect(await explorer.sceneText()).not.toEqual(before);
  await explorer.step(20);
  expect(await explorer.sceneText()).toEqual(before);
});

test('Back undoes a change of kernel, not a step', async ({ page }) => {
  const explorer = new Explorer(page);
  await explorer.open();
  await explorer.step(10);
  await explorer.link();
  await explorer.kernel('v5.9');
  await explorer.link();
  await explorer.step(3);
  await explorer.link();
  await page.goBack();
  await explorer.idle();
  await expect(explorer.sign('v5.7')).toHaveAttribute('aria-pressed', 'true');
  await explorer.isAt(10);
  await page.goForward();
  await expect(explorer.sign('v5.9')).toHaveAttribute('aria-pressed', 'true');
  await explorer.isAt(13);
});

test('an edited text travels in the link', async ({ page }) => {
  const explorer = new Explorer(page);
  await explorer.open(inline(TWO_THREADS, 'model=v5.9'));
  await explorer.see('Two threads at one page');
  const link = await explorer.link();
  expect(link).toMatch(/^#\/x\/1d\./);
  await explorer.open(link);
  await explorer.see('Two threads at one page');
  await expect(explorer.sign('v5.9')).toHaveAttribute('aria-pressed', 'true');
});

test('the share button copies what the address bar says', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const explorer = new Explorer(page);
  await explorer.open();
  await explorer.step(5);
  const link = await explorer.link();
  await explorer.button('Share link').click();
  await explorer.see('Link copied');
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(new URL(copied).hash).toBe(link);
});
