/**
 * Text as UTF-8 bytes and back, and bytes as base64url. The core has no web types, so these few lines are
 * ours.
 */

/** Bytes that `encodeUtf8` makes of it. */
export function utf8Length(text: string): number {
  let bytes = 0;
  for (const letter of text) bytes += width(letter.codePointAt(0) ?? 0);
  return bytes;
}

function width(code: number): number {
  return code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
}

/** Half of a surrogate pair becomes U+FFFD, as in TextEncoder. */
export function encodeUtf8(text: string): Uint8Array {
  const bytes = new Uint8Array(utf8Length(text));
  let at = 0;
  for (const letter of text) {
    const whole = letter.codePointAt(0) ?? 0;
    const code = whole >= 0xd800 && whole < 0xe000 ? 0xfffd : whole;
    const more = width(code) - 1;
    bytes[at++] = more === 0 ? code : ((0xff00 >> (more + 1)) & 0xff) | (code >> (6 * more));
    for (let i = more - 1; i >= 0; i--) bytes[at++] = 0x80 | ((code >> (6 * i)) & 0x3f);
  }
  return bytes;
}

const SMALLEST = [0, 0x80, 0x800, 0x10000];

/** null if the bytes are not UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string | null {
  const letters: string[] = [];
  for (let at = 0; at < bytes.length;) {
    const first = bytes[at++] ?? 0;
    const more =
      first < 0x80
        ? 0
        : first >= 0xc0 && first < 0xe0
          ? 1
          : first < 0xc0
            ? -1
            : first < 0xf0
              ? 2
              : first < 0xf8
                ? 3
                : -1;
    if (more < 0 || at + more > bytes.length) return null;
    let code = more === 0 ? first : first & (0x3f >> more);
    for (let i = 0; i < more; i++) {
      const next = bytes[at++] ?? 0;
      if ((next & 0xc0) !== 0x80) return null;
      code = (code << 6) | (next & 0x3f);
    }
    const surrogate = code >= 0xd800 && code < 0xe000;
    if (code < (SMALLEST[more] ?? 0) || code > 0x10ffff || surrogate) return null;
    letters.push(String.fromCodePoint(code));
  }
  return letters.join('');
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const VALUES = new Map([...LETTERS].map((letter, value) => [letter, value]));

/** Without padding. */
export function toBase64url(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const [a = 0, b, c] = bytes.subarray(at, at + 3);
    const bits = (a << 16) | ((b ?? 0) << 8) | (c ?? 0);
    text += letter(bits >> 18) + letter(bits >> 12);
    if (b !== undefined) text += letter(bits >> 6);
    if (c !== undefined) text += letter(bits);
  }
  return text;
}

const letter = (bits: number): string => LETTERS[bits & 63] ?? '';

/** null if it is not base64url. Padding is allowed, and ignored. */
export function fromBase64url(text: string): Uint8Array | null {
  const digits = text.replace(/={0,2}$/, '');
  if (digits.length % 4 === 1) return null;
  const bytes = new Uint8Array(Math.floor((digits.length * 3) / 4));
  let bits = 0,
    count = 0,
    at = 0;
  for (const digit of digits) {
    const value = VALUES.get(digit);
    if (value === undefined) return null;
    bits = ((bits << 6) | value) & 0xffff;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    bytes[at++] = (bits >> count) & 0xff;
  }
  return bytes;
}
