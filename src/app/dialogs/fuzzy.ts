/** Letters in order, anywhere; those that start words or stand together count more. */
export function score(text: string, query: string): number {
  const low = text.toLowerCase();
  let sum = 0;
  let from = 0;
  let last = -2;
  for (const letter of query.toLowerCase()) {
    if (letter === ' ') continue;
    const place = best(low, letter, from, last);
    if (place < 0) return -1;
    if (place === last + 1) sum += 3;
    else if (startsWord(low, place)) sum += 2;
    else sum += 0.1;
    last = place;
    from = place + 1;
  }
  return sum - text.length / 1000;
}

const startsWord = (text: string, place: number): boolean =>
  place === 0 || /[^a-z0-9]/.test(text[place - 1] ?? '');

/** The next letter right here, else at the start of a word, else the first one there is. */
function best(text: string, letter: string, from: number, last: number): number {
  if (text[last + 1] === letter && last + 1 >= from) return last + 1;
  for (let i = from; i < text.length; i += 1) if (text[i] === letter && startsWord(text, i)) return i;
  return text.indexOf(letter, from);
}

export function rank<T>(items: readonly T[], query: string, textOf: (item: T) => string): readonly T[] {
  if (query.trim() === '') return items;
  return items
    .map((item) => ({ item, points: score(textOf(item), query) }))
    .filter(({ points }) => points >= 0)
    .sort((a, b) => b.points - a.points)
    .map(({ item }) => item);
}
