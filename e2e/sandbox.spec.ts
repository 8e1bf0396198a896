// The rule sandbox: switches are put together, the checker judges at once, and what was composed is a model like
// any other. And the question which guard can go.
import { expect, test, type Locator, type Page } from '@playwright/test';
import { Explorer } from './helpers/explorer.ts';

const sandboxOf = (page: Page): Locator =>
  page.getByRole('region', { name: 'Compose a rule set', exact: true });
const row = (panel: Locator, name: RegExp): Locator => panel.getByRole('row', { name });
const LEAK = /^CVE-2020-29374/;
/** Opens a lesson at its last beat, or at another one. */
async function beatOf(explorer: Explorer, lesson: RegExp, beat: number, of: number): Promise<Locator> {
  const panel = await explorer.panel('Lessons');
  await panel.getByRole('button', { name: lesson }).click();
  for (let at = 1; at < beat; at += 1) {
    await expect(panel.getByText(`Beat ${at} of ${of}`)).toBeVisible();
    await panel.getByRole('button', { name: 'Next beat' }).click();
  }
  await expect(panel.getByText(`Beat ${beat} of ${of}`)).toBeVisible();
  await expect(panel.getByText('You are at this beat')).toBeVisible();
  return panel;
}

test('a rule set by keyboard: a verdict turns, its run opens, the link brings it back', async ({ page }) => {
  test.setTimeout(120_000);
  const explorer = new Explorer(page);
  await explorer.open('#/s/vmsplice-leak?model=v5.9');
  await explorer.command('Compose a rule set');
  const panel = sandboxOf(page);
  await expect(panel.getByRole('combobox', { name: 'Begin with' })).toHaveValue('v5.9');
  await expect(row(panel, LEAK).getByText('holds in every order').first()).toBeAttached();

  const refcount = panel.getByRole('radio', { name: /^its mapping has the only reference v5.9/ }).first();
  await explorer.tabTo(refcount);
  await expect(refcount).toBeChecked();
  await page.keyboard.press('ArrowUp');
  await expect(panel.getByRole('radio', { name: /^one page table maps it/ })).toBeChecked();
  await expect(panel.getByLabel('Its name')).toHaveText('v5.9~reuse.mapcount');
  const broken = row(panel, LEAK).getByRole('button', {
    name: /^leak on these rules: .*Open the shortest run/,
  });
  await expect(broken).toBeVisible();
  // The base beside it holds as before.
  await expect(row(panel, LEAK).getByText('holds in every order')).toHaveCount(1);
  await broken.focus();
  await page.keyboard.press('Enter');
  await explorer.idle();
  await expect(panel).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Kernel v5.9 + 1 switch' })).toBeVisible();
  await expect(explorer.spoken).toContainText('A rule broke');

  const at = await explorer.at();
  const link = await explorer.link();
  expect(link).toContain('model=v5.9~reuse.mapcount');
  await explorer.open(link);
  await expect(page.getByRole('button', { name: 'Kernel v5.9 + 1 switch' })).toBeVisible();
  await explorer.isAt(at);
  await expect(page.getByText('Not everything in this link could be opened.')).toHaveCount(0);
  // In the strip it stands apart, and is judged.
  await expect(explorer.sign('v5.9~reuse.mapcount')).toHaveAttribute('data-sign', /broken|ok/);
});

test('what cannot stand alone brings along what it needs, and says so', async ({ page }) => {
  const explorer = new Explorer(page);
  await explorer.open('#/s/vmsplice-leak?model=v5.9');
  await explorer.command('Compose a rule set');
  const panel = sandboxOf(page);
  await panel.getByRole('radio', { name: /^it is marked exclusive, or has one reference/ }).check();
  await expect(
    panel.getByText(/^That cannot stand alone, so this came along\. Reuse of huge pages: /),
  ).toBeVisible();
  await expect(panel.getByLabel('Its name')).toHaveText(
    'v5.9~reuse.exclusive~huge.exclusive~swapin.refcount',
  );
  await panel.getByRole('button', { name: 'Use it' }).click();
  await expect(page.getByRole('button', { name: 'Kernel v5.9 + 3 switches' })).toBeVisible();
  await explorer.idle();
  // From the picker the way leads back, and the rule set is in its list.
  await page.keyboard.press('k');
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('region', { name: 'Made by hand', exact: true })).toBeVisible();
  await dialog.getByRole('button', { name: 'Compose a rule set' }).click();
  await expect(panel.getByRole('button', { name: 'It is on the screen' })).toBeVisible();
  await panel.getByRole('button', { name: 'All as v5.9' }).click();
  await expect(panel.getByLabel('Its name')).toHaveText('v5.9');
});

