/**
 * Worlds that differ in nothing but the numbers of folios go on alike: an allocation never asks for numbers
 * (`free_folio`), and the page of zeros keeps its own. So a check may number folios in the order in which
 * the world first names them. Which cells name folios, and which fields have an entry for each, is what the
 * schema says; nothing is listed here.
 */
import { collectNames, nameAt, nameBias } from '../../kernel/names.ts';
import { ZERO_PAGE } from '../../kernel/verbs/folio.ts';
import { cells, fields, folio_pins, folio_refs, now, write } from '../../kernel/world.ts';
import type { Field } from '../../kernel/world.ts';

const FOLIOS_MAX = 256;
/** New number of each folio. */
const renamed = new Uint8Array(FOLIOS_MAX),
  old = new Uint8Array(FOLIOS_MAX),
  others = new Uint8Array(FOLIOS_MAX);

/** Renames the folios of the scratch world; what it writes is in the journal. */
export function canonicalFolios(): void {
  const { folios } = now.counts,
    names = collectNames();
  for (let f = 0; f < folios; f++) renamed[f] = 0;
  let next = 1,
    same = true;
  for (let i = 0; i < names; i++) {
    const f = cells[nameAt[i]!]! - nameBias[i]!;
    if (f <= ZERO_PAGE || renamed[f] !== 0) continue;
    if (f !== next) same = false;
    renamed[f] = next++;
  }
  // Nobody names the others: a batch may hold some, the rest are free and alike.
  let unnamed = 0;
  for (let f = 1; f < folios; f++) {
    if (renamed[f] !== 0 || (cells[folio_refs.at + f] === 0 && cells[folio_pins.at + f] === 0)) continue;
    let k = unnamed++;
    for (; k > 0 && compare(f, others[k - 1]!) < 0; k--) others[k] = others[k - 1]!;
    others[k] = f;
  }
  for (let k = 0; k < unnamed; k++) {
    if (others[k] !== next) same = false;
    renamed[others[k]!] = next++;
  }
  if (same) return;
  for (let f = 1; f < folios; f++) if (renamed[f] === 0) renamed[f] = next++;
  rename(names);
}
/** By what the schema has for them. */
function compare(f: number, g: number): number {
  for (let i = 0; i < fields.length; i++) {
    const { at, of, size } = fields[i]!;
    if (of === 'folio' && size !== 0 && cells[at + f] !== cells[at + g])
      return cells[at + f]! - cells[at + g]!;
  }
  return 0;
}

/** Gives folio `f` the number `to[f]`, in the scratch world. `to` is a permutation that keeps 0. */
export function renameFolios(to: readonly number[]): void {
  to.forEach((n, f) => (renamed[f] = n));
  rename(collectNames());
}
function rename(names: number): void {
  for (let i = 0; i < names; i++) {
    const at = nameAt[i]!,
      f = cells[at]! - nameBias[i]!;
    if (f > ZERO_PAGE && renamed[f] !== f) write(at, renamed[f]! + nameBias[i]!);
  }
  for (let i = 0; i < fields.length; i++) if (fields[i]!.of === 'folio') permute(fields[i]!);
}
function permute({ at, size }: Field): void {
  for (let f = 0; f < size; f++) old[f] = cells[at + f]!;
  for (let f = 0; f < size; f++) write(at + renamed[f]!, old[f]!);
}
