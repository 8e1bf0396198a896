/**
 * Hand-made scenes for the tests of layout, text and drawing: real ones come from `build.ts`. Facts are
 * simplified.
 */
import { four, fourExtent } from './stills/four.ts';
import { leakCopied, leakDecision, leakEnd, leakExtent, leakStart } from './stills/leak.ts';
import { pins, pinsExtent } from './stills/pins.ts';
import { threads, threadsExtent } from './stills/threads.ts';
import type { Extent, Scene } from './scene.ts';

export * from './stills/builders.ts';

export interface Fixture {
  readonly name: string;
  readonly scene: Scene;
  readonly extent: Extent;
  readonly broken: string | null;
}

export const fixtures: readonly Fixture[] = [
  { name: 'leak-start', scene: leakStart, extent: leakExtent, broken: null },
  { name: 'leak-decision', scene: leakDecision, extent: leakExtent, broken: null },
  { name: 'leak-end', scene: leakEnd, extent: leakExtent, broken: 'mm:child' },
  { name: 'leak-copied', scene: leakCopied, extent: leakExtent, broken: null },
  { name: 'threads', scene: threads, extent: threadsExtent, broken: null },
  { name: 'four', scene: four, extent: fourExtent, broken: null },
  { name: 'pins', scene: pins, extent: pinsExtent, broken: null },
];

export function fixture(name: string): Fixture {
  const found = fixtures.find((one) => one.name === name);
  if (!found) throw new Error(`There is no scene "${name}".`);
  return found;
}
