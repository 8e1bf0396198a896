/**
 * Animated GIF (89a) of drawn frames: each frame is the rectangle that has changed, with a colour table of
 * its own. Flat colours and anti-aliased letters need no more than 256; rarer ones go to the nearest. Pure:
 * the page and the terminal draw the frames, each in its way.
 */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  /** Red, green, blue, alpha. */
  readonly data: Uint8ClampedArray | Uint8Array;
}

export interface Gif {
  /** `delay`: milliseconds. */
  frame(pixels: Pixels, delay: number): void;
  end(): Uint8Array<ArrayBuffer>;
}

/** Pixels: how wide an animation is, and how many a PNG has for each unit of its picture. */
export const GIF_WIDTH = 960,
  PNG_SCALE = 2;

/** Milliseconds for which frame `i` of `count` stays: the last one longer, before it begins again. */
export const frameMs = (i: number, count: number): number => (i === count - 1 ? 3600 : 1200);

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export function createGif(width: number, height: number): Gif {
  const out = new Bytes();
  let before: Pixels | null = null;
  out.text('GIF89a').short(width).short(height).bytes([0x70, 0, 0]);
  // Again and again: the extension that every browser knows.
  out.bytes([0x21, 0xff, 11]).text('NETSCAPE2.0').bytes([3, 1, 0, 0, 0]);
  return {
    frame(pixels, delay) {
      const box = before === null ? { x: 0, y: 0, width, height } : changed(before, pixels);
      const { table, indices } = quantized(pixels, box);
      out
        .bytes([0x21, 0xf9, 4, 4])
        .short(Math.round(delay / 10))
        .bytes([0, 0]);
      out.bytes([0x2c]).short(box.x).short(box.y).short(box.width).short(box.height).bytes([0x87]);
      out.bytes(table).bytes([8]);
      lzw(indices, out);
      before = pixels;
    },
    end: () => out.bytes([0x3b]).all(),
  };
}

/** The smallest rectangle with all differences, at least one pixel. */
function changed(a: Pixels, b: Pixels): Box {
  const { width, height } = b;
  const was = words(a),
    is = words(b);
  let left = width,
    right = -1,
    top = -1,
    bottom = -1;
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      if (was[i] === is[i]) continue;
      if (top < 0) top = y;
      bottom = y;
      if (x < left) left = x;
      if (x > right) right = x;
    }
  }
  if (right < 0) return { x: 0, y: 0, width: 1, height: 1 };
  return { x: left, y: top, width: right - left + 1, height: bottom - top + 1 };
}

const words = ({ data }: Pixels): Uint32Array =>
  new Uint32Array(data.buffer, data.byteOffset, data.length / 4);

const COLOURS = 256;

/** Five bits of each colour tell bins apart; the fullest 256 get an entry, the mean of what is in them. */
function quantized({ data, width }: Pixels, box: Box): { table: Uint8Array; indices: Uint8Array } {
  const count = new Uint32Array(1 << 15),
    sums = new Float64Array(3 << 15),
    bins = new Uint16Array(box.width * box.height);
  for (let y = 0, at = 0; y < box.height; y++) {
    let i = ((box.y + y) * width + box.x) * 4;
    for (let x = 0; x < box.width; x++, i += 4, at++) {
      const r = data[i]!,
        g = data[i + 1]!,
        b = data[i + 2]!,
        bin = ((r >> 3) << 10) | ((g >> 3) << 5) | (b >> 3);
      bins[at] = bin;
      count[bin]! += 1;
      sums[bin * 3]! += r;
      sums[bin * 3 + 1]! += g;
      sums[bin * 3 + 2]! += b;
    }
  }
  const used = [...count.keys()].filter((bin) => count[bin]! > 0);
  const kept = used.toSorted((a, b) => count[b]! - count[a]! || a - b).slice(0, COLOURS);
  const table = new Uint8Array(3 * COLOURS);
  kept.forEach((bin, n) => {
    for (let c = 0; c < 3; c++) table[n * 3 + c] = Math.round(sums[bin * 3 + c]! / count[bin]!);
  });
  const entry = new Uint8Array(1 << 15);
  for (const bin of used) entry[bin] = nearest(bin, table, kept.length);
  kept.forEach((bin, n) => (entry[bin] = n));
  return {
    table,
    indices: bins.length === 0 ? new Uint8Array(0) : Uint8Array.from(bins, (bin) => entry[bin]!),
  };
}

