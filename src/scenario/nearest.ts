/** "Did you mean": the known word that is the fewest typing mistakes away. */

/** `Did you mean x?` with the nearest of `known`, or `otherwise` if none is near. */
export function didYouMean(word: string, known: Iterable<string>, otherwise = ''): string {
  const near = nearest(word, known);
  return near === null ? otherwise : `Did you mean ${near}?`;
}

/**
 * The first known word that goes on like this one, else the nearest within a third of the letters (at
 * least one mistake, at most three), or null.
 */
export function nearest(word: string, words: Iterable<string>): string | null {
  const known = [...words];
  const begun = known.find((one) => word.length > 1 && one.length > word.length && one.startsWith(word));
  if (begun !== undefined) return begun;
  const limit = Math.min(3, Math.max(1, Math.floor(word.length / 3)));
  let best: string | null = null;
  let least = limit + 1;
  for (const candidate of known) {
    if (candidate === word || Math.abs(candidate.length - word.length) >= least) continue;
    const mistakes = distance(word.toLowerCase(), candidate.toLowerCase());
    // A word of which nothing is left is no misspelling.
    if (mistakes < least && mistakes < Math.max(word.length, candidate.length))
      [best, least] = [candidate, mistakes];
  }
  return best;
}

/** Letters to insert, delete, replace or swap with the neighbour (optimal string alignment). */
export function distance(a: string, b: string): number {
  let older: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let least = Math.min(replaced, (previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) least = Math.min(least, (older[j - 2] ?? 0) + 1);
      current.push(least);
    }
    [older, previous] = [previous, current];
  }
  return previous[b.length] ?? 0;
}
