/**
 * A text as a QR code (ISO/IEC 18004): bytes, error correction M while that is small, else L, the smallest
 * version that holds it, and the mask with the least penalty. Pure.
 */
import { encodeUtf8 } from '../scenario/utf8.ts';

export type Level = 'L' | 'M';

/** Error correction codewords of a block, by version from 1. */
const ECC: Readonly<Record<Level, readonly number[]>> = {
  L: [
    7, 10, 15, 20, 26, 18, 20, 24, 30, 18, 20, 24, 26, 30, 22, 24, 28, 30, 28, 28, 28, 28, 30, 30, 26, 28, 30,
    30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30,
  ],
  M: [
    10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26, 26, 28, 28, 28, 28, 28,
    28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28,
  ],
};
const BLOCKS: Readonly<Record<Level, readonly number[]>> = {
  L: [
    1, 1, 1, 1, 1, 2, 2, 2, 2, 4, 4, 4, 4, 4, 6, 6, 6, 6, 7, 8, 8, 9, 9, 10, 12, 12, 12, 13, 14, 15, 16, 17,
    18, 19, 19, 20, 21, 22, 24, 25,
  ],
  M: [
    1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16, 17, 17, 18, 20, 21, 23, 25, 26, 28, 29,
    31, 33, 35, 37, 38, 40, 43, 45, 47, 49,
  ],
};
const LEVEL_BITS: Readonly<Record<Level, number>> = { L: 1, M: 0 };
const VERSIONS = 40;

/** Rows of squares, true = dark, without the quiet zone. Throws a RangeError if no version holds the text. */
export function qrCode(text: string, level: Level): boolean[][] {
  const bytes = encodeUtf8(text);
  for (let version = 1; version <= VERSIONS; version++) {
    const room = dataCodewords(version, level);
    const bits = 4 + (version < 10 ? 8 : 16) + 8 * bytes.length;
    if (bits <= room * 8)
      return drawn(version, level, interleaved(padded(bytes, version, room), version, level));
  }
  throw new RangeError(`no QR code holds ${bytes.length} bytes`);
}

/** Modules of a version that are left for data and error correction. */
function rawModules(version: number): number {
  let modules = (16 * version + 128) * version + 64;
  if (version >= 2) {
    const align = Math.floor(version / 7) + 2;
    modules -= (25 * align - 10) * align - 55;
    if (version >= 7) modules -= 36;
  }
  return modules;
}

const allCodewords = (version: number): number => Math.floor(rawModules(version) / 8);
const dataCodewords = (version: number, level: Level): number =>
  allCodewords(version) - ECC[level][version - 1]! * BLOCKS[level][version - 1]!;

/** Mode, length, bytes, and what fills the rest. */
function padded(bytes: Uint8Array, version: number, room: number): Uint8Array {
  const bits: number[] = [];
  const put = (value: number, length: number): void => {
    for (let i = length - 1; i >= 0; i--) bits.push((value >>> i) & 1);
  };
  put(4, 4);
  put(bytes.length, version < 10 ? 8 : 16);
  for (const byte of bytes) put(byte, 8);
  put(0, Math.min(4, room * 8 - bits.length));
  put(0, -bits.length & 7);
  const out = new Uint8Array(room);
  bits.forEach((bit, i) => (out[i >> 3]! |= bit << (7 - (i & 7))));
  for (let i = bits.length / 8, pad = 0xec; i < room; i++, pad ^= 0xec ^ 0x11) out[i] = pad;
  return out;
}

/** Product in GF(2^8) by 0x11d. */
function times(a: number, b: number): number {
  let product = 0;
  for (let i = 7; i >= 0; i--) {
    product = (product << 1) ^ ((product >>> 7) * 0x11d);
    product ^= ((b >>> i) & 1) * a;
  }
  return product;
}

/** The generator of Reed and Solomon: coefficients without the leading one. */
function generator(degree: number): number[] {
  const poly = [...Array<number>(degree - 1).fill(0), 1];
  let root = 1;
  for (let i = 0; i < degree; i++) {
    for (let j = 0; j < degree; j++) {
      poly[j] = times(poly[j]!, root);
      if (j + 1 < degree) poly[j]! ^= poly[j + 1]!;
    }
    root = times(root, 2);
  }
  return poly;
}

