/** A scene put into the places of its run: a box for every id, and the edges between them. */
import { plan as planOf } from './plan.ts';
import {
  insideOf,
  MAPPERS,
  STRIP,
  TOKEN_PITCH,
  walkId,
  type Box,
  type FolioPlace,
  type PictureFrame,
  type Plan,
  type ProcessPlace,
  type Shape,
} from './places.ts';
import { owns, route, type RoutedEdge } from './route.ts';
import { routePhone } from './route-phone.ts';
import type { Extent, FolioCard, ProcessCard, Scene, TableCard, Token, View } from './scene.ts';

export interface Placed {
  readonly plan: Plan;
  /** What is drawn, by id. `mapcount:` and `refcount:` before the id of a folio are its two numbers. */
  readonly boxes: ReadonlyMap<string, Box>;
  /** The folio that is drawn in full in the one place kept for that, where there is such a place. */
  readonly opened: string | null;
  readonly edges: readonly RoutedEdge[];
}

/** Four columns need this much; with less the page tables fold into the process cards. */
const WIDE_FROM = 980;
const FOLDED_FROM = 608;

export const shapeFor = (width: number): Shape =>
  width >= WIDE_FROM ? 'wide' : width >= FOLDED_FROM ? 'folded' : 'phone';

const plans = new WeakMap<Extent, Map<string, Plan>>();

/** The same object for the same run and frame, so that what is drawn in it can tell that nothing moved. */
export function planFor(extent: Extent, frame: PictureFrame): Plan {
  const known = plans.get(extent) ?? new Map<string, Plan>();
  plans.set(extent, known);
  const key = `${frame.shape} ${frame.width} ${frame.height} ${(frame.open ?? []).join(' ')}`;
  const made = known.get(key) ?? planOf(extent, frame);
  known.set(key, made);
  return made;
}

/** `wanted`: a folio that somebody selected and that is opened instead of the one that the step touches. */
export function layout(
  scene: Scene,
  extent: Extent,
  frame: PictureFrame,
  wanted: string | null = null,
): Placed {
  const plan = planFor(extent, frame);
  const boxes = new Map<string, Box>();
  const anchors = new Map<string, Box>();
  const opened = plan.open ? folioOfStep(scene, wanted) : null;
  for (const place of plan.processes) {
    const card = scene.processes.find((one) => one.id === place.id);
    if (card) bindProcess(boxes, anchors, place, card, tableOf(scene, card));
  }
  for (const place of plan.folios) {
    const card = scene.folios.find((one) => one.id === place.id);
    if (!card) continue;
    boxes.set(card.id, place.box);
    const inside = card.id === opened && plan.open ? plan.open : place;
    if (inside === plan.open) boxes.set(`open:${card.id}`, inside.box);
    anchors.set(card.id, inside === plan.open ? inside.box : drawnBox(place, card));
    if (card.state === 'live' && inside.form !== 'line') bindFolio(boxes, anchors, inside, card);
    for (const { id } of [...card.mapped, ...card.held])
      if (!anchors.has(id) && !boxes.has(id)) anchors.set(id, drawnBox(place, card));
  }
  for (const place of plan.holders) {
    const card = scene.holders.find((one) => one.id === place.id);
    if (!card) continue;
    boxes.set(card.id, place.box);
    card.rows.forEach(({ id }, i) => {
      const box = place.rows[Math.min(i, place.rows.length - 1)] ?? place.box;
      anchors.set(id, box);
      if (i < place.rows.length) boxes.set(id, box);
    });
  }
  const at = (id: string): Box | undefined => anchors.get(id) ?? boxes.get(id);
  const edges = plan.shape === 'phone' ? routePhone(scene, plan, at, opened) : route(scene, plan, at);
  return { plan, boxes, opened, edges };
}

export const tableOf = (scene: Scene, card: ProcessCard): TableCard | undefined =>
  scene.tables.find(({ process }) => process === card.id || process === card.name) ??
  scene.tables[scene.processes.indexOf(card)];

