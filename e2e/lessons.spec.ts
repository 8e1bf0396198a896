// Every lesson from its first beat to its last: with nothing but the keyboard, and with a thumb on a phone.
import { readFileSync } from 'node:fs';
import { expect, test, type Locator, type Page } from '@playwright/test';
import { course } from '../src/lessons/course/index.ts';
import { Explorer } from './helpers/explorer.ts';

/** The beat is on the screen, the picture stands at it, and nothing was missing. */
async function standsAt(panel: Locator, beat: number, of: number): Promise<void> {
  await expect(panel.getByText(`Beat ${beat} of ${of}`)).toBeVisible();
  await expect(panel.getByText('You are at this beat')).toBeVisible();
}
const notices = (page: Page): Locator => page.getByText('Not everything in this link could be opened.');

/** Answers the question of a beat, if it has one: the first option, right or wrong, and there is a reason. */
async function predict(
  page: Page,
  panel: Locator,
  press: (button: Locator) => Promise<void>,
): Promise<boolean> {
  const box = panel.getByRole('region', { name: 'Predict' });
  if ((await box.count()) === 0) return false;
  await press(box.locator('.beat-option').first());
  await expect(box.getByText(/^(Right\.|No: )/)).toBeVisible();
  await expect(notices(page)).toHaveCount(0);
  return true;
}

test('every lesson, by keyboard alone', async ({ page }) => {
  // A hundred and thirty beats, on a machine that may do other things as well.
  test.setTimeout(300_000);
  const explorer = new Explorer(page);
  await explorer.open();
  // Into the panel by the palette; from then on Tab, Shift+Tab and Enter.
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('dialog').getByRole('combobox')).toBeFocused();
  await page.keyboard.type('Open the lessons');
  await page.keyboard.press('Enter');
  const panel = page.getByRole('region', { name: 'Lessons', exact: true });
  const enter = async (button: Locator): Promise<void> => {
    await button.focus();
    await page.keyboard.press('Enter');
  };
  let asked = 0;
  await expect(panel.getByRole('button', { name: new RegExp(course[0]!.title) })).toBeVisible();
  for (let i = 0; i < 80; i += 1) {
    await page.keyboard.press('Tab');
    const focused = await page.evaluate(() => document.activeElement?.textContent ?? '');
    if (focused.includes(course[0]!.title)) break;
  }
  await page.keyboard.press('Enter');
  for (const { title, beats } of course) {
    await expect(panel.getByText(title, { exact: true })).toBeVisible();
    for (let beat = 1; beat <= beats; beat += 1) {
      await standsAt(panel, beat, beats);
      await expect(
        panel.getByRole('region', { name: `Beat ${beat} of ${beats}` }).getByRole('heading'),
      ).toBeVisible();
      if ((await panel.getByText('Asking the model.').count()) > 0)
        await expect(panel.getByText('Asking the model.')).toHaveCount(0);
      if (await predict(page, panel, enter)) asked += 1;
      await enter(
        panel.getByRole('button', { name: beat < beats ? 'Next beat' : /Next lesson|End of the lesson/ }),
      );
    }
  }
  expect(asked).toBeGreaterThan(course.length);
  // The last one leads back to the course, where all are done.
  await expect(panel.getByText(/^done/)).toHaveCount(course.length);
  // The address follows a moment later, and a page that is loaded again opens what it says.
  await expect(page).not.toHaveURL(/#\/l\//);
  await page.reload();
  await explorer.idle();
  const again = await explorer.panel('Lessons');
  await expect(again.getByText(/^done/)).toHaveCount(course.length);
});

test.describe('with a thumb', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  test('every lesson, on a phone', async ({ page }) => {
    test.setTimeout(300_000);
    await page.goto('/');
    await page.getByRole('button', { name: 'Menu' }).tap();
    await page.getByRole('dialog').getByRole('button', { name: 'Lessons' }).tap();
    const panel = page.getByRole('region', { name: 'Lessons', exact: true });
    await panel.getByRole('button', { name: new RegExp(course[0]!.title) }).tap();
    for (const { beats } of course) {
      for (let beat = 1; beat <= beats; beat += 1) {
        await standsAt(panel, beat, beats);
        await expect(panel.getByRole('region', { name: `Beat ${beat} of ${beats}` })).toBeInViewport();
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
        await panel
          .getByRole('button', { name: beat < beats ? 'Next beat' : /Next lesson|End of the lesson/ })
          .tap();
      }
    }
    await expect(panel.getByText(/^done/)).toHaveCount(course.length);
  });
});

