// Two kernels, one scenario, one clock by operation: the first difference, and the rule on both sides.
import { expect, test, type Page } from '@playwright/test';
import { Explorer } from './helpers/explorer.ts';

/** Opens the comparison of the open kernel with another one. */
async function against(page: Page, other: string) {
  await page.getByRole('button', { name: 'Compare', exact: true }).click();
  const panel = page.getByRole('region', { name: 'Compare', exact: true });
  await panel.getByLabel('The other').selectOption(other);
  return panel;
}

const CASES = [
  {
    id: 'vmsplice-leak',
    model: 'v5.7',
    other: 'v5.9',
    op: 'parent: store a.0 “secret”',
    asks: ['mapcount 1? yes: reuse', 'refcount 1? no, 2: copy'],
    ends: ['sees “secret”', 'sees “old”'],
  },
  {
    id: 'mprotect-under-pin',
    model: 'v5.9',
    other: 'v5.19',
    op: 'parent: store a.0 “new”',
    asks: ['refcount 1? no, 1025: copy', 'exclusive? yes: reuse'],
    ends: ['sees “new”', 'sees “device”'],
  },
] as const;

for (const { id, model, other, op, asks, ends } of CASES) {
  test(`${model} and ${other} part at the right step of ${id}`, async ({ page }) => {
    const explorer = new Explorer(page);
    await explorer.open(`#/s/${id}?model=${model}`);
    const panel = await against(page, other);
    await expect(panel.getByText(`They part at ${op}.`)).toBeVisible();
    const row = panel.getByRole('row', { name: /First difference/ });
    await expect(row.getByRole('button')).toHaveText(op);
    for (const rule of asks) await expect(row).toContainText(rule);

    // One clock: behind the difference the pictures are of the same operation, and differ.
    const sides = [model, other].map((one) => panel.getByRole('region', { name: `Run on ${one}` }));
    await row.getByRole('button').click();
    await expect(row).toHaveAttribute('aria-current', 'step');
    await page.keyboard.press('End');
    for (const [i, side] of sides.entries()) {
      await expect(side).toContainText(ends[i]!);
      await expect(side.getByLabel(/^Memory after step \d+/)).toBeVisible();
    }
    await panel.getByRole('button', { name: /^Go to the difference, step \d+$/ }).click();
    await expect(panel.getByRole('region', { name: 'What it costs' })).toContainText(`On ${other}: 1 copy`);
  });
}
