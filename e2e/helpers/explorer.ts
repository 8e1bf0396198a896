/** The page as a person uses it: by role and by label, never by a class. */
import { expect, type Locator, type Page } from '@playwright/test';

export class Explorer {
  readonly page: Page;
  /** The scrubber: it knows where we are. */
  readonly scrubber: Locator;
  readonly editor: Locator;
  /** What is said to readers of screens. */
  readonly spoken: Locator;

  constructor(page: Page) {
    this.page = page;
    this.scrubber = page.getByRole('slider', { name: 'Step' });
    this.editor = page.getByRole('textbox', { name: 'Scenario text' });
    this.spoken = page.getByRole('status', { name: 'Step in words' });
  }

  async open(fragment = ''): Promise<void> {
    // A fragment alone does not load a page anew.
    await this.page.goto('about:blank');
    await this.page.goto(`/${fragment}`);
    await this.idle();
  }

  /** A picture is there, and nothing is being opened. */
  async idle(): Promise<void> {
    await expect(this.scrubber).toHaveAttribute('aria-valuetext', /Step \d+ of [1-9]/);
    await expect(this.page.locator('[aria-busy=true]')).toHaveCount(0);
  }

  async at(): Promise<number> {
    return Number(await this.scrubber.getAttribute('aria-valuenow'));
  }

  async last(): Promise<number> {
    return Number(await this.scrubber.getAttribute('aria-valuemax'));
  }

  async isAt(step: number): Promise<void> {
    await expect(this.scrubber).toHaveAttribute('aria-valuenow', String(step));
  }

  /** What stands in the editor. It draws lines; a text that is longer than the page only in part. */
  text(): Promise<string> {
    return this.editor.evaluate((field) =>
      [...field.querySelectorAll('.cm-line')].map((line) => line.textContent).join('\n'),
    );
  }

  async hasText(text: string | RegExp): Promise<void> {
    const wanted = typeof text === 'string' ? expect.poll(() => this.text()).toBe(text) : null;
    await (wanted ?? expect.poll(() => this.text()).toMatch(text));
  }

  /** Forward, or back if negative, and waits until it is drawn. */
  async step(by = 1): Promise<void> {
    const to = (await this.at()) + by;
    for (let i = 0; i < Math.abs(by); i += 1)
      await this.page.keyboard.press(by > 0 ? 'ArrowRight' : 'ArrowLeft');
    await this.isAt(to);
  }

  async toEnd(): Promise<void> {
    await this.page.keyboard.press('End');
    await this.isAt(await this.last());
  }

  /** By keyboard only, from wherever it is. */
  async tabTo(target: Locator): Promise<void> {
    await expect(target).toBeVisible();
    const here = (): Promise<boolean> => target.evaluate((node) => node.matches(':focus'));
    for (let i = 0; i < 80 && !(await here()); i += 1) await this.page.keyboard.press('Tab');
    await expect(target).toBeFocused();
  }

  /** Where a list of offers is open, the first Escape closes that. */
  async leaveEditor(): Promise<void> {
    await expect(async () => {
      await this.page.keyboard.press('Escape');
      await expect(this.editor).not.toBeFocused({ timeout: 500 });
    }).toPass();
  }

  async see(text: string | RegExp): Promise<void> {
    await expect(this.page.getByText(text).first()).toBeVisible();
  }

  async hide(text: string | RegExp): Promise<void> {
    await expect(this.page.getByText(text)).toHaveCount(0);
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole('button', { name });
  }

  /** A sign of the verdict strip. */
  sign(model: string): Locator {
    const strip = this.page.getByRole('region', { name: 'Verdict on every model' });
    return strip.getByRole('button', { name: new RegExp(`^${model.replaceAll('.', '\\.')}, `) });
  }

  async kernel(model: string): Promise<void> {
    await this.sign(model).click();
    await expect(this.sign(model)).toHaveAttribute('aria-pressed', 'true');
    await this.idle();
  }

  /** Out of the palette, by its title. */
  async command(title: string): Promise<void> {
    await this.page.keyboard.press('Control+k');
    await this.page.getByRole('combobox').fill(title);
    await expect(this.page.getByRole('option').first()).toContainText(title);
    await this.page.keyboard.press('Enter');
  }

  /** The picture as words: its table twin, cell by cell. */
  async sceneText(): Promise<readonly string[]> {
    const main = this.page.getByRole('main');
    await main.getByRole('button', { name: 'Table', exact: true }).click();
    await expect(main.getByRole('table').first()).toBeVisible();
    const tables = await main.getByRole('table').allInnerTexts();
    await main.getByRole('button', { name: 'Picture', exact: true }).click();
    return tables;
  }

  /** What the address bar says, once it has caught up with the picture. */
  async link(): Promise<string> {
    let before = '';
    await expect(async () => {
      const now = this.page.url();
      const settled = now === before;
      before = now;
      expect(settled).toBe(true);
    }).toPass({ intervals: [250] });
    return new URL(this.page.url()).hash;
  }

  async panel(
    name: 'Gallery' | 'Lessons' | 'Source' | 'Check' | 'Code' | 'Debug' | 'Matrix' | 'Evidence' | 'Memory',
  ): Promise<Locator> {
    const way = this.page.getByRole('navigation', { name: 'Panels' }).getByRole('button', { name });
    // Pressed again, a panel closes.
    if ((await way.getAttribute('aria-pressed')) !== 'true') await way.click();
    const panel = this.page.getByRole('region', { name, exact: true });
    await expect(panel.getByRole('heading', { name, exact: true })).toBeVisible();
    return panel;
  }
}

/** A text as a link that people can read. */
export const inline = (text: string, query = ''): string =>
  `#/x/1t.${encodeURIComponent(text)}${query === '' ? '' : `?${query}`}`;

/** Two threads of one process at one page table: one has to wait for the other. */
export const TWO_THREADS = `scenario Two threads at one page
process parent
region a anon 1 page

parent: store a.0 "old"
parent: fork child
parallel
  parent:   store a.0 "one"
  parent/2: store a.0 "two"
end
parent: load a.0 -> seen
`;
