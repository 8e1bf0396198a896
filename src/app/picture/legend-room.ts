/** How much the legend says: as much as fits in its one line, so that the picture keeps its height. */
import { textWidth } from '../../scene/measure.ts';
import type { Bit, Scene, Sign } from '../../scene/scene.ts';
import type { People } from './names.ts';
import { FACES } from './Text.tsx';

export type BitName = Pick<Bit, 'letter' | 'name'>;

export interface LegendWords {
  readonly words: Readonly<Record<Exclude<Sign, 'bits'>, string>>;
  readonly bits: readonly BitName[];
  /** Small signs, close together. */
  readonly tight: boolean;
  readonly lines: number;
}

/** As in picture.css. */
const MARGINS = 24 + 90;
const LINE = 20;
const LINE_GAP = 2;
/** For each sign: browsers set text in a page wider than in a drawing, where it is not hinted. */
const SLACK = 3.5;
const SIGN_GAP = 6;
const BIT_GAP = 4;
const SHORT_BITS: Readonly<Record<string, string>> = { 'userfaultfd write-protected': 'uffd-wp' };

const SIGN_WIDTH: Readonly<Record<Exclude<Sign, 'bits'>, readonly [airy: number, tight: number]>> = {
  'read-only': [30, 22],
  writable: [30, 22],
  stale: [30, 28],
  away: [30, 24],
  reference: [20, 20],
  pin: [20, 20],
  pale: [14, 14],
  solid: [14, 14],
  exclusive: [26, 26],
  owner: [26, 26],
  mappers: [26, 26],
};
export const signWidth = (sign: Exclude<Sign, 'bits'>, tight: boolean): number =>
  SIGN_WIDTH[sign][tight ? 1 : 0];

function wordsOf(brief: boolean, people: People): LegendWords['words'] {
  const alone = people.length === 1 ? people[0] : undefined;
  return {
    'read-only': 'read-only',
    writable: 'writable',
    stale: brief ? 'stale TLB' : 'stale TLB entry',
    away: brief ? 'not present' : 'not present: swapped or moving',
    reference: 'reference',
    pin: 'pin',
    pale: brief ? 'before fork' : 'bytes from before fork',
    solid: alone ? `bytes written by ${alone.name}` : brief ? 'after fork' : 'bytes written after fork',
    exclusive: 'exclusive',
    owner: brief ? 'gup_owner' : 'gup_owner, whose references',
    mappers: brief ? 'maybe shared' : 'maybe mapped by several',
  };
}

/** Every kind of bit that an entry shows in this run. */
export function kindsOfBits(scene: Scene): readonly BitName[] {
  const found = new Map<string, string>();
  for (const { rows } of scene.tables)
    for (const { bits } of rows) for (const { letter, name } of bits) found.set(letter, name);
  return [...found].map(([letter, name]) => ({ letter, name }));
}

/** `width`: of the picture. */
export function legendWords(
  signs: Scene['legend'],
  bits: readonly BitName[],
  people: People,
  width: number,
): LegendWords {
  const choice = (brief: boolean, tight: boolean): LegendWords => {
    const words = wordsOf(brief, people);
    const named = brief ? bits.map((bit) => ({ ...bit, name: SHORT_BITS[bit.name] ?? bit.name })) : bits;
    const said = { words, bits: named, tight };
    return { ...said, lines: linesOf(signs, said, width - MARGINS) };
  };
  const choices = [() => choice(false, false), () => choice(true, false), () => choice(true, true)];
  for (const make of choices) {
    const made = make();
    if (made.lines === 1) return made;
  }
  return choice(true, true);
}

export const legendHeight = ({ lines }: LegendWords): number => LINE * lines + LINE_GAP * (lines - 1);

function linesOf(signs: Scene['legend'], said: Omit<LegendWords, 'lines'>, room: number): number {
  const [between, after] = said.tight ? [5, 2] : [8, 8];
  const widths = signs.flatMap((sign) =>
    sign === 'bits'
      ? said.bits.map(
          ({ letter, name }) =>
            textWidth(letter, FACES.letter) + BIT_GAP + textWidth(name, FACES.small) + between,
        )
      : [signWidth(sign, said.tight) + SIGN_GAP + textWidth(said.words[sign], FACES.small) + after + between],
  );
  let lines = 1;
  let used = 0;
  for (const width of widths) {
    if (used > 0 && used + width + SLACK - between > room) {
      lines += 1;
      used = 0;
    }
    used += width + SLACK;
  }
  return lines;
}
