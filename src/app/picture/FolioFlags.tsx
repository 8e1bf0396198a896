/**
 * The lowest line of a folio card: its lock, the exclusive mark, and what the counter shows when pins are
 * in it.
 */
import { textWidth } from '../../scene/measure.ts';
import type { FolioCard } from '../../scene/scene.ts';
import { IconAt } from '../icons.tsx';
import { BadgeAt, badgesOf, BitAt } from './Badges.tsx';
import { SwatchAt } from './Bytes.tsx';
import { FACES, Text } from './Text.tsx';

interface FlagsProps {
  readonly card: FolioCard;
  readonly x: number;
  readonly end: number;
  readonly mid: number;
}

const SPACE = 10;
const small = (text: string): number => Math.ceil(textWidth(text, FACES.small));

export function FolioFlags({ card, x, end, mid }: FlagsProps) {
  const [holder] = card.lock?.holders ?? [];
  const badges = card.lock ? badgesOf([card.lock], holder?.who ?? null) : [];
  const lockWidth = badges.reduce((all, { w }) => all + w + 4, 0);
  const word = card.exclusive === null ? '' : card.exclusive ? 'exclusive' : 'not exclusive';
  const markWidth = word === '' ? 0 : 32 + small(word) + (card.eye === 'exclusive' ? 22 : 0);
  const counted = card.pins > 0 ? `counted as ${card.refcount}` : '';
  const room = end - x;
  const heldWidth = holder ? small(`held by ${holder.thread}`) + 26 : 0;
  const free = room - lockWidth - markWidth - (counted === '' ? 0 : small(counted)) - 2 * SPACE;
  const holds = holder !== undefined && heldWidth <= free;
  const mark = x + (badges.length > 0 ? lockWidth + (holds ? heldWidth : 0) + SPACE : 0);
  const unlocked = badges.length === 0 && free >= small('not locked') + SPACE;
  const markAt = word !== '' && unlocked ? x + small('not locked') + SPACE + 4 : mark;
  return (
    <>
      {unlocked && (
        <Text x={x + 2} mid={mid} tone="ink3">
          not locked
        </Text>
      )}
      {badges.map((badge, i) => (
        <BadgeAt
          key={badge.text}
          badge={badge}
          x={x + badges.slice(0, i).reduce((all, { w }) => all + w + 4, 0)}
          mid={mid}
        />
      ))}
      {holds && holder && (
        <>
          <Text x={x + lockWidth + 4} mid={mid} tone="ink2">
            held by
          </Text>
          <SwatchAt who={holder.who} x={x + lockWidth + small('held by') + 11} y={mid - 5} size={10} />
          <Text
            x={x + lockWidth + small('held by') + 26}
            mid={mid}
            tone="ink2"
            max={end - x - lockWidth - small('held by') - 22}
          >
            {holder.thread}
          </Text>
        </>
      )}
      {word !== '' && <Exclusive card={card} word={word} x={markAt} mid={mid} max={end - markAt} />}
      {counted !== '' && free >= 0 && (
        <Text x={end - 2} mid={mid} tone="ink2" anchor="end">
          {counted}
        </Text>
      )}
    </>
  );
}

interface ExclusiveProps {
  readonly card: FolioCard;
  readonly word: string;
  readonly x: number;
  readonly mid: number;
  readonly max: number;
}

/** PageAnonExclusive: a bit, always with its word. */
function Exclusive({ card, word, x, mid, max }: ExclusiveProps) {
  const eye = card.eye === 'exclusive';
  const changed = card.changed.includes('exclusive');
  const width = 30 + small(word);
  const bit = { letter: 'AE', name: 'exclusive to one process', on: card.exclusive === true, changed: false };
  return (
    <g aria-hidden="true">
      {(eye || changed) && (
        <rect className="mark" x={x - 3} y={mid - 11} width={Math.min(width + 8, max)} height="22" rx="4" />
      )}
      <BitAt bit={bit} x={x} y={mid - 10} w={26} />
      <Text x={x + 30} mid={mid} max={max - 30}>
        {word}
      </Text>
      {eye && max >= width + 24 && <IconAt name="eye" x={x + width + 8} y={mid - 8} />}
    </g>
  );
}
