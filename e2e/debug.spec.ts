// The debugger: stops, watches, search, differences, branches, chance, what-if; by pointer and by key.
import { expect, test, type Locator } from '@playwright/test';
import { Explorer, inline, TWO_THREADS } from './helpers/explorer.ts';

async function tab(explorer: Explorer, name: string): Promise<Locator> {
  const panel = explorer.page.getByRole('region', { name: 'Debug', exact: true });
  await panel.getByRole('tab', { name, exact: true }).click();
  // On a tab, arrows choose tabs; elsewhere they step.
  await panel.getByRole('heading', { name: 'Debug', exact: true }).focus();
  return panel;
}
const open = async (explorer: Explorer, name: string): Promise<Locator> => {
  await explorer.panel('Debug');
  return tab(explorer, name);
};

test('a breakpoint by condition stops play, and the run goes on and back to it', async ({ page }) => {
  const explorer = new Explorer(page);
  await explorer.open();
  const panel = await open(explorer, 'Stop at');
  await panel
    .getByRole('combobox', { name: 'Condition of a new breakpoint' })
    .fill('step.decides and f0.mapcount = 1');
  await panel.getByRole('button', { name: 'Add', exact: true }).click();
  const hit = panel.getByRole('listitem').getByRole('button', { name: /^\d+$/ });
  await expect(hit).toHaveCount(1);
  const at = Number(await hit.innerText());

  await page.keyboard.press('F8');
  await explorer.isAt(at);
  // No other one: on to the end, back to it, back to the start.
  await page.keyboard.press('F8');
  await explorer.isAt(await explorer.last());
  await page.keyboard.press('Shift+F8');
  await explorer.isAt(at);
  await page.keyboard.press('Shift+F8');
  await explorer.isAt(0);

  await explorer.step(at - 2);
  await explorer.button('Play').last().click();
  await explorer.isAt(at);
  await expect(explorer.button('Pause')).toHaveCount(0);

  // It outlives the page, and can be switched off.
  await page.reload();
  await explorer.idle();
  await open(explorer, 'Stop at');
  await panel.getByRole('checkbox').uncheck();
  await expect(panel.getByText('no stop in this run')).toBeVisible();
  await panel.getByRole('button', { name: /^Remove breakpoint/ }).click();
  await expect(panel.getByText('No breakpoint yet.')).toBeVisible();
});

test('common breakpoints come from a menu, and a mistake is explained', async ({ page }) => {
  const explorer = new Explorer(page);
  await explorer.open();
  const panel = await open(explorer, 'Stop at');
  const menu = panel.getByRole('combobox', { name: 'Add a common breakpoint' });
  for (const label of [
    'do_wp_page',
    'PTL is taken',
    'f0: its references change',
    'child.a.0 is set or cleared',
    'a rule decides',
  ])
    await menu.selectOption({ label });
  await expect(panel.getByText(/^\d+ steps?:/)).toHaveCount(5);
  const field = panel.getByRole('combobox', { name: 'Condition of a new breakpoint' });
  await field.fill('f0.refcont > 1');
  await field.press('Enter');
  await expect(panel.getByText('Did you mean refcount?')).toBeVisible();
});

test('keys alone: break here, watch, find, bookmark, compare with a kept step', async ({ page }) => {
  const explorer = new Explorer(page);
  const { keyboard } = page;
  await explorer.open();
  await explorer.step(6);
  await keyboard.press('b');
  const panel = page.getByRole('region', { name: 'Debug', exact: true });
  await keyboard.press('m');
  await keyboard.press('/');
  await expect(panel.getByRole('tab', { name: 'Find' })).toHaveAttribute('aria-selected', 'true');
  await panel.getByRole('combobox').fill('f0.refcount > 2');
  await keyboard.press('Enter');
  await expect(panel.getByText(/where it is so/)).toBeVisible();
  await panel.getByRole('button', { name: 'On to it' }).click();
  await expect.poll(() => explorer.at()).toBeGreaterThan(6);
  const found = await explorer.at();
  await panel.getByRole('combobox').fill('copied zzz');
  await expect(panel.getByText('No step of this run.')).toBeVisible();

  await panel.getByRole('heading', { name: 'Debug', exact: true }).focus();
  await keyboard.press('d');
  await explorer.step(-1);
  await expect(panel.getByRole('row', { name: /f0.refcount 3 2/ })).toBeVisible();
  await panel.getByRole('button', { name: 'Watch f0.refcount' }).click();
  await tab(explorer, 'Watch');
  await expect(panel.getByText('2', { exact: true })).toBeVisible();
  await panel.getByRole('button', { name: `step ${found}` }).click();
  await explorer.isAt(found);
  await expect(panel.getByText('3', { exact: true })).toBeVisible();

  await tab(explorer, 'Branches');
  await panel
    .getByRole('region', { name: 'Bookmarks' })
    .getByRole('listitem')
    .getByRole('button')
    .first()
    .click();
  await explorer.isAt(6);
});