function remainder(data: Uint8Array, poly: readonly number[]): number[] {
  const rest = poly.map(() => 0);
  for (const byte of data) {
    const factor = byte ^ rest.shift()!;
    rest.push(0);
    poly.forEach((c, i) => (rest[i]! ^= times(c, factor)));
  }
  return rest;
}

/** Blocks with their error correction, a codeword of each in turn. */
function interleaved(data: Uint8Array, version: number, level: Level): number[] {
  const blocks = BLOCKS[level][version - 1]!,
    ecc = ECC[level][version - 1]!,
    all = allCodewords(version);
  const short = blocks - (all % blocks),
    length = Math.floor(all / blocks) - ecc;
  const poly = generator(ecc);
  let from = 0;
  const parts = Array.from({ length: blocks }, (_, i) => {
    const words = data.subarray(from, (from += length + (i < short ? 0 : 1)));
    return { words, check: remainder(words, poly) };
  });
  const out: number[] = [];
  for (let i = 0; i <= length; i++) for (const { words } of parts) if (i < words.length) out.push(words[i]!);
  for (let i = 0; i < ecc; i++) for (const { check } of parts) out.push(check[i]!);
  return out;
}

class Board {
  readonly size: number;
  readonly dark: boolean[][];
  /** Not for data. */
  readonly fixed: boolean[][];

  constructor(size: number) {
    this.size = size;
    this.dark = Array.from({ length: size }, () => Array<boolean>(size).fill(false));
    this.fixed = Array.from({ length: size }, () => Array<boolean>(size).fill(false));
  }

  set(x: number, y: number, dark: boolean): void {
    if (x < 0 || y < 0 || x >= this.size || y >= this.size) return;
    this.dark[y]![x] = dark;
    this.fixed[y]![x] = true;
  }
}

function drawn(version: number, level: Level, words: readonly number[]): boolean[][] {
  const board = new Board(version * 4 + 17);
  drawFixed(board, version);
  drawFormat(board, level, 0);
  drawWords(board, words);
  let best = 0,
    least = Infinity;
  for (let mask = 0; mask < MASKS.length; mask++) {
    drawFormat(board, level, mask);
    masked(board, mask);
    const cost = penalty(board.dark);
    if (cost < least) [best, least] = [mask, cost];
    masked(board, mask);
  }
  drawFormat(board, level, best);
  masked(board, best);
  return board.dark;
}

function drawFixed(board: Board, version: number): void {
  const { size } = board;
  for (let i = 0; i < size; i++) {
    board.set(6, i, i % 2 === 0);
    board.set(i, 6, i % 2 === 0);
  }
  const finder = (cx: number, cy: number): void => {
    for (let dy = -4; dy <= 4; dy++)
      for (let dx = -4; dx <= 4; dx++) {
        const ring = Math.max(Math.abs(dx), Math.abs(dy));
        board.set(cx + dx, cy + dy, ring !== 2 && ring !== 4);
      }
  };
  finder(3, 3);
  finder(size - 4, 3);
  finder(3, size - 4);
  const places = alignments(version),
    last = places.length - 1;
  places.forEach((x, i) =>
    places.forEach((y, j) => {
      if ((i === 0 && j === 0) || (i === 0 && j === last) || (i === last && j === 0)) return;
      for (let dy = -2; dy <= 2; dy++)
        for (let dx = -2; dx <= 2; dx++)
          board.set(x + dx, y + dy, Math.max(Math.abs(dx), Math.abs(dy)) !== 1);
    }),
  );
  if (version < 7) return;
  let rest = version;
  for (let i = 0; i < 12; i++) rest = (rest << 1) ^ ((rest >>> 11) * 0x1f25);
  const bits = (version << 12) | rest;
  for (let i = 0; i < 18; i++) {
    const dark = ((bits >>> i) & 1) !== 0,
      a = size - 11 + (i % 3),
      b = Math.floor(i / 3);
    board.set(a, b, dark);
    board.set(b, a, dark);
  }
}

