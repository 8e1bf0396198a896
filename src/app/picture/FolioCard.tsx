/**
 * A folio. Page tables' tokens stand left, all other holders right; the mapcount bracket spans the left
 * half, the refcount bracket both. That is the whole argument about COW, as geometry.
 */
import { memo } from 'react';
import { countBox, FOLIO_INSET, GONE_HEIGHT, tokenBox, tokenLines } from '../../scene/layout.ts';
import { textWidth, wrap } from '../../scene/measure.ts';
import { nounOf } from '../../scene/nouns.ts';
import { FOLIO, insideOf, TOKEN_PITCH, type Box, type FolioPlace } from '../../scene/places.ts';
import type { FolioCard as Card, Token } from '../../scene/scene.ts';
import { IconAt, type IconName } from '../icons.tsx';
import { Cells, CELLS, fitCells, SwatchAt } from './Bytes.tsx';
import { FolioFlags } from './FolioFlags.tsx';
import { FolioLine } from './FolioLine.tsx';
import { Pages } from './FolioPages.tsx';
import { KeptLine, KeptPlace } from './KeptPlace.tsx';
import { countSays, folioSays, refcountText, tokenSays, type People } from './names.ts';
import { Ring, Sign } from './Sign.tsx';
import { FACES, Text } from './Text.tsx';

interface FolioProps {
  readonly card: Card;
  readonly place: FolioPlace;
  readonly people: People;
  /** The first place of a run in which nothing lives yet is drawn in full: something will stand here. */
  readonly awaited: boolean;
  /** It is drawn in full above. */
  readonly opened: boolean;
}

export const FolioCard = memo(function FolioCard({ card, place, people, awaited, opened }: FolioProps) {
  const { box, form } = place;
  const says = folioSays(card, people);
  if (card.state !== 'live') {
    const small = { ...box, h: Math.min(GONE_HEIGHT, box.h) };
    const tall = awaited && form !== 'line';
    return (
      <Sign id={card.id} says={says} box={tall ? box : small} radius={8} as="part">
        {tall ? (
          <KeptPlace box={box} title={card.name} note={card.note} />
        ) : (
          <KeptLine box={small} title={card.name} note={card.note} />
        )}
      </Sign>
    );
  }
  return (
    <Sign id={card.id} says={says} box={box} radius={8} as="part">
      <Frame box={box} opened={opened} />
      {form === 'line' ? (
        <FolioLine card={card} box={box} opened={opened} />
      ) : (
        <Full card={card} place={place} form={form} />
      )}
    </Sign>
  );
});

/** The folio of this step, in the place kept for that; its line below stays the one to select. */
export const OpenFolio = memo(function OpenFolio({ card, place }: Pick<FolioProps, 'card' | 'place'>) {
  return (
    <g className="open-folio">
      <Frame box={place.box} />
      {place.form !== 'line' && <Full card={card} place={place} form={place.form} />}
    </g>
  );
});

function Frame({ box, opened = false }: { readonly box: Box; readonly opened?: boolean }) {
  const { x, y, w, h } = box;
  const look = opened ? 'card card-opened' : 'card';
  return <rect className={look} x={x + 0.5} y={y + 0.5} width={w - 1} height={h - 1} rx="8" />;
}

interface FullProps {
  readonly card: Card;
  readonly place: FolioPlace;
  readonly form: keyof typeof FOLIO;
}

function Full({ card, place, form }: FullProps) {
  const { box, lines } = place;
  const inside = insideOf(place);
  const pad = FOLIO_INSET[form];
  const drop = box.y + TOKEN_PITCH * (lines - 1);
  const left = tokenBox(place, 'mapped', 0);
  const end = box.x + box.w - pad;
  return (
    <>
      <Head card={card} box={box} form={form} />
      {place.strip > 0 && <Pages card={card} place={place} />}
      <path className="hair" d={`M${box.x + pad} ${box.y + inside.head + place.strip + 0.5}H${end}`} />
      {inside.captions > 0 && (
        <>
          <Text x={box.x + 14} mid={box.y + inside.captions} tone="ink2">
            mapped by
          </Text>
          <Text x={box.x + box.w - 14} mid={box.y + inside.captions} tone="ink2" anchor="end">
            also held by
          </Text>
        </>
      )}
      <Tokens card={card} place={place} side="mapped" />
      <Tokens card={card} place={place} side="held" />
      <Bracket x={left.x + 2} end={left.x + left.w - 2} y={drop + inside.bracketMap} />
      <Count card={card} place={place} which="mapcount" />
      <Bracket x={left.x + 2} end={end - 2} y={drop + inside.bracketRef} />
      <Count card={card} place={place} which="refcount" />
      {inside.captions > 0 && (
        <path className="hair" d={`M${box.x + pad} ${drop + inside.flags - 4.5}H${end}`} />
      )}
      <FolioFlags card={card} x={box.x + pad} end={end} mid={drop + inside.flags + 10} />
    </>
  );
}

