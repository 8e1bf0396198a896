// The walk through the page tables: folded until somebody asks for it, by mouse, by keyboard, or as a table.
import { expect, test } from '@playwright/test';
import { Explorer, inline } from './helpers/explorer.ts';

const APART = `scenario Two tables
process parent
region a anon 2 pages
region b anon 1 page
tables apart
parent: store a.0 "old"
parent: store b.0 "old"
parent: fork child
`;

test('a click opens the walk, and it stays open while one steps and changes the kernel', async ({ page }) => {
  const explorer = new Explorer(page);
  await explorer.open('#/s/vmsplice-leak');
  const fold = explorer.button(/^Page-table walk of parent/);
  await expect(fold).toHaveAttribute('aria-expanded', 'false');
  await explorer.hide('0x7f5a40400000');
  await fold.click();
  await expect(fold).toHaveAttribute('aria-expanded', 'true');
  const group = page.getByLabel(/^PTE table of a, parent: 0x7f5a40400000 is pgd 254, pud 361/);
  await expect(group).toBeVisible();
  await page.getByRole('slider', { name: 'Step' }).focus();
  await explorer.step(3);
  await expect(group).toBeVisible();
  await explorer.kernel('v5.9');
  await expect(group).toBeVisible();
  await fold.click();
  await expect(group).toHaveCount(0);
});

test('the keyboard opens it, too, and goes into it', async ({ page }) => {
  const explorer = new Explorer(page);
  await explorer.open('#/s/vmsplice-leak');
  const fold = explorer.button(/^Page-table walk of parent/);
  await page.getByLabel(/^Process parent/).focus();
  // Into the card, and along what stands in it.
  await page.keyboard.press('ArrowDown');
  for (let i = 0; i < 6 && !(await fold.evaluate((node) => node === document.activeElement)); i += 1)
    await page.keyboard.press('ArrowRight');
  await expect(fold).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(fold).toHaveAttribute('aria-expanded', 'true');
  await expect(fold).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await expect(page.getByLabel(/^PTE table of a, parent/)).toBeFocused();
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press(' ');
  await expect(fold).toHaveAttribute('aria-expanded', 'false');
});

test('tables apart: one group for each table, with its own lock', async ({ page }) => {
  const explorer = new Explorer(page);
  await explorer.open(inline(APART));
  await explorer.button(/^Page-table walk of parent/).click();
  await expect(page.getByLabel(/^PTE table of a, parent/)).toBeVisible();
  await expect(page.getByLabel(/^PTE table of b, parent/)).toBeVisible();
  const held = page.getByLabel(/^PTE table of \w, parent: .* PTL held by parent, CPU 0\.$/);
  await page.getByRole('slider', { name: 'Step' }).focus();
  for (let i = 0; i < 20 && (await held.count()) === 0; i += 1) await explorer.step();
  await expect(held).toHaveCount(1);
  await expect(held).toHaveAttribute('aria-label', /^PTE table of a/);
});

test('readers of tables have every walk at once', async ({ page }) => {
  const explorer = new Explorer(page);
  await explorer.open(inline(APART));
  const tables = await explorer.sceneText();
  const walks = tables.find((one) => one.includes('Page-table walks'));
  expect(walks).toContain('0x7f5a40400000');
  expect(walks).toContain('parent, b');
});
