/** A scene in its places, as SVG text: what the app draws, plainer, for print and for slides. */
import {
  countBox,
  GONE_HEIGHT,
  mappersBox,
  pageBoxes,
  tableOf,
  tokenBox,
  tokenLines,
} from '../scene/layout.ts';
import type { Placed } from '../scene/layout.ts';
import type { Box, FolioPlace, HolderPlace, ProcessPlace } from '../scene/places.ts';
import { FOLIO, insideOf, TOKEN_PITCH } from '../scene/places.ts';
import type { RoutedEdge } from '../scene/route.ts';
import type { FolioCard, HolderCard, LockBadge, PteRow, ProcessCard, Scene, View } from '../scene/scene.ts';
import { bytesAt, escaped, group, label, path, rect, swatch, text, widthOf } from './svg-parts.ts';

const PAD = 12;

/** `broken`: ids of the cards on which a broken rule shows. `look`: what somebody is pointed at. */
export function sceneSvg(
  scene: Scene,
  placed: Placed,
  broken: readonly string[],
  look: string | null = null,
): string {
  const { plan, boxes, edges } = placed;
  const heads = plan.heads.map(({ text: words, x, w }) =>
    text(words.toUpperCase(), { x, mid: -10, style: 'strong', tone: 'ink3', max: w }),
  );
  const processes = plan.processes.flatMap((place) => {
    const card = scene.processes.find((c) => c.id === place.id);
    return card === undefined ? [] : [process(card, place), table(scene, card, place)];
  });
  const folios = plan.folios.flatMap((place) => {
    const card = scene.folios.find((c) => c.id === place.id);
    return card === undefined ? [] : [folio(card, place)];
  });
  const open = scene.folios.find((c) => c.id === placed.opened);
  const holders = plan.holders.flatMap((place) => {
    const card = scene.holders.find((c) => c.id === place.id);
    return card === undefined ? [] : [holder(card, place)];
  });
  const rings = broken.slice(0, 1).flatMap((id) => {
    const box = boxes.get(id);
    return box === undefined ? [] : [rect(grown(box, 4), 'broken', 11)];
  });
  const looked = look === null || broken.includes(look) ? undefined : boxes.get(look);
  return [
    ...heads,
    ...processes,
    ...folios,
    ...(open === undefined || plan.open === null ? [] : [folio(open, plan.open)]),
    ...holders,
    ...edges.map(edge),
    ...(looked === undefined ? [] : [rect(grown(looked, 3), 'ring', 10)]),
    ...rings,
  ].join('\n');
}
const grown = ({ x, y, w, h }: Box, by: number): Box => ({
  x: x - by,
  y: y - by,
  w: w + 2 * by,
  h: h + 2 * by,
});

function kept(box: Box, name: string, note: string): string {
  const at = widthOf(name, 'strong') + 8;
  const below = box.h > 56;
  return (
    rect(box, 'kept') +
    text(name, { x: box.x + PAD, mid: box.y + 20, style: 'strong', tone: 'ink2' }) +
    text(note, {
      x: below ? box.x + PAD : box.x + PAD + at,
      mid: below ? box.y + 42 : box.y + 20,
      tone: 'ink3',
      max: box.w - 2 * PAD - (below ? 0 : at),
    })
  );
}

/** Badges side by side, ending at `right`; those that do not fit are left out. */
function badges(locks: readonly LockBadge[], left: number, right: number, mid: number): string {
  let end = right;
  return locks
    .flatMap(({ label: name, holders, waiting, exclusive }) => {
      const [holder] = holders,
        [waits] = waiting;
      const words = [
        ...(holder === undefined ? [] : [{ words: name, filled: exclusive }]),
        ...(waits === undefined ? [] : [{ words: `${waits} waits for ${name}`, filled: false }]),
      ];
      return words.map(({ words: said, filled }) => {
        const w = widthOf(said, 'strong') + 12;
        if (end - w < left) return '';
        end -= w + 6;
        return label(said, end + 6, mid, filled, w);
      });
    })
    .join('');
}

