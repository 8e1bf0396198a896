import { expect, test } from 'vitest';
import { gallery } from '../../../scenario/gallery/index.ts';
import { createEngine } from '../../../worker/local.ts';
import type { MapView } from '../../../worker/protocol/structure.ts';
import { nextOf, placesOf, wayTo } from './place.ts';

async function mapOf(id: string, model: string): Promise<MapView> {
  const { text } = gallery.find((one) => one.id === id)!;
  const request = { text, model, schedule: '', without: [] };
  return createEngine().map(request, () => undefined, new AbortController().signal);
}
const leak = await mapOf('leak-any-order', 'v5.7');
const places = placesOf(leak.nodes, leak.layers.length, 1000);

test('no two states stand in one place, each in the column of its depth', () => {
  const taken = new Set(places.nodes.map(({ x, y }) => `${x} ${y}`));
  expect(taken.size).toBe(leak.nodes.length);
  leak.nodes.forEach(({ depth }, i) => {
    const { x, y } = places.nodes[i]!;
    expect(x).toBeCloseTo(places.nodes[0]!.x + depth * places.pitch);
    expect(x).toBeLessThan(places.width);
    expect(y).toBeLessThan(places.height);
  });
});

test('the first row is the run’s alone', () => {
  const top = Math.min(...places.nodes.map(({ y }) => y));
  const onRun = (depth: number): boolean =>
    leak.nodes.some((one) => one.depth === depth && one.steps.length > 0);
  const first = leak.nodes.filter(({ depth }, i) => places.nodes[i]!.y === top && onRun(depth));
  expect(first.flatMap(({ steps }) => steps)).toEqual([...Array(leak.steps + 1).keys()]);
});

test('a way has as many moves as its state is deep', () => {
  leak.nodes.forEach(({ depth }, i) => expect(wayTo(leak.nodes, i)).toHaveLength(depth));
});

test('arrow keys come to every state, and back along the run', () => {
  const seen = new Set([0]);
  for (const queue = [0]; queue.length > 0;) {
    const from = queue.pop()!;
    for (const key of ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown']) {
      const to = nextOf(leak.nodes, places, from, key);
      if (!seen.has(to)) queue.push(to);
      seen.add(to);
    }
  }
  expect(seen.size).toBe(leak.nodes.length);
  let at = leak.nodes.findIndex(({ steps }) => steps.includes(leak.steps));
  for (let back = leak.steps; back > 0; back -= 1) at = nextOf(leak.nodes, places, at, 'ArrowLeft');
  expect(at).toBe(0);
});
