// What moves while one steps: something usually, nothing for those who have asked for none.
import { expect, test, type Page } from '@playwright/test';
import { Explorer } from './helpers/explorer.ts';

/** Goes through all operations of a run, and counts in every frame what is moving. */
async function movesOf(page: Page): Promise<number> {
  await page.evaluate(() => {
    const counter = globalThis as unknown as { moving: number };
    counter.moving = 0;
    for (const name of ['transitionrun', 'animationstart'])
      document.addEventListener(name, () => (counter.moving += 1));
    const look = (): void => {
      counter.moving += document.getAnimations().length;
      requestAnimationFrame(look);
    };
    look();
  });
  const explorer = new Explorer(page);
  const last = await explorer.last();
  for (let at = 0; at < last; at = await explorer.at()) {
    await page.keyboard.press('Shift+ArrowRight');
    await expect.poll(() => explorer.at()).toBeGreaterThan(at);
  }
  return page.evaluate(() => (globalThis as unknown as { moving: number }).moving);
}

test('a run moves where something changes', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'no-preference' });
  await new Explorer(page).open('#/s/vmsplice-leak?model=v5.7');
  expect(await movesOf(page)).toBeGreaterThan(0);
});

test('with reduced motion a whole run has no transition and no animation', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await new Explorer(page).open('#/s/vmsplice-leak?model=v5.7');
  expect(await movesOf(page)).toBe(0);
});

test('nor with the setting of the page', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'no-preference' });
  await page.addInitScript(() => localStorage.setItem('folioscope.settings', '{"motion":"none"}'));
  await new Explorer(page).open('#/s/vmsplice-leak?model=v5.7');
  expect(await movesOf(page)).toBe(0);
});