test('a wrong prediction opens where it is right, and the way back leads to the beat', async ({ page }) => {
  const explorer = new Explorer(page);
  await explorer.open();
  const panel = await explorer.panel('Lessons');
  await panel.getByRole('button', { name: /How a child reads/ }).click();
  for (let beat = 1; beat < 4; beat += 1) await panel.getByRole('button', { name: 'Next beat' }).click();
  await standsAt(panel, 4, 9);
  const box = panel.getByRole('region', { name: 'Predict' });
  await box.getByRole('button', { name: 'copy', exact: true }).click();
  await expect(box.getByText('No: reuse.')).toBeVisible();
  await expect(box.getByText('v5.7 asks “mapcount 1?” and finds 1: reuse.')).toBeVisible();
  await expect(box.getByText('It is copy on v5.9.')).toBeVisible();
  await box.getByRole('button', { name: 'Show where copy is right' }).click();
  await expect(explorer.sign('v5.9')).toHaveAttribute('aria-pressed', 'true');
  await panel.getByRole('button', { name: 'Come back to this beat' }).click();
  await expect(explorer.sign('v5.7')).toHaveAttribute('aria-pressed', 'true');
  await standsAt(panel, 4, 9);
});

test('a challenge is met by finding the order, and by nothing else', async ({ page }) => {
  const explorer = new Explorer(page);
  await explorer.open();
  const panel = await explorer.panel('Lessons');
  await panel.getByRole('button', { name: /How a child reads/ }).click();
  for (let beat = 1; beat < 9; beat += 1) await panel.getByRole('button', { name: 'Next beat' }).click();
  await standsAt(panel, 9, 9);
  const box = panel.getByRole('region', { name: 'Challenge' });
  await expect(box.getByText('Solved.')).toHaveCount(0);
  await explorer.toEnd();
  await expect(box.getByText('Solved.')).toHaveCount(0);
  // Before the parent’s store the child is let go first, by its number, as long as it can.
  await page.keyboard.press('Home');
  await page.getByRole('slider', { name: 'Step' }).focus();
  for (let i = 0; i < 26; i += 1) await explorer.step();
  await page.keyboard.press('2');
  await expect(box.getByText('Solved.')).toBeVisible();
});

/** The editor's own selection is all of the text before it is typed over. */
async function write(field: Locator, text: string): Promise<void> {
  await field.press('ControlOrMeta+a');
  await field.fill(text);
}

test('a lesson of one’s own: written, judged while it is typed, played, and kept', async ({ page }) => {
  test.setTimeout(90_000);
  const explorer = new Explorer(page);
  await explorer.open();
  const panel = await explorer.panel('Lessons');
  await panel.getByRole('button', { name: 'Write a lesson' }).click();
  const field = panel.getByRole('textbox', { name: 'Lesson text' });
  const mine = (key: string): string =>
    `lesson: Mine\nabout: One beat.\nminutes: 1\nscenario: zero-page\n\n## Only one\n${key}: v5.9\n` +
    'at: start\n\nWords.\n';
  await write(field, mine('modle'));
  const mistake = panel.getByRole('button', { name: /^Line 7, column 1/ });
  await expect(mistake).toContainText('`modle` is no key of a beat');
  await expect(mistake).toContainText('Did you mean model?');
  await expect(panel.getByRole('button', { name: /^Play it/ })).toBeDisabled();
  await mistake.click();
  await expect(field).toBeFocused();
  await write(field, mine('model'));
  await expect(panel.getByText('No mistakes.')).toBeVisible();
  // The picture follows the beat at the cursor.
  await expect(explorer.sign('v5.9')).toHaveAttribute('aria-pressed', 'true');
  await write(field, mine('model').replace('at: start', 'at: nobody@nowhere.end'));
  await expect(panel.getByRole('button', { name: /^Line 8, column 5/ })).toBeVisible();
  await write(field, mine('model'));
  await expect(panel.getByText('No mistakes.')).toBeVisible();
  // What the picture shows is a stop.
  await explorer.scrubber.focus();
  await explorer.step(2);
  await panel.getByRole('button', { name: 'Add a beat at this step' }).click();
  const list = panel.getByRole('list', { name: 'Beats' });
  await expect(list.getByRole('listitem')).toHaveCount(2);
  await expect(panel.getByText('No mistakes.')).toBeVisible();
  await panel.getByRole('button', { name: 'Play it: 2 beats' }).click();
  await standsAt(panel, 1, 2);
  await panel.getByRole('button', { name: 'Next beat' }).click();
  await expect(panel.getByRole('heading', { name: 'A beat', exact: true })).toBeVisible();
  await standsAt(panel, 2, 2);
  await explorer.isAt(2);
  await expect.poll(() => new URL(page.url()).hash).toMatch(/\?beat=2$/);
  await page.reload();
  await explorer.idle();
  await standsAt(panel, 2, 2);
  await expect(panel.getByText('Your lesson.')).toBeVisible();
  await panel.getByRole('button', { name: 'Go on writing' }).click();
  await expect(field).toContainText('lesson: Mine');
});

