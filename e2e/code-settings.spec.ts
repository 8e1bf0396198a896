// The kernel's flow with its history and the mails; settings, keys that were given to other commands.
import { expect, test } from '@playwright/test';
import { Explorer } from './helpers/explorer.ts';

test('the code of a step: its table, other kernels with the commits between, and the mail', async ({
  page,
}) => {
  const explorer = new Explorer(page);
  await explorer.open();
  const debug = await explorer.panel('Debug');
  const condition = debug.getByRole('combobox', { name: 'Condition of a new breakpoint' });
  await condition.fill('step.decides and f0.mapcount = 1');
  await condition.press('Enter');
  await expect(debug.getByText('1 stop', { exact: true })).toBeVisible();
  const panel = await explorer.panel('Code');
  await page.keyboard.press('F8');
  const current = panel.getByRole('listitem').and(page.locator('[aria-current=step]'));
  await expect(panel.getByRole('heading', { name: 'do_wp_page' })).toBeVisible();
  await expect(current.getByText('count', { exact: true })).toBeVisible();
  await expect(panel.getByText('mm/memory.c').first()).toBeVisible();

  const eras = panel.getByRole('region', { name: 'This step in other kernels' });
  await expect(eras.getByText('09854ba94c6a')).toBeVisible();
  await expect(eras.getByText('53a05ad9f21d')).toBeVisible();
  await expect(eras.locator('[aria-current=true]')).toContainText('v4.8 to v5.8');
  const mails = panel.getByRole('region', { name: 'What the mails say about it' });
  await expect(mails.getByText(/mail of 8 January 2021/)).toBeVisible();

  await current.getByRole('button', { name: 'Break at count' }).click();
  await page.keyboard.press('Escape');
  const at = await explorer.at();
  await page.keyboard.press('Home');
  await explorer.isAt(0);
  await page.keyboard.press('F8');
  await explorer.isAt(at);
});

test('each thread has its place in the code, and another kernel is a click away', async ({ page }) => {
  const explorer = new Explorer(page);
  await explorer.open('#/s/leak-any-order?model=v5.7');
  const panel = await explorer.panel('Code');
  await explorer.step(30);
  for (const name of ['parent', 'child']) {
    await panel.getByRole('button', { name, exact: true }).click();
    await expect(panel.getByRole('listitem').getByText(name).first()).toBeVisible();
  }
  await panel.getByRole('button', { name: 'Last step' }).click();
  const eras = panel.getByRole('region', { name: 'This step in other kernels' });
  await expect(eras.getByRole('listitem').first()).toBeVisible();
});

test('settings: how far a step goes, what is read aloud, and they outlive the page', async ({ page }) => {
  const explorer = new Explorer(page);
  await explorer.open();
  await page.keyboard.press(',');
  const dialog = page.getByRole('dialog', { name: 'Settings' });
  await dialog.getByRole('radio', { name: 'one operation' }).check();
  await dialog.getByRole('radio', { name: 'high contrast' }).check();
  await dialog.getByRole('group', { name: 'Motion' }).getByRole('radio', { name: 'none' }).check();
  await dialog.getByRole('group', { name: 'Read aloud' }).getByRole('radio', { name: 'nothing' }).check();
  await page.keyboard.press('Escape');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'contrast');
  await expect(page.locator('html')).toHaveAttribute('data-motion', 'none');
  await page.reload();
  await explorer.idle();
  await page.keyboard.press('n');
  await expect.poll(() => explorer.at()).toBeGreaterThan(5);
  await expect(explorer.spoken).toHaveText('');
  await page.keyboard.press('p');
  await explorer.isAt(0);
  await page.keyboard.press(',');
  await dialog.getByRole('radio', { name: 'to where locks change' }).check();
  await dialog.getByRole('radio', { name: 'the step only' }).check();
  await page.keyboard.press('Escape');
  await page.keyboard.press('n');
  await expect.poll(() => explorer.at()).toBeGreaterThan(0);
  await expect(explorer.spoken).toContainText('Step');
});

test('a command gets another key; sheet and palette show it; single keys can be switched off', async ({
  page,
}) => {
  const explorer = new Explorer(page);
  const { keyboard } = page;
  await explorer.open();
  await keyboard.press(',');
  const dialog = page.getByRole('dialog', { name: 'Settings' });
  await dialog.getByRole('button', { name: 'Change the key of: Next step', exact: true }).click();
  await keyboard.press('j');
  await dialog.getByRole('button', { name: 'Change the key of: Step back', exact: true }).click();
  await keyboard.press('b');
  await expect(
    dialog.getByRole('listitem').filter({ hasText: 'Break at steps like this one' }),
  ).toContainText('F9');
  await keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  await keyboard.press('j');
  await explorer.isAt(1);
  await keyboard.press('j');
  await explorer.isAt(2);
  await keyboard.press('b');
  await explorer.isAt(1);
  await keyboard.press('n');
  await explorer.isAt(1);
  await keyboard.press('?');
  await expect(
    page.getByRole('dialog', { name: 'Keys and signs' }).getByText('J', { exact: true }),
  ).toBeVisible();
  await keyboard.press('Escape');
  await keyboard.press('Control+k');
  await keyboard.type('next step');
  await expect(page.getByRole('option', { name: /Next step/ }).first()).toContainText('J');
  await keyboard.press('Escape');

  await keyboard.press(',');
  await dialog.getByRole('button', { name: 'All as usual' }).click();
  await dialog.getByRole('checkbox', { name: /Keys of one letter/ }).uncheck();
  await keyboard.press('Escape');
  await keyboard.press('n');
  await keyboard.press('ArrowRight');
  await explorer.isAt(2);
});
