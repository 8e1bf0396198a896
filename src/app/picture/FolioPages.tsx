/**
 * The pages of a large folio: those that the scenario names, each with its bytes and whoever maps it, and one
 * block for the rest. They share the two counts below them.
 */
import { pageBoxes } from '../../scene/layout.ts';
import { textWidth } from '../../scene/measure.ts';
import type { Box, FolioPlace } from '../../scene/places.ts';
import type { FolioCard, SubPage } from '../../scene/scene.ts';
import { Cells, fitCells, SwatchAt } from './Bytes.tsx';
import { pageSays } from './names.ts';
import { Sign } from './Sign.tsx';
import { FACES, Text } from './Text.tsx';

export function Pages({ card, place }: { readonly card: FolioCard; readonly place: FolioPlace }) {
  const boxes = pageBoxes(
    place,
    card.pages.map(({ name }) => name),
  );
  return card.pages.map((page, i) => {
    const box = boxes[i];
    return box && <Page key={page.id} page={page} box={box} />;
  });
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
