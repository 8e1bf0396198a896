// Everything without a mouse, and nothing while somebody types.
import { expect, test, type Page } from '@playwright/test';
import { Explorer } from './helpers/explorer.ts';

test('a walk through the leak by keys alone, heard as well as seen', async ({ page }) => {
  const explorer = new Explorer(page);
  const { keyboard } = page;
  await explorer.open();
  await keyboard.press('n');
  await explorer.isAt(1);
  await expect(explorer.spoken).toContainText('Step 1 of');
  await keyboard.press('l');
  await explorer.isAt(2);
  await keyboard.press('PageDown');
  await explorer.isAt(3);
  await keyboard.press('p');
  await explorer.isAt(2);

  await keyboard.press('Shift+ArrowRight');
  await expect.poll(() => explorer.at()).toBeGreaterThan(5);
  await expect(explorer.spoken).toContainText('parent');
  await keyboard.press('Shift+ArrowLeft');
  await explorer.isAt(0);

  await keyboard.press('v');
  await explorer.see('Rule broken:');
  const broken = await explorer.at();
  await keyboard.press('Home');
  await explorer.isAt(0);
  await keyboard.press('g');
  await page.getByRole('textbox').fill(String(broken));
  await keyboard.press('Enter');
  await explorer.isAt(broken);

  await keyboard.press('y');
  await expect(page.getByRole('region', { name: 'How did “secret” get here?' })).toBeFocused();
  await keyboard.press('Control+k');
  await expect(page.getByRole('combobox')).toBeFocused();
  await keyboard.type('v5.9');
  await keyboard.press('Enter');
  await expect(explorer.sign('v5.9')).toHaveAttribute('aria-pressed', 'true');
  await explorer.idle();

  await keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keys and signs' })).toBeVisible();
  await keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
});

test('a lesson from its first to its last beat by keys alone, heard beat by beat', async ({ page }) => {
  test.setTimeout(120_000);
  const explorer = new Explorer(page);
  const { keyboard } = page;
  await explorer.open();
  await explorer.command('Open the lessons');
  const lessons = page.getByRole('region', { name: 'Lessons', exact: true });
  await expect(lessons.getByRole('heading', { name: 'Lessons', exact: true })).toBeFocused();
  await tabTo(page, 'How a child reads the parent’s secret', /^How a child reads/);
  await keyboard.press('Enter');
  for (let beat = 1; beat <= 9; beat += 1) {
    // It is read as it changes, and is in the order of the keys.
    const said = lessons.getByRole('region', { name: `Beat ${beat} of 9` });
    await expect(said).toHaveAttribute('aria-live', 'polite');
    await expect(lessons.getByText('You are at this beat')).toBeVisible();
    await explorer.idle();
    if (beat === 2) {
      // Leave it, look around, and come back.
      const at = await explorer.at();
      await keyboard.press('n');
      await explorer.isAt(at + 1);
      await expect(explorer.spoken).toContainText(`Step ${at + 1} of`);
      await tabTo(page, 'Come back to this beat', /^Come back to this beat$/);
      await keyboard.press('Enter');
      await explorer.isAt(at);
    }
    await tabTo(page, 'on', beat < 9 ? /^Next beat$/ : /^Next lesson$/);
    await keyboard.press('Enter');
  }
  await expect(lessons.getByText('Beat 1 of 9')).toBeVisible();
  await expect(explorer.sign('v5.8')).toHaveAttribute('aria-pressed', 'true');
});

/** Presses Tab until something of that name has the focus, as a person would; never by a shortcut. */
async function tabTo(page: Page, what: string, name: RegExp): Promise<void> {
  for (let i = 0; i < 90; i += 1) {
    const text = await page.evaluate(() => {
      const held = document.activeElement;
      return (held?.getAttribute('aria-label') ?? held?.textContent ?? '').trim();
    });
    if (name.test(text)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab does not come to ${what}`);
}

test('the space bar plays, but presses a button that has the focus', async ({ page }) => {
  const explorer = new Explorer(page);
  await explorer.open();
  await page.keyboard.press(' ');
  await expect(explorer.button('Pause')).toBeVisible();
  await page.keyboard.press(' ');
  await expect(explorer.button('Play').last()).toBeVisible();
  await explorer.button('To the end').focus();
  await page.keyboard.press(' ');
  await explorer.isAt(await explorer.last());
  await expect(explorer.button('Pause')).toHaveCount(0);
});

test('no key of ours works while somebody types, and Escape leaves the editor', async ({ page }) => {
  const explorer = new Explorer(page);
  await explorer.open();
  await explorer.panel('Source');
  await explorer.editor.focus();
  await page.keyboard.press('Control+End');
  await page.keyboard.type('# n p v ? 1 +');
  await explorer.hasText(/# n p v \? 1 \+$/);
  await explorer.isAt(0);
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await explorer.leaveEditor();
});

test('single keys can be switched off; arrows stay', async ({ page }) => {
  const explorer = new Explorer(page);
  await explorer.open();
  await explorer.button('Help: keys and signs').click();
  await page.getByRole('checkbox', { name: /Keys of one letter/ }).uncheck();
  await page.keyboard.press('Escape');
  await page.keyboard.press('n');
  await page.keyboard.press('ArrowRight');
  await explorer.isAt(1);
  await explorer.link();
  await page.reload();
  await explorer.idle();
  await page.keyboard.press('n');
  await page.keyboard.press('ArrowRight');
  await explorer.isAt(2);
});
