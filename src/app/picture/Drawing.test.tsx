import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, test } from 'vitest';
import { fixture, fixtures } from '../../scene/fixtures.ts';
import { layout } from '../../scene/layout.ts';
import type { Shape } from '../../scene/places.ts';
import { Drawing } from './Drawing.tsx';
import { kindsOfBits, legendWords } from './legend-room.ts';
import TableView from './TableView.tsx';

const WIDTHS: Readonly<Record<Shape, readonly number[]>> = {
  wide: [1036, 1400],
  folded: [916, 688],
  phone: [390, 360],
};

const cases = fixtures.flatMap((one) =>
  Object.entries(WIDTHS).flatMap(([shape, widths]) =>
    widths.map((width) => ({ ...one, shape: shape as Shape, width })),
  ),
);

function draw(
  { scene, extent, broken }: (typeof fixtures)[number],
  shape: Shape,
  width: number,
  selected: string | null = null,
  open: readonly string[] = [],
) {
  const placed = layout(scene, extent, { width, height: 0, shape, open }, selected);
  const markup = renderToStaticMarkup(
    <Drawing
      scene={scene}
      placed={placed}
      selected={selected}
      onSelect={() => undefined}
      broken={broken}
      legend={legendWords(scene.legend, kindsOfBits(scene), scene.processes, width)}
      zoom={1}
    />,
  );
  return { placed, markup };
}

const tags = (markup: string, pattern: RegExp): readonly string[] => markup.match(pattern) ?? [];
const attribute = (tag: string, name: string): string =>
  new RegExp(` ${name}="([^"]*)"`).exec(tag)?.[1] ?? '';

describe.each(cases)('$name, $shape, $width', ({ shape, width, ...one }) => {
  const { markup, placed } = draw(one, shape, width);
  const signs = tags(markup, /<g data-id=[^>]*>/g);

  test('every sign has a place, a role and a sentence', () => {
    expect(signs.length).toBeGreaterThan(4);
    expect(signs.filter((tag) => !placed.boxes.has(attribute(tag, 'data-id')))).toEqual([]);
    expect(
      signs.filter((tag) => !/^(graphics-(symbol|object)|button)$/.test(attribute(tag, 'role'))),
    ).toEqual([]);
    expect(signs.filter((tag) => !/[.?]$/.test(attribute(tag, 'aria-label')))).toEqual([]);
  });

  test('no id twice, one tab stop', () => {
    const ids = signs.map((tag) => attribute(tag, 'data-id'));
    expect(ids.filter((id, i) => ids.indexOf(id) !== i)).toEqual([]);
    expect(signs.filter((tag) => attribute(tag, 'tabindex') === '0')).toHaveLength(1);
  });

  test('nothing is drawn at a place that is no number', () => {
    expect(markup).not.toMatch(/NaN|undefined|Infinity/);
  });
});

describe('what is where', () => {
  test('the root is a memory map', () => {
    const { markup } = draw(fixture('leak-decision'), 'wide', 1036);
    expect(markup).toContain('role="graphics-document"');
    expect(markup).toContain('aria-roledescription="memory map"');
    expect(markup).toContain('aria-label="PTE, parent, a.0: read-only → f0. Set: present, dirty, accessed."');
  });

  test('the numbers ask why, and the eye stands beside the one that the rule reads', () => {
    const { markup } = draw(fixture('leak-decision'), 'wide', 1036);
    expect(markup).toContain('aria-label="mapcount 1 of f0. Why? The rule of this step looks here."');
    expect(markup).toContain('aria-label="refcount 2 of f0. Why?"');
  });

  test('pins are counted apart', () => {
    const { markup } = draw(fixture('pins'), 'wide', 1036);
    expect(markup).toContain('refcount 6 + 1 pin of f0, counted as 1030. Why?');
    expect(markup).toContain('+ 2 more');
  });

  test('a broken rule rings one card, a selection marks itself', () => {
    const { markup } = draw(fixture('leak-end'), 'wide', 1036, 'folio:0');
    expect(tags(markup, /ring-broken/g)).toHaveLength(1);
    expect(tags(markup, /aria-current="true"/g)).toHaveLength(1);
  });

  test('every edge is said', () => {
    const { markup, placed } = draw(fixture('threads'), 'wide', 1036);
    expect(tags(markup, /<g class="edge [^>]*role="graphics-symbol"[^>]*>/g)).toHaveLength(
      placed.edges.length,
    );
    expect(markup).toContain('CPU 2 still writes f0 through a stale TLB entry. Nobody counts it.');
  });

  test('an unborn process keeps its place with a sentence', () => {
    const { markup } = draw(fixture('leak-start'), 'wide', 1036);
    expect(markup).toContain('Process child, not born yet. Born at step 6, by fork.');
  });
});

describe('the table is equal to the picture', () => {
  test.each(fixtures)('$name', ({ scene }) => {
    const plain = renderToStaticMarkup(<TableView scene={scene} />).replaceAll(/<[^>]+>/g, ' ');
    const words = [
      ...scene.processes.flatMap((one) =>
        one.state === 'unborn' ? [one.name, one.note] : one.threads.map(({ doing }) => doing),
      ),
      ...scene.tables.flatMap(({ rows }) =>
        rows.flatMap((row) => [row.words, ...row.tlbs.map((tlb) => tlb.words)]),
      ),
      ...scene.folios.flatMap((one) => [one.name, ...[...one.mapped, ...one.held].map(({ label }) => label)]),
      ...scene.holders.flatMap((one) => [one.title, one.note, ...one.rows.map((row) => row.words)]),
    ];
    const escape = (word: string): string => word.replace(/"([^"]*)"/, '“$1”');
    expect(words.filter((word) => !plain.includes(escape(word)))).toEqual([]);
  });
});

describe('the page-table walk', () => {
  const leak = fixture('leak-decision');
  const walk = (markup: string): string => tags(markup, /<g data-id="walk:parent"[^>]*>/g)[0] ?? '';

  test.each(['wide', 'folded'] as const)('is folded until its card is opened, %s', (shape) => {
    const folded = draw(leak, shape, WIDTHS[shape][0] ?? 0).markup;
    expect(attribute(walk(folded), 'role')).toBe('button');
    expect(attribute(walk(folded), 'aria-expanded')).toBe('false');
    expect(attribute(walk(folded), 'aria-label')).toMatch(/folded.*pgd 254, pud 361, pmd 2, pte 0\.$/);
    expect(folded).not.toContain('data-id="walk:parent:0"');
    const open = draw(leak, shape, WIDTHS[shape][0] ?? 0, null, ['mm:parent']).markup;
    expect(attribute(walk(open), 'aria-expanded')).toBe('true');
    expect(open).toContain('data-id="walk:parent:0"');
    expect(open).not.toContain('data-id="walk:child:0"');
    expect(open).toContain('0x7f5a40400000');
  });

  test('a phone has none, but its table does', () => {
    expect(draw(leak, 'phone', 390).markup).not.toContain('walk:parent');
    expect(renderToStaticMarkup(<TableView scene={leak.scene} />)).toContain('0x7f5a40400000');
  });
});
