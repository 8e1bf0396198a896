// A lesson on paper: as many frames as beats, none cut over two sheets, nothing of the explorer on them.
import { AxeBuilder } from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { course } from '../src/lessons/course/index.ts';
import { Explorer } from './helpers/explorer.ts';

/** Pixels of a sheet between margins of 12 mm. */
const SHEETS = {
  A4: { width: Math.floor((186 / 25.4) * 96), height: Math.floor((273 / 25.4) * 96) },
  Letter: { width: Math.floor(7.555 * 96), height: Math.floor(10.055 * 96) },
} as const;

async function openHandout(page: Page, title: string): Promise<void> {
  const explorer = new Explorer(page);
  await explorer.open();
  const panel = await explorer.panel('Lessons');
  await panel.getByRole('button', { name: new RegExp(title) }).click();
  await expect(panel.getByText('You are at this beat')).toBeVisible();
  await panel.getByRole('button', { name: 'Handout', exact: true }).click();
  await expect(page.getByRole('dialog', { name: 'Handout', exact: true })).toHaveAttribute(
    'aria-busy',
    'false',
  );
}

/** Every picture has come, and is where its frame is. */
async function drawn(page: Page): Promise<void> {
  await expect
    .poll(() =>
      page.evaluate(() =>
        [...document.querySelectorAll<HTMLImageElement>('.handout img')].every(
          (one) => one.complete && one.naturalWidth > 0,
        ),
      ),
    )
    .toBe(true);
}

for (const id of ['vmsplice-leak', 'large-folios']) {
  const entry = course.find((one) => one.id === id)!;
  test(`${id}: a frame for each beat, on A4 and on letter`, async ({ page }) => {
    await openHandout(page, entry.title);
    await drawn(page);
    await page.emulateMedia({ media: 'print' });
    const frames = page.locator('.handout-frame');
    await expect(frames).toHaveCount(entry.beats);
    await expect(page.getByRole('navigation', { name: 'Panels' })).toBeHidden();
    await expect(page.getByRole('button', { name: /^Print/ })).toBeHidden();
    for (const [format, { width, height }] of Object.entries(SHEETS)) {
      await page.setViewportSize({ width, height });
      const shown = await frames.evaluateAll((all) =>
        all.map((frame) => {
          const inside = [...frame.querySelectorAll('*')].map((one) => one.getBoundingClientRect());
          const { left, right, height: high } = frame.getBoundingClientRect();
          const clipped = inside.some((one) => one.left < left - 1 || one.right > right + 1);
          return { clipped, high, hidden: frame.scrollWidth - frame.clientWidth };
        }),
      );
      for (const { clipped, high, hidden } of shown) {
        expect([clipped, hidden]).toEqual([false, 0]);
        // A frame that fits on a sheet is never broken.
        expect(high).toBeLessThan(height);
      }
      // Outlined, so that the file names every heading: the lesson, its frames, the answers.
      const file = (await page.pdf({ format, outline: true, tagged: true })).toString('latin1');
      const sheets = file.match(/\/Type \/Page\b/g)?.length ?? 0;
      expect(sheets).toBeGreaterThan(1);
      expect(sheets).toBeLessThanOrEqual(entry.beats);
      const inOutline = file.match(/\/Parent \d+ 0 R[^>]*\/Title/g) ?? file.match(/\/Title/g) ?? [];
      expect(inOutline.length).toBeGreaterThanOrEqual(entry.beats + 1);
    }
  });
}

test('answers are on their heads at the end, and questions have boxes to tick', async ({ page }) => {
  await openHandout(page, 'How a child reads');
  const handout = page.getByRole('dialog', { name: 'Handout', exact: true });
  const fourth = handout.locator('.handout-frame').nth(3);
  await expect(fourth.getByText('Does v5.7 copy the page, or reuse it in place?')).toBeVisible();
  await expect(fourth.getByRole('listitem')).toHaveText(['copy', 'reuse']);
  await expect(handout.locator('.handout-frame').getByText(/finds 1: reuse/)).toHaveCount(0);
  const answers = handout.locator('.handout-answers');
  await expect(answers.getByText('Frame 4: reuse.')).toBeAttached();
  expect(await answers.evaluate((one) => getComputedStyle(one).transform)).toMatch(/^matrix\(-1, /);
  // Its codes lead to where the beat stands.
  const code = fourth.getByRole('link', { name: 'Open frame 4 in Folioscope' });
  await expect(code).toHaveAttribute('href', /^http.*#\/l\/vmsplice-leak\?beat=4$/);
  await drawn(page);
  const { violations } = await new AxeBuilder({ page }).include('.handout-view').analyze();
  expect(violations.map((one) => `${one.id}: ${one.nodes[0]?.html}`)).toEqual([]);
  // Keys of the explorer mean nothing meanwhile; Escape leads back to where one was.
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Escape');
  await expect(handout).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Handout', exact: true })).toBeFocused();
  await expect(page.getByText('You are at this beat')).toBeVisible();
});

test('the course has a picture for each lesson, in the colours of the page, and says what is needed', async ({
  page,
}) => {
  const explorer = new Explorer(page);
  await explorer.open();
  const panel = await explorer.panel('Lessons');
  for (const { title, needs } of course) {
    const row = panel.getByRole('button', { name: new RegExp(title) });
    await row.scrollIntoViewIfNeeded();
    const picture = row.locator('img');
    await expect(picture).toHaveAttribute('src', /^blob:/);
    await expect.poll(() => picture.evaluate((one: HTMLImageElement) => one.naturalWidth)).toBe(360);
    await expect(row.getByText(/^Needs lesson \d+$/)).toHaveCount(needs.length === 0 ? 0 : 1);
  }
  const first = panel.locator('.lesson-picture img').first();
  const light = await first.getAttribute('src');
  await page.emulateMedia({ colorScheme: 'dark' });
  await expect(first).not.toHaveAttribute('src', light ?? '');
});
