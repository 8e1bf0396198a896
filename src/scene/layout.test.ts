import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { edge, fixture, folio, holder, process, pte, table, tlb, token } from './fixtures.ts';
import { layout, planFor, shapeFor, type Placed } from './layout.ts';
import type { Box, Plan, Shape } from './places.ts';
import type { Edge, Extent, FolioCard, Scene } from './scene.ts';

interface Named {
  readonly id: string;
  readonly box: Box;
}

const overlaps = (a: Box, b: Box): boolean =>
  a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;

const inside = (inner: Box, outer: Box): boolean =>
  inner.x >= outer.x &&
  inner.y >= outer.y &&
  inner.x + inner.w <= outer.x + outer.w &&
  inner.y + inner.h <= outer.y + outer.h;

function clashes(boxes: readonly Named[]): readonly string[] {
  return boxes.flatMap((a, i) =>
    boxes.slice(i + 1).flatMap((b) => (overlaps(a.box, b.box) ? [`${a.id} lies over ${b.id}`] : [])),
  );
}

function cardsOf(plan: Plan): readonly Named[] {
  return [
    ...plan.processes.flatMap(({ id, card, table: beside }) => [
      { id, box: card },
      ...(beside ? [{ id: `table of ${id}`, box: beside }] : []),
    ]),
    ...(plan.open ? [{ id: 'open place', box: plan.open.box }] : []),
    ...plan.folios.map(({ id, box }) => ({ id, box })),
    ...plan.holders.map(({ id, box }) => ({ id, box })),
  ];
}

/** Everything drawn inside the cards; the line that counts threads may be that of the only thread. */
function partsOf(plan: Plan): readonly (Named & { readonly card: Box })[] {
  const processes = plan.processes.flatMap((one) => {
    const name = (kind: string, boxes: readonly Box[], card: Box) =>
      boxes.map((box, i) => ({ id: `${kind} ${i} of ${one.id}`, box, card }));
    const rows = one.table ?? one.card;
    return [
      ...name('thread', one.threads, one.card),
      ...name('memory', one.vmas, one.card),
      ...name('view', one.views, one.card),
      ...name('entry', one.ptes, rows),
      ...one.tlbs.flatMap((boxes, i) => name(`TLB row of entry ${i},`, boxes, rows)),
      ...name('walk', one.walks, rows),
      ...(one.walk ? name('fold', [one.walk], rows) : []),
    ];
  });
  const rows = plan.holders.flatMap(({ id, box, rows: boxes }) =>
    boxes.map((row, i) => ({ id: `row ${i} of ${id}`, box: row, card: box })),
  );
  return [...processes, ...rows];
}

const count = (max: number, min = 0) => fc.integer({ min, max });

const extents: fc.Arbitrary<Extent> = fc.record({
  processes: fc
    .array(
      fc.record({
        threads: count(4, 1),
        vmas: count(3),
        views: count(9),
        ptes: count(8),
        tlbs: count(4),
        walks: count(3),
      }),
      { minLength: 1, maxLength: 6 },
    )
    .map((all) => all.map((one, i) => ({ id: `mm:p${i}`, ...one }))),
  folios: fc
    .array(fc.record({ mapped: count(8), held: count(8) }), { minLength: 1, maxLength: 12 })
    .map((all) => all.map((one, i) => ({ id: `folio:${i}`, ...one }))),
  holders: fc.array(fc.record({ rows: count(3), folio: fc.option(count(11)) }), { maxLength: 6 }).map((all) =>
    all.map(({ rows, folio: f }, i) => ({
      id: `hold:h${i}`,
      rows,
      folio: f === null ? null : `folio:${f}`,
    })),
  ),
});

const frames = fc
  .record({ width: count(2200, 320), narrower: count(2), height: count(900), open: count(3) })
  .map(({ width, narrower, height, open }) => {
    const shapes: readonly Shape[] = ['wide', 'folded', 'phone'];
    const shape = shapes[Math.max(shapes.indexOf(shapeFor(width)), narrower)] ?? 'phone';
    return { width, height, shape, open: [...Array(open).keys()].map((i) => `mm:p${i}`) };
  });

