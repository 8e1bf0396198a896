/** A process: who it is, what its threads do, its memory, and what its owner would see. */
import { memo } from 'react';
import { tellingView } from '../../scene/layout.ts';
import { firstWords, textWidth, wrap, type Face } from '../../scene/measure.ts';
import type { Box, ProcessPlace } from '../../scene/places.ts';
import type { ProcessCard as Card, TableCard, ThreadLine, View } from '../../scene/scene.ts';
import { pretty } from '../words.ts';
import { BadgeAt, badgesOf, placeBadges, WithIcon, type Badge } from './Badges.tsx';
import { Cells, CELLS, fitCells, SwatchAt } from './Bytes.tsx';
import { KeptPlace } from './KeptPlace.tsx';
import { processSays, threadSays, viewSays, vmaSays, type People } from './names.ts';
import { Sign } from './Sign.tsx';
import { headEnd, TableRows } from './TableCard.tsx';
import { FACES, Text } from './Text.tsx';
import { Walks } from './Walk.tsx';

const PAD = 12;

interface ProcessProps {
  readonly card: Card;
  /** Only where the table is folded into this card. */
  readonly table: TableCard | null;
  readonly place: ProcessPlace;
  readonly people: People;
}

export const ProcessCard = memo(function ProcessCard({ card, table, place, people }: ProcessProps) {
  const { card: box, form } = place;
  if (card.state === 'unborn') {
    return (
      <Sign id={card.id} says={processSays(card)} box={box} radius={8} as="part">
        <KeptPlace box={box} title={card.name} note={card.note} who={card.who} />
      </Sign>
    );
  }
  const nameEnd = box.x + PAD + 22 + textWidth(card.name, FACES.name) + 8;
  const badges = badgesOf([...card.locks, ...(table?.locks ?? [])], card.who);
  const head = placeBadges(badges, nameEnd, table ? headEnd(place, box) : box.x + box.w - PAD);
  // Several threads of a full card are counted in a line of its own, which then has room for more badges.
  const counted = place.summary !== null && place.threads.length > 1;
  const views = form === 'phone' ? [tellingView(card.views)].filter((one) => one !== undefined) : card.views;
  return (
    <Sign id={card.id} says={processSays(card)} box={box} radius={8} as="part">
      <rect
        className={card.state === 'exited' ? 'card card-gone' : 'card'}
        x={box.x + 0.5}
        y={box.y + 0.5}
        width={box.w - 1}
        height={box.h - 1}
        rx="8"
      />
      <SwatchAt who={card.who} x={box.x + PAD} y={box.y + 13} size={14} />
      <Text x={box.x + PAD + 22} mid={box.y + 20} face="name" max={box.w - 2 * PAD - 22}>
        {card.state === 'exited' ? `${card.name}, exited` : card.name}
      </Text>
      {head.placed.map(({ badge, x }) => (
        <BadgeAt key={badge.lock.id + badge.text} badge={badge} x={x} mid={box.y + 20} />
      ))}
      {place.vmas.length > 0 && <Memory card={card} place={place} rest={counted ? head.rest : []} />}
      {table && <Walks card={table} process={card.name} place={place} />}
      {table && <TableRows card={table} process={card.name} place={place} />}
      <Threads card={card} place={place} rest={counted ? [] : head.rest} table={table} />
      {views.map((view, i) => {
        const at = place.views[i];
        return at && <ViewLine key={view.id} view={view} box={at} people={people} />;
      })}
    </Sign>
  );
});

interface MemoryProps {
  readonly card: Card;
  readonly place: ProcessPlace;
  readonly rest: readonly Badge[];
}