/** The one line of a phone that a card has for what its owner would see: what is wrong, else the newest. */
export const tellingView = (views: readonly View[]): View | undefined =>
  views.find((one) => one.bad) ?? views.findLast((one) => one.bytes !== null) ?? views[0];

function bindProcess(
  boxes: Map<string, Box>,
  anchors: Map<string, Box>,
  place: ProcessPlace,
  card: ProcessCard,
  table: TableCard | undefined,
): void {
  const put = (items: readonly { readonly id: string }[], places: readonly Box[]): void =>
    items.forEach(({ id }, i) => {
      const box = places[i];
      if (box) boxes.set(id, box);
    });
  boxes.set(card.id, place.card);
  if (table && place.table) boxes.set(table.id, place.table);
  if (card.state !== 'unborn') {
    put(card.threads, place.threads);
    put(card.vmas, place.vmas);
    const one = tellingView(card.views);
    put(place.form === 'phone' && one ? [one] : card.views, place.views);
  }
  if (!table || table.state === 'unborn') return;
  put(table.rows, place.ptes);
  put(table.walks, place.walks);
  if (place.walk && table.walks.length > 0) boxes.set(walkId(card.name), place.walk);
  table.rows.forEach((row, i) => put(row.tlbs, place.tlbs[i] ?? []));
  anchorBeside(anchors, place, table);
  // A TLB row that is not drawn is said by the line of its CPU.
  for (const { id, cpu } of table.rows.flatMap(({ tlbs }) => tlbs)) {
    const line = place.threads[card.threads.findIndex((one) => one.cpu === cpu)];
    if (line && !boxes.has(id)) anchors.set(id, line);
  }
}

/** An entry with its TLB in the same line: both edges begin at the side of the card, one below the other. */
function anchorBeside(anchors: Map<string, Box>, place: ProcessPlace, { rows }: TableCard): void {
  rows.forEach((row, i) => {
    const pte = place.ptes[i];
    const tlb = place.tlbs[i]?.[0];
    if (!pte || !tlb || tlb.y !== pte.y) return;
    anchors.set(row.id, { ...pte, w: tlb.x + tlb.w - pte.x });
    const [one] = row.tlbs;
    if (one) anchors.set(one.id, { ...tlb, y: tlb.y + 16, h: tlb.h - 16 });
  });
}

/** A free or freed folio keeps its place, but its dashed card is only as high as its sentence. */
export const GONE_HEIGHT = 44;
const drawnBox = (place: FolioPlace, card: FolioCard): Box =>
  card.state === 'live' ? place.box : { ...place.box, h: Math.min(GONE_HEIGHT, place.box.h) };

/** Where the pages of a large folio stand: the block of the unnamed ones is wider than a named one. */
export function pageBoxes(place: FolioPlace, names: readonly string[]): readonly Box[] {
  const inset = place.form === 'line' ? 0 : FOLIO_INSET[place.form];
  const gap = 6;
  const room = place.box.w - 2 * inset - gap * (names.length - 1);
  const wanted = names.map((name) => Math.max(5, name.length));
  const all = wanted.reduce((sum, one) => sum + one, 0);
  const y = place.box.y + insideOf(place).head + 6;
  let x = place.box.x + inset;
  return wanted.map((one) => {
    const w = Math.floor((room * one) / all);
    const box = { x, y, w, h: STRIP - 8 };
    x += w + gap;
    return box;
  });
}

/** The line under the pages, where there is one. */
export function mappersBox(place: FolioPlace): Box | null {
  if (place.form === 'line' || place.strip <= STRIP) return null;
  const inset = FOLIO_INSET[place.form];
  const y = place.box.y + insideOf(place).head + STRIP;
  return { x: place.box.x + inset, y, w: place.box.w - 2 * inset, h: MAPPERS - 4 };
}

export interface TokenLines {
  readonly shown: readonly Token[];
  readonly hidden: readonly Token[];
}