/** Some moment of a run with this extent: anything from nothing to a little more than was announced. */
function sceneOf(extent: Extent, random: () => number): Scene {
  const upTo = (n: number): number => Math.floor(random() * (n + 1));
  const some = (n: number): readonly number[] => [...Array(upTo(n)).keys()];
  const pick = <T>(...of: readonly [T, ...T[]]): T => of[upTo(of.length - 1)] ?? of[0];
  const edges: Edge[] = [];
  const folios = extent.folios.map((need, i): FolioCard => {
    const mapped = some(need.mapped + 1).map((k) =>
      token(i, 'pte', `p${k} a.${k}`, k, `${i}:${k}`, upTo(1) > 0),
    );
    const held = some(need.held + 1).map((k) =>
      token(i, pick('pipe', 'pin', 'lru'), `holder ${k}`, -1, `${i}:h${k}`),
    );
    return folio(i, {
      mapped,
      held,
      state: pick('live', 'live', 'free', 'freed'),
      note: 'kept',
      eye: pick('mapcount', null),
    });
  });
  const tokens = folios
    .filter(({ state }) => state === 'live')
    .flatMap((one) => [one.id, ...one.mapped.map(({ id }) => id)]);
  const heldTokens = folios.flatMap(({ held }) => held.map(({ id }) => id));
  const processes = extent.processes.map((need, i) =>
    process(`p${i}`, i, {
      state: pick('alive', 'alive', 'unborn'),
      threads: some(need.threads).map((k) => ({
        id: `t${i}.${k}`,
        name: `t${k}`,
        cpu: k,
        doing: 'running',
        active: false,
      })),
      views: some(need.views).map((k) => ({
        id: `v${i}.${k}`,
        label: 'A load',
        bytes: null,
        word: 'zeros',
        note: '',
        bad: false,
      })),
    }),
  );
  const tables = extent.processes.map((need, i) =>
    table(
      `p${i}`,
      i,
      some(need.ptes).map((page) => {
        const tlbs = some(need.tlbs).map((cpu) => tlb(`p${i}`, `a.${page}`, cpu, 'same as PTE'));
        const row = pte(`p${i}`, `a.${page}`, 'P', 'read-only → f0', tlbs);
        for (const from of [row.id, ...tlbs.map(({ id }) => id)]) {
          const to = tokens[upTo(tokens.length)];
          if (to !== undefined)
            edges.push(edge(from, to, pick('writable', 'read-only', 'stale'), 'An edge.'));
        }
        return row;
      }),
    ),
  );
  const holders = extent.holders.map((need) => {
    const rows = some(need.rows).map((k) => ({
      id: `${need.id}:${k}`,
      label: 'slot',
      words: 'f0',
      changed: false,
    }));
    for (const { id } of rows) {
      const to = heldTokens[upTo(heldTokens.length)];
      if (to !== undefined) edges.push(edge(id, to, pick('get', 'pin'), 'An edge.'));
    }
    return holder(need.id, 'hold', 'hold', { rows, state: pick('live', 'unborn', 'gone') });
  });
  return { at: 1, processes, tables, folios, holders, edges, legend: [] };
}

const seeds = fc.infiniteStream(fc.double({ min: 0, max: 0.999, noNaN: true })).map((stream) => () => {
  const next = stream.next();
  return next.done === true ? 0 : next.value;
});

const rounds = { numRuns: 300 };

describe('places', () => {
  test('no card lies over another and all are in the picture, for any extent', () => {
    fc.assert(
      fc.property(extents, frames, (extent, frame) => {
        const plan = planFor(extent, frame);
        const cards = cardsOf(plan);
        const picture = { x: 0, y: 0, w: plan.width, h: plan.height };
        expect(clashes(cards)).toEqual([]);
        expect(cards.filter(({ box }) => !inside(box, picture)).map(({ id }) => id)).toEqual([]);
      }),
      rounds,
    );
  });

  test('the parts of a card lie in it and not over each other', () => {
    fc.assert(
      fc.property(extents, frames, (extent, frame) => {
        const parts = partsOf(planFor(extent, frame));
        expect(parts.filter(({ box, card }) => !inside(box, card)).map(({ id }) => id)).toEqual([]);
        expect(clashes(parts)).toEqual([]);
      }),
      rounds,
    );
  });

  test('cards stay where they are while one steps', () => {
    fc.assert(
      fc.property(extents, frames, seeds, seeds, (extent, frame, one, other) => {
        const before = layout(sceneOf(extent, one), extent, frame);
        const after = layout(sceneOf(extent, other), extent, frame);
        expect(after.plan).toBe(before.plan);
        const cards = cardsOf(before.plan).map(({ id }) => id);
        const places = (placed: Placed) => cards.map((id) => [id, placed.boxes.get(id)]);
        expect(places(after)).toEqual(places(before));
      }),
      rounds,
    );
  });

  test('tokens and counts lie in their folio and not over each other', () => {
    fc.assert(
      fc.property(extents, frames, seeds, (extent, frame, random) => {
        const scene = sceneOf(extent, random);
        const placed = layout(scene, extent, frame);
        for (const { id, mapped, held } of scene.folios) {
          const card = placed.boxes.get(`open:${id}`) ?? placed.boxes.get(id);
          const ids = [...[...mapped, ...held].map((one) => one.id), `mapcount:${id}`, `refcount:${id}`];
          const parts = ids.flatMap((part) => {
            const box = placed.boxes.get(part);
            return box ? [{ id: part, box }] : [];
          });
          expect(parts.filter(({ box }) => !card || !inside(box, card))).toEqual([]);
          expect(clashes(parts)).toEqual([]);
        }
      }),
      rounds,
    );
  });
});

