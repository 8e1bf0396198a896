/** folioscope lesson: does a lesson stand where it says, and is what it says so? Without one: the course. */
import { course } from '../lessons/course/index.ts';
import { verifyLesson } from '../lessons/verify.ts';
import { BadInput } from './command.ts';
import type { Command, Io } from './command.ts';
import { describe, readText } from './source.ts';
import { count, table } from './table.ts';

export const lesson: Command = {
  name: 'lesson',
  operands: '[FILE|NAME]',
  summary: 'check a lesson: its stops, facts, claims, questions; without one, the course',
  options: {},
  run: async (args, io) => {
    const name = args.operands[0];
    if (name === undefined) return list(args.flag('json'), io);
    const text = await (course.find((one) => one.id === name)?.text() ?? readText(name));
    const { lesson: read, diagnostics, stops, facts, claims, questions, untrue } = verifyLesson(text);
    const errors = diagnostics.filter((d) => d.severity === 'error');
    if (args.flag('json'))
      io.out(JSON.stringify({ title: read.title.text, stops, facts, claims, questions, diagnostics }));
    const source = { file: name, name, text, line: 1, id: null, model: '' };
    const said = diagnostics.map((d) => describe(source, d).join('\n')).join('\n');
    // What is not understood, or not there, is bad input; what is not so is an expectation that failed.
    if (errors.length > untrue) throw new BadInput(said);
    if (said !== '') io.err(said);
    if (!args.flag('json')) {
      const parts = [
        count(stops, 'stop'),
        count(facts, 'fact'),
        count(claims, 'claim'),
        count(questions, 'question'),
      ];
      io.out(
        `${read.title.text}: ${parts.join(', ')}, ${untrue === 0 ? 'all as written' : `${untrue} NOT SO`}`,
      );
    }
    return untrue === 0 ? 0 : 1;
  },
};

function list(json: boolean, io: Io): number {
  const all = course.map(({ id, title, part, minutes, beats, about }) => ({
    id,
    title,
    part,
    minutes,
    beats,
    about,
  }));
  if (json) io.out(JSON.stringify(all));
  else
    for (const line of table(
      all.map((one) => [one.id, `${one.minutes} min`, count(one.beats, 'beat'), one.title]),
    ))
      io.out(line);
  return 0;
}