/** What fits; when not all do, the last line says how many more there are. */
export function tokenLines(tokens: readonly Token[], lines: number): TokenLines {
  const room = tokens.every(({ line }) => line < lines) ? lines : lines - 1;
  return {
    shown: tokens.filter(({ line }) => line < room),
    hidden: tokens.filter(({ line }) => line >= room),
  };
}

/** Distance of tokens and counts from the sides of a folio card. */
export const FOLIO_INSET = { full: 12, dense: 12, folded: 10, tight: 10, slim: 10, phone: 12 } as const;

export function tokenBox(place: FolioPlace, side: 'mapped' | 'held', line: number): Box {
  const { box, form } = place;
  if (form === 'line') return box;
  const inset = FOLIO_INSET[form];
  const w = Math.floor(box.w / 2) - inset - (FOLIO_INSET[form] < 12 ? 6 : 8);
  const x = side === 'mapped' ? box.x + inset : box.x + box.w - inset - w;
  return { x, y: box.y + insideOf(place).token + TOKEN_PITCH * line, w, h: 28 };
}

export const countBox = (place: FolioPlace, which: 'mapcount' | 'refcount'): Box => {
  const { box, form, lines } = place;
  if (form === 'line') return box;
  const half = tokenBox(place, 'mapped', 0);
  const y = box.y + insideOf(place)[which] - 2 + TOKEN_PITCH * (lines - 1);
  const w = which === 'mapcount' ? half.w : box.w - 2 * FOLIO_INSET[form];
  return { x: half.x, y, w, h: 24 };
};

function bindFolio(
  boxes: Map<string, Box>,
  anchors: Map<string, Box>,
  place: FolioPlace,
  card: FolioCard,
): void {
  for (const side of ['mapped', 'held'] as const) {
    const { shown, hidden } = tokenLines(card[side], place.lines);
    for (const { id, line } of shown) boxes.set(id, tokenBox(place, side, line));
    for (const { id } of hidden) anchors.set(id, tokenBox(place, side, place.lines - 1));
  }
  if (place.strip > 0) {
    const at = pageBoxes(
      place,
      card.pages.map(({ name }) => name),
    );
    card.pages.forEach(({ id }, i) => boxes.set(id, at[i]!));
    const noted = mappersBox(place);
    if (noted && card.mappers) boxes.set(card.mappers.id, noted);
  }
  boxes.set(`mapcount:${card.id}`, countBox(place, 'mapcount'));
  boxes.set(`refcount:${card.id}`, countBox(place, 'refcount'));
}

/**
 * What the step is about: the folio that was chosen, decided on or changed, else that of the thread that
 * moved.
 */
export function folioOfStep(scene: Scene, wanted: string | null): string | null {
  const live = scene.folios.filter(({ state }) => state === 'live');
  const changed = (folio: FolioCard): boolean =>
    folio.changed.length > 0 || [...folio.mapped, ...folio.held].some((token) => token.changed);
  const touched = (folio: FolioCard): boolean =>
    scene.edges.some((edge) => edge.changed && owns(folio, edge.to));
  const chosen =
    live.find((folio) => wanted !== null && owns(folio, wanted)) ??
    live.find(({ eye }) => eye !== null) ??
    live.find(changed) ??
    live.find(touched) ??
    folioOfMover(scene, live) ??
    live[0];
  return chosen?.id ?? null;
}

function folioOfMover(scene: Scene, live: readonly FolioCard[]): FolioCard | undefined {
  const mover = scene.processes.find(({ threads }) => threads.some(({ active }) => active));
  const rows = mover ? (tableOf(scene, mover)?.rows ?? []) : [];
  const from = new Set(rows.flatMap((row) => [row.id, ...row.tlbs.map(({ id }) => id)]));
  const edge = scene.edges.find((one) => from.has(one.from));
  return (
    edge && live.find(({ id, mapped }) => id === edge.to || mapped.some((token) => token.id === edge.to))
  );
}