describe('edges', () => {
  /** Pieces of an edge that run through the inside of a card. */
  function trespasses(placed: Placed): readonly string[] {
    const cards = cardsOf(placed.plan);
    return placed.edges.flatMap(({ edge: { id }, points }) =>
      points.slice(1).flatMap((point, i) => {
        const from = points[i] ?? point;
        const piece = {
          x: Math.min(from.x, point.x) + 0.25,
          y: Math.min(from.y, point.y) + 0.25,
          w: Math.abs(from.x - point.x) - 0.5,
          h: Math.abs(from.y - point.y) - 0.5,
        };
        const thick = { ...piece, w: Math.max(0.1, piece.w), h: Math.max(0.1, piece.h) };
        return cards.filter(({ box }) => overlaps(thick, box)).map((card) => `${id} crosses ${card.id}`);
      }),
    );
  }

  test('they run in the gutters only', () => {
    fc.assert(
      fc.property(extents, frames, seeds, (extent, frame, random) => {
        expect(trespasses(layout(sceneOf(extent, random), extent, frame))).toEqual([]);
      }),
      rounds,
    );
  });

  test('they have right angles only', () => {
    fc.assert(
      fc.property(extents, frames, seeds, (extent, frame, random) => {
        for (const { points } of layout(sceneOf(extent, random), extent, frame).edges) {
          points.slice(1).forEach((point, i) => {
            expect(point.x === points[i]?.x || point.y === points[i]?.y).toBe(true);
          });
        }
      }),
      rounds,
    );
  });

  test('with an entry and its folio side by side the edge is one straight line', () => {
    const leak = fixture('leak-decision');
    const placed = layout(leak.scene, leak.extent, { width: 1036, height: 0, shape: 'wide' });
    expect(placed.edges.map(({ points }) => points.length)).toEqual([2, 2, 2]);
    expect(placed.plan.heads.map(({ x, w }) => [x, w])).toEqual([
      [24, 228],
      [292, 220],
      [560, 264],
      [872, 140],
    ]);
  });

  test('each has a lane of its own', () => {
    for (const shape of ['wide', 'folded'] as const) {
      const { scene, extent } = fixture('four');
      const { edges } = layout(scene, extent, { width: shape === 'wide' ? 1036 : 760, height: 0, shape });
      const upright = edges.flatMap(({ points }) =>
        points.slice(1).flatMap((point, i) => {
          const from = points[i] ?? point;
          return point.x === from.x
            ? [{ x: point.x - 2, y: Math.min(point.y, from.y), w: 4, h: Math.abs(point.y - from.y) }]
            : [];
        }),
      );
      expect(upright.length).toBeGreaterThan(8);
      expect(clashes(upright.map((box, i) => ({ id: `piece ${i}`, box })))).toEqual([]);
    }
  });

  test('a stale entry ends on the card, away from the tokens', () => {
    const stale = fixture('threads');
    const { edges, boxes } = layout(stale.scene, stale.extent, { width: 1036, height: 0, shape: 'wide' });
    const end = edges.find((one) => one.edge.kind === 'stale')?.points.at(-1);
    const folioBox = boxes.get('folio:0');
    const first = boxes.get('token:folio:0:pte:A:a.0');
    expect(end?.x).toBe(folioBox?.x);
    expect(Math.abs((end?.y ?? 0) - ((first?.y ?? 0) + 14))).toBeGreaterThanOrEqual(14);
  });
});

test('with many folios the one that the step touches, or that was selected, is opened', () => {
  const folios = [...Array(8).keys()].map((i) =>
    folio(i, { mapped: [token(i, 'pte', 'p a.0', 0, `p${i}`)] }),
  );
  const extent: Extent = {
    processes: [{ id: 'mm:p', threads: 1, vmas: 1, views: 1, ptes: 1, tlbs: 1, walks: 1 }],
    folios: folios.map(({ id }) => ({ id, mapped: 1, held: 0 })),
    holders: [],
  };
  const scene: Scene = {
    at: 1,
    processes: [process('p', 0, {})],
    tables: [],
    folios: folios.map((one, i) => (i === 5 ? { ...one, changed: ['refcount' as const] } : one)),
    holders: [],
    edges: [],
    legend: [],
  };
  const frame = { width: 1036, height: 0, shape: 'wide' } as const;
  expect(layout(scene, extent, frame).opened).toBe('folio:5');
  expect(layout(scene, extent, frame, 'folio:2').opened).toBe('folio:2');
  expect(layout(scene, extent, frame).boxes.get('folio:5')?.h).toBe(44);
});

test('with hardly any height nothing has air around it, before folios become lines', () => {
  const leak = fixture('leak-decision');
  const frame = { width: 1036, shape: 'wide' } as const;
  const heights = (height: number) => layout(leak.scene, leak.extent, { ...frame, height }).plan;
  const roomy = heights(0);
  const dense = heights(roomy.height - 1);
  expect(dense.height).toBeLessThan(roomy.height);
  const forms = [...Array(40).keys()].map((i) => {
    const made = heights(roomy.height - 8 * i);
    return made.open ? 'line' : (made.folios[0]?.form ?? 'none');
  });
  // Lines hide who holds a folio: not where the picture scrolls nearly as far with them.
  expect(forms.filter((form, i) => form !== forms[i - 1])).toEqual([
    'full',
    'folded',
    'tight',
    'slim',
    'line',
    'slim',
  ]);
});
