/** Hundreds of pages in a few cells: neighbours that say the same fold into one. */
import type { AreaView, EntryView, PhysicalView, StructureView } from '../../../worker/protocol/structure.ts';

export interface Run<T> {
  readonly of: readonly T[];
  /** One cell for all of them. */
  readonly folded: boolean;
}

/** So few neighbours alike are drawn one by one. */
const FEW = 3;

/** `like`: what two neighbours must have in common to fold; '' never folds. */
export function runsOf<T>(items: readonly T[], like: (item: T) => string): readonly Run<T>[] {
  const out: T[][] = [];
  for (const item of items) {
    const last = out.at(-1),
      key = like(item);
    if (last && key !== '' && like(last[0]!) === key) last.push(item);
    else out.push([item]);
  }
  return out.flatMap((of): Run<T>[] =>
    of.length > FEW ? [{ of, folded: true }] : of.map((one) => ({ of: [one], folded: false })),
  );
}

/** Entries of pages that stand for themselves fold only where nothing is in them. */
export const likeEntry = (entry: EntryView): string =>
  entry.state === 'empty' || entry.state === 'unmapped'
    ? entry.state
    : entry.huge
      ? `huge ${entry.writable ? 'w' : 'r'}`
      : '';
export const likePage = (page: PhysicalView): string => (page.kind === 'free' ? 'free' : '');

export const pagesIn = (items: readonly { readonly pages: number }[]): number =>
  items.reduce((sum, one) => sum + one.pages, 0);

/** Pages that a picture of everything would have to draw. */
export const elementsOf = ({ spaces, physical }: StructureView): number =>
  spaces.reduce((sum, { areas }) => sum + areas.reduce((n, { entries }) => n + pagesIn(entries), 0), 0) +
  pagesIn(physical);

export interface Found {
  readonly area: AreaView;
  readonly entry: EntryView;
}

/** The entry of an address as people write it: hex, or the name of a page, in the process of that card. */
export function entryAt(view: StructureView, process: string, text: string): Found | null {
  const space = view.spaces.find(({ id }) => id === process);
  const wanted = text.trim().toLowerCase();
  const hex = /^(?:0x)?[0-9a-f]{5,16}$/.test(wanted) ? Number.parseInt(wanted.replace(/^0x/, ''), 16) : NaN;
  for (const area of space?.areas ?? [])
    for (const entry of area.entries) {
      const from = Number(entry.address);
      if (hex >= from && hex < from + entry.pages * PAGE) return { area, entry };
      if (entry.name === text.trim() || names(entry, text.trim())) return { area, entry };
    }
  return null;
}
const PAGE = 4096;

/** `a.300` is of `a.2..510`. */
function names(entry: EntryView, text: string): boolean {
  const range = /^(.+)\.(\d+)\.\.(\d+)$/.exec(entry.name),
    one = /^(.+)\.(\d+)$/.exec(text);
  if (!range || !one || range[1] !== one[1]) return false;
  const page = Number(one[2]);
  return page >= Number(range[2]) && page <= Number(range[3]);
}

/** Everybody whose entry leads to the same page, or slot. */
export function sharersOf(view: StructureView, { leads, state, id }: EntryView) {
  if (leads < 0) return [];
  return view.spaces.flatMap((space) =>
    space.areas.flatMap(({ entries }) =>
      entries
        .filter((one) => one.leads === leads && one.state === state && one.id !== id)
        .map((entry) => ({ space, entry })),
    ),
  );
}
