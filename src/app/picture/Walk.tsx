/**
 * The way from the top of the page tables down to the entries: one line while folded; unfolded, a group for
 * each table of PTEs, with the lock that lives in its page.
 */
import { textWidth } from '../../scene/measure.ts';
import { WALK, walkId, type Box, type ProcessPlace } from '../../scene/places.ts';
import type { TableCard, Walk } from '../../scene/scene.ts';
import { IconAt } from '../icons.tsx';
import { BadgeAt, badgesOf, placeBadges } from './Badges.tsx';
import { WALK_PATH, walkSays, walkTitle, walksSay } from './names.ts';
import { Sign } from './Sign.tsx';
import { FACES, Text } from './Text.tsx';

const PAD = 12;

interface WalksProps {
  readonly card: TableCard;
  readonly process: string;
  readonly place: ProcessPlace;
}

/** Opens and folds by click, Space and Enter. */
export function Walks({ card, process, place }: WalksProps) {
  const { walk: box, walks } = place;
  if (!box || card.walks.length === 0) return null;
  const open = walks.length > 0;
  const named = box.w > 100;
  const arrow = named ? box.x + PAD + textWidth(WALK_PATH, FACES.code) + 4 : box.x + 4;
  const target = named ? { ...box, x: box.x + 6, w: arrow + 20 - box.x - 6 } : box;
  const id = walkId(process);
  return (
    <>
      <Sign
        id={id}
        says={walksSay(card, process, open)}
        box={target}
        radius={4}
        as="button"
        expanded={open}
        className="walk"
      >
        <g aria-hidden="true">
          <rect className="hit" x={target.x} y={target.y} width={target.w} height={target.h} rx="4" />
        </g>
        {named && (
          <Text x={box.x + PAD} mid={box.y + box.h / 2} face="code" tone="ink3">
            {WALK_PATH}
          </Text>
        )}
        <g className="tone-icon" aria-hidden="true">
          <IconAt name={open ? 'down' : 'next'} x={arrow} y={box.y + box.h / 2 - 8} />
        </g>
      </Sign>
      {card.walks.map((walk, i) => {
        const at = walks[i];
        return at && <Group key={walk.id} walk={walk} process={process} box={at} who={card.who} />;
      })}
    </>
  );
}

/** Of the columns, from the left: bits of the address, right end of the index, what it leads to. */
const BITS = 32;
const INDEX = 106;
const LEADS = 113;

interface GroupProps {
  readonly walk: Walk;
  readonly process: string;
  readonly box: Box;
  readonly who: number;
}

function Group({ walk, process, box, who }: GroupProps) {
  const x = box.x + PAD;
  const end = box.x + box.w - PAD;
  const badges = walk.lock ? badgesOf([walk.lock], who) : [];
  const title = walkTitle(walk);
  const { placed } = placeBadges(badges, x + textWidth(title, FACES.medium) + 8, end);
  const first = box.y + WALK.head;
  const mid = (line: number): number => first + WALK.line * line + WALK.line / 2;
  return (
    <Sign id={walk.id} says={walkSays(walk, process)} box={{ ...box, x: box.x + 4, w: box.w - 8 }} radius={4}>
      <rect className="hit" x={box.x + 4} y={box.y} width={box.w - 8} height={box.h} />
      <path className="hair" d={`M${x} ${box.y + 0.5}H${end}`} />
      <Text x={x} mid={box.y + 16} face="medium" max={(placed[0]?.x ?? end + 8) - x - 8}>
        {title}
      </Text>
      {placed.map(({ badge, x: at }) => (
        <BadgeAt key={badge.text} badge={badge} x={at} mid={box.y + 16} />
      ))}
      <Text x={x} mid={mid(0)} face="code" tone="ink2" max={end - x}>
        {walk.address}
      </Text>
      {walk.levels.map(({ level, bits, index, leads }, i) => (
        <g key={bits}>
          <Text x={x} mid={mid(i + 1)} face="code" tone="ink2">
            {level}
          </Text>
          <Text x={x + BITS} mid={mid(i + 1)} tone="ink3">
            {bits}
          </Text>
          <Text x={x + INDEX} mid={mid(i + 1)} face="letter" anchor="end">
            {index}
          </Text>
          <Text
            x={level === '' ? x + BITS + 44 : x + LEADS}
            mid={mid(i + 1)}
            tone="ink2"
            max={end - x - (level === '' ? BITS + 44 : LEADS)}
          >
            {level === '' ? leads : `→ ${leads}`}
          </Text>
        </g>
      ))}
      <Text x={x} mid={mid(walk.levels.length + 1)} tone={walk.held ? 'ink' : 'ink3'} max={end - x}>
        {walk.says}
      </Text>
    </Sign>
  );
}
