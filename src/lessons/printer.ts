/** Tree to text. Printing what was read from a print changes nothing. */
import { SINGLE } from './syntax.ts';
import type { Beat, Lesson, Said, Scene } from './syntax.ts';

const WIDTH = 78;

/** What would be read as something else at the start of a line. */
const LEADS = /^(?:#|[A-Za-z][A-Za-z-]*:$)/;

/** Words on lines of at most 78 letters. */
function wrapped(words: readonly string[], indent = ''): string {
  const lines: string[] = [];
  let line = '';
  for (const word of words) {
    const more = line === '' ? word : `${line} ${word}`;
    const fits = more.length + (lines.length > 0 ? indent.length : 0) <= WIDTH;
    if (fits || line === '' || LEADS.test(word)) line = more;
    else {
      lines.push(line);
      line = word;
    }
  }
  return [...lines, line].map((one, i) => (i > 0 ? indent + one : one)).join('\n');
}

const field = (key: string, text: string): string => wrapped([`${key}:`, ...text.split(/\s+/)], '  ');
const said = (key: string, one: Said | undefined): string[] =>
  one === undefined || one.text === '' ? [] : [field(key, one.text)];

const sceneLines = ({ name, lines }: Scene): string[] => [
  `scenario: ${name.text}`,
  ...(lines ?? []).map((line) => (line === '' ? '' : `  ${line}`)),
];

const beatLines = ({ title, said: keys, facts, claims, musts, prose }: Beat): string[] => [
  '',
  `## ${title.text}`,
  ...SINGLE.flatMap((key) => said(key, keys[key])),
  ...facts.flatMap((one) => said('fact', one)),
  ...claims.flatMap((one) => said('claim', one)),
  ...musts.flatMap((one) => said('must', one)),
  ...prose.flatMap((lines) => ['', wrapped(lines.join(' ').split(/\s+/))]),
];

export function printLesson({ title, about, source, part, order, minutes, scenes, beats }: Lesson): string {
  const lines = [
    field('lesson', title.text),
    field('about', about.text),
    ...said('source', source),
    ...said('part', part),
    ...(order === 0 ? [] : [`order: ${order}`]),
    `minutes: ${minutes}`,
    ...scenes.flatMap(sceneLines),
    ...beats.flatMap(beatLines),
  ];
  return `${lines.join('\n')}\n`;
}
