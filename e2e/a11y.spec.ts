// Every main view through axe, light and dark; and nothing that a narrow page would cut off.
import { AxeBuilder } from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import { Explorer } from './helpers/explorer.ts';

const views: Readonly<Record<string, (explorer: Explorer) => Promise<unknown>>> = {
  'first visit': () => Promise.resolve(),
  explorer: (explorer) => explorer.step(30),
  leak: (explorer) => explorer.toEnd(),
  source: (explorer) => explorer.panel('Source'),
  language: async (explorer) => {
    const source = await explorer.panel('Source');
    await source.getByRole('button', { name: 'Language' }).click();
    await explorer.see(/^\d+ of \d+ operations/);
  },
  gallery: (explorer) => explorer.panel('Gallery'),
  check: (explorer) => explorer.panel('Check'),
  matrix: (explorer) => explorer.panel('Matrix'),
  'debug, stops': async (explorer) => {
    await explorer.step(8);
    await explorer.page.keyboard.press('b');
    await explorer.panel('Debug');
  },
  'debug, branches': async (explorer) => {
    const panel = await explorer.panel('Debug');
    await panel.getByRole('tab', { name: 'What if' }).click();
    await panel.getByRole('button', { name: 'Go by chance' }).click();
    await panel.getByRole('tab', { name: 'Branches' }).click();
    await panel.getByRole('button', { name: /^Bookmark this/ }).click();
  },
  code: async (explorer) => {
    const panel = await explorer.panel('Code');
    await explorer.step(30);
    await panel.getByRole('region', { name: 'This step in other kernels' }).waitFor();
  },
  settings: (explorer) => explorer.page.keyboard.press(','),
  evidence: (explorer) => explorer.panel('Evidence'),
  lessons: (explorer) => explorer.panel('Lessons'),
  handout: async (explorer) => {
    await explorer.open('#/l/vmsplice-leak?beat=4');
    await explorer.button('Handout').click();
    await explorer.see('One frame for each beat; the answers are on the last page.');
  },
  'a lesson that is written': async (explorer) => {
    const panel = await explorer.panel('Lessons');
    await panel.getByRole('button', { name: 'Write a lesson' }).click();
    await panel.getByRole('list', { name: 'Beats' }).waitFor();
  },
  'a lesson with mistakes': async (explorer) => {
    await explorer.open('#/l/1t.lesson:%20Mine?beat=1');
    await explorer.see('This lesson has mistakes, and cannot be played.');
  },
  audience: async (explorer) => {
    await explorer.page.goto('#/l/vmsplice-leak?beat=4&present=1');
    await explorer.page.getByRole('region', { name: 'Predict' }).waitFor();
    await explorer.page.keyboard.press('PageDown');
    await explorer.page.getByRole('meter').first().waitFor();
  },
  speaker: async (explorer) => {
    await explorer.page.goto('#/l/vmsplice-leak?beat=4&present=1&speaker=1');
    await explorer.page.getByRole('region', { name: 'Predict' }).waitFor();
    await explorer.page.keyboard.press('r');
    await explorer.page.getByRole('meter').first().waitFor();
  },
  scenes: async (explorer) => {
    await explorer.page.goto('#/l/vmsplice-leak?beat=4&present=1');
    await explorer.page.getByRole('region', { name: 'Predict' }).waitFor();
    await explorer.page.keyboard.press('o');
    await explorer.page
      .getByRole('dialog')
      .getByRole('button', { name: /Copy, or reuse/ })
      .waitFor();
  },
  compare: async (explorer) => {
    await explorer.button('Compare').click();
    await explorer.see('What does it cost?');
  },
  memory: async (explorer) => {
    await explorer.step(30);
    await (await explorer.panel('Memory')).getByRole('region', { name: 'Physical memory' }).waitFor();
  },
  states: async (explorer) => {
    await explorer.command('Open the map of all states');
    await explorer.see('Where do rules break first?');
  },
  'rule sandbox': async (explorer) => {
    await explorer.command('Compose a rule set');
    await explorer.page.getByRole('radio', { name: /^one page table maps it/ }).check();
    await explorer.see(/^Every order of \d+ scenarios was tried/);
  },
  lens: async (explorer) => {
    await explorer.toEnd();
    await explorer.button(/^Show the decision/).click();
    await explorer.see('marked exclusive');
  },
  help: (explorer) => explorer.page.keyboard.press('?'),
  glossary: (explorer) => explorer.command('Open the glossary'),
  'a word': async (explorer) => {
    const lessons = await explorer.panel('Lessons');
    await lessons.getByRole('button', { name: 'What a reference is' }).click();
    await lessons.getByRole('button', { name: 'mapcount', exact: true }).click();
    await explorer.page.locator('[popover]:popover-open').waitFor();
  },
  share: (explorer) => explorer.page.keyboard.press('s'),
  export: (explorer) => explorer.page.keyboard.press('x'),
  import: (explorer) => explorer.page.keyboard.press('o'),
  'kernel picker': (explorer) => explorer.page.keyboard.press('k'),
  palette: (explorer) => explorer.page.keyboard.press('Control+k'),
  'large folio': async (explorer) => {
    await explorer.open('#/s/thp-last-sharer?model=v6.18');
    await explorer.step(40);
  },
  'huge pool': async (explorer) => {
    await explorer.open('#/s/huge-page-pool-empty?model=v6.12');
    await explorer.step(30);
  },
  table: (explorer) =>
    explorer.page.getByRole('main').getByRole('button', { name: 'Table', exact: true }).click(),
};

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme, reducedMotion: 'reduce' });
    for (const [name, go] of Object.entries(views)) {
      test(`${name} has nothing that axe finds`, async ({ page }) => {
        const explorer = new Explorer(page);
        await explorer.open();
        await go(explorer);
        await page.waitForLoadState('networkidle');
        const { violations } = await new AxeBuilder({ page }).analyze();
        const found = violations.flatMap(({ id, nodes }) =>
          nodes.map((node) => `${id}: ${node.html.slice(0, 120)}`),
        );
        expect(found).toEqual([]);
      });
    }
  });
}

const sizes = [
  [1440, 900],
  [1280, 800],
  [1024, 768],
  [768, 1024],
  [390, 844],
  [360, 640],
] as const;

for (const [width, height] of sizes) {
  test(`${width} by ${height}: nothing is cut off at the side, and stepping works`, async ({ page }) => {
    await page.setViewportSize({ width, height });
    const explorer = new Explorer(page);
    await explorer.open();
    for (const steps of [0, 25, 20]) {
      if (steps > 0) await explorer.step(steps);
      const excess = await page.evaluate(() => {
        const { scrollWidth, clientWidth } = document.documentElement;
        return scrollWidth - clientWidth;
      });
      expect(excess).toBe(0);
      await expect(explorer.scrubber).toBeInViewport();
    }
    if (width < 640) {
      await page.getByRole('button', { name: 'Next', exact: true }).click();
      await explorer.isAt(46);
      await page.getByRole('button', { name: 'Back', exact: true }).click();
      await explorer.isAt(45);
    }
  });
}
