// Who broke what, what each guard is for, what can be observed, and where the race is.
import { expect, test } from '@playwright/test';
import { Explorer, inline } from './helpers/explorer.ts';

const panel = (explorer: Explorer, name: string) =>
  explorer.page.getByRole('navigation', { name: 'Panels' }).getByRole('button', { name }).click();

test('every red sign of the matrix opens the shortest run', async ({ page }) => {
  const explorer = new Explorer(page);
  await explorer.open('#/s/leak-any-order?model=v5.9');
  await panel(explorer, 'Matrix');
  await expect(page.getByRole('heading', { name: 'Who broke what' })).toBeVisible();
  // It came with the page: nothing has to be worked out first.
  await expect(page.getByText('Worked out when this page was built')).toBeVisible();
  await page.getByRole('button', { name: 'Private writes stay private, v5.7: broken' }).click();
  await expect(page.getByText(/is broken by \d+ scenarios\. Shortest: /)).toBeVisible();
  await page.getByRole('button', { name: 'Open', exact: true }).click();
  await explorer.idle();
  expect(await explorer.at()).toBeGreaterThan(0);
  await expect(page.getByText('private writes stay private').first()).toBeVisible();
});

test('the arrow keys go through the matrix and leave the picture alone', async ({ page }) => {
  const explorer = new Explorer(page);
  await explorer.open('#/s/leak-any-order?model=v5.9');
  await panel(explorer, 'Matrix');
  await page.getByRole('button', { name: 'Private writes stay private, v4.8: broken' }).click();
  await page.keyboard.press('ArrowRight');
  await expect(page.getByRole('button', { name: /Private writes stay private, v5\.6/ })).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await expect(page.getByRole('button', { name: /Stores are not lost, v5\.6/ })).toBeFocused();
});

test('what is this line for? a guard, and the run that breaks without it', async ({ page }) => {
  const explorer = new Explorer(page);
  await explorer.open();
  await panel(explorer, 'Matrix');
  await page.getByRole('button', { name: 'Guards', exact: true }).click();
  await page.getByRole('button', { name: /^Take a reference to the old page .* v6\.18: broken$/ }).click();
  await expect(page.getByText(/Without it: The source of the copy is freed/)).toBeVisible();
  await page.getByRole('button', { name: 'Open', exact: true }).click();
  await explorer.idle();
  expect(page.url()).toContain('without=copy-holds-old-folio');
});

test('the matrix of a text of one’s own is worked out here, with its questions', async ({ page }) => {
  const explorer = new Explorer(page);
  const text = [
    'process p',
    'region a anon 1 page',
    'p: any 1 of store a.0 "x" | store a.0 "y"',
    'p: load a.0 -> seen',
    'exists p.seen = "y"',
    'never p.seen = 00',
    '',
  ].join('\n');
  await explorer.open(inline(text, 'model=v6.18'));
  await panel(explorer, 'Matrix');
  await page.getByRole('button', { name: 'This scenario' }).click();
  await expect(page.getByRole('button', { name: 'exists p.seen = "y", v6.18: holds' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'never p.seen = 00, v4.8: holds' })).toBeVisible();
});

test('a free choice: the stepper asks, and the link keeps the answer', async ({ page }) => {
  const explorer = new Explorer(page);
  await explorer.open('#/s/any-two?model=v5.7');
  const moves = page.getByRole('group', { name: 'Who moves next?' });
  const option = moves.getByRole('button', { name: /^child: mprotect a ro/ });
  for (let i = 0; i < 60 && !(await option.isVisible()); i += 1) await explorer.step(1);
  const at = await explorer.at();
  await option.click();
  await explorer.isAt(at + 1);
  await expect(moves.getByRole('button', { name: /^child: / })).toHaveCount(1);
  const link = await explorer.link();
  expect(link).toContain('child@mprotect');
  await explorer.open(link);
  await explorer.isAt(at + 1);
});

test('a check says where the race is, and what can be observed', async ({ page }) => {
  const explorer = new Explorer(page);
  await explorer.open('#/s/leak-any-order?model=v5.7');
  await panel(explorer, 'Check');
  await explorer.button('Check every order').click();
  const race = page.getByRole('region', { name: 'Race window' });
  await expect(race).toContainText('zap_pte_range.clear');
  await expect(race).toContainText('do_wp_page.count');
  const outcomes = page.getByRole('region', { name: 'Outcomes' });
  await expect(outcomes).toContainText('never child.got = "secret"');
  await outcomes.getByRole('button', { name: /"old"/ }).click();
  await explorer.idle();
  // At the step with which the pipe has been read.
  await expect(explorer.spoken).toContainText('child');
  expect(page.url()).toContain('run=');
});

test('a check of few switches of thread says so', async ({ page }) => {
  const explorer = new Explorer(page);
  await explorer.open('#/s/any-two?model=v5.7');
  await panel(explorer, 'Check');
  await page.getByLabel('Runs').selectOption('0');
  await explorer.button('Check every order').click();
  await expect(page.getByText('Holds on v5.7 within 0 preemptions')).toBeVisible();
  await page.getByLabel('Runs').selectOption('1');
  await explorer.button('Check every order').click();
  await expect(page.getByText('Broken on v5.7 within 1 preemption')).toBeVisible();
});
