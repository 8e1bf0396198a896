/**
 * The pages of a large folio: those that the scenario names, each with its bytes and whoever maps it, and one
 * block for the rest. They share the two counts below them.
 */
import { mappersBox, pageBoxes } from '../../scene/layout.ts';
import { textWidth } from '../../scene/measure.ts';
import type { Box, FolioPlace } from '../../scene/places.ts';
import type { FolioCard, Mappers as Noted, SubPage } from '../../scene/scene.ts';
import { IconAt } from '../icons.tsx';
import { BitAt, MARKS } from './Badges.tsx';
import { Cells, fitCells, SwatchAt } from './Bytes.tsx';
import { mappersSay, pageSays } from './names.ts';
import { Sign } from './Sign.tsx';
import { FACES, Text } from './Text.tsx';

export function Pages({ card, place }: { readonly card: FolioCard; readonly place: FolioPlace }) {
  const boxes = pageBoxes(
    place,
    card.pages.map(({ name }) => name),
  );
  const noted = mappersBox(place);
  return (
    <>
      {card.pages.map((page, i) => {
        const box = boxes[i];
        return box && <Page key={page.id} page={page} box={box} />;
      })}
      {noted && card.mappers && <Mappers card={card} mappers={card.mappers} box={noted} />}
    </>
  );
}

const BIT = 26;
const EYE = 20;
const COUNT_GAP = 10;

interface MappersProps {
  readonly card: FolioCard;
  readonly mappers: Noted;
  readonly box: Box;
}

/** The processes that a large folio remembers, each with its mappings, and the bit for maybe more. */
function Mappers({ card, mappers, box }: MappersProps) {
  const { known, shared } = mappers;
  const mid = box.y + box.h / 2;
  const looked = card.eye === 'mappers';
  const counts = known.map(({ maps }) => SWATCH + 4 + textWidth(String(maps), FACES.letter) + COUNT_GAP);
  const start = box.x + box.w - counts.reduce((all, one) => all + one, -COUNT_GAP);
  const word = box.x + BIT + 6;
  const words = shared ? ['maybe shared', 'shared?', ''] : ['one process', 'one', ''];
  const fits = (text: string): boolean =>
    word + textWidth(text, FACES.small) + (looked ? EYE : 0) + COUNT_GAP <= start;
  const said = words.find(fits) ?? '';
  return (
    <Sign id={mappers.id} says={mappersSay(card)} box={box} radius={4}>
      <title>{mappersSay(card)}</title>
      <rect className="hit" x={box.x} y={box.y} width={box.w} height={box.h} />
      {(looked || card.changed.includes('mappers')) && (
        <rect className="mark" x={box.x - 3} y={box.y} width={box.w + 6} height={box.h} rx="4" />
      )}
      <BitAt bit={{ ...MARKS.mappers, on: shared, changed: false }} x={box.x} y={mid - 10} w={BIT} />
      <Text x={word} mid={mid}>
        {said}
      </Text>
      {looked && <IconAt name="eye" x={word + textWidth(said, FACES.small) + 6} y={mid - 8} />}
      {known.map(({ name, who, maps }, i) => {
        const x = start + counts.slice(0, i).reduce((all, one) => all + one, 0);
        return (
          <g key={name} aria-hidden="true">
            <SwatchAt who={who} x={x} y={mid - SWATCH / 2} size={SWATCH} />
            <Text x={x + SWATCH + 4} mid={mid} face="letter" tone="ink2">
              {String(maps)}
            </Text>
          </g>
        );
      })}
    </Sign>
  );
}

const PAD = 5;
const SWATCH = 8;

function Page({ page, box }: { readonly page: SubPage; readonly box: Box }) {
  const end = box.x + box.w - PAD;
  const fitted = page.bytes && fitCells(page.bytes.text, box.w - 2 * PAD, 'tiny');
  const name = Math.min(textWidth(page.name, FACES.code), box.w - 2 * PAD);
  const room = Math.floor((end - box.x - PAD - name - 4) / (SWATCH + 3));
  return (
    <Sign id={page.id} says={pageSays(page)} box={box} radius={4}>
      <rect
        className={page.mappers.length === 0 ? 'kept-frame' : 'entry outlined'}
        x={box.x + 0.5}
        y={box.y + 0.5}
        width={box.w - 1}
        height={box.h - 1}
        rx="4"
      />
      <Text x={box.x + PAD} mid={box.y + 12} face="code" tone="ink2" max={name + 1}>
        {page.name}
      </Text>
      {page.mappers.slice(0, Math.max(0, room)).map(({ who }, i) => (
        <SwatchAt
          key={who}
          who={who}
          x={end - SWATCH - i * (SWATCH + 3)}
          y={box.y + 12 - SWATCH / 2}
          size={SWATCH}
        />
      ))}
      {page.bytes && fitted && (
        <Cells
          bytes={page.bytes}
          x={box.x + PAD}
          y={box.y + box.h - 22}
          fitted={fitted}
          changed={page.changed}
        />
      )}
    </Sign>
  );
}
