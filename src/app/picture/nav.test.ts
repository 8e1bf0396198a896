import { describe, expect, test } from 'vitest';
import { fixture, fixtures } from '../../scene/fixtures.ts';
import { layout } from '../../scene/layout.ts';
import type { Shape } from '../../scene/places.ts';
import { navigation, type Move } from './nav.ts';

const WIDTHS = { wide: 1036, folded: 916, phone: 390 } as const;

function of(name: string, shape: Shape = 'wide') {
  const { scene, extent } = fixture(name);
  return navigation(scene, layout(scene, extent, { width: WIDTHS[shape], height: 0, shape }));
}

function walk(name: string, from: string, moves: readonly Move[]): string | null {
  const nav = of(name);
  return moves.reduce<string | null>((at, move) => (at === null ? null : nav.go(at, move)), from);
}

const TOKEN = 'token:folio:0:pte:parent:a.0';

describe('the leak', () => {
  test('down follows what points: process, memory, entry, token, folio, number', () => {
    expect(walk('leak-decision', 'mm:parent', ['down'])).toBe('vma:parent:a');
    expect(walk('leak-decision', 'vma:parent:a', ['down'])).toBe('pte:parent:a.0');
    expect(walk('leak-decision', 'pte:parent:a.0', ['down'])).toBe(TOKEN);
    expect(walk('leak-decision', TOKEN, ['down'])).toBe('folio:0');
    expect(walk('leak-decision', 'folio:0', ['down'])).toBe('mapcount:folio:0');
  });

  test('up finds who holds', () => {
    expect(walk('leak-decision', 'folio:0', ['up', 'up'])).toBe('pte:parent:a.0');
    expect(walk('leak-decision', 'folio:0', ['up', 'right', 'up'])).toBe('pipe:0:slot:0');
    expect(walk('leak-decision', 'refcount:folio:0', ['up'])).toBe(TOKEN);
  });

  test('right and left stay among neighbours and end at the last', () => {
    expect(walk('leak-decision', 'mm:parent', ['right'])).toBe('mm:child');
    expect(walk('leak-decision', 'mm:child', ['right'])).toBe('folio:0');
    expect(walk('leak-decision', 'pipe:0', ['right'])).toBe(null);
    expect(walk('leak-decision', 'mm:child', ['left'])).toBe('mm:parent');
    expect(walk('leak-decision', 'mapcount:folio:0', ['right'])).toBe('refcount:folio:0');
  });

  test('a stale entry leads to the folio that it still grants', () => {
    expect(walk('threads', 'tlb:A:a.0:2', ['down'])).toBe('folio:0');
  });
});

describe.each(Object.keys(WIDTHS) as Shape[])('%s', (shape) => {
  test.each(fixtures.map(({ name }) => name))('%s: every sign can be reached from the first', (name) => {
    const { scene, extent } = fixture(name);
    const placed = layout(scene, extent, { width: WIDTHS[shape], height: 0, shape });
    const nav = of(name, shape);
    const seen = new Set<string>();
    const queue = [nav.first];
    for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
      if (id === null || seen.has(id)) continue;
      seen.add(id);
      queue.push(...(['right', 'left', 'down', 'up'] as const).map((move) => nav.go(id, move)));
    }
    const drawn = [...placed.boxes.keys()].filter((id) => !id.startsWith('open:'));
    expect(drawn.filter((id) => !seen.has(id))).toEqual([]);
  });
});