function Head({ card, box, form }: Pick<FullProps, 'card' | 'form'> & { readonly box: Box }) {
  const { head } = FOLIO[form];
  const small = form !== 'full' && form !== 'dense' && form !== 'phone';
  const face = small ? 'page' : 'folio';
  const start = box.x + 12 + textWidth(card.name, FACES[face]) + 8;
  const end = box.x + box.w - 12;
  const kind = textWidth(card.kind, FACES.small) + 4;
  const count = [...(card.bytes?.text ?? '')].length;
  // More than six bytes: first the word goes, then the cells get small, then they are cut.
  const roomy = !small && fitCells(card.bytes?.text ?? '', end - start - kind, 'large').size === 'large';
  const fitted = card.bytes && fitCells(card.bytes.text, end - start, small ? 'small' : 'large');
  const named =
    card.kind !== card.name && (count === 0 || roomy || (fitted && end - fitted.w - start >= kind));
  return (
    <>
      <Text x={box.x + 12} mid={box.y + head / 2} face={face}>
        {card.name}
      </Text>
      {named && (
        <Text x={start} mid={box.y + head / 2 + 1} tone="ink3">
          {card.kind}
        </Text>
      )}
      {card.bytes && fitted && (
        <Cells
          bytes={card.bytes}
          x={end - fitted.w}
          y={Math.round(box.y + (head - CELLS[fitted.size].h) / 2)}
          fitted={fitted}
          changed={card.changed.includes('bytes')}
        />
      )}
    </>
  );
}

function Bracket({ x, end, y }: { readonly x: number; readonly end: number; readonly y: number }) {
  return <path className="bracket" d={`M${x} ${y}v4q0 4 4 4H${end - 4}q4 0 4-4v-4`} />;
}

const ICONS: Readonly<Record<Exclude<Token['kind'], 'pte'>, IconName>> = {
  pipe: 'hand',
  get: 'hand',
  copy: 'hand',
  pin: 'pin',
  lru: 'list',
  cache: 'disk',
};

function Tokens({
  card,
  place,
  side,
}: {
  readonly card: Card;
  readonly place: FolioPlace;
  readonly side: 'mapped' | 'held';
}) {
  const { shown, hidden } = tokenLines(card[side], place.lines);
  if (card[side].length === 0) {
    const at = tokenBox(place, side, 0);
    const none =
      place.form === 'full' || place.form === 'dense'
        ? 'nobody'
        : side === 'mapped'
          ? 'not mapped'
          : 'not held';
    return side === 'mapped' ? (
      <Text x={at.x + 2} mid={at.y + 14} tone="ink3">
        {none}
      </Text>
    ) : (
      <Text x={at.x + at.w - 2} mid={at.y + 14} tone="ink3" anchor="end">
        {none}
      </Text>
    );
  }
  const more = hidden.length > 0 ? tokenBox(place, side, place.lines - 1) : null;
  return (
    <>
      {shown.map((token) => (
        <TokenAt key={token.id} token={token} card={card} box={tokenBox(place, side, token.line)} />
      ))}
      {more && (
        <g className="token token-more" aria-hidden="true">
          <title>{hidden.map(({ label }) => label).join(', ')}</title>
          <rect
            x={more.x + 0.75}
            y={more.y + 0.75}
            width={more.w - 1.5}
            height={more.h - 1.5}
            rx={side === 'mapped' ? 5 : 13.25}
          />
          <Text x={more.x + more.w / 2} mid={more.y + 14} tone="ink2" anchor="middle">
            {`+ ${hidden.length} more`}
          </Text>
        </g>
      )}
    </>
  );
}

/** What a label can do without: the swatch says whose an entry is, the lanes who holds. */
function leastOf({ kind, label }: Token): RegExp {
  if (kind === 'pipe') return /^\S+ (?=slot)/;
  if (kind !== 'pte') return /^.*’s /;
  return label.includes('×') ? /^\S+ / : / \S+$/;
}

const TOKEN_LINE = 12;

/**
 * As much as fits: all of it in one line or two, then without whose it is, which can be left out, then
 * without the sign: what it is cannot. An entry always has the swatch of its process.
 */
