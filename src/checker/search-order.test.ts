// The search against a plain one that anybody can read: whole worlds as strings in a Map, each step made on
// a fresh copy. World number i must be the same world in both, met first from the same world by the same
// move; then packing, journal, undo and table have changed nothing.
import { describe, expect, test } from 'vitest';
import { choicesOf, doMove, moveOf } from '../kernel/engine.ts';
import { activate, boot } from '../kernel/machine.ts';
import type { Machine } from '../kernel/machine.ts';
import { modelById } from '../kernel/models/index.ts';
import { load, now, words } from '../kernel/world.ts';
import { gallery } from '../scenario/gallery/index.ts';
import { advance, begin } from './check.ts';
import { planOf } from './plan-of.ts';
import { moveTo, parentOf, settle, stand } from './pool.ts';

interface Plain {
  readonly worlds: readonly Int32Array[];
  /** For each world: the world it was met from first, and by which move. */
  readonly from: readonly (readonly [number, number])[];
  readonly edges: number;
}
/** The first `most` worlds, and the edges of those that have been expanded when that many are known. */
function plainSearch(machine: Machine, most: number): Plain {
  activate(machine);
  const worlds = [machine.start],
    from: [number, number][] = [[0, 0]],
    ids = new Map([[machine.start.join(), 0]]);
  let edges = 0;
  for (let head = 0; head < worlds.length; head++) {
    for (let t = 0; t < machine.plan.threads.length; t++) {
      load(worlds[head]!, 0);
      for (let c = 0, ways = choicesOf(t); c < ways; c++) {
        load(worlds[head]!, 0);
        if (!doMove(moveOf(t, c))) continue;
        edges += 1;
        const next = words.slice(0, now.words),
          key = next.join();
        if (ids.has(key)) continue;
        if (worlds.length === most) return { worlds, from, edges };
        ids.set(key, worlds.length);
        worlds.push(next);
        from.push([head, moveOf(t, c)]);
      }
    }
  }
  return { worlds, from, edges };
}

/** What is not the same in both, '' if nothing is; and how many worlds there are. */
function compare(machine: Machine, most: number): { wrong: string; worlds: number } {
  const plain = plainSearch(machine, most);
  const search = begin(machine, { invariants: [], states: most });
  while (!advance(search, 700));
  const { pool } = search,
    worlds = pool.count;
  if (worlds !== plain.worlds.length || search.edges !== plain.edges)
    return { wrong: `${worlds} worlds, ${search.edges} edges`, worlds };
  settle(pool);
  for (let id = 0; id < worlds; id++) {
    stand(pool, id);
    if (!plain.worlds[id]!.every((w, i) => w === words[i])) return { wrong: `world ${id}`, worlds };
    const origin = id === 0 ? [0, 0] : [parentOf(pool, id), moveTo(pool, id)];
    if (origin.join() !== plain.from[id]!.join()) return { wrong: `origin of ${id}`, worlds };
  }
  return { wrong: '', worlds };
}

describe('world number i is the same world, met first by the same move', () => {
  test.each(gallery.map((entry) => [entry.id, entry.text] as const))('%s', (_, text) => {
    const wrong = ['v5.7', 'v5.9', 'v6.18'].map(
      (model) => compare(boot(planOf(text), modelById(model)!), 1500).wrong,
    );
    expect(wrong).toEqual(['', '', '']);
  });

  test('over several chunks and tables', () => {
    const text = `process parent
region a anon 1 page
parent: store a.0 "old"
parent: fork child
parallel
parent: store a.0 "one"
parent/2: store a.0 "two"
child: store a.0 "three"
child/2: vmsplice a.0 -> p
end
`;
    expect(compare(boot(planOf(text), modelById('v5.9')!), 20_000)).toEqual({ wrong: '', worlds: 20_000 });
  });
});
