// "Why?": from what one sees on the screen, back to the step that made it so.
import { expect, test, type Page } from '@playwright/test';
import { Explorer, inline, TWO_THREADS } from './helpers/explorer.ts';

const inspectorOf = (page: Page) => page.getByRole('complementary', { name: 'Inspector' });

test('from the leaked bytes to the rule that ignored the pipe, in at most five clicks', async ({ page }) => {
  const explorer = new Explorer(page);
  await explorer.open('#/s/vmsplice-leak');
  await explorer.toEnd();
  let clicks = 0;
  const inspector = inspectorOf(page);

  await page.locator('[data-id^="result:"]').click();
  clicks += 1;
  const question = inspector.getByRole('region', { name: 'How did “secret” get here?' });
  await expect(question).toBeVisible();
  const link = question.getByRole('button', { name: /v5\.7 asks “mapcount 1\?”/ });
  await expect(link).toContainText('mapcount 1');
  await expect(link).toContainText('refcount 2');
  await expect(link).toContainText('Not counted: pipe');
  const step = Number(/^\d+/.exec((await link.innerText()).trim())?.[0]);

  await link.click();
  clicks += 1;
  await explorer.isAt(step);
  expect(clicks).toBeLessThanOrEqual(5);
  // There the picture and the inspector say the same, and the question stays, to walk on.
  await expect(page.getByRole('main')).toContainText('Other references are not counted.');
  await expect(inspector.getByRole('heading', { name: 'Why is this refcount 2?' })).toBeVisible();
  await expect(inspector.getByText('not in mapcount')).toBeVisible();
  await expect(link).toHaveAttribute('aria-current', 'step');
  await question.getByRole('button', { name: /Pipe p.* holds f0/ }).click();
  await expect(question.getByRole('button', { name: /Pipe p.* holds f0/ })).toHaveAttribute(
    'aria-current',
    'step',
  );
  await question.getByRole('button', { name: /after step \d+/ }).click();
  await explorer.isAt(await explorer.last());
});

test('a broken rule is asked about without being pointed at', async ({ page }) => {
  const explorer = new Explorer(page);
  await explorer.open('#/s/mprotect-under-pin?model=v5.9');
  await explorer.toEnd();
  const inspector = inspectorOf(page);
  await expect(inspector.getByRole('heading', { name: /How did “\w+” get here\?/ })).toBeVisible();
  await expect(
    inspector.getByRole('button', { name: /v5\.9 asks “refcount 1\?” It sees 1025/ }),
  ).toBeVisible();
});

test('an entry says who wrote each of its bits, and a reference, who will drop it', async ({ page }) => {
  const explorer = new Explorer(page);
  await explorer.open('#/s/vmsplice-leak');
  await explorer.toEnd();
  const inspector = inspectorOf(page);
  await page.locator('[data-id="pte:parent:a.0"]').click();
  const entry = inspector.getByRole('region', { name: /Why is parent’s entry of a\.0 “writable → f0”\?/ });
  await entry.getByRole('button', { name: /Writable: / }).click();
  await expect(page.getByRole('main')).toContainText('make the entry of a.0 writable in place');
  await expect(inspector.getByText(/pipe_read\(\) drops it at step \d+/)).toBeVisible();
});

test('a thread that waits says for what, who has it, and when he lets go', async ({ page }) => {
  const explorer = new Explorer(page);
  await explorer.open(inline(TWO_THREADS, 'model=v5.7'));
  // Stop one thread inside the page-table lock, and let the other run into it.
  await page.keyboard.press('g');
  await page.getByRole('textbox').fill('34');
  await page.keyboard.press('Enter');
  await explorer.isAt(34);
  const moves = page.getByRole('group', { name: 'Who moves next?' });
  const blocked = moves.getByRole('button', { name: /waits for/ });
  for (let i = 0; i < 12 && (await blocked.count()) === 0; i += 1) {
    const at = await explorer.at();
    await moves.getByRole('button', { name: /^parent\/2: / }).click();
    await explorer.isAt(at + 1);
    await explorer.idle();
  }
  await blocked.first().click();
  const answer = inspectorOf(page).getByRole('region', { name: /^Why does .* wait\?$/ });
  await expect(answer).toContainText(/It needs .*, and .* has it\./);
  await expect(answer.getByRole('button', { name: /will let go of it/ })).toBeVisible();
});

test('the lens asks every rule with the numbers of the step, and with others', async ({ page }) => {
  const explorer = new Explorer(page);
  await explorer.open('#/s/vmsplice-leak');
  await explorer.toEnd();
  await explorer.button(/^Show the decision/).click();
  const lens = inspectorOf(page).getByRole('region', { name: 'Reuse or copy?' });
  await expect(lens.getByRole('row', { name: /v4\.8–v5\.8 mapcount 1\? yes reuse/ })).toBeVisible();
  await expect(lens.getByRole('row', { name: /v5\.9–v5\.18 refcount 1\? no, 2 copy/ })).toBeVisible();
  await lens.getByRole('button', { name: 'One other reference less' }).click();
  await expect(lens.getByText('was copy').first()).toBeVisible();
  await lens.getByRole('button', { name: 'Back to the numbers of this step' }).click();
  await expect(lens.getByText('was copy')).toHaveCount(0);
});
