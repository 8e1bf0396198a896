/** Small shapes inside cards: lock badges, PTE bits, an icon with a word. */
import { textWidth } from '../../scene/measure.ts';
import type { Bit, LockBadge, Who } from '../../scene/scene.ts';
import { IconAt, type IconName } from '../icons.tsx';
import { SwatchAt } from './Bytes.tsx';
import { lockWords } from './names.ts';
import { FACES, Text, type TextProps } from './Text.tsx';

const HEIGHT = 20;
const GAP = 6;

/** One badge: who holds a lock, or, dashed, who waits for it. */
export interface Badge {
  readonly lock: LockBadge;
  readonly text: string;
  readonly waits: boolean;
  /** Shown when somebody else than the owner of the card holds it. */
  readonly who: Who | null;
  readonly w: number;
}

export function badgesOf(locks: readonly LockBadge[], owner: Who | null): readonly Badge[] {
  return locks.flatMap((lock) => {
    const [holder] = lock.holders;
    const who = holder && holder.who !== owner ? holder.who : null;
    const badges: Badge[] = [];
    if (holder) badges.push(sized({ lock, text: lock.label, waits: false, who }));
    const [first, ...others] = lock.waiting;
    if (first !== undefined) {
      const text = holder
        ? others.length > 0
          ? `${lock.waiting.length} wait`
          : `${first} waits`
        : `wants ${lock.label}`;
      badges.push(sized({ lock, text, waits: true, who: null }));
    }
    return badges;
  });
}

const sized = (badge: Omit<Badge, 'w'>): Badge => ({
  ...badge,
  w: Math.ceil(textWidth(badge.text, FACES.medium) + 27 + (badge.who === null ? 0 : 12)),
});

export interface PlacedBadges {
  readonly placed: readonly { readonly badge: Badge; readonly x: number }[];
  readonly rest: readonly Badge[];
}

/** As many as fit, side by side, ending at `right`. */
export function placeBadges(badges: readonly Badge[], left: number, right: number): PlacedBadges {
  let room = right - left;
  const fitting: Badge[] = [];
  for (const badge of badges) {
    if (badge.w > room) break;
    fitting.push(badge);
    room -= badge.w + GAP;
  }
  let x = right;
  const placed = fitting
    .toReversed()
    .map((badge) => {
      x -= badge.w;
      const at = { badge, x };
      x -= GAP;
      return at;
    })
    .toReversed();
  return { placed, rest: badges.slice(fitting.length) };
}

export function BadgeAt({
  badge,
  x,
  mid,
}: {
  readonly badge: Badge;
  readonly x: number;
  readonly mid: number;
}) {
  const { lock, text, waits, who, w } = badge;
  const kind = waits ? 'waits' : lock.exclusive ? 'exclusive' : 'shared';
  return (
    <g className={`lock lock-${kind}`} aria-hidden="true">
      <title>{lockWords(lock)}</title>
      <rect x={x + 0.5} y={mid - HEIGHT / 2 + 0.5} width={w - 1} height={HEIGHT - 1} rx="4" />
      <IconAt name="lock" x={x + 5} y={mid - 6} size={12} />
      <Text x={x + 21} mid={mid} face="medium" tone={kind === 'exclusive' ? 'surface' : 'ink2'}>
        {text}
      </Text>
      {who !== null && <SwatchAt who={who} x={x + w - 14} y={mid - 4} size={8} />}
    </g>
  );
}

/** Marks of a folio, drawn as bits. */
export const MARKS = {
  exclusive: { letter: 'AE', name: 'exclusive to one process' },
  owner: { letter: 'GO', name: 'gup_owner, whose references these are' },
  mappers: { letter: 'MS', name: 'maybe mapped by several processes' },
} as const;

/** Normal and, on a phone, close together. */
const AIRY = { one: HEIGHT, two: 26, gap: 3 };
const TIGHT = { one: 18, two: 20, gap: 1 };

/** Set is solid, clear is an outline, changed by this step is ringed. */
export function BitAt({
  bit,
  x,
  y,
  w,
}: {
  readonly bit: Bit;
  readonly x: number;
  readonly y: number;
  readonly w: number;
}) {
  return (
    <g className={bit.on ? 'bit bit-on' : 'bit'} aria-hidden="true">
      <title>{`${bit.name}: ${bit.on ? 'set' : 'clear'}`}</title>
      {bit.changed && (
        <rect className="changed-ring" x={x - 3} y={y - 3} width={w + 6} height={HEIGHT + 6} rx="6" />
      )}
      <rect x={x + 0.5} y={y + 0.5} width={w - 1} height={HEIGHT - 1} rx="3" />
      <Text
        x={x + w / 2}
        mid={y + HEIGHT / 2}
        face="letter"
        tone={bit.on ? 'surface' : 'ink3'}
        anchor="middle"
      >
        {bit.letter}
      </Text>
    </g>
  );
}

/** What the bits of an entry take: close together where there are more than the usual four. */
export function bitsWidth(bits: readonly Bit[]): number {
  const size = bits.length > 4 ? TIGHT : AIRY;
  return bits.reduce((sum, { letter }) => sum + (letter.length > 1 ? size.two : size.one) + size.gap, 0);
}

interface BitsProps {
  readonly bits: readonly Bit[];
  readonly x: number;
  readonly y: number;
  readonly end: number;
}

export function Bits({ bits, x, y, end }: BitsProps) {
  const places = (size: typeof AIRY): readonly { readonly x: number; readonly w: number }[] => {
    let at = x;
    return bits.map(({ letter }) => {
      const place = { x: at, w: letter.length > 1 ? size.two : size.one };
      at += place.w + size.gap;
      return place;
    });
  };
  const fits = (one: readonly { readonly x: number; readonly w: number }[]): boolean =>
    one.every((place) => place.x + place.w <= end);
  const placed = [AIRY, TIGHT].map(places).find(fits) ?? places(TIGHT);
  return bits.map((bit, i) => {
    const place = placed[i];
    return (
      place && place.x + place.w <= end && <BitAt key={bit.letter} bit={bit} x={place.x} y={y} w={place.w} />
    );
  });
}

interface WithIconProps extends Omit<TextProps, 'anchor'> {
  readonly icon: IconName;
}

export function WithIcon({ icon, x, mid, max, ...text }: WithIconProps) {
  const room = max === undefined ? {} : { max: max - 22 };
  return (
    <>
      <g className="tone-icon">
        <IconAt name={icon} x={x} y={mid - 8} />
      </g>
      <Text x={x + 22} mid={mid} {...room} {...text} />
    </>
  );
}