function nearest(bin: number, table: Uint8Array, entries: number): number {
  const [r, g, b] = [(bin >> 10) << 3, ((bin >> 5) & 31) << 3, (bin & 31) << 3];
  let best = 0,
    least = Infinity;
  for (let n = 0; n < entries; n++) {
    const d = (table[n * 3]! - r) ** 2 + (table[n * 3 + 1]! - g) ** 2 + (table[n * 3 + 2]! - b) ** 2;
    if (d < least) [best, least] = [n, d];
  }
  return best;
}

const CLEAR = 256,
  END = 257,
  CODES_MAX = 4096;

/** Lempel, Ziv and Welch as GIF has it: codes of 9 to 12 bits, in blocks of at most 255 bytes. */
function lzw(indices: Uint8Array, out: Bytes): void {
  const follow = new Uint16Array(CODES_MAX * 256);
  const block = new Blocks(out);
  let next = END + 1,
    bits = 9;
  block.code(CLEAR, bits);
  let prefix = indices[0] ?? 0;
  for (let i = 1; i < indices.length; i++) {
    const letter = indices[i]!,
      known = follow[prefix * 256 + letter]!;
    if (known !== 0) {
      prefix = known;
      continue;
    }
    block.code(prefix, bits);
    if (next === CODES_MAX) {
      block.code(CLEAR, bits);
      follow.fill(0);
      next = END + 1;
      bits = 9;
    } else {
      if (next === 1 << bits) bits++;
      follow[prefix * 256 + letter] = next++;
    }
    prefix = letter;
  }
  block.code(prefix, bits);
  // The reader has added an entry for the code before: the end may need a bit more.
  if (next === 1 << bits && bits < 12) bits++;
  block.code(END, bits);
  block.end();
}

/** Codes into bytes, bytes into blocks with their length in front. */
class Blocks {
  private readonly out: Bytes;
  private readonly block = new Uint8Array(255);
  private length = 0;
  private held = 0;
  private bits = 0;

  constructor(out: Bytes) {
    this.out = out;
  }

  code(code: number, bits: number): void {
    this.held |= code << this.bits;
    this.bits += bits;
    while (this.bits >= 8) {
      this.byte(this.held & 255);
      this.held >>>= 8;
      this.bits -= 8;
    }
  }

  private byte(byte: number): void {
    this.block[this.length++] = byte;
    if (this.length === 255) this.flush();
  }

  private flush(): void {
    if (this.length > 0) this.out.bytes([this.length]).bytes(this.block.subarray(0, this.length));
    this.length = 0;
  }

  end(): void {
    if (this.bits > 0) this.byte(this.held & 255);
    this.flush();
    this.out.bytes([0]);
  }
}

/** Bytes that grow. */
class Bytes {
  private data = new Uint8Array(1 << 16);
  private length = 0;

  bytes(more: ArrayLike<number>): this {
    while (this.length + more.length > this.data.length) {
      const grown = new Uint8Array(this.data.length * 2);
      grown.set(this.data);
      this.data = grown;
    }
    this.data.set(more, this.length);
    this.length += more.length;
    return this;
  }

  short(value: number): this {
    return this.bytes([value & 255, value >> 8]);
  }

  text(letters: string): this {
    return this.bytes([...letters].map((letter) => letter.charCodeAt(0)));
  }

  all(): Uint8Array<ArrayBuffer> {
    return this.data.slice(0, this.length);
  }
}
