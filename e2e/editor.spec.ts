// The scenario language in the hands of somebody: typed, mistyped, mended, found, undone, sent to somebody else.
import { expect, test, type Browser, type Page } from '@playwright/test';
import { Explorer, inline, TWO_THREADS } from './helpers/explorer.ts';

const complaints = (page: Page): string[] => {
  const all: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) all.push(message.text());
  });
  page.on('pageerror', (error) => all.push(error.message));
  return all;
};

const field = (page: Page) => page.getByRole('textbox', { name: /^Link, \d+ characters/ });

/** Somebody else, who has nothing but the link. */
async function opensTheSame(browser: Browser, address: string, explorer: Explorer): Promise<void> {
  const picture = await explorer.sceneText();
  const fresh = await browser.newContext();
  const other = new Explorer(await fresh.newPage());
  const complained = complaints(other.page);
  await other.page.goto(address);
  await other.idle();
  await other.isAt(await explorer.at());
  expect(await other.sceneText()).toEqual(picture);
  expect(complained).toEqual([]);
  await fresh.close();
}

test('typed from nothing, mistyped, mended, run, shared and opened elsewhere', async ({ page, browser }) => {
  // Two dozen things one after the other.
  test.slow();
  const complained = complaints(page);
  const explorer = new Explorer(page);
  const { keyboard } = page;
  await explorer.open();
  await keyboard.press('e');
  await explorer.tabTo(explorer.editor);
  await keyboard.press('Control+a');
  await keyboard.press('Delete');
  await explorer.hasText('');
  await explorer.see('the scenario has no operations');

  await keyboard.type('scenario Typed by hand\nprocess parent\nregion a anon 1 page\n\n');
  await keyboard.type('parent: store a.0 "old"\nparent: frok child\n');
  const source = page.getByRole('region', { name: 'Source' });
  await expect(
    source.getByRole('button', { name: /^Line 6, column 9.*`frok` is not an operation/ }),
  ).toBeVisible();
  await explorer.see('Did you mean fork?');
  await explorer.see('The picture shows the last text without mistakes.');
  // Tab would take a suggestion.
  await keyboard.press('Escape');
  await explorer.tabTo(source.getByRole('button', { name: 'Change frok to fork' }));
  await keyboard.press('Enter');
  await explorer.see(/No mistakes/);
  await explorer.tabTo(explorer.editor);
  await keyboard.press('Control+End');
  await keyboard.type('child: load a.0 -> seen\nparent: store a.0 "new"\nalways child.seen = "old"\n');
  await explorer.see(/No mistakes/);
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Typed by hand');
  expect(await explorer.text()).toContain('parent: fork child\nchild: load a.0');

  await explorer.leaveEditor();
  // The run of the whole text, and not of what stood there while it was typed.
  await expect.poll(() => explorer.last()).toBeGreaterThan(40);
  await explorer.toEnd();
  await expect(page.getByText('The run is over. No rule broke.')).toBeAttached();

  await keyboard.press('s');
  await expect(field(page)).toHaveValue(/#\/x\/1d\..*&at=end&chk=[0-9a-f]{8}$/);
  const address = await field(page).inputValue();
  await keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await opensTheSame(browser, address, explorer);
  expect(complained).toEqual([]);
});

test('what could follow is offered, and Tab takes it', async ({ page }) => {
  const explorer = new Explorer(page);
  const { keyboard } = page;
  await explorer.open();
  await explorer.panel('Source');
  await explorer.editor.focus();
  await keyboard.press('Control+End');
  await keyboard.type('child: mad');
  await expect(page.getByRole('option', { name: /^madvise/ })).toBeVisible();
  await keyboard.press('Tab');
  await keyboard.type(' a.');
  await expect(page.getByRole('option', { name: /^a\.0/ })).toBeVisible();
  await keyboard.press('Tab');
  await keyboard.type(' dontn');
  await expect(page.getByRole('option', { name: 'dontneed' })).toBeVisible();
  await keyboard.press('Tab');
  await explorer.hasText(/child: madvise a\.0 dontneed$/);
  // Without suggestions Tab goes on through the page.
  await keyboard.press('Escape');
  await explorer.editor.focus();
  await keyboard.type(' ');
  await keyboard.press('Escape');
  await keyboard.press('Tab');
  await expect(explorer.editor).not.toBeFocused();
});

test('help, find, format, undo, and a text that survives a reload', async ({ page }) => {
  // Two dozen things one after the other.
  test.slow();
  const complained = complaints(page);
  const explorer = new Explorer(page);
  const { keyboard } = page;
  await explorer.open();
  const source = await explorer.panel('Source');
  const before = await explorer.text();

  await source.getByText('vmsplice', { exact: true }).hover();
  await explorer.see('vmsplice PAGE -> PIPE [times N]');
  await source.getByText('fork', { exact: true }).click();
  await expect(source.getByText('fork PROCESS')).toBeVisible();

  await keyboard.press('Control+f');
  await expect(page.getByRole('textbox', { name: 'Find' })).toBeFocused();
  await keyboard.type('munmap');
  await keyboard.press('Enter');
  await keyboard.press('Escape');
  await expect(explorer.editor).toBeFocused();
  await keyboard.press('End');
  await keyboard.type('   # gone');
  await keyboard.press('Control+End');
  await keyboard.type('\nparent:load   a.0');
  await explorer.see(/No mistakes/);
  await source.getByRole('button', { name: 'Format' }).click();
  await explorer.hasText(/\nparent: load a\.0\n$/);
  await explorer.hasText(/\nchild: {2}munmap a {2}# gone\n/);
  await explorer.editor.focus();
  await keyboard.press('Control+z');
  await explorer.hasText(/\nparent:load {3}a\.0$/);

  await page.reload();
  await explorer.idle();
  await explorer.panel('Source');
  await explorer.hasText(/\nparent:load {3}a\.0$/);
  await source.getByRole('button', { name: 'Reset' }).click();
  await explorer.hasText(before);
  expect(complained).toEqual([]);
});

test('built by clicking only, shared and opened elsewhere', async ({ page, context, browser }) => {
  // Two dozen things one after the other.
  test.slow();
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const complained = complaints(page);
  const explorer = new Explorer(page);
  await explorer.open();
  const source = await explorer.panel('Source');
  await source.getByRole('button', { name: 'New scenario' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('New scenario');
  await explorer.idle();
  const main = page.getByRole('main');
  /** By its heading: the middle of a card belongs to what is in it. */
  const process = (name: string): Promise<void> =>
    main.getByLabel(new RegExp(`^Process ${name}`)).click({ position: { x: 60, y: 18 } });
  const add = async (line: string): Promise<void> => {
    const steps = await explorer.last();
    await source.getByRole('button', { name: line, exact: true }).click();
    await expect.poll(() => explorer.last()).toBeGreaterThan(steps);
    await explorer.idle();
  };
  await process('parent');
  await add('fork child');
  await process('child');
  await expect(source.getByText('What next? child')).toBeVisible();
  await main.getByLabel(/^PTE, child, a\.0/).click();
  await expect(source.getByText('What next? child, page a.0')).toBeVisible();
  await add('load a.0');
  await add('store a.0 "new"');
  await explorer.hasText(/parent: fork child\nchild: {2}load a\.0\nchild: {2}store a\.0 "new"\n$/);
  await explorer.see('Line 9 is the step on the screen.');

  await explorer.button('Share link').click();
  await explorer.see('Link copied');
  const address = await page.evaluate(() => navigator.clipboard.readText());
  expect(address).toMatch(/#\/x\/1d\./);
  await opensTheSame(browser, address, explorer);
  expect(complained).toEqual([]);
});

test('free play is written into the text, and notes show at their step', async ({ page }) => {
  const explorer = new Explorer(page);
  const text = `${TWO_THREADS}note parent@store~2.end: The first store is done.\n`;
  await explorer.open(inline(text, 'model=v5.9'));
  const moves = page.getByRole('group', { name: 'Who moves next?' });
  const second = moves.getByRole('button', { name: /^parent\/2/ });
  while (!(await second.isVisible())) await explorer.step(1);
  await second.click();
  await explorer.idle();
  const source = await explorer.panel('Source');
  await source.getByRole('button', { name: 'Record this order' }).click();
  await explorer.hasText(/\nend\n[^]*\nschedule parent\/2@store\.\S+\n/);
  await explorer.see(/No mistakes/);
  const last = await explorer.last();
  await explorer.open(await explorer.link());
  expect(await explorer.last()).toBe(last);

  const note = page.getByText('The first store is done.', { exact: true });
  await expect(page.getByRole('main').locator(note)).toHaveCount(0);
  const done = page.getByRole('main').locator('p', { hasText: 'The first store is done.' });
  for (let i = 0; i < last && (await done.count()) === 0; i += 1) await explorer.step(1);
  await expect(done).toBeVisible();
});

test('a text that is only to be read is read, searched and copied, and nothing else', async ({ page }) => {
  const explorer = new Explorer(page);
  const { keyboard } = page;
  await explorer.open('#/s/vmsplice-leak?model=v5.7&at=30&readonly=1');
  const source = await explorer.panel('Source');
  const before = await explorer.text();
  await expect(explorer.editor).toHaveAttribute('aria-readonly', 'true');
  await explorer.editor.focus();
  await keyboard.press('Control+End');
  await keyboard.type('child: exit');
  await keyboard.press('Delete');
  await keyboard.press('Control+d');
  await explorer.hasText(before);
  await keyboard.press('Control+f');
  await expect(page.getByRole('textbox', { name: 'Find' })).toBeFocused();
  await expect(page.getByRole('textbox', { name: 'Replace' })).toHaveCount(0);
  await keyboard.press('Escape');
  await page
    .getByRole('main')
    .getByLabel(/^Process parent/)
    .click({ position: { x: 60, y: 18 } });
  await expect(source.getByText(/^What next/)).toHaveCount(0);
  for (const name of ['Format', 'Reset', 'Record this order'])
    await expect(source.getByRole('button', { name })).toHaveCount(0);

  await source.getByRole('button', { name: 'Edit a copy' }).click();
  await explorer.editor.focus();
  await keyboard.press('Control+End');
  await keyboard.type('child: exit');
  await explorer.hasText(/\nchild: exit$/);
  expect(await explorer.link()).not.toContain('readonly');
});

test('the reference finds an operation and opens its example', async ({ page }) => {
  const explorer = new Explorer(page);
  await explorer.open();
  const source = await explorer.panel('Source');
  await source.getByRole('button', { name: 'Language' }).click();
  const language = page.getByRole('region', { name: 'Language' });
  await language.getByRole('searchbox').fill('populate_read');
  await expect(language.getByText(/^1 of \d+ operations/)).toBeVisible();
  await expect(language.getByText(/Not on v4\.8/).first()).toBeVisible();
  await language.getByRole('button', { name: 'Open an example of madvise a populate_read' }).click();
  await explorer.idle();
  await explorer.panel('Source');
  await explorer.hasText(/parent: madvise a populate_read\n$/);
});
