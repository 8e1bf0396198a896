/** Which diamonds have their word below them: none lies on another one, or on the number of the thumb. */

import type { ViolationView } from '../../worker/protocol.ts';
import { centreOf, type Track } from './track.ts';

export interface Mark {
  readonly x: number;
  /** '' = it has none. */
  readonly word: string;
  /** Pixels to the right end of the track: a long word near it moves left. */
  readonly room: number;
}

/** A word has about this many pixels a letter, and may stand over the end by `OVER`. */
const LETTER = 6.6;
const OVER = 12;
const APART = 8;
/** Half of the thumb's number, and some air. */
const THUMB = 20;

const half = (word: string): number => (word.length * LETTER) / 2;

export const marksOf = (broken: readonly ViolationView[], track: Track): readonly Mark[] =>
  broken.map(({ at, word }) => {
    const x = centreOf(track, at);
    return { x, word, room: track.width - x };
  });

/** How far left of its diamond the middle of the word stands: 0 or less. */
export const shiftOf = ({ word, room }: Pick<Mark, 'word' | 'room'>): number =>
  Math.min(0, room + OVER - half(word));

/** From where to where a word goes. */
export function spanOfWord(mark: Mark): readonly [left: number, right: number] {
  const middle = mark.x + shiftOf(mark);
  return [middle - half(mark.word), middle + half(mark.word)];
}

/** From the left; a word for which there is no room is '' and can be read in the banner. */
export function wordsThatFit(marks: readonly Mark[], here: number): readonly string[] {
  let end = -Infinity;
  return marks.map((mark) => {
    const [left, right] = spanOfWord(mark);
    const under = here > left - THUMB && here < right + THUMB;
    if (mark.word === '' || under || left < end + APART) return '';
    end = right;
    return mark.word;
  });
}
