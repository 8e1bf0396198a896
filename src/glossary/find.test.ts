import { describe, expect, test } from 'vitest';
import { finderOf } from './find.ts';
import { readVocabulary } from './vocabulary.ts';

const { terms } = readVocabulary(`
## Words

### TLB
- also: TLBs

A memory.

### stale TLB entry
- also: ghost

An old one.

### pin
- also: pins, FOLL_PIN

A hold.

### page
- quiet: yes

A piece.

### mmap_lock

A lock.
`);
const find = finderOf(terms);
/** Marked words in brackets, with the term where that is another form. */
const marked = (...texts: string[]): string[] =>
  find(texts).map((parts) =>
    parts
      .map((one) =>
        typeof one === 'string'
          ? one
          : `[${one.text}${one.text === one.term.word ? '' : ` = ${one.term.word}`}]`,
      )
      .join(''),
  );

describe('words are found', () => {
  test('each where it comes first, in all that is read in one go', () => {
    expect(marked('The TLB and the TLB.', 'Other TLBs, and a pin.')).toEqual([
      'The [TLB] and the TLB.',
      'Other TLBs, and a [pin].',
    ]);
  });

  test('the longest form, once each', () => {
    expect(marked('A stale TLB entry in a TLB, a ghost.')).toEqual([
      'A [stale TLB entry] in a [TLB], a ghost.',
    ]);
  });

  test('in other forms, and at the beginning of a sentence', () => {
    expect(marked('Pins count.', 'FOLL_PIN is one.')).toEqual(['[Pins = pin] count.', 'FOLL_PIN is one.']);
  });

  test('not inside other words, paths, names of functions, or in other letters', () => {
    for (const text of ['pinned', 'a pin-point', 'mm/pin.c', 'pin()', 'foll_pin', 'mmap_locks', 'tlb'])
      expect(marked(text)).toEqual([text]);
  });

  test('not where they are too common', () => {
    expect(marked('a page')).toEqual(['a page']);
  });

  test('and nothing of the text is lost', () => {
    const text = 'mmap_lock, (pin) TLB';
    expect(marked(text)).toEqual(['[mmap_lock], ([pin]) [TLB]']);
    const parts = find([text])[0]!;
    expect(parts.map((one) => (typeof one === 'string' ? one : one.text)).join('')).toBe(text);
  });
});
