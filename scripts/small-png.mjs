// A screenshot as a small PNG: at most 256 colours, which is what a drawing of flat areas needs, one byte a pixel.
import { deflateSync, inflateSync } from 'node:zlib';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const COLOURS = 256;

const crcTable = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c;
});
function crc(bytes) {
  let c = 0xffffffff;
  for (const byte of bytes) c = crcTable[(c ^ byte) & 255] ^ (c >>> 8);
  return (c ^ 0xffffffff) >>> 0;
}

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(crc(body));
  return Buffer.concat([length, body, check]);
}

/** Width, height and the bytes of every pixel, of a PNG with 8 bits for each of red, green, blue (and alpha). */
export function readPng(png) {
  if (!png.subarray(0, 8).equals(SIGNATURE)) throw new Error('this is no PNG');
  const parts = [];
  let header = null;
  for (let at = 8; at < png.length;) {
    const length = png.readUInt32BE(at),
      type = png.toString('latin1', at + 4, at + 8),
      data = png.subarray(at + 8, at + 8 + length);
    if (type === 'IHDR') header = data;
    if (type === 'IDAT') parts.push(data);
    at += length + 12;
  }
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
  const channels = { 2: 3, 6: 4 }[header[9]];
  if (header[8] !== 8 || channels === undefined || header[12] !== 0)
    throw new Error('only plain PNGs with 8 bits for each colour are read');
  return {
    width,
    height,
    channels,
    pixels: unfiltered(inflateSync(Buffer.concat(parts)), width, height, channels),
  };
}

/** Lines are kept as differences from their neighbours, in one of five ways. */
function unfiltered(raw, width, height, channels) {
  const stride = width * channels,
    out = new Uint8Array(stride * height);
  for (let y = 0; y < height; y++) {
    const filter = raw[y * (stride + 1)];
    for (let x = 0; x < stride; x++) {
      const left = x >= channels ? out[y * stride + x - channels] : 0,
        up = y > 0 ? out[(y - 1) * stride + x] : 0,
        corner = x >= channels && y > 0 ? out[(y - 1) * stride + x - channels] : 0;
      const guess = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter];
      out[y * stride + x] = raw[y * (stride + 1) + 1 + x] + guess;
    }
  }
  return out;
}
function paeth(a, b, c) {
  const p = a + b - c,
    [pa, pb, pc] = [Math.abs(p - a), Math.abs(p - b), Math.abs(p - c)];
  return pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
}

/** The same picture with a palette: the most frequent colours, and for every other the nearest of those. */
export function smallPng(png) {
  const { width, height, channels, pixels } = readPng(png);
  const colours = new Uint32Array(width * height),
    counts = new Map();
  for (let i = 0; i < colours.length; i++) {
    const at = i * channels,
      colour = (pixels[at] << 16) | (pixels[at + 1] << 8) | pixels[at + 2];
    colours[i] = colour;
    counts.set(colour, (counts.get(colour) ?? 0) + 1);
  }
  const palette = chosen(counts),
    places = new Map(palette.map((colour, place) => [colour, place]));
  const lines = Buffer.alloc(height * (width + 1));
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const colour = colours[y * width + x];
      if (!places.has(colour)) places.set(colour, nearest(palette, colour));
      lines[y * (width + 1) + 1 + x] = places.get(colour);
    }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3, 0, 0, 0], 8);
  const table = Buffer.from(palette.flatMap((c) => [c >> 16, (c >> 8) & 255, c & 255]));
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('PLTE', table),
    chunk('IDAT', deflateSync(lines, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** The frequent ones, but none that can hardly be told from one that is chosen already. */
function chosen(counts) {
  const all = [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0]).map(([colour]) => colour);
  const picked = [];
  for (const apart of [24, 0])
    for (const colour of all) {
      if (picked.length === COLOURS) return picked;
      if (!picked.includes(colour) && distance(picked[nearest(picked, colour)] ?? -1, colour) > apart)
        picked.push(colour);
    }
  return picked;
}
const distance = (a, b) =>
  a < 0
    ? Infinity
    : ((a >> 16) - (b >> 16)) ** 2 +
      (((a >> 8) & 255) - ((b >> 8) & 255)) ** 2 +
      ((a & 255) - (b & 255)) ** 2;
function nearest(palette, colour) {
  let best = 0;
  for (let i = 1; i < palette.length; i++)
    if (distance(palette[i], colour) < distance(palette[best], colour)) best = i;
  return best;
}
