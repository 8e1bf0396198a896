import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fitted, pack, packingOf, unpack, widened } from './packing.ts';
import type { Packing } from './packing.ts';

const CELLS = 24;
const cells = fc.uint8Array({ minLength: CELLS, maxLength: CELLS });

function roundTrip(p: Packing, world: Uint8Array): Uint8Array {
  const packed = new Int32Array(p.words),
    out = p.start.slice();
  pack(p, world, packed, 0);
  unpack(p, packed, 0, out);
  return out;
}
/** The start with some of the bits that have a place turned over. */
const within = (p: Packing, noise: Uint8Array): Uint8Array =>
  p.start.map((v, c) => v ^ (noise[c]! & p.known[c]!));

test('a world comes back as it was packed, and takes no more words than its bits', () => {
  fc.assert(
    fc.property(cells, cells, cells, (start, known, noise) => {
      const p = packingOf(start, known);
      expect(roundTrip(p, within(p, noise))).toEqual(within(p, noise));
      expect(p.words).toBeLessThanOrEqual(Math.ceil((8 * CELLS) / 32) + 1);
    }),
  );
});

test('no bit has the place of another', () => {
  fc.assert(
    fc.property(cells, cells, (start, known) => {
      const p = packingOf(start, known),
        seen = new Set<number>();
      p.mask.forEach((m, i) => {
        for (let b = 0; b < 8; b++) {
          if ((m & (1 << b)) === 0) continue;
          const place = 32 * p.word[i]! + p.up[i]! + b;
          expect(p.up[i]! + b).toBeLessThan(32);
          expect(seen.has(place)).toBe(false);
          seen.add(place);
        }
      });
    }),
  );
});

test('bits that change later find a place, and worlds packed before mean the same', () => {
  const later = fc.array(fc.tuple(fc.nat(CELLS - 1), fc.integer({ min: 1, max: 15 })), {
    minLength: 8,
    maxLength: 12,
  });
  let between = 0,
    again = 0;
  fc.assert(
    fc.property(
      cells,
      cells,
      cells,
      fc.array(later, { minLength: 3, maxLength: 4 }),
      (start, known, noise, times) => {
        let p = packingOf(
          start,
          known.map((v, c) => (c < CELLS / 2 ? v & 0x35 : 0)),
        );
        const world = within(p, noise),
          packed = new Int32Array(p.words);
        pack(p, world, packed, 0);
        for (const some of times) {
          const bits = new Map(some),
            fit = fitted(p, bits),
            next = fit ?? widened(p, bits),
            out = start.slice();
          for (const [c, b] of bits) expect(next.known[c]! & b).toBe(b);
          expect(roundTrip(next, within(next, noise))).toEqual(within(next, noise));
          if (fit === null) again += 1;
          else {
            between += 1;
            p = fit;
          }
          unpack(p, packed, 0, out);
          expect(out).toEqual(world);
        }
      },
    ),
  );
  expect([between > 20, again > 5]).toEqual([true, true]);
});