function process(card: ProcessCard, place: ProcessPlace): string {
  const { card: box } = place;
  if (card.state === 'unborn') return kept(box, card.name, card.note);
  const name = card.state === 'exited' ? `${card.name}, exited` : card.name;
  const end = box.x + PAD + 22 + widthOf(name, 'strong') + 8;
  const many = card.threads.length > 1;
  const threads = card.threads.map((thread, i) => {
    const at = place.threads[i];
    if (at === undefined) return '';
    const words = many
      ? `${thread.name}, CPU ${thread.cpu}: ${thread.doing}`
      : `CPU ${thread.cpu}: ${thread.doing}`;
    const mark = thread.active && many ? rect({ ...at, x: at.x + 4, w: at.w - 8 }, 'mark', 4) : '';
    const style = thread.active ? 'strong' : '';
    return mark + text(words, { x: at.x + PAD, mid: at.y + at.h / 2, style, max: at.w - 2 * PAD });
  });
  const vmas = card.vmas.map((vma, i) => {
    const at = place.vmas[i];
    if (at === undefined) return '';
    const words = vma.gone ? `${vma.name} was unmapped` : `${vma.name}  ${vma.what}`;
    const bar = { x: box.x + 70, y: at.y + at.h / 2 - 12, w: box.w - 70 - PAD, h: 24 };
    return (
      (i === 0 ? text('memory', { x: box.x + PAD, mid: at.y + at.h / 2, tone: 'ink2' }) : '') +
      rect(bar, vma.gone ? 'kept' : 'box', 4) +
      text(words, { x: bar.x + 10, mid: bar.y + 12, tone: vma.gone ? 'ink3' : '', max: bar.w - 20 })
    );
  });
  const views = card.views.map((one, i) => {
    const at = place.views[i];
    return at === undefined ? '' : view(one, at);
  });
  return [
    rect(box, card.state === 'exited' ? 'card gone' : 'card'),
    swatch(card.who, box.x + PAD, box.y + 20),
    text(name, { x: box.x + PAD + 20, mid: box.y + 20, style: 'strong', max: box.w - 2 * PAD - 20 }),
    badges(card.locks, end, box.x + box.w - PAD, box.y + 20),
    ...vmas,
    ...threads,
    ...views,
  ].join('');
}

function view(one: View, box: Box): string {
  const x = box.x + PAD,
    end = box.x + box.w - PAD,
    mid = box.y + box.h / 2;
  const beside = box.h < 40;
  const tone = one.bad ? 'bad' : 'ink2',
    style = one.bad ? 'strong' : '';
  const word = one.bytes === null && beside ? Math.min(widthOf(one.word), (end - x) * 0.5) : 0;
  const head = text(one.label, {
    x,
    mid: beside ? mid : box.y + 9,
    style,
    tone,
    max: !beside ? end - x : word > 0 ? end - x - word - 8 : (end - x) * 0.6,
  });
  if (one.bytes === null)
    return (
      head +
      text(one.word, {
        x: end,
        mid: beside ? mid : box.y + 28,
        tone: 'ink3',
        anchor: 'end',
        max: beside ? (end - x) * 0.5 : end - x,
      })
    );
  const room = (end - x) * (beside ? 0.4 : 0.5);
  const at = beside ? mid : box.y + 30;
  const note = beside ? '' : text(one.note, { x, mid: at, tone: 'ink2', max: end - x - room - 8 });
  return head + note + bytesAt(one.bytes, end, at, room);
}

function table(scene: Scene, owner: ProcessCard, place: ProcessPlace): string {
  const card = tableOf(scene, owner),
    box = place.table;
  if (card === undefined) return '';
  const rows = card.rows.flatMap((row, i) => {
    const at = place.ptes[i];
    return at === undefined ? [] : [entry(row, at), ...tlbs(row, place.tlbs[i] ?? [])];
  });
  // Folded: the entries stand in the card of their process.
  if (box === null) return card.state === 'unborn' ? '' : rows.join('');
  const title = `page table of ${owner.name}`;
  if (card.state === 'unborn') return kept(box, title, card.note);
  return [
    rect(box, card.state === 'exited' ? 'card gone' : 'card'),
    text(title, { x: box.x + PAD, mid: box.y + 20, style: 'strong', max: box.w - 2 * PAD }),
    badges(card.locks, box.x + PAD + widthOf(title, 'strong') + 8, box.x + box.w - PAD, box.y + 20),
    ...rows,
  ].join('');
}

function entry(row: PteRow, box: Box): string {
  const changed = row.changed || row.bits.some((b) => b.changed);
  let x = box.x + PAD + widthOf(row.page, 'mono') + 10;
  const start = x;
  const bits = row.bits.map(({ letter, on }) => {
    const w = letter.length > 1 ? 27 : 20;
    const drawn = x + w > box.x + box.w - 4 ? '' : label(letter, x, box.y + 16, on, w);
    x += w + 3;
    return drawn;
  });
  const single = row.bits.length === 0;
  return [
    rect({ ...box, x: box.x + 1, w: box.w - 2 }, changed ? 'mark' : 'row', 0),
    text(row.page, { x: box.x + PAD, mid: single ? box.y + box.h / 2 : box.y + 16, style: 'mono' }),
    ...bits,
    text(row.words, {
      x: start,
      mid: single ? box.y + box.h / 2 : box.y + Math.min(box.h - 10, 38),
      tone: single ? 'ink3' : '',
      max: box.x + box.w - start - 8,
    }),
  ].join('');
}