function tokenWords(
  token: Token,
  room: number,
  sign: number,
): { readonly lines: readonly string[]; readonly signed: boolean } {
  const brief = token.label.replace(leastOf(token), '');
  const cut = (lines: readonly string[]): boolean => lines.some((line) => line.endsWith('…'));
  const choices = [token.label, brief].flatMap((label) => [
    { label, most: 1, signed: true },
    { label, most: 2, signed: true },
    ...(token.kind === 'pte' ? [] : [{ label, most: 2, signed: false }]),
  ]);
  // One short line is easier to read than two long ones.
  const order = [...choices.filter(({ most }) => most === 1), ...choices.filter(({ most }) => most > 1)];
  const made = order.map(({ label, most, signed }) => ({
    lines: wrap(label, room - (signed ? sign : 0), FACES.medium, most),
    signed,
  }));
  return made.find(({ lines }) => !cut(lines)) ?? made.at(-1)!;
}

function TokenAt({ token, card, box }: { readonly token: Token; readonly card: Card; readonly box: Box }) {
  const mid = box.y + box.h / 2;
  const radius = token.kind === 'pte' ? 5 : 14;
  const icon = token.kind === 'pte' ? 12 : 16;
  const { lines, signed } = tokenWords(token, box.w - 16, icon + 6);
  const before = signed ? icon + 6 : 0;
  const text = Math.max(...lines.map((line) => textWidth(line, FACES.medium)));
  const x = token.kind === 'pte' ? box.x + 8 : box.x + Math.max(8, (box.w - before - text) / 2);
  return (
    <Sign id={token.id} says={tokenSays(token, card)} box={box} radius={radius} className="token">
      {token.changed && <Ring box={box} off={3} radius={radius + 3} className="changed-ring" />}
      <rect x={box.x + 0.75} y={box.y + 0.75} width={box.w - 1.5} height={box.h - 1.5} rx={radius - 0.75} />
      {token.kind === 'pte' ? (
        <SwatchAt who={token.who} x={x} y={mid - 6} size={12} />
      ) : (
        signed && <IconAt name={ICONS[token.kind]} x={x} y={mid - 8} />
      )}
      {lines.map((line, i) => (
        <Text
          key={i}
          x={x + before}
          mid={mid + (i - (lines.length - 1) / 2) * TOKEN_LINE}
          face="medium"
          max={text + 1}
        >
          {line}
        </Text>
      ))}
    </Sign>
  );
}

const EYE = 20;

interface CountProps {
  readonly card: Card;
  readonly place: FolioPlace;
  readonly which: 'mapcount' | 'refcount';
}

/**
 * A number that answers a question. With the eye beside it, it is the one that the rule of this step reads.
 */
function Count({ card, place, which }: CountProps) {
  const box = countBox(place, which);
  const mid = box.y + 12;
  const value = which === 'mapcount' ? String(card.mapcount) : refcountText(card);
  const name = nounOf(card, which);
  const noun = textWidth(name, FACES.small) + 6;
  const width = noun + textWidth(value, FACES.number);
  const eye = card.eye === which;
  const half = tokenBox(place, 'mapped', 0).w;
  // The mapcount stands under its half. The refcount stands in the middle, and makes room for the eye.
  const centred = which === 'refcount' && !eye;
  const field = centred ? box.w : Math.max(half, width + 12);
  const x = Math.round(box.x + (field - width) / 2);
  const fill = centred
    ? { x: x - 10, y: mid - 10, w: width + 20, h: 20 }
    : { x: box.x, y: mid - 10, w: field, h: 20 };
  const start = box.x + field + 8;
  const room = place.box.x + place.box.w - 8 - start - EYE;
  const looks = ['the rule looks here', 'looks here', 'read'].find(
    (one) => textWidth(one, FACES.small) <= room,
  );
  return (
    <>
      <Sign
        id={`${which}:${card.id}`}
        says={countSays(card, which)}
        box={{ ...fill, y: mid - 12, h: 24 }}
        radius={4}
        as="button"
        className="count"
      >
        <rect className="hit" x={fill.x} y={mid - 12} width={fill.w} height="24" rx="4" />
        {(eye || card.changed.includes(which)) && (
          <rect className="mark" x={fill.x} y={fill.y} width={fill.w} height="20" rx="4" />
        )}
        <text className="f-small tone-ink2" x={x} y={mid + 5.4}>
          {name}{' '}
          <tspan className="f-number tone-ink" x={x + noun} y={mid + 6.6}>
            {value}
          </tspan>
        </text>
      </Sign>
      {eye && (
        <g aria-hidden="true">
          <IconAt name="eye" x={start} y={mid - 8} />
          {looks && (
            <Text x={start + EYE} mid={mid}>
              {looks}
            </Text>
          )}
        </g>
      )}
    </>
  );
}
