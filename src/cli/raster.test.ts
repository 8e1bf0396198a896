// Pictures of pixels without a browser, where the package that draws them is installed.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { GIF_WIDTH } from '../export/gif.ts';
import { say } from './captured.ts';
import { canDraw, rasterizer } from './raster.ts';

/** Size and colours, the most frequent first. Rows are filtered by the five methods of PNG. */
function readPng(bytes: Uint8Array): { width: number; height: number; colours: Map<string, number> } {
  const png = Buffer.from(bytes),
    parts: Buffer[] = [];
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at))
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT')
      parts.push(png.subarray(at + 8, at + 8 + png.readUInt32BE(at)));
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
  expect([png.toString('latin1', 0, 4), png[24], png[25]]).toEqual(['\u0089PNG', 8, 6]);
  const data = inflateSync(Buffer.concat(parts)),
    row = width * 4;
  const counted = new Map<string, number>();
  let above = new Uint8Array(row);
  for (let y = 0; y < height; y++) {
    const line = new Uint8Array(row),
      from = y * (row + 1) + 1;
    for (let x = 0; x < row; x++) {
      const [a, b, c] = [x < 4 ? 0 : line[x - 4]!, above[x]!, x < 4 ? 0 : above[x - 4]!];
      const p = a + b - c;
      const near = [a, b, c].toSorted((m, n) => Math.abs(p - m) - Math.abs(p - n))[0]!;
      line[x] = data[from + x]! + [0, a, b, (a + b) >> 1, near][data[from - 1]!]!;
    }
    for (let x = 0; x < row; x += 4) {
      const colour = `#${Buffer.from(line.subarray(x, x + 3)).toString('hex')}`;
      counted.set(colour, (counted.get(colour) ?? 0) + 1);
    }
    above = line;
  }
  return { width, height, colours: new Map([...counted].toSorted((m, n) => n[1] - m[1])) };
}

describe('pixels', () => {
  const words = ['export', 'leak-any-order', '--model', 'v5.7', '--to'];

  test('are drawn, or why not is said', async () => {
    const { status, err, bytes } = await say(...words, 'png');
    const refused = expect.stringMatching(/resvg-wasm.*is not installed/);
    expect([status, err, bytes.length > 10_000]).toEqual(canDraw() ? [0, '', true] : [2, refused, false]);
  });

  test.runIf(canDraw())('PNG: the picture, twice as large, with its letters and colours', async () => {
    const { bytes } = await say(...words, 'png', '--theme', 'dark', '--at', '20');
    const { width, height, colours } = readPng(bytes);
    const [, w, h] = /viewBox="0 0 (\d+) (\d+)"/
      .exec((await say(...words, 'svg', '--at', '20')).out)!
      .map(Number);
    expect([width, height]).toEqual([2 * w!, 2 * h!]);
    expect([...colours.keys()][0]).toBe('#0e131a');
    // Flat areas and the edges of letters.
    expect(colours.size).toBeGreaterThan(200);
    expect(Buffer.from((await say(...words, 'png', '--theme', 'dark', '--at', '20')).bytes)).toEqual(
      Buffer.from(bytes),
    );
  });

  test.runIf(canDraw())('PNG: semibold words are bolder than regular ones', async () => {
    const raster = await rasterizer();
    const ink = (style: string): number => {
      const words = `<text x="5" y="25" style="font-size:18px;${style}">Which page is it?</text>`;
      const svg =
        `<svg xmlns="http://www.w3.org/2000/svg" width="200" height="40">` +
        `<rect width="200" height="40" fill="#fff"/>${words}</svg>`;
      const { data } = raster.pixels(svg, 200);
      return data.filter((v, i) => i % 4 === 0 && v < 128).length;
    };
    for (const family of ['Inter', 'JetBrains Mono']) {
      const regular = ink(`font-family:'${family}';font-weight:400`);
      expect(regular).toBeGreaterThan(100);
      expect(ink(`font-family:'${family}';font-weight:600`)).toBeGreaterThan(regular * 1.1);
    }
  });

  test.runIf(canDraw())('GIF: a frame for each operation and each switch', async () => {
    const { bytes } = await say(...words, 'gif', '--at', '30');
    const gif = Buffer.from(bytes);
    expect(gif.subarray(0, 6).toString()).toBe('GIF89a');
    expect(gif.readUInt16LE(6)).toBe(GIF_WIDTH);
    const strip = (await say(...words, 'comic', '--at', '30')).out;
    // The beginning has a frame of its own.
    const frames = strip.match(/\d+ of \d+<\/text>/g)!.length + 1;
    expect(gif.toString('latin1').split('\u0021\u00f9\u0004').length - 1).toBe(frames);
    const folder = mkdtempSync(join(tmpdir(), 'folioscope-pixels-'));
    await say(...words, 'gif', '--at', '30', '--out', join(folder, 'run.gif'));
    expect(readFileSync(join(folder, 'run.gif'))).toEqual(gif);
    rmSync(folder, { recursive: true });
  });
});
