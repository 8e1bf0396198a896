// The docs as pages of the build: in the colours of the app, and its help leads there.
import { AxeBuilder } from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import { Explorer } from './helpers/explorer.ts';

test('the help leads to the docs, and the docs lead back', async ({ page }) => {
  const explorer = new Explorer(page);
  await explorer.open();
  await page.keyboard.press('?');
  const [docs] = await Promise.all([
    page.waitForEvent('popup'),
    page.getByRole('link', { name: 'Read the docs', exact: true }).click(),
  ]);
  await expect(docs.getByRole('heading', { name: 'Folioscope', exact: true, level: 1 })).toBeVisible();
  await docs
    .getByRole('navigation', { name: 'Pages' })
    .getByRole('link', { name: 'Read the picture' })
    .click();
  await expect(docs.getByRole('heading', { name: 'Read the picture', exact: true })).toBeVisible();
  const picture = docs.getByRole('img');
  await expect.poll(() => picture.evaluate((one: HTMLImageElement) => one.naturalWidth)).toBeGreaterThan(800);
  await docs.getByRole('link', { name: 'Open Folioscope', exact: true }).click();
  await expect(docs.getByRole('navigation', { name: 'Panels' })).toBeVisible();
});

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme });
    for (const [width, height] of [
      [1280, 800],
      [360, 640],
    ] as const) {
      test(`pages at ${width} have nothing that axe finds, and nothing is cut off`, async ({ page }) => {
        const complaints: string[] = [];
        page.on('console', (message) => {
          if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
        });
        await page.setViewportSize({ width, height });
        for (const name of ['index', 'language', 'how-to/add-an-operation']) {
          await page.goto(`/docs/${name}.html`);
          await expect(page.getByRole('main').getByRole('heading', { level: 1 })).toBeVisible();
          expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
          const { violations } = await new AxeBuilder({ page }).analyze();
          expect(violations.map((one) => `${one.id}: ${one.nodes[0]?.html}`)).toEqual([]);
        }
        expect(complaints).toEqual([]);
      });
    }
  });
}
