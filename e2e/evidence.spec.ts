// What real kernels did: by family and kernel, and each experiment as a scenario.
import { expect, test } from '@playwright/test';
import { Explorer } from './helpers/explorer.ts';

test('an experiment opens as a scenario, on the model of the kernel that it was recorded on', async ({
  page,
}) => {
  const explorer = new Explorer(page);
  await explorer.open();
  const panel = await explorer.panel('Evidence');
  await expect(panel.getByText(/experiments were recorded on real kernels/)).toBeVisible();
  const family = panel.getByRole('button', { name: 'pages of a pool (hugetlb)' });
  await expect(family).toHaveAttribute('aria-expanded', 'false');
  await family.click();
  await panel.getByRole('button', { name: 'hugetlb-hold-rw-fork on 6.1.176: confirmed' }).click();
  await explorer.idle();
  await expect(page.getByText('hugetlb-hold-rw-fork').first()).toBeVisible();
  expect(page.url()).toContain('model=v6.1');
});
