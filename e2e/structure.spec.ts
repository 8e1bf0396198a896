// Memory by its addresses, and the map of all states: what they say, by mouse and by keys alone.
import { expect, test } from '@playwright/test';
import { Explorer, inline } from './helpers/explorer.ts';

const FORKED = `scenario Shared after fork
process parent
region a anon 40 pages

parent: store a.7 "old"
parent: fork child
parent: load a.7 -> seen
`;
const HUGE = `scenario Thousands of pages
process parent
region a thp 512 pages
region b thp 512 pages

parent: store a.0 "old"
parent: store b.0 "old"
parent: fork child
`;

test('an address is walked level by level, by keys alone, and its page says who shares it', async ({
  page,
}) => {
  const explorer = new Explorer(page);
  await explorer.open(inline(FORKED, 'model=v6.18'));
  await explorer.toEnd();
  await page.keyboard.press('a');
  const panel = page.getByRole('region', { name: 'Memory', exact: true });
  await expect(panel.getByRole('heading', { name: 'Memory', exact: true })).toBeFocused();

  const field = panel.getByRole('textbox', { name: 'Address' });
  await field.focus();
  await page.keyboard.type('7f5a40407123');
  await page.keyboard.press('Enter');
  const walk = panel.getByRole('region', { name: 'Page-table walk' });
  for (const row of ['PGD 47–39 254 a PUD table', 'PTE 20–12 7 page number 1'])
    await expect(walk.getByRole('row', { name: row })).toBeVisible();
  await expect(walk).toContainText('mapcount 2, refcount 2');
  const sharer = walk.getByRole('button', { name: /child a\.7 read-only/ });
  await sharer.focus();
  await page.keyboard.press('Enter');
  await expect(walk.getByRole('heading', { name: 'child a.7' })).toBeVisible();
  await expect(walk.getByRole('button', { name: /parent a\.7/ })).toBeVisible();

  await field.fill('a.41');
  await field.press('Enter');
  await expect(walk.getByRole('status')).toContainText('nothing at “a.41”');

  // Pages without anything fold, and unfold.
  const spaces = panel.getByRole('region', { name: 'Address spaces' });
  const fold = spaces.getByRole('button', { name: 'a.8 to a.39: 32 pages, empty' }).first();
  await expect(spaces.getByRole('button', { name: /^a\.9:/ })).toHaveCount(0);
  await fold.press('Enter');
  await expect(spaces.getByRole('button', { name: /^a\.9: empty/ })).toBeVisible();
});

test('memory follows the steps, and what is chosen there is chosen in the picture', async ({ page }) => {
  const explorer = new Explorer(page);
  await explorer.open('#/s/vmsplice-leak?model=v5.7');
  const panel = await explorer.panel('Memory');
  const physical = panel.getByRole('region', { name: 'Physical memory' });
  await expect(physical).toContainText('1 page in use');
  await explorer.toEnd();
  await expect(physical).toContainText('2 pages in use');
  await physical.getByRole('button', { name: /^Number 1, f0: / }).click();
  await page.getByRole('button', { name: 'Close memory' }).click();
  await expect(page.locator('[data-id="folio:f0"]').first()).toHaveAttribute('aria-current', 'true');
});

test('thousands of pages are dots on a canvas, and a click chooses one', async ({ page }) => {
  const explorer = new Explorer(page);
  await explorer.open(inline(HUGE, 'model=v6.18'));
  await explorer.toEnd();
  const panel = await explorer.panel('Memory');
  const overview = panel.getByRole('figure');
  await expect(overview).toContainText(/^3,\d\d\d pages, a dot each\./);
  await expect(overview).toContainText('child: 1,024 pages');
  await expect(panel.getByRole('row', { name: 'PMD 29–21 2 a huge page of 2 MB' })).toBeVisible();
  // Something was drawn: not all dots have one colour.
  const colours = await overview.locator('canvas').evaluate((node) => {
    const canvas = node as HTMLCanvasElement;
    const data = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height).data;
    const found = new Set<string>();
    for (let i = 0; i < data.length; i += 4) found.add(data.slice(i, i + 4).join());
    return found.size;
  });
  expect(colours).toBeGreaterThan(3);
  await overview.locator('canvas').click({ position: { x: 3, y: 21 } });
  await expect(panel.getByRole('heading', { name: 'parent a.0' })).toBeVisible();
});

test('the map of all states has this run in it, and opens another one where it is clicked', async ({
  page,
}) => {
  const explorer = new Explorer(page);
  await explorer.open('#/s/leak-any-order?model=v5.7');
  await explorer.panel('Check');
  await page.getByRole('button', { name: 'Check every order' }).click();
  await page.getByRole('button', { name: 'Map of all states' }).click();
  const panel = page.getByRole('region', { name: 'States', exact: true });
  await expect(panel).toContainText(/516 states on v5\.7, at most 69 steps/);
  const map = panel.getByRole('group', { name: 'Map of states' });
  await expect(map.getByRole('button', { name: 'Step 0 of this run, on the screen' })).toBeVisible();

  // By keys: along the run, down to a state that it does not come to, and there.
  await map.getByRole('button', { name: 'Step 0 of this run, on the screen' }).focus();
  for (let i = 0; i < 30; i += 1) await page.keyboard.press('ArrowRight');
  await expect(map.locator(':focus')).toHaveAttribute('aria-label', 'Step 30 of this run');
  await page.keyboard.press('ArrowDown');
  await expect(map.locator(':focus')).toHaveAttribute('aria-label', 'A state after 30 steps');
  await explorer.isAt(0);
  await page.keyboard.press('Enter');
  await explorer.isAt(30);
  await expect(map.getByRole('button', { name: 'Step 30 of this run, on the screen' })).toBeVisible();

  await panel.getByRole('button', { name: /^After 58 steps: private writes stay private/ }).click();
  await explorer.isAt(58);
  await page.keyboard.press('Escape');
  await explorer.see('Rule broken:');
});

test('of a wide map some states are drawn, and it says so', async ({ page }) => {
  const explorer = new Explorer(page);
  await explorer.open('#/s/any-two?model=v6.18');
  await explorer.command('Open the map of all states');
  const panel = page.getByRole('region', { name: 'States', exact: true });
  await expect(panel).toContainText(/Drawn are [\d,]+ of them/, { timeout: 20_000 });
  await panel.getByText('States by depth').click();
  await expect(panel.getByRole('columnheader', { name: 'Drawn' })).toBeVisible();
});
