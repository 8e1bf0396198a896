// An invariant that says what it reads must read nothing else: in worlds of the gallery every other cell is
// given another value, and the answers stay. So a check may ask again only where those cells were written.
import { expect, test } from 'vitest';
import { boot } from '../kernel/machine.ts';
import { modelById } from '../kernel/models/index.ts';
import { mayKeep } from '../kernel/holders.ts';
import { pcOf } from '../kernel/engine.ts';
import { cells, now, thread } from '../kernel/world.ts';
import { gallery } from '../scenario/gallery/index.ts';
import { invariants, questionsOf } from '../invariants/index.ts';
import { advance, begin } from './check.ts';
import { planOf } from './plan-of.ts';
import { settle, stand } from './pool.ts';
import { ALWAYS, watchFor } from './watch.ts';

test.each(gallery.map((entry) => [entry.id, entry.text] as const))('in worlds of %s', (_, text) => {
  const wrong: string[] = [];
  for (const model of ['v5.7', 'v6.18']) {
    const machine = boot(planOf(text), modelById(model)!);
    const asked = [...invariants, ...questionsOf(machine.plan).invariants];
    const { bits, keepers, bitOf } = watchFor(asked, 4 * machine.words);
    const search = begin(machine, { invariants: [], states: 2000 });
    while (!advance(search, 1000));
    settle(search.pool);
    for (let k = 0; k < 8; k++) {
      stand(search.pool, Math.trunc((search.pool.count * k) / 8));
      const kept = machine.plan.threads.some((_t, t) => mayKeep(pcOf(t)));
      for (const invariant of asked) {
        const bit = bitOf.get(invariant)!;
        if (bit === ALWAYS) continue;
        const answers = (): string => `${invariant.broken() !== null} ${invariant.applies()}`;
        const before = answers();
        for (let c = 0; c < 4 * now.words; c++) {
          const inThread = c >= thread.at && c < thread.at + thread.size;
          // What a row keeps is a matter of all cells of its thread, its place among them.
          if ((bits[c]! & bit) !== 0 || ((keepers & bit) !== 0 && inThread && kept)) continue;
          if ((keepers & bit) !== 0 && inThread && (c - thread.at) % now.counts.frame < 2) continue;
          const was = cells[c]!;
          for (const other of [was ^ 1, was ^ 2, 0]) {
            cells[c] = other;
            if (answers() !== before) wrong.push(`${invariant.id} reads cell ${c}`);
          }
          cells[c] = was;
        }
      }
    }
  }
  expect(wrong).toEqual([]);
});
