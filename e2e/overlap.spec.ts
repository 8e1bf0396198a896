// Every scenario of the gallery, at its start, in the middle and at its end: nothing overlaps, no text is cut
// off or leaves its box, and from one step to the next no card or row moves. What is measured is what the
// browser has drawn.
import { expect, test, type Page } from '@playwright/test';
import { gallery } from '../src/scenario/gallery/index.ts';
import { Explorer } from './helpers/explorer.ts';

/** Complaints about the picture as it stands. */
function measure(page: Page): Promise<readonly string[]> {
  return page.getByRole('main').evaluate((main) => {
    interface Area {
      readonly what: string;
      readonly of: Element;
      readonly box: DOMRect;
    }
    const svg = main.querySelector('svg.picture-svg');
    if (svg === null) return ['there is no picture'];
    const out: string[] = [];
    /** The largest shape of a sign that is its own: its card, row or token. */
    const boxOf = (sign: Element): DOMRect | null => {
      const own = [...sign.querySelectorAll('rect, path')].filter(
        (shape) =>
          shape.closest('[data-id]') === sign &&
          !shape.classList.contains('ring') &&
          shape.closest('defs') === null,
      );
      const boxes = own
        .map((shape) => shape.getBoundingClientRect())
        .filter((b) => b.width > 0 && b.height > 2);
      return boxes.sort((a, b) => b.width * b.height - a.width * a.height)[0] ?? null;
    };
    const meet = (a: DOMRect, b: DOMRect, by: number): boolean =>
      Math.min(a.right, b.right) - Math.max(a.left, b.left) > by &&
      Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > by;
    const signs: Area[] = [...svg.querySelectorAll('[data-id]')].flatMap((of) => {
      const box = boxOf(of);
      const what = of.getAttribute('data-id') ?? '';
      return box === null || what.startsWith('edge') || of.closest('.edge') !== null
        ? []
        : [{ what, of, box }];
    });
    const texts: Area[] = [...svg.querySelectorAll('text')].flatMap((of) => {
      const box = of.getBoundingClientRect();
      const what = `"${of.firstChild?.textContent ?? ''}"`;
      return box.width === 0 || of.closest('.edge') !== null ? [] : [{ what, of, box }];
    });
    const scale: Area[] = [
      ...document.querySelectorAll('.axis text, .phone-broken text, .thumb-number, .phone-thumb b'),
    ].map((of) => ({ what: `"${of.textContent}" of the scale`, of, box: of.getBoundingClientRect() }));
    for (const [list, by] of [
      [signs, 2],
      [texts, 3],
      [scale, 3],
    ] as const) {
      list.forEach((a, i) => {
        for (const b of list.slice(i + 1)) {
          if (a.of.contains(b.of) || b.of.contains(a.of) || !meet(a.box, b.box, by)) continue;
          out.push(`${a.what} overlaps ${b.what}`);
        }
      });
    }
    if (signs.length < 6 || texts.length < 12)
      out.push(`only ${signs.length} signs and ${texts.length} texts`);
    const whole = svg.getBoundingClientRect();
    for (const { what, of, box } of texts) {
      const sign = signs.find((one) => one.of === of.closest('[data-id]'));
      const room = sign?.box ?? whole;
      if (box.left < room.left - 2 || box.right > room.right + 2)
        out.push(`${what} leaves ${sign?.what ?? 'the picture'}`);
    }
    return out;
  });
}

/** Texts that are not there in full: cut in the picture, or wider or higher than the box that clips them. */
function cutTexts(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const out: string[] = [];
    for (const text of document.querySelectorAll('main svg.picture-svg text')) {
      const own = text.firstChild?.textContent ?? '';
      if (own.endsWith('…')) out.push(`"${own}" is cut`);
    }
    for (const box of document.querySelectorAll<HTMLElement>('body *')) {
      // The bar at the top has titles, which the inspector and the gallery say in full.
      if (box.closest('svg, header, .unseen') !== null || box.clientWidth < 2) continue;
      const says = [...box.childNodes].some(
        (node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim() !== '',
      );
      const { overflowX, overflowY } = getComputedStyle(box);
      if (!says) continue;
      const wide = overflowX === 'hidden' && box.scrollWidth > box.clientWidth + 1;
      const high = overflowY === 'hidden' && box.scrollHeight > box.clientHeight + 3;
      if (wide || high) out.push(`"${box.textContent?.slice(0, 60)}" is cut`);
    }
    return out;
  });
}

