/**
 * The lowest line of a folio card: its lock, the exclusive mark or the owner, and what the counter shows
 * when pins are
 * in it.
 */
import { textWidth } from '../../scene/measure.ts';
import { isSlot } from '../../scene/nouns.ts';
import type { FolioCard, Who } from '../../scene/scene.ts';
import { IconAt } from '../icons.tsx';
import { BadgeAt, badgesOf, BitAt, MARKS } from './Badges.tsx';
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
  const mark = markOf(card);
  const markWidth = mark ? 32 + widthOf(mark) + (card.eye === mark.of ? 22 : 0) : 0;
  const counted = card.pins > 0 ? `counted as ${card.refcount}` : '';
  const room = end - x;
  const heldWidth = holder ? small(`held by ${holder.thread}`) + 26 : 0;
  const free = room - lockWidth - markWidth - (counted === '' ? 0 : small(counted)) - 2 * SPACE;
  const holds = holder !== undefined && heldWidth <= free;
  const afterLock = x + (badges.length > 0 ? lockWidth + (holds ? heldWidth : 0) + SPACE : 0);
  // A slot has no lock: its bytes are guarded by that of its page.
  const unlocked = !isSlot(card) && badges.length === 0 && free >= small('not locked') + SPACE;
  const markAt = unlocked ? x + small('not locked') + SPACE + 4 : afterLock;
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
      {mark && <MarkAt card={card} mark={mark} x={markAt} mid={mid} max={end - markAt} />}
      {counted !== '' && free >= 0 && (
        <Text x={end - 2} mid={mid} tone="ink2" anchor="end">
          {counted}
        </Text>
      )}
    </>
  );
}

/** PageAnonExclusive, or the `gup_owner` of a proposal: no kernel has both. */
interface Mark {
  readonly of: 'exclusive' | 'owner';
  readonly on: boolean;
  readonly word: string;
  readonly who: Who | null;
}

function markOf({ exclusive, owner }: FolioCard): Mark | null {
  if (exclusive !== null)
    return { of: 'exclusive', on: exclusive, word: exclusive ? 'exclusive' : 'not exclusive', who: null };
  if (owner === null) return null;
  const none = owner.name === '';
  return { of: 'owner', on: !none, word: none ? 'no owner' : owner.name, who: none ? null : owner.who };
}

const SWATCH = 14;
const widthOf = ({ word, who }: Mark): number => small(word) + (who === null ? 0 : SWATCH);

interface MarkProps {
  readonly card: FolioCard;
  readonly mark: Mark;
  readonly x: number;
  readonly mid: number;
  readonly max: number;
}

/** A bit, always with its word; the owner with the swatch of its process. */
function MarkAt({ card, mark, x, mid, max }: MarkProps) {
  const eye = card.eye === mark.of;
  const changed = card.changed.includes(mark.of);
  const width = 30 + widthOf(mark);
  const word = x + width - small(mark.word);
  return (
    <g aria-hidden="true">
      {(eye || changed) && (
        <rect className="mark" x={x - 3} y={mid - 11} width={Math.min(width + 8, max)} height="22" rx="4" />
      )}
      <BitAt bit={{ ...MARKS[mark.of], on: mark.on, changed: false }} x={x} y={mid - 10} w={26} />
      {mark.who !== null && <SwatchAt who={mark.who} x={x + 30} y={mid - 5} size={10} />}
      <Text x={word} mid={mid} max={max - (word - x)}>
        {mark.word}
      </Text>
      {eye && max >= width + 24 && <IconAt name="eye" x={x + width + 8} y={mid - 8} />}
    </g>
  );
}
