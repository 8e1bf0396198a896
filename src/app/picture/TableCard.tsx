/** A page table: one entry per page with its bits, and under each what the CPUs believe. */
import { memo } from 'react';
import { firstWords, textWidth } from '../../scene/measure.ts';
import type { Box, ProcessPlace } from '../../scene/places.ts';
import type { PteRow, TableCard as Card, TlbRow } from '../../scene/scene.ts';
import { BadgeAt, badgesOf, Bits, bitsWidth, placeBadges, WithIcon } from './Badges.tsx';
import { KeptPlace } from './KeptPlace.tsx';
import { pteSays, tableSays, tableTitle, tlbSays } from './names.ts';
import { Sign } from './Sign.tsx';
import { FACES, Text } from './Text.tsx';
import { Walks } from './Walk.tsx';

const PAD = 12;

/** Where the badges of a header end: before what unfolds the walk, where that stands in the corner. */
export const headEnd = ({ walk }: ProcessPlace, box: Box): number =>
  walk && walk.w < 100 ? walk.x - 4 : box.x + box.w - PAD;

interface TableProps {
  readonly card: Card;
  readonly process: string;
  /** The only process: then its table needs no name. */
  readonly alone: boolean;
  readonly place: ProcessPlace;
}

export const TableCard = memo(function TableCard({ card, process, alone, place }: TableProps) {
  const box = place.table;
  if (!box) return null;
  const title = tableTitle(process, alone);
  const says = tableSays(card, process);
  if (card.state === 'unborn') {
    return (
      <Sign id={card.id} says={says} box={box} radius={8} as="part">
        <KeptPlace box={box} title={title} note={card.note} />
      </Sign>
    );
  }
  const start = box.x + PAD + textWidth(title, FACES.body) + 8;
  const { placed } = placeBadges(badgesOf(card.locks, card.who), start, headEnd(place, box));
  return (
    <Sign id={card.id} says={says} box={box} radius={8} as="part">
      <rect
        className={card.state === 'exited' ? 'card card-gone' : 'card'}
        x={box.x + 0.5}
        y={box.y + 0.5}
        width={box.w - 1}
        height={box.h - 1}
        rx="8"
      />
      <Text
        x={box.x + PAD}
        mid={box.y + 20}
        face="body"
        max={(placed[0]?.x ?? box.x + box.w - 4) - box.x - PAD - 8}
      >
        {title}
      </Text>
      {placed.map(({ badge, x }) => (
        <BadgeAt key={badge.lock.id + badge.text} badge={badge} x={x} mid={box.y + 20} />
      ))}
      <Walks card={card} process={process} place={place} />
      <TableRows card={card} process={process} place={place} />
    </Sign>
  );
});

/** The rows alone: of a table card, or folded into a process card. */
export function TableRows({ card, process, place }: Omit<TableProps, 'alone'>) {
  return card.rows.map((row, i) => {
    const box = place.ptes[i];
    return (
      box && (
        <g key={row.id}>
          <Entry row={row} process={process} box={box} />
          {row.tlbs.map((one, j) => {
            const at = place.tlbs[i]?.[j];
            return at && <Tlb key={one.id} row={one} page={row.page} box={at} beside={at.y === box.y} />;
          })}
        </g>
      )
    );
  });
}

const BITS = 52;

function Entry({ row, process, box }: { readonly row: PteRow; readonly process: string; readonly box: Box }) {
  const page = box.x + PAD + textWidth(row.page, FACES.page) + 10;
  if (box.h < SLIM) return <SlimEntry row={row} process={process} box={box} page={page} />;
  const narrow = box.w < 200;
  const bits = narrow ? page - 4 : Math.max(box.x + BITS, page);
  // A phone's card is too narrow for words beside the page: they get the whole second line.
  const words = narrow ? box.x + PAD : bits;
  const empty = row.bits.length === 0;
  // Where there is little height the two lines move together.
  const tight = box.h < 50;
  const changed = row.changed || row.bits.some((bit) => bit.changed);
  return (
    <Sign id={row.id} says={pteSays(row, process)} box={box} radius={2}>
      <rect
        className={changed ? 'entry mark' : 'entry'}
        x={box.x + 1}
        y={box.y}
        width={box.w - 2}
        height={box.h}
      />
      <path
        className="hair"
        d={`M${box.x + 1} ${box.y + 0.5}h${box.w - 2}M${box.x + 1} ${box.y + box.h + 0.5}h${box.w - 2}`}
      />
      <Text x={box.x + PAD} mid={box.y + (empty ? box.h / 2 : tight ? 14 : 18)} face="page">
        {row.page}
      </Text>
      <Bits bits={row.bits} x={bits} y={box.y + (tight ? 4 : 8)} end={box.x + box.w - 8} />
      <Text
        x={empty ? bits : words}
        mid={box.y + (empty ? box.h / 2 : tight ? 36 : 41)}
        max={box.x + box.w - PAD - (empty ? bits : words)}
      >
        {fitting(row.words, box.x + box.w - PAD - (empty ? bits : words))}
      </Text>
    </Sign>
  );
}

