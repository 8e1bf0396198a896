/**
 * Packed worlds. Of a world only the bits are kept in which worlds that were met differ from the first one,
 * side by side in as few words as they fit. Which bits those are is not declared but found out: for a bit
 * that changes for the first time a place is found, between the others (`fitted`) or by packing all worlds
 * that are kept again (`widened`). So a packed world is always the whole world, and two are equal exactly
 * when the worlds are.
 *
 * A piece is some bits of one cell with a place: word `word[p]`, moved up by `up[p]` bits. Piece `c` is the
 * first one of cell `c`; few cells have more. The first world is all zeros.
 */
export interface Packing {
  /** Words of one packed world. */
  readonly words: number;
  /** Cells of the first world, and for each the bits that have a place. */
  readonly start: Uint8Array;
  readonly known: Uint8Array;
  /** Of each piece. One without bits has the word behind the last one, which nobody keeps. */
  readonly cell: Uint16Array;
  readonly mask: Uint8Array;
  readonly word: Uint16Array;
  readonly up: Uint8Array;
  /** The same in one number, for the search: word, mask from bit 16 on, `up` from 24, HAS_MORE. */
  readonly toWord: Int32Array;
  /** The next piece of the same cell, 0 = none. */
  readonly more: Uint16Array;
  /** For each bit of a packed world: all bits of its piece in the word; and cell, `up` from bit 16 on. */
  readonly besides: Int32Array;
  readonly toCell: Int32Array;
}
/** In `toWord`: the cell has other pieces, too. */
export const HAS_MORE = 1 << 29;
interface Piece {
  readonly cell: number;
  mask: number;
  /** Number of its lowest bit's place, as if the mask began at bit 0; -1 without bits. */
  place: number;
}

/** Finds places for those bits of each cell, the first where they fit, with some room to grow. */
export function packingOf(start: Uint8Array, known: Uint8Array): Packing {
  const [wider, plain] = [withRoom, withGaps].map((wanted) => places(known, wanted));
  return laidOut(start, wider!.words > plain!.words + 1 ? plain! : wider!);
}
/** Where more bits are expected: in the gaps between them, or one above as well. */
const withGaps = (m: number): number => (1 << (32 - Math.clz32(m))) - 1;
const withRoom = (m: number): number => (2 * withGaps(m) + 1) & 255;

interface Places {
  readonly words: number;
  readonly pieces: readonly Piece[];
}
function places(known: Uint8Array, wanted: (m: number) => number): Places {
  const taken: number[] = [];
  const pieces = Array.from(known, (mask, cell): Piece => {
    if (mask === 0) return { cell, mask, place: -1 };
    const place = placeFor(taken, wanted(mask));
    taken[place >> 5] = (taken[place >> 5] ?? 0) | (wanted(mask) << (place & 31));
    return { cell, mask, place };
  });
  return { words: taken.length, pieces };
}
function placeFor(taken: readonly number[], m: number): number {
  for (let w = 0; w < taken.length; w++)
    for (let k = 0, most = Math.clz32(m); k <= most; k++) if ((taken[w]! & (m << k)) === 0) return 32 * w + k;
  return 32 * taken.length;
}
function laidOut(start: Uint8Array, { words, pieces }: Places): Packing {
  const known = new Uint8Array(start.length),
    besides = new Int32Array(32 * words),
    toCell = new Int32Array(32 * words),
    more = new Uint16Array(pieces.length);
  pieces.forEach(({ cell, mask, place }, p) => {
    known[cell]! |= mask;
    for (let b = 0; b < 8; b++)
      if ((mask & (1 << b)) !== 0) {
        besides[place + b] = mask << (place & 31);
        toCell[place + b] = cell | ((place & 31) << 16);
      }
    if (p === cell) return;
    let last = cell;
    while (more[last] !== 0) last = more[last]!;
    more[last] = p;
  });
  const wordOf = (p: Piece): number => (p.place < 0 ? words : p.place >> 5),
    upOf = (p: Piece): number => Math.max(0, p.place) & 31;
  return {
    words,
    start,
    known,
    cell: Uint16Array.from(pieces, (p) => p.cell),
    mask: Uint8Array.from(pieces, (p) => p.mask),
    word: Uint16Array.from(pieces, wordOf),
    up: Uint8Array.from(pieces, upOf),
    toWord: Int32Array.from(
      pieces,
      (p, i) => wordOf(p) | (p.mask << 16) | (upOf(p) << 24) | (more[i] === 0 ? 0 : HAS_MORE),
    ),
    more,
    besides,
    toCell,
  };
}

/** For some cells, bits in which they differ from the first world. */
export type Bits = ReadonlyMap<number, number>;
/** A packing that has room for those bits, too. */
export function widened(p: Packing, bits: Bits): Packing {
  const known = p.known.slice();
  for (const [c, b] of bits) known[c]! |= b;
  return packingOf(p.start, known);
}
/** The same, with all worlds packed as they are; null if the bits do not fit between the others. */
export function fitted(p: Packing, bits: Bits): Packing | null {
  const taken = new Array<number>(p.words).fill(0);
  const pieces = Array.from(p.cell, (cell, i): Piece => {
    const mask = p.mask[i]!;
    if (mask !== 0) taken[p.word[i]!]! |= mask << p.up[i]!;
    return { cell, mask, place: mask === 0 ? -1 : 32 * p.word[i]! + p.up[i]! };
  });
  for (const [cell, b] of bits) {
    const mask = b & ~p.known[cell]!;
    if (mask === 0) continue;
    const own = pieces[cell]!,
      up = own.place & 31;
    const grows = own.mask !== 0 && up <= Math.clz32(mask) && (taken[own.place >> 5]! & (mask << up)) === 0;
    const place = grows ? own.place : placeFor(taken, mask);
    if (place >= 32 * p.words) return null;
    taken[place >> 5]! |= mask << (place & 31);
    if (grows) own.mask |= mask;
    else if (own.mask === 0) Object.assign(own, { mask, place });
    else pieces.push({ cell, mask, place });
  }
  return laidOut(p.start, { words: p.words, pieces });
}

/** The same places, and so many words for more. */
export function roomier(p: Packing, words: number): Packing {
  const pieces = Array.from(p.cell, (cell, i): Piece => {
    const mask = p.mask[i]!;
    return { cell, mask, place: mask === 0 ? -1 : 32 * p.word[i]! + p.up[i]! };
  });
  return laidOut(p.start, { words: p.words + words, pieces });
}

/** Packs a whole world. It may differ from the first one in the bits of the packing only. */
export function pack(p: Packing, world: Uint8Array, into: Int32Array, at: number): void {
  const { words, start, cell, mask, word, up } = p;
  for (let w = 0; w < words; w++) into[at + w] = 0;
  for (let i = 0; i < cell.length; i++) {
    const m = mask[i]!;
    if (m !== 0) into[at + word[i]!]! |= ((world[cell[i]!]! ^ start[cell[i]!]!) & m) << up[i]!;
  }
}
/** The world that was packed, over one that has the cells which never change. */
export function unpack(p: Packing, from: Int32Array, at: number, into: Uint8Array): void {
  const { start, cell, mask, word, up } = p;
  for (let i = 0; i < cell.length; i++) {
    const m = mask[i]!,
      c = cell[i]!;
    if (m !== 0) into[c] = (into[c]! & ~m) | ((start[c]! ^ (from[at + word[i]!]! >>> up[i]!)) & m);
  }
}
