/**
 * Where the arrow keys lead. Right and Left: what stands beside it. Down: what it points to. Up: who holds
 * it.
 */
import { tableOf, type Placed } from '../../scene/layout.ts';
import { walkId } from '../../scene/places.ts';
import type { Scene } from '../../scene/scene.ts';

export type Move = 'right' | 'left' | 'down' | 'up';

export interface Nav {
  readonly first: string | null;
  readonly has: (id: string) => boolean;
  readonly go: (from: string, move: Move) => string | null;
}

interface Node {
  readonly siblings: readonly string[];
  readonly down: readonly string[];
  readonly up: readonly string[];
}

const ids = (items: readonly { readonly id: string }[]): readonly string[] => items.map(({ id }) => id);

/** Nobody who uses a mouse asks for more than the first sign: the links are worked out with the first key. */
export function navigation(scene: Scene, placed: Placed): Nav {
  let known: ReadonlyMap<string, Node> | null = null;
  const nodes = (): ReadonlyMap<string, Node> => (known ??= linksOf(scene, placed));
  const has = (id: string): boolean => nodes().has(id);
  const first = cardsOf(scene).find((id) => placed.boxes.has(id)) ?? null;
  return {
    first,
    has,
    go(from, move) {
      const node = nodes().get(from);
      if (!node) return first;
      if (move === 'down' || move === 'up') return node[move].find(has) ?? null;
      const next = node.siblings.indexOf(from) + (move === 'right' ? 1 : -1);
      return node.siblings[next] ?? null;
    },
  };
}

/** Cards of all columns are neighbours, so that everything can be reached from the first. */
const cardsOf = (scene: Scene): readonly string[] =>
  ids([...scene.processes, ...scene.folios, ...scene.holders]);

function linksOf(scene: Scene, placed: Placed): ReadonlyMap<string, Node> {
  const nodes = new Map<string, Node>();
  const add = (siblings: readonly string[], links: (id: string) => Pick<Node, 'down' | 'up'>): void => {
    const drawn = siblings.filter((id) => placed.boxes.has(id));
    for (const id of drawn) nodes.set(id, { siblings: drawn, ...links(id) });
  };
  const targets = (id: string): readonly string[] =>
    scene.edges.filter(({ from }) => from === id).flatMap(({ to }) => [to, folioOf(to)]);
  const sources = (id: string): readonly string[] =>
    scene.edges.filter(({ to }) => to === id).map(({ from }) => from);
  const folioOf = (token: string): string =>
    scene.folios.find(({ mapped, held }) => [...mapped, ...held].some(({ id }) => id === token))?.id ?? '';

  const links = new Map<string, Pick<Node, 'down' | 'up'>>();

  for (const card of scene.processes) {
    const table = tableOf(scene, card);
    const rows = table?.rows ?? [];
    const tlbs = rows.flatMap((row) => row.tlbs.map(({ id }) => ({ id, row })));
    const inside = [
      ...ids(card.vmas),
      ...(table ? [table.id, walkId(card.name), ...ids(table.walks)] : []),
      ...ids(rows),
      ...ids(tlbs),
      ...ids([...card.threads, ...card.views]),
    ];
    links.set(card.id, { down: inside, up: [] });
    add(inside, (id) => {
      const tlb = tlbs.find((one) => one.id === id);
      if (tlb) return { down: [...targets(id), ...targets(tlb.row.id)], up: [tlb.row.id] };
      if (id === table?.id) return { down: ids(rows), up: [card.id] };
      if (id === walkId(card.name)) return { down: ids(table?.walks ?? []), up: [table?.id ?? '', card.id] };
      if (table?.walks.some((walk) => walk.id === id)) return { down: ids(rows), up: [walkId(card.name)] };
      if (rows.some((row) => row.id === id)) return { down: targets(id), up: [table?.id ?? '', card.id] };
      return { down: [...targets(id), ...ids(rows)], up: [card.id] };
    });
  }
  for (const card of scene.folios) {
    const tokens = ids([...card.mapped, ...card.held]);
    const counts = [`mapcount:${card.id}`, `refcount:${card.id}`];
    const inside = [...ids(card.pages), ...(card.mappers ? [card.mappers.id] : [])];
    links.set(card.id, { down: [...inside, ...counts], up: [...tokens, ...sources(card.id)] });
    add([...inside, ...tokens, ...counts], (id) =>
      counts.includes(id)
        ? { down: [], up: tokens.length > 0 ? tokens : [card.id] }
        : { down: [card.id], up: sources(id) },
    );
  }
  for (const card of scene.holders) {
    const rows = ids(card.rows);
    links.set(card.id, { down: [...rows, ...rows.flatMap(targets)], up: [] });
    add(rows, (id) => ({ down: targets(id), up: [card.id] }));
  }
  add(cardsOf(scene), (id) => links.get(id) ?? { down: [], up: [] });
  return nodes;
}