/** The memory bar with its areas; above it how many threads there are, or what the only one does. */
function Memory({ card, place, rest }: MemoryProps) {
  const { card: box, summary } = place;
  const first = place.vmas[0];
  const last = place.vmas.at(-1);
  const several = place.threads.length > 1;
  const badges = summary && placeBadges(rest, box.x + 110, box.x + box.w - PAD).placed;
  return (
    <>
      {summary && several && (
        <Text x={box.x + PAD} mid={summary.y + 10} tone="ink2">
          {`${card.threads.length} threads`}
        </Text>
      )}
      {badges?.map(({ badge, x }) => (
        <BadgeAt key={badge.lock.id + badge.text} badge={badge} x={x} mid={(summary?.y ?? 0) + 10} />
      ))}
      {first && (
        <Separator
          box={box}
          y={first.y - (place.form === 'full' ? 7 : first.y - box.y < 40 ? 3 : first.y - box.y < 50 ? 8 : 12)}
        />
      )}
      {last && <Separator box={box} y={last.y + last.h + underMemory(place, last)} />}
      {first && card.vmas.length > 0 && (
        <Text x={box.x + PAD} mid={first.y + first.h / 2} tone="ink2">
          memory
        </Text>
      )}
      {card.vmas.map((vma, i) => {
        const at = place.vmas[i];
        return at && <Vma key={vma.id} vma={vma} process={card.name} box={at} />;
      })}
    </>
  );
}

/** The line between memory and threads. */
function underMemory({ form, threads, views }: ProcessPlace, { y, h }: Box): number {
  if (form === 'full') return views.length > 1 ? 4 : 9;
  return (threads[0]?.y ?? 0) - y - h < 10 ? 3 : 8;
}

const BAR = 66;
const AREA = 106;

function Vma({
  vma,
  process,
  box,
}: {
  readonly vma: Card['vmas'][number];
  readonly process: string;
  readonly box: Box;
}) {
  const [x, y, end] = [box.x + BAR, box.y + box.h / 2 - 14, box.x + box.w - PAD];
  const name = textWidth(vma.name, FACES.letter);
  const wanted = 15 + name + textWidth(vma.what, FACES.code) + 8;
  const area = end - Math.min(Math.max(AREA, wanted), end - x);
  return (
    <Sign id={vma.id} says={vmaSays(process, vma)} box={{ x, y, w: end - x, h: 28 }} radius={4}>
      <rect className="sunken" x={x} y={y} width={end - x} height="28" rx="4" />
      {/* On to the page table that belongs to it. */}
      <path className="belongs" d={`M${end} ${y + 14}H${box.x + box.w}`} />
      {vma.gone ? (
        <Text x={x + 10} mid={y + 14} tone="ink3" max={end - x - 18}>
          {`${vma.name} was unmapped`}
        </Text>
      ) : (
        <>
          <rect
            className="area"
            x={area + 0.75}
            y={y + 0.75}
            width={end - area - 1.5}
            height="26.5"
            rx="3.25"
          />
          <Text x={area + 9} mid={y + 14} face="letter">
            {vma.name}
          </Text>
          <Text x={area + 15 + name} mid={y + 14} face="code" tone="ink3" max={end - area - name - 17}>
            {wanted <= end - area ? vma.what : vma.what.replace(/^\S+ /, '')}
          </Text>
        </>
      )}
    </Sign>
  );
}

function Separator({ box, y }: { readonly box: Box; readonly y: number }) {
  return <path className="hair" d={`M${box.x + PAD} ${y + 0.5}H${box.x + box.w - PAD}`} />;
}

interface ThreadsProps {
  readonly card: Card;
  readonly place: ProcessPlace;
  readonly rest: readonly Badge[];
  readonly table: TableCard | null;
}

