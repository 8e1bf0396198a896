/** A small seeded generator: the same seed gives the same on every machine. */
export interface Prng {
  /** A whole number from 0 to `n` - 1. */
  below(n: number): number;
  /** A whole number from `min` to `max`, both included. */
  between(min: number, max: number): number;
  /** True `percent` times in a hundred. */
  chance(percent: number): boolean;
  /** One of `items`, which must not be empty. */
  pick<T>(items: readonly T[]): T;
}

/** splitmix: a counter and a finalizer. Constants of the finalizer: hash-prospector (public domain). */
export function seeded(seed: number): Prng {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x9e3779b9) >>> 0;
    let z = state;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return (z ^ (z >>> 15)) >>> 0;
  };
  const below = (n: number): number => Math.floor((next() / 2 ** 32) * n);
  return {
    below,
    between: (min, max) => min + below(max - min + 1),
    chance: (percent) => below(100) < percent,
    pick: (items) => items[below(items.length)]!,
  };
}