function tlbs(row: PteRow, boxes: readonly Box[]): string[] {
  return row.tlbs.map((one, i) => {
    const at = boxes[i];
    if (at === undefined) return '';
    // In the line of its CPU there is no room to say whose it is, and no need.
    const full = `TLB of CPU ${one.cpu}: ${one.words}`,
      words = widthOf(full) <= at.w - PAD - 20 ? full : `TLB: ${one.words}`;
    const ghost = one.stale ? rect({ ...at, x: at.x + 4, w: at.w - 8 }, 'kept', 4) : '';
    const style = one.stale ? 'strong' : '';
    return (
      ghost +
      text(words, {
        x: at.x + PAD + 8,
        mid: at.y + at.h / 2,
        style,
        tone: one.stale ? '' : 'ink3',
        max: at.w - PAD - 20,
      })
    );
  });
}

function folio(card: FolioCard, place: FolioPlace): string {
  const { box, form } = place;
  if (card.state !== 'live') return kept({ ...box, h: GONE_HEIGHT }, card.name, card.note);
  const head = form === 'line' ? box.h : FOLIO[form].head;
  const name = widthOf(card.name, 'mono big') + 10;
  const top = [
    rect(box, 'card'),
    text(card.name, { x: box.x + PAD, mid: box.y + head / 2, style: 'mono big' }),
    text(card.kind === card.name ? '' : card.kind, {
      x: box.x + PAD + name,
      mid: box.y + head / 2,
      tone: 'ink3',
    }),
    card.bytes === null
      ? ''
      : bytesAt(
          card.bytes,
          box.x + box.w - PAD,
          box.y + head / 2,
          box.w * 0.45,
          card.changed.includes('bytes'),
        ),
  ];
  const ref =
    card.pins > 0 ? `${card.refs} + ${card.pins} pin${card.pins === 1 ? '' : 's'}` : String(card.refs);
  if (form === 'line')
    return [
      ...top,
      text(`refcount ${ref}`, { x: box.x + box.w / 2, mid: box.y + 22, anchor: 'middle' }),
    ].join('');
  const inside = insideOf(place),
    drop = box.y + TOKEN_PITCH * (place.lines - 1);
  const left = tokenBox(place, 'mapped', 0),
    end = box.x + box.w - PAD;
  const captions =
    inside.captions === 0
      ? []
      : [
          text('mapped by', { x: box.x + PAD, mid: box.y + inside.captions, tone: 'ink2' }),
          text('also held by', { x: end, mid: box.y + inside.captions, tone: 'ink2', anchor: 'end' }),
        ];
  const marks = [
    ...(card.exclusive === null ? [] : [card.exclusive ? 'exclusive to one process' : 'not exclusive']),
    ...(card.owner === null ? [] : [`gup_owner ${card.owner.name === '' ? 'nobody' : card.owner.name}`]),
    ...(card.lock === null ? [] : [card.lock.label]),
  ];
  return [
    ...top,
    ...pages(card, place),
    path(`M${box.x + PAD} ${box.y + head + place.strip + 0.5}H${end}`, 'hair'),
    ...captions,
    tokens(card, place, 'mapped'),
    tokens(card, place, 'held'),
    bracket(left.x + 2, left.x + left.w - 2, drop + inside.bracketMap),
    count('mapcount', String(card.mapcount), countBox(place, 'mapcount'), card),
    bracket(left.x + 2, end - 2, drop + inside.bracketRef),
    count('refcount', ref, countBox(place, 'refcount'), card),
    text(marks.join(', '), {
      x: box.x + PAD,
      mid: drop + inside.flags + 10,
      tone: 'ink2',
      max: box.w - 2 * PAD,
    }),
  ].join('');
}

/** The pages of a large folio, and what it remembers about who maps it. */
function pages(card: FolioCard, place: FolioPlace): readonly string[] {
  if (place.strip === 0 || card.pages.length === 0) return [];
  const boxes = pageBoxes(
    place,
    card.pages.map(({ name }) => name),
  );
  const drawn = card.pages.flatMap((page, i) => {
    const at = boxes[i]!;
    const holds = page.bytes === null ? '' : `“${page.bytes.text}”`;
    return [
      rect(at, page.mappers.length === 0 ? 'kept' : 'box', 4),
      text(page.name, { x: at.x + 5, mid: at.y + 12, style: 'mono', tone: 'ink2', max: at.w - 8 }),
      text(holds, { x: at.x + 5, mid: at.y + at.h - 12, max: at.w - 8 }),
    ];
  });
  const noted = mappersBox(place);
  if (noted === null || card.mappers === null) return drawn;
  const known = card.mappers.known.map(({ name, maps }) => `${name} ${maps}`);
  const words = [card.mappers.shared ? 'maybe shared' : 'one process', ...known].join(', ');
  return [...drawn, text(words, { x: noted.x, mid: noted.y + noted.h / 2, tone: 'ink2', max: noted.w })];
}

