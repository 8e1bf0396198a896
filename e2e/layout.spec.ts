// The layout of the page: what somebody drags stays, and goes into a link only when asked. One clock moves both
// runs of a comparison.
import { expect, test } from '@playwright/test';
import { Explorer } from './helpers/explorer.ts';

const width = (explorer: Explorer): Promise<number> =>
  explorer.page
    .getByRole('region', { name: 'Debug', exact: true })
    .evaluate((panel) => Math.round(panel.getBoundingClientRect().width));

test('a panel is made wider by keys or by dragging, and stays so', async ({ page }) => {
  const explorer = new Explorer(page);
  await explorer.open();
  await explorer.panel('Debug');
  expect(await width(explorer)).toBe(400);
  const divider = page.getByRole('separator', { name: 'Width of the panel' });
  await divider.focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await expect(divider).toHaveAttribute('aria-valuenow', '432');
  expect(await width(explorer)).toBe(432);
  // The arrow keys did not step.
  await explorer.isAt(0);
  const box = await divider.boundingBox();
  if (!box) throw new Error('there is no divider');
  await page.mouse.move(box.x + 5, box.y + 200);
  await page.mouse.down();
  await page.mouse.move(box.x + 65, box.y + 200);
  await page.mouse.up();
  const dragged = await width(explorer);
  expect(dragged).toBeGreaterThan(480);
  await page.reload();
  await explorer.idle();
  expect(await width(explorer)).toBe(dragged);
  await divider.focus();
  await page.keyboard.press('Enter');
  expect(await width(explorer)).toBe(400);
});

test('a link has the layout only when asked, and lends it for the visit', async ({ page, context }) => {
  const explorer = new Explorer(page);
  await explorer.open();
  await explorer.panel('Debug');
  await page.getByRole('separator', { name: 'Width of the panel' }).focus();
  await page.keyboard.press('ArrowRight');
  for (const at of [1, 2, 3]) {
    await page.keyboard.press('n');
    await explorer.isAt(at);
  }
  expect(await explorer.link()).not.toContain('layout=');
  await page.keyboard.press('s');
  const field = page.getByRole('textbox', { name: /^Link/ });
  await expect(field).toHaveValue(/at=/);
  await expect(field).not.toHaveValue(/layout=/);
  await page.getByRole('checkbox', { name: /how the page is laid out/ }).check();
  await expect(field).toHaveValue(/layout=/);
  const link = await field.inputValue();

  const other = await context.browser()!.newContext();
  const guest = new Explorer(await other.newPage());
  await guest.page.goto(link);
  await guest.idle();
  expect(await width(guest)).toBe(416);
  await expect(guest.page.getByText(/does not know/)).toHaveCount(0);
  expect(await guest.link()).not.toContain('layout=');
  // Their own is as it was.
  const start = link.replace(/#.*/, '');
  await guest.page.goto('about:blank');
  await guest.page.goto(start);
  await guest.idle();
  await guest.panel('Debug');
  expect(await width(guest)).toBe(400);
  await other.close();
});

test('one slider moves both runs of a comparison, operation by operation', async ({ page }) => {
  const explorer = new Explorer(page);
  await explorer.open();
  await explorer.button('Compare').click();
  const clock = page.getByRole('slider', { name: 'Operation' });
  await expect(clock).toHaveAttribute('aria-valuetext', 'Before the first operation');
  await explorer.button('Next operation').click();
  await expect(clock).toHaveAttribute('aria-valuetext', /^Operation 1 of \d+: parent: store a\.0/);
  await clock.focus();
  await page.keyboard.press('ArrowRight');
  await expect(clock).toHaveAttribute('aria-valuetext', /^Operation 2 of \d+: parent: fork child/);
  await page.keyboard.press('End');
  await expect(clock).toHaveAttribute('aria-valuetext', /^Operation (\d+) of \1/);
  // The same cards at the same places on both sides.
  const places = await page.getByRole('region', { name: /^Run on / }).evaluateAll((panes) =>
    panes.map((pane) => {
      const { x, y } = pane.querySelector('svg.picture-svg')!.getBoundingClientRect();
      return [...pane.querySelectorAll('[data-id^="mm:"], [data-id="folio:f0"]')].map((card) => {
        const box = card.querySelector('rect')!.getBoundingClientRect();
        return [Math.round(box.x - x), Math.round(box.y - y)];
      });
    }),
  );
  expect(places).toHaveLength(2);
  expect(places[0]!.length).toBeGreaterThan(2);
  expect(places[1]).toEqual(places[0]);
});