/** What an entry is; where that is too long, without how it came to be so, then only where it leads. */
function fitting(words: string, room: number): string {
  const short = [
    words,
    words.replace(/, (?!write).*$/, ''),
    words.replace(/^.*(?=→)/, ''),
    words.replace(/^.*→ /, ''),
  ];
  return short.find((one) => textWidth(one, FACES.small) <= room) ?? firstWords(words, room, FACES.small);
}

/** An entry of one line, from here down. */
const SLIM = 40;

/** The line of an entry that has all of its card is wider than this. */
const SLIM_WHOLE = 250;

/** Page, bits and words beside each other. What the bits say already is left out first. */
function SlimEntry({
  row,
  process,
  box,
  page,
}: {
  readonly row: PteRow;
  readonly process: string;
  readonly box: Box;
  readonly page: number;
}) {
  const mid = box.y + box.h / 2;
  // What a TLB believes stands beside it, without a border between them.
  const end = box.x + box.w - (box.w < SLIM_WHOLE ? 2 : PAD);
  const wide = bitsWidth(row.bits);
  const start = page + wide + 5;
  const words = fitting(row.words, end - start);
  return (
    <Sign id={row.id} says={pteSays(row, process)} box={box} radius={2}>
      <rect
        className={row.changed ? 'entry mark' : 'entry'}
        x={box.x + 1}
        y={box.y}
        width={box.w - 2}
        height={box.h}
      />
      <path
        className="hair"
        d={`M${box.x + 1} ${box.y + 0.5}h${box.w - 2}M${box.x + 1} ${box.y + box.h + 0.5}h${box.w - 2}`}
      />
      <Text x={box.x + PAD} mid={mid} face="page">
        {row.page}
      </Text>
      <Bits bits={row.bits} x={page} y={mid - 10} end={page + wide} />
      <Text x={start} mid={mid} max={end - start}>
        {words}
      </Text>
    </Sign>
  );
}

/** Narrower than this the row is a part of the line of its CPU, which has the icon and the number already. */
const OWN_LINE = 160;

interface TlbProps {
  readonly row: TlbRow;
  readonly page: string;
  readonly box: Box;
  /** It stands in the line of its entry. */
  readonly beside: boolean;
}

function Tlb({ row, page, box, beside }: TlbProps) {
  const mid = box.y + box.h / 2;
  const own = box.w >= OWN_LINE;
  const name = `TLB, CPU ${row.cpu}`;
  const end = box.x + box.w - PAD;
  const face = row.stale ? 'strong' : 'small';
  const start = own ? box.x + PAD + 22 + textWidth(name, FACES.small) + 8 : box.x;
  return (
    <Sign id={row.id} says={tlbSays(row, page)} box={{ ...box, x: box.x + 2, w: box.w - 4 }} radius={2}>
      <rect
        className={row.stale ? 'sunken' : beside ? 'entry' : 'hit'}
        x={box.x + 1}
        y={box.y}
        width={box.w - 2}
        height={box.h}
      />
      {own && (
        <WithIcon icon="cpu" x={box.x + PAD} mid={mid} tone="ink2">
          {name}
        </WithIcon>
      )}
      <Text x={end} mid={mid} face={face} tone={row.stale ? 'ink' : 'ink3'} anchor="end" max={end - start}>
        {own || textWidth(`TLB ${row.words}`, FACES[face]) > end - start ? row.words : `TLB ${row.words}`}
      </Text>
    </Sign>
  );
}