function Threads({ card, place, rest, table }: ThreadsProps) {
  const many = card.threads.length > 1;
  // A phone has no TLB rows: the line of the thread gives its place to what is stale on its CPU.
  const rows = place.form === 'phone' ? (table?.rows.flatMap(({ tlbs }) => tlbs) ?? []) : [];
  return card.threads.map((thread, i) => {
    const at = place.threads[i];
    if (!at) return null;
    const stale = rows.find((row) => row.stale && row.cpu === thread.cpu);
    const x = at.x + PAD + 22;
    const end = at.x + at.w - PAD;
    const words = threadWords(thread, many, stale?.words ?? null, end - x);
    const badges = placeBadges(i === 0 ? rest : [], x + words.width + 8, end).placed;
    return (
      <Sign key={thread.id} id={thread.id} says={threadSays(thread)} box={inset(at)} radius={4}>
        {many && thread.active && <Mark box={inset(at)} />}
        {stale && <rect className="sunken" x={at.x + 1} y={at.y} width={at.w - 2} height={at.h} />}
        <rect className="hit" x={at.x + 4} y={at.y} width={at.w - 8} height={at.h} />
        <ThreadText
          words={words}
          strong={thread.active || stale !== undefined}
          tall={place.summary !== null && !many}
          x={x}
          mid={at.y + at.h / 2}
          end={end}
        />
        {badges.map((placed) => (
          <BadgeAt key={placed.badge.lock.id + placed.badge.text} {...placed} mid={at.y + at.h / 2} />
        ))}
      </Sign>
    );
  });
}

const inset = (box: Box): Box => ({ x: box.x + 4, y: box.y, w: box.w - 8, h: box.h });

interface ThreadWords {
  /** Where it runs, dropped when there is no room for it and what it does. */
  readonly where: string;
  readonly does: string;
  readonly width: number;
}

const SPACE = 4;

function threadWords(thread: ThreadLine, many: boolean, stale: string | null, room: number): ThreadWords {
  const does = stale ?? pretty(thread.doing);
  const long = many ? `${thread.name} on CPU ${thread.cpu}:` : `CPU ${thread.cpu}:`;
  const short = many ? `${thread.name}:` : '';
  const choices = stale === null ? [long, short] : [`CPU ${thread.cpu} still`, 'still'];
  const width = (where: string): number =>
    textWidth(where, FACES.small) + (where === '' ? 0 : SPACE) + textWidth(does, FACES.strong);
  const where = choices.find((one) => width(one) <= room) ?? choices.at(-1) ?? '';
  return { where, does, width: Math.min(room, width(where)) };
}

/** What a thread does, with fewer words where there is little room: its title has all of them. */
function inFewWords(does: string, room: number, face: Face): string {
  const [most = ''] = does.split(/, (?=held by|interrupts)/);
  const next = most.replace(/^(?:about to|then:) /, 'next: ');
  const choices = [does, most, next];
  const some = firstWords(next, room, face);
  const name = next.replace(/^(?:next:|in) /, '');
  const least = /^(?:|next:)$/.test(some) ? firstWords(name, room, face) || 'in the kernel' : some;
  return choices.find((one) => textWidth(one, face) <= room) ?? least;
}

interface ThreadTextProps {
  readonly words: ThreadWords;
  readonly strong: boolean;
  readonly x: number;
  readonly mid: number;
  readonly end: number;
  /** There is room for a second line: who holds what it waits for stands at the end of a long sentence. */
  readonly tall: boolean;
}

function ThreadText({ words, strong, x, mid, end, tall }: ThreadTextProps) {
  const { where, does } = words;
  const start = x + (where === '' ? 0 : textWidth(where, FACES.small) + SPACE);
  const face = strong ? 'strong' : 'small';
  const lines = tall ? wrap(does, end - start, FACES[face], 2) : [inFewWords(does, end - start, FACES[face])];
  return (
    <>
      <WithIcon icon="cpu" x={x - 22} mid={mid} tone="ink2">
        {where}
      </WithIcon>
      <g className="lines">
        <title>{does}</title>
        {lines.map((line, i) => (
          <Text
            key={i}
            x={start}
            mid={mid + (i - (lines.length - 1) / 2) * 14}
            face={face}
            tone={strong ? 'ink' : 'ink2'}
          >
            {line}
          </Text>
        ))}
      </g>
    </>
  );
}