test('a link with rules that cannot be says why, and opens a kernel', async ({ page }) => {
  const explorer = new Explorer(page);
  await explorer.open('#/s/vmsplice-leak?model=v5.9~reuse.exclusive');
  await explorer.see('Not everything in this link could be opened.');
  await explorer.see(/reuse\.exclusive needs huge\.exclusive/);
  await expect(page.getByRole('button', { name: 'Kernel v5.7' })).toBeVisible();
});

test('the sandbox of the lesson is solved by rules with which everything holds', async ({ page }) => {
  test.setTimeout(180_000);
  const explorer = new Explorer(page);
  await explorer.open();
  const lesson = await beatOf(explorer, /Stronger rules, and/, 13, 13);
  const box = lesson.getByRole('region', { name: 'Sandbox', exact: true });
  await expect(box.getByRole('listitem')).toHaveCount(6);
  await box.getByRole('button', { name: 'Compose a rule set' }).click();
  const panel = sandboxOf(page);
  const goal = panel.getByRole('region', { name: 'What the lesson asks for', exact: true });
  await expect(
    row(panel, /^And it stays over mprotect/).getByRole('button', { name: /on these rules/ }),
  ).toBeVisible();
  await panel.getByRole('radio', { name: /^one page table maps it/ }).check();
  await panel.getByRole('radio', { name: /^unshares it first, if it is mapped twice/ }).check();
  await expect(
    row(panel, /^Nothing leaks while CPUs/).getByRole('button', { name: /on these rules/ }),
  ).toBeVisible();
  await expect(goal.getByText('Solved')).toHaveCount(0);
  await panel.getByRole('radio', { name: /^it is marked exclusive, or has one/ }).check();
  await panel.getByRole('radio', { name: /^unshares it before a pin/ }).check();
  await expect(goal.getByText('Solved: all of it holds.')).toBeVisible({ timeout: 60_000 });
  await panel.getByRole('button', { name: 'Back to the lesson' }).click();
  await expect(box.getByText('Solved.', { exact: true })).toBeVisible();
});

test('a guard that is needed opens the run that it prevents; the other one solves it', async ({ page }) => {
  test.setTimeout(120_000);
  const explorer = new Explorer(page);
  await explorer.open();
  const lesson = await beatOf(explorer, /Why a reference is a lock/, 8, 11);
  const box = lesson.getByRole('region', { name: 'Challenge', exact: true });
  await box.getByRole('button', { name: 'Judge it' }).click();
  await expect(box.getByText('Choose one of them.')).toBeVisible();
  const first = box.getByRole('radio', { name: /^Take a reference to the old page/ });
  await first.focus();
  await page.keyboard.press('Space');
  await box.getByRole('button', { name: 'Judge it' }).press('Enter');
  await expect(box.getByText(/^It is needed\./)).toBeVisible({ timeout: 30_000 });
  await box.getByRole('button', { name: 'Open the shortest run without it' }).click();
  await explorer.idle();
  await expect(explorer.spoken).toContainText('A rule broke');
  expect(await explorer.link()).toContain('without=copy-holds-old-folio');
  await expect(box.getByText('Solved.', { exact: true })).toHaveCount(0);
  await box.getByRole('radio', { name: /^Clear and flush before/ }).check();
  await box.getByRole('button', { name: 'Judge it' }).click();
  await expect(box.getByText('Nothing breaks without it, in any order.')).toBeVisible({ timeout: 30_000 });
  await expect(box.getByText('Solved.', { exact: true })).toBeVisible();
});

test.describe('with a thumb', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  test('a rule set on a phone: composed, judged, used', async ({ page }) => {
    test.setTimeout(120_000);
    const explorer = new Explorer(page);
    await explorer.open('#/s/vmsplice-leak?model=v5.9');
    await page.getByRole('button', { name: 'Menu' }).tap();
    await page.getByRole('dialog').getByRole('button', { name: 'Compose a rule set' }).tap();
    const panel = sandboxOf(page);
    await panel.getByRole('radio', { name: /^one page table maps it/ }).tap();
    await expect(row(panel, LEAK).getByRole('button', { name: /on these rules/ })).toBeVisible();
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(wide).toBeLessThanOrEqual(390);
    await panel.getByRole('button', { name: 'Use it' }).tap();
    await expect(page.getByRole('button', { name: /v5\.9 \+ 1 switch$/ })).toBeVisible();
  });
});