const bracket = (x: number, end: number, y: number): string =>
  path(`M${x} ${y}v4q0 4 4 4H${end - 4}q4 0 4-4v-4`, 'bracket');

function count(which: 'mapcount' | 'refcount', value: string, box: Box, card: FolioCard): string {
  const noun = widthOf(which) + 6,
    mid = box.y + 12;
  const w = noun + widthOf(value, 'number'),
    x = Math.round(box.x + (box.w - w) / 2);
  const reads = card.eye === which;
  const look =
    reads || card.changed.includes(which) ? rect({ x: x - 6, y: mid - 11, w: w + 12, h: 22 }, 'mark', 4) : '';
  const eye = reads ? text('the rule looks here', { x: x + w + 12, mid, tone: 'ink2' }) : '';
  return (
    look + text(which, { x, mid, tone: 'ink2' }) + text(value, { x: x + noun, mid, style: 'number' }) + eye
  );
}

function tokens(card: FolioCard, place: FolioPlace, side: 'mapped' | 'held'): string {
  const all = card[side],
    { shown, hidden } = tokenLines(all, place.lines);
  const first = tokenBox(place, side, 0);
  if (all.length === 0) {
    const right = side === 'held';
    return text('nobody', {
      x: right ? first.x + first.w - 2 : first.x + 2,
      mid: first.y + 14,
      tone: 'ink3',
      anchor: right ? 'end' : 'start',
    });
  }
  const drawn = shown.map((token) => {
    const at = tokenBox(place, side, token.line),
      pte = token.kind === 'pte';
    return [
      token.changed ? rect(grown(at, 3), 'ring', pte ? 8 : 17) : '',
      rect(at, 'box', pte ? 5 : 14),
      pte ? swatch(token.who, at.x + 8, at.y + 14) : '',
      text(pte ? token.label : `${token.kind === 'pin' ? 'pin' : 'ref'} ${token.label}`, {
        x: at.x + (pte ? 26 : 12),
        mid: at.y + 14,
        max: at.w - (pte ? 34 : 22),
      }),
    ].join('');
  });
  const more =
    hidden.length === 0
      ? ''
      : text(`+ ${hidden.length} more`, {
          x: first.x + 8,
          mid: tokenBox(place, side, place.lines - 1).y + 14,
          tone: 'ink2',
        });
  return drawn.join('') + more;
}

function holder(card: HolderCard, place: HolderPlace): string {
  const { box } = place;
  if (card.state === 'unborn') return kept(box, card.title, card.note);
  const rows = card.rows.flatMap((row, i) => {
    const at = place.rows[i];
    if (at === undefined || place.form !== 'full') return [];
    return [
      rect({ ...at, x: at.x + 1, w: at.w - 2 }, row.changed ? 'mark' : 'row', 0),
      text(row.label, { x: at.x + PAD, mid: at.y + 18, style: 'mono', max: at.w - 2 * PAD }),
      text(row.words, { x: at.x + PAD, mid: at.y + 40, max: at.w - 2 * PAD }),
    ];
  });
  const said =
    rows.length > 0 ? card.sub : card.rows.map((r) => `${r.label}: ${r.words}`).join('; ') || card.note;
  return [
    rect(box, card.state === 'gone' ? 'card gone' : 'card'),
    text(card.title, { x: box.x + PAD, mid: box.y + 20, style: 'strong', max: box.w - 2 * PAD }),
    text(said, { x: box.x + PAD, mid: box.y + 42, tone: 'ink2', max: box.w - 2 * PAD }),
    ...rows,
    rows.length > 0
      ? text(card.note, { x: box.x + PAD, mid: box.y + box.h - 16, tone: 'ink2', max: box.w - 2 * PAD })
      : '',
  ].join('');
}

function edge({ edge: { kind, says }, points, path: line }: RoutedEdge): string {
  const end = points.at(-1),
    before = points.at(-2);
  if (end === undefined || before === undefined) return '';
  const turn = Math.round((Math.atan2(end.y - before.y, end.x - before.x) * 180) / Math.PI);
  const heads: Readonly<Record<string, string>> = {
    writable: '<path class="head" d="M-11-7L0 0l-11 7z"/>',
    'read-only': '<path class="edge" d="M-8-5L0 0l-8 5"/>',
    stale: '<path class="hollow" d="M-11-6.5L-1 0l-10 6.5z"/>',
    get: '<circle class="hollow" cx="-7" cy="0" r="6"/>',
    pin: '<circle class="head" cx="-7" cy="0" r="6"/>',
  };
  const head = heads[kind];
  return group(
    kind,
    `<title>${escaped(says)}</title>`,
    path(line, `edge e-${kind}`),
    head === undefined ? '' : `<g transform="translate(${end.x} ${end.y}) rotate(${turn})">${head}</g>`,
  );
}
