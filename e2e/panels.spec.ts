// Choosing who moves, trying every order, and being led.
import { expect, test } from '@playwright/test';
import { Explorer, inline, TWO_THREADS } from './helpers/explorer.ts';

test('who moves next is a choice, and the choice is in the link', async ({ page }) => {
  const explorer = new Explorer(page);
  await explorer.open('#/s/leak-any-order?model=v5.9');
  const moves = page.getByRole('group', { name: 'Who moves next?' });
  const other = moves.getByRole('button', { name: /^parent/ });
  const first = moves.getByRole('button', { name: /^child/ });
  await explorer.step(1);
  while (!((await other.isVisible()) && (await first.isVisible()))) await explorer.step(1);

  const at = await explorer.at();
  await other.click();
  await explorer.isAt(at + 1);
  await expect(explorer.spoken).toContainText('parent');
  const link = await explorer.link();
  expect(link).toContain('run=');
  const picture = await explorer.sceneText();
  await explorer.open(link);
  await explorer.isAt(at + 1);
  expect(await explorer.sceneText()).toEqual(picture);
});

test('a thread that cannot move says who is in its way', async ({ page }) => {
  const explorer = new Explorer(page);
  await explorer.open(inline(TWO_THREADS, 'model=v5.9'));
  const moves = page.getByRole('group', { name: /Who moves next\?|What now\?/ });
  // To where the first thread decides under the lock, then let the second go on until it wants it, too.
  const decision = page.getByRole('main').getByText(/so somebody else may look at it/);
  for (let i = 0; i < 60 && (await decision.count()) === 0; i += 1) await explorer.step(1);
  const blocked = moves.getByText(/waits for .*, held by parent/);
  for (let i = 0; i < 20 && (await blocked.count()) === 0; i += 1) {
    const at = await explorer.at();
    await page.keyboard.press('3');
    await explorer.isAt(at + 1);
  }
  await expect(blocked).toBeVisible();
});

test('a check finds the leak in some order and opens the shortest run', async ({ page }) => {
  const explorer = new Explorer(page);
  await explorer.open('#/s/leak-any-order?model=v5.7');
  const panel = await explorer.panel('Check');
  await panel.getByRole('button', { name: 'Check every order' }).click();
  await expect(panel.getByRole('heading', { name: 'Broken on v5.7' })).toBeVisible();
  await expect(panel.getByText(/^[\d,]+$/).first()).toBeVisible();
  await panel.getByRole('button', { name: 'Open the shortest run' }).click();
  await explorer.idle();
  await expect(page.getByRole('main').getByText('Rule broken')).toBeVisible();

  const [at, link] = [await explorer.at(), await explorer.link()];
  await explorer.open(link);
  await explorer.isAt(at);
  await expect(page.getByRole('main').getByText('Rule broken')).toBeVisible();
});

test('a check that holds says so', async ({ page }) => {
  const explorer = new Explorer(page);
  await explorer.open('#/s/leak-any-order?model=v5.9');
  const panel = await explorer.panel('Check');
  await panel.getByRole('button', { name: 'Check every order' }).click();
  await expect(panel.getByRole('heading', { name: 'Holds on v5.9' })).toBeVisible();
});

test('the gallery opens a scenario, and Back returns', async ({ page }) => {
  const explorer = new Explorer(page);
  await explorer.open();
  const gallery = await explorer.panel('Gallery');
  await expect(gallery.getByText('safe since v5.8').first()).toBeVisible();
  await gallery.getByRole('button', { name: 'The leak, in any order' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('The leak, in any order');
  await explorer.idle();
  expect(await explorer.link()).toContain('#/s/leak-any-order');
  await page.goBack();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('The child keeps a reference');
});

test('a scenario is found by words, and by the kernel that it breaks', async ({ page }) => {
  const explorer = new Explorer(page);
  await explorer.open();
  const gallery = await explorer.panel('Gallery');
  const cards = gallery.getByRole('listitem');
  const everything = await cards.count();
  await gallery.getByRole('searchbox', { name: 'Find a scenario' }).fill('vmsplice unmaps');
  await expect(
    gallery.getByRole('button', { name: 'The child keeps a reference', exact: true }),
  ).toBeVisible();
  const some = await cards.count();
  expect(some).toBeLessThan(everything);
  await gallery.getByRole('combobox', { name: 'Broken on' }).selectOption('v5.9');
  await expect(gallery.getByRole('button', { name: 'The child keeps a reference', exact: true })).toHaveCount(
    0,
  );
  await gallery.getByRole('searchbox', { name: 'Find a scenario' }).fill('nothing has these words');
  await gallery.getByRole('button', { name: 'Show all' }).click();
  await expect(cards).toHaveCount(everything);
});

test('a lesson drives the picture, and each beat has a link', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const explorer = new Explorer(page);
  await explorer.open();
  const lessons = await explorer.panel('Lessons');
  await lessons.getByRole('button', { name: /How a child reads/ }).click();
  const seen: number[] = [];
  for (let beat = 1; beat <= 3; beat += 1) {
    await expect(lessons.getByText(`Beat ${beat} of 9`)).toBeVisible();
    await expect(lessons.getByText('You are at this beat')).toBeVisible();
    await expect.poll(() => explorer.at()).toBeGreaterThan(0);
    if (beat > 1) await expect.poll(() => explorer.at()).not.toBe(seen.at(-1));
    seen.push(await explorer.at());
    if (beat === 2) {
      await lessons.getByRole('button', { name: 'Copy link' }).click();
      await expect(lessons.getByText('Link copied')).toBeVisible();
    }
    await lessons.getByRole('button', { name: 'Next beat' }).click();
  }
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  await explorer.open(new URL(copied).hash);
  await explorer.isAt(seen[1] ?? -1);
});

test('a step, a fork of the run and a check do not wait for the strip', async ({ page }) => {
  const explorer = new Explorer(page);
  await explorer.open();
  const began = Date.now();
  await explorer.step(10);
  expect(Date.now() - began).toBeLessThan(3000);
});
