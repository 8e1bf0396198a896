import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeUtf8, encodeUtf8, fromBase64url, toBase64url, utf8Length } from './utf8.ts';

test('text is encoded as the platform does it', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const bytes = encodeUtf8(text);
      expect([...bytes]).toEqual([...new TextEncoder().encode(text)]);
      expect(bytes.length).toBe(utf8Length(text));
      expect(decodeUtf8(bytes)).toBe(text);
    }),
    { seed: 5 },
  );
  expect(decodeUtf8(encodeUtf8('a\ud800b'))).toBe('a\ufffdb');
});

test('bytes that the platform refuses are refused', () => {
  const strict = (bytes: Uint8Array): string | null => {
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch {
      return null;
    }
  };
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 6 }),
    fc
      .array(
        fc.constantFrom(
          0x41,
          0x80,
          0xbf,
          0xc0,
          0xc2,
          0xe0,
          0xed,
          0xa0,
          0xef,
          0xf0,
          0xf4,
          0x8f,
          0x90,
          0xf8,
          0xff,
        ),
        { maxLength: 5 },
      )
      .map((a) => Uint8Array.from(a)),
  );
  fc.assert(
    fc.property(bytes, (b) => {
      expect(decodeUtf8(b)).toBe(strict(b));
    }),
    { numRuns: 3000, seed: 6 },
  );
});

test('base64url is that of the platform', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      const text = toBase64url(bytes);
      expect(text).toBe(Buffer.from(bytes).toString('base64url'));
      expect([...(fromBase64url(text) ?? [])]).toEqual([...bytes]);
    }),
    { seed: 7 },
  );
  expect([...(fromBase64url('YQ==') ?? [])]).toEqual([97]);
  for (const wrong of ['a', 'ab+c', 'ab c', 'a=b', 'abcde']) expect(fromBase64url(wrong)).toBeNull();
});
