/** A dashed outline with a sentence: what will stand here, or what stood here. */
import { textWidth, wrap } from '../../scene/measure.ts';
import type { Box } from '../../scene/places.ts';
import { SwatchAt } from './Bytes.tsx';
import { FACES, Text } from './Text.tsx';
import type { Who } from '../../scene/scene.ts';

const LINE = 16;
const PAD = 14;

interface KeptPlaceProps {
  readonly box: Box;
  readonly title: string;
  readonly note: string;
  readonly who?: Who;
}

export function KeptPlace({ box, title, note, who }: KeptPlaceProps) {
  const room = box.w - 2 * PAD + 4;
  const low = box.h <= 56;
  const indent = who === undefined ? 0 : 22;
  const top = low ? 19 : 24;
  const names = wrap(title, room - indent, FACES.name, low ? 1 : 2);
  const below = top + LINE * (names.length - 1);
  const most = Math.max(1, Math.floor((box.h - below - (low ? 7 : 10)) / LINE));
  const whole = wrap(note, room, FACES.small, most);
  // What it will do the step itself says: here is room for when.
  const brief = note.replace(/^.* at (?=step \d+\.$)/, 'From ');
  const lines =
    note === ''
      ? []
      : whole.some((line) => line.endsWith('…'))
        ? wrap(brief, room, FACES.small, most)
        : whole;
  return (
    <g className="kept" aria-hidden="true">
      <title>{`${title}. ${note}`}</title>
      <rect
        className="kept-frame"
        x={box.x + 0.5}
        y={box.y + 0.5}
        width={box.w - 1}
        height={box.h - 1}
        rx="8"
      />
      {who !== undefined && <SwatchAt who={who} x={box.x + PAD} y={box.y + top - 7} size={14} />}
      {names.map((line, i) => (
        <Text key={i} x={box.x + PAD + indent} mid={box.y + top + LINE * i} face="name" tone="ink2">
          {line}
        </Text>
      ))}
      {lines.map((line, i) => (
        <Text key={i} x={box.x + PAD} mid={box.y + below + (low ? 19 : 20) + LINE * i} tone="ink3">
          {line}
        </Text>
      ))}
    </g>
  );
}

/** The same 44 px high: the name and its sentence in one line. */
export function KeptLine({ box, title, note }: Omit<KeptPlaceProps, 'who'>) {
  const start = box.x + PAD + 8 + title.length * 8;
  const room = box.x + box.w - PAD - start;
  const short = textWidth(note, FACES.small) <= room ? note : note.replace(', comes into use at', ' until');
  return (
    <g className="kept" aria-hidden="true">
      <rect
        className="kept-frame"
        x={box.x + 0.5}
        y={box.y + 0.5}
        width={box.w - 1}
        height={box.h - 1}
        rx="8"
      />
      <Text x={box.x + PAD} mid={box.y + box.h / 2} face="page" tone="ink3">
        {title}
      </Text>
      <Text x={start} mid={box.y + box.h / 2} tone="ink3" max={room}>
        {short}
      </Text>
    </g>
  );
}
