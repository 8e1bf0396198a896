/**
 * For tests: the whole graph of a small scenario as plain worlds, and a comparison of a reduced check with a
 * full one.
 */
import { choicesOf, step } from '../../kernel/engine.ts';
import { activate } from '../../kernel/machine.ts';
import type { Machine } from '../../kernel/machine.ts';
import { load, now, save } from '../../kernel/world.ts';
import type { Result } from '../check.ts';

export function worldNow(): Int32Array {
  const world = new Int32Array(now.words);
  save(world, 0);
  return world;
}
export const keyOf = (world: Int32Array): string => String.fromCharCode(...new Uint16Array(world.buffer));

/** Every world that can be reached, up to `most`. */
export function reachable(machine: Machine, most: number): readonly Int32Array[] {
  activate(machine);
  const found: Int32Array[] = [machine.start.slice()],
    seen = new Set([keyOf(machine.start)]);
  for (let i = 0; i < found.length && found.length < most; i++)
    for (let t = 0; t < now.counts.threads; t++) {
      load(found[i]!, 0);
      for (let c = 0, n = choicesOf(t); c < n; c++) {
        load(found[i]!, 0);
        if (!step(t, c)) continue;
        const next = worldNow(),
          key = keyOf(next);
        if (seen.has(key)) continue;
        seen.add(key);
        found.push(next);
      }
    }
  return found;
}

const outcomesOf = (r: Result): string =>
  r.outcomes
    .map((o) => o.seen.join())
    .toSorted()
    .join(' | ');
/** What a reduced check says that a full one does not; '' if they agree. */
export function difference(full: Result, reduced: Result): string {
  if (full.verdict === 'incomplete' || reduced.verdict === 'incomplete') return '';
  if (full.verdict !== reduced.verdict) return `${reduced.verdict}, not ${full.verdict} (${full.reason})`;
  if (full.verdict === 'violated') {
    if (full.depth !== reduced.depth) return `${reduced.depth} steps, not ${full.depth}`;
    return full.preemptions === reduced.preemptions ? '' : 'other preemptions';
  }
  const lists: [string, string, string][] = [
    ['outcomes', outcomesOf(full), outcomesOf(reduced)],
    ['unmet', full.unmet.join(), reduced.unmet.join()],
    ['vacuous', full.vacuous.join(), reduced.vacuous.join()],
  ];
  const other = lists.find(([, a, b]) => a !== b);
  return other === undefined ? '' : `${other[0]} ${other[2]}, not ${other[1]}`;
}