test('another way is a branch, and both are kept', async ({ page }) => {
  const explorer = new Explorer(page);
  await explorer.open('#/s/leak-any-order?model=v5.7');
  const panel = await open(explorer, 'Branches');
  const rows = panel.getByRole('region', { name: 'Branches' }).getByRole('listitem');
  await expect(rows).toHaveCount(1);
  const first = await explorer.last();
  const moves = page.getByRole('group', { name: /Who moves next/ }).getByRole('button');
  while ((await moves.count()) < 2) await explorer.step(1);
  const at = await explorer.at();
  // The run goes on with the child here.
  await page.keyboard.press('1');
  await explorer.isAt(at + 1);
  await explorer.idle();
  await expect(rows).toHaveCount(2);
  await expect(rows.nth(1).getByRole('button').first()).toHaveAttribute('aria-current', 'true');
  const second = await explorer.last();
  await page.keyboard.press('[');
  await expect(rows.nth(0).getByRole('button').first()).toHaveAttribute('aria-current', 'true');
  await explorer.idle();
  expect(await explorer.last()).toBe(first);
  await page.keyboard.press(']');
  await expect(rows.nth(1).getByRole('button').first()).toHaveAttribute('aria-current', 'true');
  await explorer.idle();
  expect(await explorer.last()).toBe(second);

  await tab(explorer, 'What if');
  await page.keyboard.press('Home');
  for (const seed of ['5', '6', '5']) {
    await panel.getByRole('textbox', { name: 'Seed' }).fill(seed);
    await panel.getByRole('button', { name: 'Go by chance' }).click();
    await explorer.idle();
  }
  await tab(explorer, 'Branches');
  await expect(rows).toHaveCount(4);
});

test('a step is replaced, a thread stands still, a protection is left out', async ({ page }) => {
  const explorer = new Explorer(page);
  await explorer.open('#/s/copy-while-child-exits?model=v5.9');
  const panel = await open(explorer, 'What if');
  const change = panel.getByRole('region', { name: 'Change this step' });
  const instead = change.getByRole('button', { name: /moves here instead/ });
  await explorer.step(1);
  while ((await instead.count()) === 0) await explorer.step(1);
  const says = await explorer.spoken.textContent();
  await instead.first().click();
  await explorer.idle();
  await expect(explorer.spoken).not.toHaveText(says ?? '');

  const protects = panel.getByRole('region', { name: 'Without the protection' });
  await page.keyboard.press('Home');
  await explorer.step(1);
  const last = await explorer.last();
  for (let at = 1; at < last && (await protects.count()) === 0; at += 1) await explorer.step(1);
  await protects.getByRole('button', { name: 'Leave it out' }).first().click();
  await explorer.idle();
  expect(await explorer.link()).toContain('without=');
});

test('a note is a line of the text, and a flag on the timeline', async ({ page }) => {
  const explorer = new Explorer(page);
  await explorer.open();
  await explorer.step(4);
  const panel = await open(explorer, 'Branches');
  await panel.getByRole('textbox', { name: 'Note for step 4' }).fill('Look here # first');
  await panel.getByRole('button', { name: 'Pin' }).click();
  await expect(panel.getByRole('button', { name: /^4 ?Look here/ })).toBeVisible();
  await explorer.panel('Source');
  await expect(explorer.editor).toContainText(/note .*: Look here/);
});

test('what could come before a step is shown in the lanes and said', async ({ page }) => {
  const explorer = new Explorer(page);
  await explorer.open(inline(TWO_THREADS, 'model=v5.9'));
  const moves = page.getByRole('group', { name: /Who moves next/ }).getByRole('button');
  for (let i = 0; i < 60 && (await moves.count()) < 2; i += 1) await explorer.step(1);
  await explorer.step(1);
  const dock = page.getByRole('region', { name: 'Timeline' });
  await page.keyboard.press('r');
  await expect(dock.getByText(/could come right before step \d+/)).toBeVisible();
  await page.keyboard.press('r');
  await expect(dock.getByText(/could come right before/)).toHaveCount(0);
  await dock.getByText('CPU 0').hover();
  const box = (await dock
    .getByText(/store a.0 “one”/)
    .first()
    .boundingBox())!;
  await page.mouse.move(box.x + 20, box.y + 8);
  await page.mouse.move(box.x + 24, box.y + 8);
  await expect(dock.getByText(/could come right before step \d+/)).toBeVisible();
});

test('waiting for a lock is a bar', async ({ page }) => {
  const explorer = new Explorer(page);
  await explorer.open(inline(TWO_THREADS, 'model=v5.9'));
  const panel = await open(explorer, 'What if');
  const dock = page.getByRole('region', { name: 'Timeline' });
  for (const seed of ['1', '2', '3', '4', '5', '6', '7', '8']) {
    await panel.getByRole('textbox', { name: 'Seed' }).fill(seed);
    await panel.getByRole('button', { name: 'Go by chance' }).click();
    await explorer.idle();
    await page.keyboard.press('End');
    if ((await dock.getByTitle(/waits for .*, held by/).count()) > 0) break;
    await page.keyboard.press('Home');
  }
  await expect(dock.getByTitle(/waits for .*, held by parent/).first()).toBeVisible();
});
