// Panes that belong together: what is pointed at in one is lit in the others.
import { expect, test } from '@playwright/test';
import { Explorer } from './helpers/explorer.ts';

test('what is pointed at is lit wherever it stands', async ({ page }) => {
  const explorer = new Explorer(page);
  await explorer.open('#/s/vmsplice-leak?model=v5.7');
  await explorer.step(20);
  // The part of the page that does it comes behind the first picture.
  const pipe = page.locator('[data-id="pte:parent:a.0"]');
  const lit = page.locator('[data-pointed]');
  await expect(async () => {
    await page.mouse.move(2, 2);
    await pipe.hover();
    expect(await lit.count()).toBeGreaterThan(2);
  }).toPass();
  // Its edge and its token in the picture, and the line of the inspector about its reference.
  await expect(page.locator('.edge[data-pointed]')).not.toHaveCount(0);
  await expect(page.locator('[data-id^="token:"][data-pointed]')).toHaveCount(1);
  const holder = page.getByRole('complementary', { name: 'Inspector' }).locator('li[data-pointed]');
  await expect(holder).toContainText('parent a.0');

  // The other way round, by keys: a step number lights the operation that it lies in.
  const since = holder.getByRole('button', { name: /^step \d+$/ });
  await since.focus();
  await expect(page.locator('.op[data-pointed]')).toHaveCount(1);
  await expect(page.locator('.op[data-pointed]')).toContainText('store a.0');
  await page.mouse.move(2, 2);
  await expect(lit).toHaveCount(0);
});
