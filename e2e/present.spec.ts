// A lesson in a room: written, shared, shown to an audience, with a second window for whoever speaks.
import { expect, test, type Locator, type Page } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { Explorer } from './helpers/explorer.ts';

const TEXT = readFileSync('fixtures/lessons/two-beats.lesson', 'utf8');

const words = (page: Page): Locator => page.getByRole('heading', { level: 1 });
const now = (speaker: Page): Locator => speaker.getByRole('region', { name: 'Now', exact: true });
const question = (page: Page): Locator => page.getByRole('region', { name: 'Predict' });
const hands = (page: Page, answer: string): Locator =>
  page.getByRole('status', { name: `Hands for ${answer}`, exact: true });
const blank = (page: Page): Locator => page.getByText('The screen is blank.');

/** The audience's window at a beat, without the tools. */
async function presented(page: Page, title: string): Promise<void> {
  await expect(words(page)).toHaveText(title);
  await expect(page.getByRole('navigation', { name: 'Panels' })).toHaveCount(0);
  await expect(page.locator('[aria-busy=true]')).toHaveCount(0);
}

/** `s` opens the second window, which is there when it knows the beat. */
async function openSpeaker(page: Page, title: string): Promise<Page> {
  const opened = page.waitForEvent('popup');
  await page.keyboard.press('s');
  const speaker = await opened;
  await expect(now(speaker).getByRole('heading', { name: title, exact: true })).toBeVisible();
  await expect(speaker.getByText('Connected to the audience’s window.')).toBeVisible();
  return speaker;
}

test('a teacher’s path: write two beats, share them, present them with a second window', async ({
  page,
  browser,
}) => {
  test.setTimeout(180_000);
  const writer = new Explorer(page);
  await writer.open();
  const panel = await writer.panel('Lessons');
  await panel.getByRole('button', { name: 'Write a lesson' }).click();
  const field = panel.getByRole('textbox', { name: 'Lesson text' });
  await field.press('ControlOrMeta+a');
  await field.fill(TEXT);
  await panel.getByRole('button', { name: 'Play it: 2 beats' }).click();
  await expect(panel.getByText('Beat 1 of 2')).toBeVisible();
  const link = await writer.link();

  // Somebody else opens it, and presents it.
  const room = await browser.newContext();
  const audience = await room.newPage();
  const explorer = new Explorer(audience);
  await explorer.open(link);
  const lessons = audience.getByRole('region', { name: 'Lessons', exact: true });
  await expect(lessons.getByText('You are at this beat')).toBeVisible();
  await lessons.getByRole('button', { name: 'Present', exact: true }).click();
  await presented(audience, 'After the fork');
  const speaker = await openSpeaker(audience, 'After the fork');
  await expect(now(speaker)).toContainText('Point at the two arrows.');
  await expect(speaker.getByRole('region', { name: 'Next', exact: true })).toContainText('Who has it');
  await expect(speaker.getByRole('timer')).toContainText(/\d:\d\d of 2 min/);
  await expect(speaker.getByText('Beat 1 of 2')).toBeVisible();
  // Notes are for the speaker.
  await expect(audience.getByText('Point at the two arrows.')).toHaveCount(0);

  // The speaker leads ...
  await speaker.getByRole('button', { name: 'Next', exact: true }).click();
  await presented(audience, 'Who has it');
  await expect(question(audience)).toBeVisible();
  await expect(now(speaker)).toContainText('Count hands before you show it.');
  // ... and so does whoever stands at the audience's machine, with a remote.
  await audience.bringToFront();
  await audience.keyboard.press('PageUp');
  await expect(now(speaker).getByRole('heading', { name: 'After the fork', exact: true })).toBeVisible();
  await audience.keyboard.press('PageDown');
  await presented(audience, 'Who has it');
  await expect(now(speaker).getByRole('heading', { name: 'Who has it', exact: true })).toBeVisible();

  // A show of hands: keys in the one window, keys and buttons in the other.
  const answers = await question(speaker).locator('.asked-text').allTextContents();
  const names = answers.map((one) => one.replace(/: the right answer$/, ''));
  expect(names.length).toBeGreaterThan(1);
  const [first = '', second = ''] = names;
  await expect(hands(audience, first)).toHaveText('0');
  for (const key of ['1', '1', '1', '2', 'Shift+Digit1']) await audience.keyboard.press(key);
  await expect(hands(audience, first)).toHaveText('2');
  await expect(hands(speaker, first)).toHaveText('2');
  await expect(hands(speaker, second)).toHaveText('1');
  await question(speaker)
    .getByRole('button', { name: `A hand for ${second}`, exact: true })
    .click();
  await expect(hands(audience, second)).toHaveText('2');
  // The audience does not see what is right before it is shown: the remote's next key does that.
  await expect(question(audience).getByText(': the right answer')).toHaveCount(0);
  await audience.keyboard.press('PageDown');
  await expect(question(audience).getByText(': the right answer')).toHaveCount(1);
  await expect(question(audience).getByRole('meter')).toHaveCount(names.length);
  await expect(question(speaker).getByRole('meter')).toHaveCount(names.length);

  // Blank, from either side.
  await audience.keyboard.press('b');
  await expect(blank(audience)).toBeAttached();
  await expect(speaker.getByText('The audience sees a blank screen.')).toBeVisible();
  await speaker.getByRole('button', { name: 'Blank the screen' }).click();
  await expect(blank(audience)).toHaveCount(0);

  // A window that is closed is noticed; one that opens late shows what is shown.
  await speaker.close();
  await expect(audience.getByText('Speaker’s window is open')).toHaveCount(0);
  const again = await openSpeaker(audience, 'Who has it');
  await expect(hands(again, second)).toHaveText('2');
  await expect(audience.getByText('Speaker’s window is open')).toBeVisible();
  // So does the audience's, loaded anew.
  await again.getByRole('button', { name: 'Back', exact: true }).click();
  await presented(audience, 'After the fork');
  await audience.reload();
  await presented(audience, 'After the fork');
  await again.getByRole('button', { name: 'Next', exact: true }).click();
  await presented(audience, 'Who has it');
  await audience.close();
  await expect(again.getByText('The audience’s window is closed')).toBeVisible();
  await room.close();
});

