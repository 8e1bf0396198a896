/** Whoever holds a folio without mapping it: a pipe, a pin, a batch, a copy in flight. */
import { memo } from 'react';
import { textWidth, wrap } from '../../scene/measure.ts';
import type { HolderPlace } from '../../scene/places.ts';
import type { HolderCard as Card } from '../../scene/scene.ts';
import { IconAt, type IconName } from '../icons.tsx';
import { KeptPlace } from './KeptPlace.tsx';
import { holderRowSays, holderSays } from './names.ts';
import { Sign } from './Sign.tsx';
import { FACES, Text } from './Text.tsx';

const PAD = 12;

const iconOf = ({ kind, title }: Card): IconName =>
  kind === 'hold'
    ? title.startsWith('pin')
      ? 'pin'
      : 'hand'
    : ({ pipe: 'pipe', lru: 'list', copy: 'copy', cache: 'disk', pool: 'matrix' } as const)[kind];

interface HolderProps {
  readonly card: Card;
  readonly place: HolderPlace;
}

export const HolderCard = memo(function HolderCard({ card, place }: HolderProps) {
  const { box, form } = place;
  const says = holderSays(card);
  if (card.state !== 'live') {
    return (
      <Sign id={card.id} says={says} box={box} radius={8} as="part">
        <KeptPlace box={box} title={card.title} note={card.note} />
      </Sign>
    );
  }
  const [only] = card.rows;
  const small = form === 'compact';
  const single = small && place.rows.length === 1 && place.rows[0]?.h === box.h;
  const last = place.rows.at(-1);
  const below = last ? last.y + last.h : box.y + 64;
  const notes =
    form === 'full'
      ? wrap(card.note, box.w - PAD - 8, FACES.small, Math.floor((box.y + box.h - below - 16) / 16))
      : [];
  return (
    <Sign id={card.id} says={says} box={box} radius={8} as="part">
      <rect className="card" x={box.x + 0.5} y={box.y + 0.5} width={box.w - 1} height={box.h - 1} rx="8" />
      {single && only?.changed && (
        <rect className="mark" x={box.x + 2} y={box.y + 2} width={box.w - 4} height={box.h - 4} rx="6" />
      )}
      <Title card={card} place={place} />
      {form === 'full' && (
        <Text x={box.x + PAD} mid={box.y + 50} tone="ink2" max={box.w - PAD - 6}>
          {card.sub}
        </Text>
      )}
      {single ? (
        <>
          <Text x={box.x + (box.w < 120 ? 8 : PAD) + 22} mid={box.y + 39} tone="ink2" max={box.w - PAD - 26}>
            {only ? `${only.label}: ${only.words}` : card.sub}
          </Text>
        </>
      ) : (
        <Rows card={card} place={place} />
      )}
      {notes.map((line, i) => (
        <Text key={i} x={box.x + PAD} mid={below + 20 + 16 * i} tone="ink2">
          {line}
        </Text>
      ))}
    </Sign>
  );
});

const ICON = 22;

/** In one line beside its icon; else in two, where there is room for two, or without the icon. */
function Title({ card, place }: HolderProps) {
  const { box, form } = place;
  const x = box.x + (box.w < 120 ? 8 : PAD);
  const mid = box.y + (form === 'compact' ? 18 : form === 'slim' ? 15 : form === 'tight' ? 17 : 20);
  const room = box.x + box.w - 6 - x;
  const wide = textWidth(card.title, FACES.name);
  const beside = wide <= room - ICON;
  const lines = beside
    ? [card.title]
    : wrap(card.title, room - (form === 'compact' ? 0 : ICON), FACES.name, form === 'compact' ? 1 : 2);
  const signed = beside || form !== 'compact';
  return (
    <>
      {signed && (
        <g className="tone-icon">
          <IconAt name={iconOf(card)} x={x} y={mid - 8} />
        </g>
      )}
      {lines.map((line, i) => (
        <Text key={i} x={x + (signed ? ICON : 0)} mid={mid + (i - (lines.length - 1) / 2) * 15} face="name">
          {line}
        </Text>
      ))}
    </>
  );
}

function Rows({ card, place }: HolderProps) {
  const { box, form } = place;
  const pad = box.w < 120 ? 8 : PAD;
  const small = form === 'compact';
  return card.rows.map((row, i) => {
    const at = place.rows[i];
    if (!at) return null;
    const label = textWidth(row.label, FACES.page) + 8;
    return (
      <Sign key={row.id} id={row.id} says={holderRowSays(card, row)} box={at} radius={2}>
        <rect
          className={row.changed ? 'entry mark' : 'entry'}
          x={at.x + 1}
          y={at.y}
          width={at.w - 2}
          height={at.h - (small ? 1 : 0)}
        />
        {!small && (
          <path className="hair" d={`M${at.x + 1} ${at.y + 0.5}h${at.w - 2}m0 ${at.h}h${2 - at.w}`} />
        )}
        <Text
          x={at.x + pad}
          mid={at.y + (small ? at.h / 2 : at.h * 0.32)}
          face={small ? 'small' : 'page'}
          max={at.w - 2 * pad + 4}
        >
          {row.label}
        </Text>
        <Text
          x={at.x + pad + (small ? label : 0)}
          mid={at.y + (small ? at.h / 2 : at.h * 0.71)}
          tone={small ? 'ink2' : 'ink'}
          max={at.w - 2 * pad + 4 - (small ? label : 0)}
        >
          {row.words}
        </Text>
      </Sign>
    );
  });
}
