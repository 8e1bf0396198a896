// The first five minutes: what a stranger sees, and whether it is true on every kernel.
import { expect, test } from '@playwright/test';
import { Explorer } from './helpers/explorer.ts';

test('the first screen says what it is, and a click plays the leak', async ({ page }) => {
  const explorer = new Explorer(page);
  await explorer.open();
  await explorer.see('A child process can read its parent’s secret.');
  await explorer.isAt(0);
  await expect(page.getByRole('alert')).toHaveCount(0);

  await explorer.button('Play the leak').click();
  for (let i = 0; i < 2; i += 1) await page.keyboard.press('+');
  await explorer.see('at 4×');
  await expect(explorer.button('Pause')).toBeVisible();
  await expect(explorer.button('Play')).toBeVisible({ timeout: 25_000 });
  await explorer.isAt(await explorer.last());

  // In words, in colour and in the picture: the pipe gave the child what the parent wrote after the fork.
  const main = page.getByRole('main');
  await expect(main.getByText('Rule broken')).toBeVisible();
  await expect(main.getByText('private writes stay private')).toBeVisible();
  await expect(page.getByText(/child.*secret/i).first()).toBeVisible();
  expect((await explorer.sceneText()).join(' ')).toMatch(/pipe.*secret/is);
  await expect(explorer.spoken).toContainText(`Step ${await explorer.last()} of`);
});

test('the banner leads to the step that decided, and the inspector says what was asked', async ({ page }) => {
  const explorer = new Explorer(page);
  await explorer.open();
  await explorer.toEnd();
  await page.getByRole('button', { name: /^Show the decision, step/ }).click();
  const inspector = page.getByRole('complementary', { name: 'Inspector' });
  await expect(inspector.getByRole('heading', { name: 'Reuse or copy?' })).toBeVisible();
  await expect(inspector.getByText('mapcount 1?', { exact: true })).toBeVisible();
  await expect(inspector.getByRole('heading', { name: /Why is this refcount 2\?/ })).toBeVisible();
  await expect(inspector.getByText('not in mapcount')).toBeVisible();
});

for (const model of ['v5.8', 'v5.9', 'v5.19', 'v6.18']) {
  test(`${model} keeps the secret, and says where it decided otherwise`, async ({ page }) => {
    const explorer = new Explorer(page);
    await explorer.open();
    await explorer.toEnd();
    await explorer.kernel(model);
    await explorer.isAt(await explorer.last());
    await explorer.hide('Rule broken');
    expect((await explorer.sceneText()).join(' ')).toMatch(/pipe.*old/is);

    const inspector = page.getByRole('complementary', { name: 'Inspector' });
    const difference = inspector.getByRole('region', { name: `Where does ${model} part from v5.7?` });
    await expect(difference).toBeVisible();
    await difference.getByRole('button', { name: /^Show it, step/ }).click();
    const last = await explorer.last();
    await expect.poll(() => explorer.at()).toBeLessThan(last);
    await expect(
      inspector.getByText('decided by this step').or(inspector.getByText('What changed?')).first(),
    ).toBeVisible();
  });
}

test('the strip judges every kernel and sums up', async ({ page }) => {
  const explorer = new Explorer(page);
  await explorer.open();
  await explorer.see(/^Leaks (up to|on) v5\.7, safe since v5\.8$/);
  await expect(explorer.sign('v5.7')).toHaveAccessibleName('v5.7, broken');
  await expect(explorer.sign('v5.8')).toHaveAccessibleName('v5.8, holds in every order');
});
