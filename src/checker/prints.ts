/** A table of fingerprints: 64 bits of a packed world, as two words side by side; both 0 = an empty place. */

/** Part of the places that may be taken. */
export const FULL = 0.75;

/** Two hashes of a packed world, never both 0. */
let low = 0,
  high = 0;
function print(from: Int32Array, at: number, n: number): void {
  let h = 0x9e3779b9 | 0,
    g = 0x3c6ef372;
  for (let i = at, end = at + n; i < end; i++) {
    const w = from[i]!;
    h = Math.imul(h ^ w, 0x85ebca6b);
    g = Math.imul(g + w, 0xcc9e2d51);
    h = (h << 13) | (h >>> 19);
    g = (g << 15) ^ (g >>> 17);
  }
  h = Math.imul(h ^ (h >>> 16) ^ g, 0xc2b2ae35);
  g = Math.imul(g ^ (g >>> 15) ^ h, 0x27d4eb2f);
  low = h ^ (h >>> 15);
  high = g ^ (g >>> 13);
  if (low === 0 && high === 0) low = 1;
}

/** 0: that packed world of `n` words has been met before. Else `~slot` for putPrint(). */
export function findPrint(prints: Int32Array, packed: Int32Array, at: number, n: number): number {
  print(packed, at, n);
  return slotOf(prints);
}
function slotOf(prints: Int32Array): number {
  const mask = (prints.length >> 1) - 1;
  for (let slot = low & mask; ; slot = (slot + 1) & mask) {
    const l = prints[2 * slot]!,
      h = prints[2 * slot + 1]!;
    if (l === 0 && h === 0) return ~slot;
    if (l === low && h === high) return 0;
  }
}
/** Enters what findPrint() has looked for; `count`: worlds with it. Returns the table, or a larger one. */
export function putPrint(prints: Int32Array, slot: number, count: number): Int32Array {
  prints[2 * slot] = low;
  prints[2 * slot + 1] = high;
  if (2 * count < FULL * prints.length) return prints;
  const next = new Int32Array(2 * prints.length);
  for (let i = 0; i < prints.length; i += 2) {
    low = prints[i]!;
    high = prints[i + 1]!;
    if (low !== 0 || high !== 0) enter(next);
  }
  return next;
}
export function enterPrint(prints: Int32Array, from: Int32Array, at: number, n: number): void {
  print(from, at, n);
  enter(prints);
}
function enter(prints: Int32Array): void {
  const slot = ~slotOf(prints);
  // Two worlds with the same bits: from here on they are one.
  if (slot < 0) return;
  prints[2 * slot] = low;
  prints[2 * slot + 1] = high;
}