/** Where each card and row of the picture stands, but for what comes and goes with the step. */
function places(page: Page): Promise<Readonly<Record<string, string>>> {
  return page.getByRole('main').evaluate((main) => {
    const found: Record<string, string> = {};
    const top = main.querySelector('svg.picture-svg')?.getBoundingClientRect();
    for (const sign of main.querySelectorAll('svg.picture-svg [data-id]')) {
      const id = sign.getAttribute('data-id') ?? '';
      // What is pointed at is there in every step; marks come and go.
      const own = [...sign.querySelectorAll('rect:not(.ring), path')].filter(
        (one) => one.closest('[data-id]') === sign,
      );
      const shape = own.find((one) => one.classList.contains('hit')) ?? own[0];
      if (!/^(?:mm|table|pte|tlb|thread|vma|view|pipe|hold|pool|token):/.test(id) || !shape || !top) continue;
      const { x, y } = shape.getBoundingClientRect();
      found[id] = `${Math.round(x - top.x)} ${Math.round(y - top.y)}`;
    }
    return found;
  });
}

const SIZES = [
  { width: 1440, height: 900 },
  { width: 1024, height: 768 },
  { width: 390, height: 844 },
] as const;

for (const size of SIZES) {
  test(`nothing overlaps in any scenario of the gallery at ${size.width}x${size.height}`, async ({
    page,
  }) => {
    test.setTimeout(900_000);
    await page.setViewportSize(size);
    const explorer = new Explorer(page);
    await explorer.open();
    const wrong: string[] = [];
    const look = async (id: string, where: string): Promise<void> => {
      const found = [...(await measure(page)), ...(await cutTexts(page))];
      wrong.push(...found.map((what) => `${id}, ${where}: ${what}`));
    };
    for (const { id, title } of gallery) {
      await page.evaluate((to) => {
        location.hash = to;
      }, `#/s/${id}`);
      await expect(page.getByRole('banner')).toContainText(title);
      await explorer.idle();
      await page.keyboard.press('Home');
      await explorer.isAt(0);
      await look(id, 'start');
      const start = await explorer.scrubber.boundingBox();
      await explorer.toEnd();
      await look(id, 'end');
      const after = await places(page);
      // In the picture arrow keys go from card to card.
      await page.keyboard.press('p');
      await explorer.isAt((await explorer.last()) - 1);
      const before = await places(page);
      for (const [what, where] of Object.entries(before))
        if (where !== (after[what] ?? where)) wrong.push(`${id}: ${what} moves at the last step`);
      const end = await explorer.scrubber.boundingBox();
      // Unfolded at the end, so that the middle is measured with it.
      const folded = page.getByRole('button', { name: /^Page-table walk of .*, folded/ });
      while ((await folded.count()) > 0) await folded.first().click();
      if (start === null || end === null) throw new Error('there is no scrubber');
      await page.mouse.click((start.x + end.x + end.width) / 2, start.y + start.height / 2);
      await expect(explorer.scrubber).not.toHaveAttribute('aria-valuenow', String(await explorer.last()));
      await look(id, 'middle, walks open');
      const open = page.getByRole('button', { name: /^Page-table walk of .*, open/ });
      while ((await open.count()) > 0) await open.first().click();
    }
    expect(wrong).toEqual([]);
    // And something that is cut, or does overlap, is seen.
    await page.evaluate(() => {
      const text = document.createElement('p');
      text.textContent = 'no room for it';
      // Not as an attribute: the page's policy refuses those.
      Object.assign(text.style, { width: '40px', overflow: 'hidden', whiteSpace: 'nowrap' });
      document.body.append(text);
    });
    expect(await cutTexts(page)).not.toEqual([]);
    await page
      .locator('[data-id^="mm:"]')
      .first()
      .evaluate((card) => {
        card.setAttribute('transform', 'translate(200 0)');
      });
    expect(await measure(page)).not.toEqual([]);
  });
}
