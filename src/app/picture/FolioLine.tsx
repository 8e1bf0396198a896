/** One of many folios, in a line: name, bytes, `map 1 / ref 2`. */
import { textWidth } from '../../scene/measure.ts';
import { isSlot } from '../../scene/nouns.ts';
import type { Box } from '../../scene/places.ts';
import type { FolioCard } from '../../scene/scene.ts';
import { Cells, fitCells } from './Bytes.tsx';
import { refcountText } from './names.ts';
import { FACES, Text } from './Text.tsx';

interface LineProps {
  readonly card: FolioCard;
  readonly box: Box;
  /** It is drawn in full above. */
  readonly opened: boolean;
}

const PAD = 12;

export function FolioLine({ card, box, opened }: LineProps) {
  const mid = box.y + box.h / 2;
  const face = opened ? 'small' : 'code';
  const counts = opened
    ? 'shown above'
    : isSlot(card)
      ? `${card.mapcount} / ${card.refcount} uses`
      : `map ${card.mapcount} / ref ${refcountText(card)}`;
  const start = box.x + PAD + textWidth(card.name, FACES.page) + 10;
  const end = box.x + box.w - PAD;
  const width = textWidth(counts, FACES[face]);
  const fitted = card.bytes && fitCells(card.bytes.text, end - width - PAD - start, 'small');
  const counted = card.changed.includes('mapcount') || card.changed.includes('refcount');
  const fresh = card.changed.includes('bytes');
  return (
    <>
      <Text x={box.x + PAD} mid={mid} face="page">
        {card.name}
      </Text>
      {card.bytes && fitted && (
        <Cells bytes={card.bytes} x={start} y={mid - 10} fitted={fitted} changed={fresh} />
      )}
      {counted && !opened && (
        <rect className="mark" x={end - width - 4} y={mid - 10} width={width + 8} height="20" rx="4" />
      )}
      <Text x={end} mid={mid} face={face} tone={opened ? 'ink3' : 'ink2'} anchor="end">
        {counts}
      </Text>
    </>
  );
}