/** The yellow of this step. */
export function Mark({ box }: { readonly box: Box }) {
  return <rect className="mark" x={box.x} y={box.y} width={box.w} height={box.h} rx="4" />;
}

/** The label of a view, in ever fewer words. */
function labelOf(label: string, room: number, face: Face): string {
  const brief = label.replace(/ so far$/, '');
  const load = brief.replace(/^A load of (.*) returns$/, 'Load of $1');
  const least = load.replace(/^(?:Load of|Loaded from) /, '').replace(/^Read from/, 'From');
  const choices = [label, brief, load, least];
  return choices.find((one) => textWidth(one, face) <= room) ?? choices.at(-1) ?? '';
}

interface ViewProps {
  readonly view: View;
  readonly box: Box;
  readonly people: People;
}

/** One page or one read as the owner would see it. The lower the line, the smaller the cells. */
function ViewLine({ view, box, people }: ViewProps) {
  const says = viewSays(view, people);
  const x = box.x + PAD;
  const end = box.x + box.w - PAD;
  const beside = box.h < 36;
  const label = beside ? box.y + box.h / 2 : box.y + (box.h < 44 ? 8 : 9);
  const labelFace = view.bad ? 'strong' : 'small';
  // What is seen needs its room; the label says as much as fits beside it.
  const least = view.bytes
    ? Math.min(fitCells(view.bytes.text, Infinity, 'tiny').w, (end - x) / 2)
    : textWidth(view.word.split(',')[0] ?? '', FACES.small);
  const said = labelOf(view.label, end - x - (beside ? least + 8 : 0), FACES[labelFace]);
  const labelWidth = Math.min(textWidth(said, FACES[labelFace]), end - x);
  const left = beside ? x + labelWidth + 8 : x;
  const value = beside
    ? box.y + (box.h - (box.h < 24 ? 18 : 20)) / 2
    : box.y + (box.h > 48 ? 23 : box.h < 44 ? 17 : 20);
  const fitted =
    view.bytes &&
    fitCells(view.bytes.text, end - left, box.h > 48 ? 'middle' : box.h < 24 ? 'tiny' : 'small');
  const height = CELLS[fitted?.size ?? 'small'].h;
  const start = beside && fitted ? end - fitted.w : left;
  const noteAt = start + (fitted?.w ?? 0) + 8;
  const noted =
    beside || !fitted || end - noteAt < 40
      ? []
      : wrap(view.note, end - noteAt, FACES.small, box.h > 48 ? 2 : 1);
  // Half a note is none: the ink of the bytes says the same.
  const lines = noted.some((line) => line.endsWith('…')) ? [] : noted;
  // What explains the word is left out before the word is cut.
  const [word = ''] = textWidth(view.word, FACES.small) <= end - left ? [view.word] : view.word.split(',');
  return (
    <Sign id={view.id} says={says} box={inset(box)} radius={4}>
      <rect className="hit" x={box.x + 4} y={box.y} width={box.w - 8} height={box.h} />
      <Text x={x} mid={label} face={labelFace} tone={view.bad ? 'bad' : 'ink2'} max={labelWidth + 1}>
        {said}
      </Text>
      {view.bytes && fitted && <Cells bytes={view.bytes} x={start} y={value} fitted={fitted} />}
      {!view.bytes && (
        <Text
          x={beside ? end : x}
          mid={beside ? label : value + 8}
          tone="ink3"
          anchor={beside ? 'end' : 'start'}
          max={end - left}
        >
          {word}
        </Text>
      )}
      {lines.map((line, i) => (
        <Text
          key={i}
          x={noteAt}
          mid={value + height / 2 + (i - (lines.length - 1) / 2) * 15}
          tone={view.bad ? 'ink' : 'ink2'}
        >
          {line}
        </Text>
      ))}
    </Sign>
  );
}
