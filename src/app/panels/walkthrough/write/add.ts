/** The picture on the screen as one more beat of a lesson's text. */
import { readLesson, textOf } from '../../../../lessons/parser.ts';

export interface Here {
  /** Name of a scenario of the gallery, '' = a text of one's own. */
  readonly scenario: string;
  readonly text: string;
  readonly model: string;
  readonly schedule: string;
  readonly position: string;
}

/** Of a scenario that the lesson does not have yet, the head gets a line or a text. */
export function withBeat(text: string, here: Here): string {
  const { scenes } = readLesson(text).lesson;
  const found = scenes.find((one) =>
    one.lines === null ? one.name.text === here.scenario : textOf(one).trim() === here.text.trim(),
  );
  const taken = new Set(scenes.map((one) => one.name.text));
  let own = 'mine';
  for (let n = 2; taken.has(own); n += 1) own = `mine-${n}`;
  const name = found?.name.text ?? (here.scenario === '' ? own : here.scenario);
  const lines = here.text.trimEnd().split('\n');
  const written = lines.map((line) => (line === '' ? '' : `  ${line}`));
  const scene = [`scenario: ${name}`, ...(here.scenario === '' ? written : [])];
  const beat = [
    '## A beat',
    `scenario: ${name}`,
    `model: ${here.model}`,
    // A schedule stays as long as its scenario: this beat says which one it is.
    `schedule: ${here.schedule === '' ? 'none' : here.schedule}`,
    `at: ${here.position}`,
    '',
    'What one sees here.',
  ];
  return `${(found ? text : withScene(text, scene)).trimEnd()}\n\n${beat.join('\n')}\n`;
}

/** The head ends where the first beat begins. */
function withScene(text: string, scene: readonly string[]): string {
  const lines = text.split('\n');
  const first = lines.findIndex((line) => /^##(?!#)/.test(line));
  const end = first < 0 ? lines.length : first;
  const head = lines.slice(0, end).join('\n').trimEnd();
  return [head, ...scene, '', ...lines.slice(end)].join('\n');
}
