// Words of the field are explained where they appear: to a mouse, a keyboard, a thumb and a reader of screens.
import { expect, test, type Locator, type Page } from '@playwright/test';
import { Explorer } from './helpers/explorer.ts';

test.describe.configure({ timeout: 60_000 });

const REFERENCE = 'What a reference is';

async function lesson(explorer: Explorer, title: string): Promise<Locator> {
  const panel = await explorer.panel('Lessons');
  await panel.getByRole('button', { name: title }).click();
  const beat = panel.getByRole('region', { name: /^Beat 1 of/ });
  await expect(beat).toBeVisible();
  return beat;
}

const word = (where: Locator, name: string): Locator => where.getByRole('button', { name, exact: true });
const sheet = (page: Page): Locator => page.locator('[popover]:popover-open');

test('a word of a lesson is explained where it comes first: by mouse', async ({ page }) => {
  const explorer = new Explorer(page);
  await explorer.open();
  const beat = await lesson(explorer, REFERENCE);
  const mapcount = word(beat, 'mapcount');
  await expect(mapcount).toHaveCount(1);
  await mapcount.hover();
  await expect(sheet(page)).toContainText('How many entries of page tables point at a folio.');
  // Onto the sheet, and it stays; away from it, and it goes.
  await sheet(page).getByText('How many entries').hover();
  await expect(sheet(page)).toBeVisible();
  await page.mouse.move(5, 5);
  await expect(sheet(page)).toHaveCount(0);
});

test('by keyboard: it opens with the focus, Escape closes it, Enter opens it again', async ({ page }) => {
  const explorer = new Explorer(page);
  await explorer.open();
  const beat = await lesson(explorer, REFERENCE);
  const mapcount = word(beat, 'mapcount');
  await expect(mapcount).toHaveAttribute('aria-description', /^How many entries of page tables/);
  await page.getByRole('button', { name: 'All lessons' }).focus();
  await explorer.tabTo(mapcount);
  await expect(sheet(page)).toContainText('How many entries');
  await expect(mapcount).toHaveAttribute('aria-expanded', 'true');
  await page.keyboard.press('Escape');
  await expect(sheet(page)).toHaveCount(0);
  await expect(beat, 'the panel stays').toBeVisible();
  await expect(mapcount).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(sheet(page)).toBeVisible();
  // Into the sheet, and from there to all words.
  await page.keyboard.press('Tab');
  await expect(sheet(page).getByRole('button', { name: 'Glossary' })).toBeFocused();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Glossary' });
  await expect(dialog.locator('[data-word=mapcount]')).toBeFocused();
  await expect(sheet(page)).toHaveCount(0);
});

test('the name is that of the kernel on the screen', async ({ page }) => {
  const explorer = new Explorer(page);
  await explorer.open();
  await lesson(explorer, 'The store that userfaultfd lost');
  await page.getByRole('button', { name: 'Next beat' }).click();
  const beat = page.getByRole('region', { name: /^Beat 2 of/ });
  await word(beat, 'mmap_lock').hover();
  await expect(sheet(page)).toContainText('mmap_sem until v5.7, mmap_lock since v5.8');
  await expect(sheet(page).locator('.strong', { hasText: 'mmap_lock' }).last()).toBeVisible();
});

test.describe('with a thumb', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  test('on a phone a tap opens it, and a tap elsewhere closes it', async ({ page }) => {
    await page.goto('/');
    await page.getByRole('button', { name: 'Menu' }).tap();
    await page.getByRole('dialog').getByRole('button', { name: 'Lessons' }).tap();
    const panel = page.getByRole('region', { name: 'Lessons', exact: true });
    await panel.getByRole('button', { name: REFERENCE }).tap();
    const beat = panel.getByRole('region', { name: /^Beat 1 of/ });
    await word(beat, 'mapcount').tap();
    await expect(sheet(page)).toContainText('How many entries');
    const box = (await sheet(page).boundingBox())!;
    expect(box.x).toBeGreaterThanOrEqual(0);
    expect(box.x + box.width).toBeLessThanOrEqual(390);
    expect(box.y + box.height).toBeLessThanOrEqual(844);
    await beat.getByRole('heading').tap();
    await expect(sheet(page)).toHaveCount(0);
  });
});

test('signs, inspector, rule lens and code explain their words, too', async ({ page }) => {
  const explorer = new Explorer(page);
  await explorer.open('#/s/vmsplice-leak?model=v6.18');
  await expect(word(page.getByRole('list', { name: 'Signs' }), 'exclusive')).toBeVisible();
  await explorer.toEnd();
  const inspector = page.getByRole('complementary', { name: 'Inspector' });
  await expect(
    word(inspector.getByRole('heading', { name: /^Why is this refcount/ }), 'refcount'),
  ).toBeVisible();
  await expect(word(inspector.getByRole('group', { name: 'pins' }), 'pins')).toBeVisible();
  const mark = inspector.getByRole('checkbox', { name: 'marked exclusive' });
  const before = await mark.isChecked();
  await word(inspector, 'marked exclusive').click();
  await expect(sheet(page)).toContainText('it belongs to one process only');
  expect(await mark.isChecked(), 'asking changes nothing').toBe(before);
  await page.keyboard.press('Escape');
  const code = await explorer.panel('Code');
  await expect(code.locator('.term').first()).toBeVisible();
});

test('the glossary finds a word by any of its names', async ({ page }) => {
  const explorer = new Explorer(page);
  await explorer.open();
  await explorer.command('Open the glossary');
  const dialog = page.getByRole('dialog', { name: 'Glossary' });
  const field = dialog.getByRole('searchbox', { name: 'Find a word' });
  await field.fill('mmap_sem');
  await expect(dialog.getByRole('heading', { name: 'mmap_lock', exact: true })).toBeVisible();
  await expect(dialog.getByText('1 word', { exact: true })).toBeVisible();
  await field.fill('zzz');
  await expect(dialog.getByText('Nothing here is called that.')).toBeVisible();
  await field.fill('refcount');
  await dialog.getByRole('button', { name: 'pin', exact: true }).first().click();
  await expect(dialog.locator('[data-word=pin]')).toBeFocused();
  await expect(field).toHaveValue('');
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
});

test('a link opens the glossary at a word', async ({ page }) => {
  const explorer = new Explorer(page);
  await explorer.open('#/s/vmsplice-leak?model=v5.7&layout=word=stale-tlb-entry');
  const dialog = page.getByRole('dialog', { name: 'Glossary' });
  await expect(dialog.locator('[data-word=stale-tlb-entry]')).toBeFocused();
  expect(page.url()).not.toContain('word=');
});
