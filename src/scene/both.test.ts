import { expect, test } from 'vitest';
import { bothExtents } from './both.ts';
import { fixture } from './fixtures.ts';
import { layout } from './layout.ts';
import type { Extent } from './scene.ts';

const frame = { width: 680, height: 420, shape: 'folded' } as const;

test('two runs that need different room are drawn at the same places', () => {
  const { scene, extent } = fixture('leak-decision');
  const more: Extent = {
    ...extent,
    folios: [
      ...extent.folios.map((one) => ({ ...one, held: one.held + 1 })),
      { id: 'folio:f9', mapped: 1, held: 0 },
    ],
  };
  const places = (of: Extent): readonly unknown[] => {
    const { plan } = layout(scene, of, frame);
    return [plan.processes, plan.folios, plan.holders];
  };
  expect(places(extent)).not.toEqual(places(more));
  expect(places(bothExtents(extent, more))).toEqual(places(bothExtents(more, extent)));
  expect(bothExtents(extent, extent).processes).toEqual(extent.processes);
});