test('a lesson goes as a link and as a file, and never over what the visitor has written', async ({
  page,
  browser,
}) => {
  test.setTimeout(90_000);
  const text = readFileSync('fixtures/lessons/two-beats.lesson', 'utf8');
  const explorer = new Explorer(page);
  await explorer.open();
  const panel = await explorer.panel('Lessons');
  await panel.getByRole('button', { name: 'Write a lesson' }).click();
  await write(panel.getByRole('textbox', { name: 'Lesson text' }), text);
  const saved = page.waitForEvent('download');
  await panel.getByRole('button', { name: 'Save as a file' }).click();
  const file = await saved;
  expect(file.suggestedFilename()).toBe('two-beats.lesson');
  expect(readFileSync(await file.path(), 'utf8')).toBe(text);
  await panel.getByRole('button', { name: 'Play it: 2 beats' }).click();
  await panel.getByRole('button', { name: 'Next beat' }).click();
  await standsAt(panel, 2, 2);
  const link = await explorer.link();
  expect(link).toMatch(/^#\/l\/1d\.[\w-]+\?beat=2$/);

  const other = new Explorer(await (await browser.newContext()).newPage());
  await other.open();
  const there = await other.panel('Lessons');
  await there.getByRole('button', { name: 'Write a lesson' }).click();
  const field = there.getByRole('textbox', { name: 'Lesson text' });
  await write(field, text.replaceAll('Two beats', 'What I wrote'));
  await other.open(link);
  await standsAt(there, 2, 2);
  await expect(there.getByRole('heading', { name: 'Who has it' })).toBeVisible();
  await expect(there.getByRole('region', { name: 'Predict' })).toBeVisible();
  await expect(there.getByText('Yours is untouched.')).toBeVisible();
  await there.getByRole('button', { name: 'Keep as mine' }).click();
  await there.getByRole('button', { name: 'Go on writing' }).click();
  await expect(field).toContainText('lesson: Two beats');
  await there.getByRole('button', { name: 'Back to the text before' }).click();
  await expect(field).toContainText('lesson: What I wrote');

  // A file that is dropped anywhere.
  const data = await other.page.evaluateHandle((content) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([content], 'two-beats.lesson'));
    return transfer;
  }, text);
  await other.page.locator('body').dispatchEvent('drop', { dataTransfer: data });
  const dialog = other.page.getByRole('dialog');
  await expect(dialog).toContainText('A lesson: Two beats');
  await dialog.getByRole('button', { name: 'Open the lesson' }).click();
  await standsAt(there, 1, 2);
  await expect(there.getByText('Yours is untouched.')).toBeVisible();

  // One with a mistake says where, and is not played.
  await other.open(`#/l/1t.${encodeURIComponent(text.replace('model:', 'modle:'))}?beat=2`);
  await expect(there.getByText('This lesson has mistakes, and cannot be played.')).toBeVisible();
  await expect(there.getByRole('alert')).toContainText('Line 7: `modle` is no key of a beat');
  await other.page.context().close();
});

test('progress goes to another browser as a file, and joins what is known there', async ({
  page,
  browser,
}) => {
  test.setTimeout(90_000);
  const explorer = new Explorer(page);
  await explorer.open('#/l/one-page?beat=1');
  const panel = page.getByRole('region', { name: 'Lessons', exact: true });
  await standsAt(panel, 1, 9);
  await panel.getByRole('button', { name: 'Next beat' }).click();
  await standsAt(panel, 2, 9);
  await panel.getByRole('button', { name: 'All lessons' }).click();
  const score = panel.getByRole('region', { name: 'Your progress' });
  await expect(score).toContainText(/^Your progress2 of \d+ beats seen/);
  const saved = page.waitForEvent('download');
  await score.getByRole('button', { name: 'Save progress' }).click();
  const file = await (await saved).path();

  const other = new Explorer(await (await browser.newContext()).newPage());
  await other.open('#/l/one-page?beat=3');
  const there = other.page.getByRole('region', { name: 'Lessons', exact: true });
  await standsAt(there, 3, 9);
  await there.getByRole('button', { name: 'All lessons' }).click();
  const theirs = there.getByRole('region', { name: 'Your progress' });
  await theirs.getByLabel('File of progress').setInputFiles('package.json');
  await expect(theirs).toContainText('package.json holds no progress of this course.');
  await theirs.getByLabel('File of progress').setInputFiles(file);
  await expect(theirs).toContainText(/3 of \d+ beats seen/);
  await expect(there.getByRole('button', { name: /One process, one page/ })).toContainText(
    '3 of 9 beats seen',
  );
  await other.page.context().close();
});
