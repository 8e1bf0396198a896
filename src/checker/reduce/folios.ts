/**
 * Worlds that differ in nothing but the numbers of folios go on alike: an allocation never asks for numbers
 * (`free_folio`), and the page of zeros keeps its own. So a check may number folios in the order in which
 * the world first names them. Which cells name folios, and which fields have an entry for each, is what the
 * schema says; nothing is listed here.
 */
import { collectNames, links, nameAt, nameBias } from '../../kernel/names.ts';
import { ZERO_PAGE, isFreed } from '../../kernel/verbs/folio.ts';
import { is_slot } from '../../kernel/verbs/swap.ts';
import { cells, fields, now, write } from '../../kernel/world.ts';
import type { Field } from '../../kernel/world.ts';

const FOLIOS_MAX = 256;
/** New number of each folio. */
const renamed = new Uint8Array(FOLIOS_MAX),
  old = new Uint8Array(FOLIOS_MAX),
  others = new Uint8Array(FOLIOS_MAX),
  /** By new number, from 1. */
  order = new Uint8Array(FOLIOS_MAX);
let next = 1,
  same = true;

/** Renames the folios of the scratch world; what it writes is in the journal. */
export function canonicalFolios(): void {
  const { folios } = now.counts,
    names = collectNames();
  for (let f = 0; f < folios; f++) renamed[f] = 0;
  next = 1;
  same = true;
  for (let i = 0; i < names; i++) {
    const f = cells[nameAt[i]!]! - nameBias[i]!;
    if (f <= ZERO_PAGE || renamed[f] !== 0) continue;
    give(f);
  }
  // What those lead to, and so on.
  for (let k = 0; k < next - 1; k++) follow(order[k]!);
  // Nobody names the others: a batch may hold some, slots are slots, the rest are free and alike.
  let unnamed = 0;
  for (let f = 1; f < folios; f++) {
    if (renamed[f] !== 0) continue;
    // A free swap slot is no free folio: slots keep together, behind whatever else nobody names.
    if (isFreed(f) && !is_slot(f)) continue;
    let k = unnamed++;
    for (; k > 0 && compare(f, others[k - 1]!) < 0; k--) others[k] = others[k - 1]!;
    others[k] = f;
  }
  for (let k = 0; k < unnamed; k++) {
    if (renamed[others[k]!] === 0) give(others[k]!);
    follow(others[k]!);
  }
  if (same) return;
  for (let f = 1; f < folios; f++) if (renamed[f] === 0) renamed[f] = next++;
  rename(names);
}
/** The next number, for folio `f`. */
function give(f: number): void {
  if (f !== next) same = false;
  order[next - 1] = f;
  renamed[f] = next++;
}
/** Numbers for those that folio `f` has the names of. */
function follow(f: number): void {
  for (let i = 0; i < links.length; i++) {
    const g = cells[links[i]!.at + f]!;
    if (g !== 0 && renamed[g] === 0) give(g);
  }
}
/** By what the schema has for them; of a name, its new number, or else that there is one. */
function compare(f: number, g: number): number {
  for (let i = 0; i < fields.length; i++) {
    const { at, of, size } = fields[i]!;
    if (of !== 'folio' || size === 0 || cells[at + f] === cells[at + g]) continue;
    if (!links.includes(fields[i]!)) return cells[at + f]! - cells[at + g]!;
    if ((cells[at + f] === 0) !== (cells[at + g] === 0)) return cells[at + f] === 0 ? -1 : 1;
    const d = renamed[cells[at + f]!]! - renamed[cells[at + g]!]!;
    if (d !== 0) return d;
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
  for (let k = 0; k < links.length; k++) {
    for (let i = links[k]!.at, end = i + links[k]!.size; i < end; i++)
      if (cells[i] !== 0 && renamed[cells[i]!] !== cells[i]) write(i, renamed[cells[i]!]!);
  }
  for (let i = 0; i < fields.length; i++) if (fields[i]!.of === 'folio') permute(fields[i]!);
}
function permute({ at, size }: Field): void {
  for (let f = 0; f < size; f++) old[f] = cells[at + f]!;
  for (let f = 0; f < size; f++) write(at + renamed[f]!, old[f]!);
}