function alignments(version: number): number[] {
  if (version === 1) return [];
  const count = Math.floor(version / 7) + 2,
    step = Math.floor((version * 8 + count * 3 + 5) / (count * 4 - 4)) * 2;
  return [6, ...Array.from({ length: count - 1 }, (_, i) => version * 4 + 10 - (count - 2 - i) * step)];
}

function drawFormat(board: Board, level: Level, mask: number): void {
  const { size } = board;
  const data = (LEVEL_BITS[level] << 3) | mask;
  let rest = data;
  for (let i = 0; i < 10; i++) rest = (rest << 1) ^ ((rest >>> 9) * 0x537);
  const bits = ((data << 10) | rest) ^ 0x5412;
  const bit = (i: number): boolean => ((bits >>> i) & 1) !== 0;
  for (let i = 0; i <= 5; i++) board.set(8, i, bit(i));
  board.set(8, 7, bit(6));
  board.set(8, 8, bit(7));
  board.set(7, 8, bit(8));
  for (let i = 9; i < 15; i++) board.set(14 - i, 8, bit(i));
  for (let i = 0; i < 8; i++) board.set(size - 1 - i, 8, bit(i));
  for (let i = 8; i < 15; i++) board.set(8, size - 15 + i, bit(i));
  board.set(8, size - 8, true);
}

/** In columns of two, up and down, from the right. */
function drawWords({ size, dark, fixed }: Board, words: readonly number[]): void {
  let i = 0;
  for (let right = size - 1; right >= 1; right -= 2) {
    if (right === 6) right = 5;
    for (let step = 0; step < size; step++)
      for (let j = 0; j < 2; j++) {
        const x = right - j,
          y = ((right + 1) & 2) === 0 ? size - 1 - step : step;
        if (fixed[y]![x] || i >= words.length * 8) continue;
        dark[y]![x] = ((words[i >> 3]! >>> (7 - (i & 7))) & 1) !== 0;
        i++;
      }
  }
}

const MASKS: readonly ((x: number, y: number) => boolean)[] = [
  (x, y) => (x + y) % 2 === 0,
  (_, y) => y % 2 === 0,
  (x) => x % 3 === 0,
  (x, y) => (x + y) % 3 === 0,
  (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2 === 0,
  (x, y) => ((x * y) % 2) + ((x * y) % 3) === 0,
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2 === 0,
  (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2 === 0,
];

function masked({ size, dark, fixed }: Board, mask: number): void {
  for (let y = 0; y < size; y++)
    for (let x = 0; x < size; x++) if (!fixed[y]![x] && MASKS[mask]!(x, y)) dark[y]![x] = !dark[y]![x];
}

/** Runs of one colour, squares of two by two, what looks like a finder, too much dark or light. */
function penalty(dark: readonly (readonly boolean[])[]): number {
  const size = dark.length;
  const columns = dark.map((_, x) => dark.map((row) => row[x]!));
  let cost = 0,
    count = 0;
  for (const line of [...dark, ...columns]) {
    const letters = line.map((d) => (d ? '1' : '0')).join('');
    for (const [run] of letters.matchAll(/0{5,}|1{5,}/g)) cost += run.length - 2;
    for (const _ of letters.matchAll(/(?=00001011101|10111010000)/g)) cost += 40;
  }
  for (let y = 0; y < size; y++)
    for (let x = 0; x < size; x++) {
      if (dark[y]![x]) count++;
      const d = dark[y]![x];
      if (x > 0 && y > 0 && dark[y]![x - 1] === d && dark[y - 1]![x] === d && dark[y - 1]![x - 1] === d)
        cost += 3;
    }
  return cost + Math.floor(Math.abs((count * 20) / (size * size) - 10)) * 10;
}
/** Letters of a link that still make a code which can be read from a distance. */
export const QR_MAX = 1200;

/** A code as one path: runs of dark squares, row by row. */
export function squaresOf(rows: readonly (readonly boolean[])[]): string {
  return rows
    .map((row, y) => {
      let path = '';
      for (let x = 0; x < row.length; x++) {
        if (!row[x]) continue;
        const from = x;
        while (row[x + 1]) x++;
        path += `M${from} ${y}h${x + 1 - from}v1h-${x + 1 - from}z`;
      }
      return path;
    })
    .join('');
}
