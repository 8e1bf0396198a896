// The GIF that is written is read back by a reader that knows nothing of the writer.
import { expect, test } from 'vitest';
import { createGif, type Pixels } from './gif.ts';

interface Read {
  readonly width: number;
  readonly height: number;
  /** Red, green, blue of each pixel after each frame. */
  readonly frames: readonly number[][];
  readonly delays: readonly number[];
}

function readGif(gif: Uint8Array): Read {
  const short = (at: number): number => gif[at]! | (gif[at + 1]! << 8);
  expect(String.fromCharCode(...gif.slice(0, 6))).toBe('GIF89a');
  const [width, height] = [short(6), short(8)];
  const screen = new Array<number>(width * height * 3).fill(0);
  const frames: number[][] = [],
    delays: number[] = [];
  let at = 13;
  for (;;) {
    const kind = gif[at++];
    if (kind === 0x3b) break;
    if (kind === 0x21) {
      if (gif[at] === 0xf9) delays.push(short(at + 3) * 10);
      for (at++; gif[at] !== 0; at += gif[at]! + 1);
      at++;
      continue;
    }
    expect(kind).toBe(0x2c);
    const [x, y, w, h] = [short(at), short(at + 2), short(at + 4), short(at + 6)];
    expect([x + w <= width, y + h <= height, gif[at + 8]]).toEqual([true, true, 0x87]);
    const table = gif.subarray(at + 9, at + 9 + 768);
    at += 9 + 768;
    const least = gif[at++]!;
    const data: number[] = [];
    for (; gif[at] !== 0; at += gif[at]! + 1) data.push(...gif.subarray(at + 1, at + 1 + gif[at]!));
    at++;
    const indices = unpacked(data, least);
    expect(indices).toHaveLength(w * h);
    indices.forEach((index, i) => {
      const to = ((y + Math.floor(i / w)) * width + x + (i % w)) * 3;
      for (let c = 0; c < 3; c++) screen[to + c] = table[index * 3 + c]!;
    });
    frames.push([...screen]);
  }
  expect(at).toBe(gif.length);
  return { width, height, frames, delays };
}

function unpacked(data: readonly number[], least: number): number[] {
  const clear = 1 << least;
  const out: number[] = [];
  let table: number[][] = [],
    bits = least + 1,
    last: number[] | null = null,
    position = 0;
  const reset = (): void => {
    table = Array.from({ length: clear + 2 }, (_, i) => [i]);
    bits = least + 1;
    last = null;
  };
  reset();
  for (;;) {
    let code = 0;
    for (let b = 0; b < bits; b++, position++) code |= ((data[position >> 3]! >> (position & 7)) & 1) << b;
    if (code === clear) {
      reset();
      continue;
    }
    if (code === clear + 1) return out;
    const known: number[] = table[code] ?? [...last!, last![0]!];
    out.push(...known);
    if (last !== null && table.length < 4096) table.push([...last, known[0]!]);
    if (table.length === 1 << bits && bits < 12) bits++;
    last = known;
  }
}

function painted(width: number, height: number, colour: (x: number, y: number) => number): Pixels {
  const data = new Uint8ClampedArray(width * height * 4);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const rgb = colour(x, y);
      data.set([rgb >> 16, (rgb >> 8) & 255, rgb & 255, 255], (y * width + x) * 4);
    }
  return { width, height, data };
}
const colours = ({ data }: Pixels): number[] => [...data].filter((_, i) => i % 4 !== 3);

test('flat colours come back as they were; a frame holds what has changed', () => {
  const one = painted(40, 30, (x, y) => (x < 20 ? 0xff0000 : y < 10 ? 0x0e131a : 0xffffff));
  const two = painted(40, 30, (x, y) =>
    x > 30 && y > 20 ? 0x0072b2 : x < 20 ? 0xff0000 : y < 10 ? 0x0e131a : 0xffffff,
  );
  const gif = createGif(40, 30);
  gif.frame(one, 600);
  gif.frame(two, 1200);
  gif.frame(two, 2000);
  const bytes = gif.end();
  const { frames, delays, ...size } = readGif(bytes);
  expect(size).toEqual({ width: 40, height: 30 });
  expect(delays).toEqual([600, 1200, 2000]);
  expect(frames).toEqual([colours(one), colours(two), colours(two)]);
});

test('many colours, and noise that fills the code table again and again, stay near', () => {
  let seed = 7;
  const noise = painted(200, 150, (x) => {
    seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
    return x < 100 ? (seed >>> 8) & 0xffffff : ((seed >>> 20) & 7) * 0x202020;
  });
  const gif = createGif(200, 150);
  gif.frame(noise, 100);
  const [frame] = readGif(gif.end()).frames;
  const wrong = colours(noise).map((value, i) => Math.abs(value - frame![i]!));
  expect(wrong.reduce((a, b) => a + b, 0) / wrong.length).toBeLessThan(30);
  expect(Math.max(...wrong.filter((_, i) => Math.floor(i / 3) % 200 >= 100))).toBeLessThan(60);
});