test('without a lesson: steps, play, bookmarks; and two presentations do not mix', async ({ page }) => {
  test.setTimeout(120_000);
  const explorer = new Explorer(page);
  await explorer.open('#/s/vmsplice-leak?model=v5.7&at=10');
  await page.keyboard.press('m');
  await explorer.command('For an audience');
  await expect(page.getByRole('navigation', { name: 'Panels' })).toHaveCount(0);
  await page.keyboard.press('PageDown');
  await explorer.isAt(11);
  await page.keyboard.press('PageUp');
  await page.keyboard.press('Shift+PageUp');
  await explorer.isAt(9);
  await page.keyboard.press('o');
  const list = page.getByRole('dialog', { name: 'Beats and bookmarks' });
  await expect(list.getByRole('button', { name: /step 10$/ })).toBeVisible();
  await page.keyboard.press('1');
  await expect(list).toHaveCount(0);
  await explorer.isAt(10);
  await page.keyboard.press('.');
  await expect.poll(() => explorer.at()).toBeGreaterThan(11);
  await page.keyboard.press('.');
  const there = await explorer.at();

  // The link of an audience's window in another tab is another presentation.
  const opened = page.waitForEvent('popup');
  await page.keyboard.press('s');
  const speaker = new Explorer(await opened);
  await expect(speaker.page.getByText('Connected to the audience’s window.')).toBeVisible();
  const other = new Explorer(await page.context().newPage());
  await other.open('#/s/vmsplice-leak?model=v5.7&at=3&present=1');
  await other.isAt(3);
  await expect(other.page.getByText('Speaker’s window is open')).toHaveCount(0);
  await other.page.keyboard.press('PageDown');
  await other.isAt(4);
  await speaker.page.getByRole('button', { name: 'Next', exact: true }).click();
  await explorer.isAt(there + 1);
  await other.isAt(4);
  await page.bringToFront();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('navigation', { name: 'Panels' })).toBeVisible();
  await expect(speaker.page.getByText('has left the presentation')).toBeVisible();
});

test('its keys are in the sheet, can be changed, and single ones switched off', async ({ page }) => {
  test.setTimeout(90_000);
  const explorer = new Explorer(page);
  // A beat that stands has no line of steps to wait for.
  await page.goto('/#/l/vmsplice-leak?beat=4&present=1');
  await expect(question(page)).toBeVisible();
  await page.keyboard.press('?');
  const sheet = page.getByRole('dialog');
  await expect(sheet).toContainText('Blank the screen, or show it again');
  await expect(sheet).toContainText('count a hand for answer 1 to 9');
  await sheet.getByRole('checkbox').uncheck();
  await page.keyboard.press('Escape');
  for (const key of ['b', '1', '.']) await page.keyboard.press(key);
  // Named keys work all the same, and every one of the others has a button.
  await page.keyboard.press('PageDown');
  await expect(question(page).getByText(': the right answer')).toHaveCount(1);
  await expect(blank(page)).toHaveCount(0);
  await expect(hands(page, 'copy')).toHaveText('0');
  await explorer.button('A hand for copy').click();
  await expect(hands(page, 'copy')).toHaveText('1');
  await explorer.command('Settings');
  await page.getByRole('button', { name: 'Change the key of: Blank the screen, or show it again' }).click();
  await page.keyboard.press('F2');
  await page.keyboard.press('Escape');
  await page.keyboard.press('F2');
  await expect(blank(page)).toBeAttached();
  await page.keyboard.press('F2');
  await expect(blank(page)).toHaveCount(0);
});

test('words are at least half as large again as beside the tools', async ({ page }) => {
  const explorer = new Explorer(page);
  const size = (one: Locator): Promise<number> =>
    one.evaluate((node) => Number.parseFloat(getComputedStyle(node).fontSize));
  await explorer.open('#/l/vmsplice-leak?beat=2');
  const panel = page.getByRole('region', { name: 'Lessons', exact: true });
  const title = await size(panel.getByRole('heading', { level: 3 }));
  const text = await size(panel.getByRole('region', { name: 'Beat 2 of 9' }).getByRole('paragraph').first());
  const caption = await size(page.getByText('Step 34 of 59').first());
  await panel.getByRole('button', { name: 'Present', exact: true }).click();
  await expect(words(page)).toBeVisible();
  expect(await size(words(page))).toBeGreaterThanOrEqual(title * 1.5);
  expect(await size(page.getByRole('main').getByRole('paragraph').first())).toBeGreaterThanOrEqual(
    text * 1.5,
  );
  await page.keyboard.press('Shift+PageDown');
  expect(await size(page.getByText('Step 35 of 59').first())).toBeGreaterThanOrEqual(caption * 1.5);
});
