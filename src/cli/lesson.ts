/**
 * folioscope lesson: does a lesson stand where it says, and is what it says so? Or: on paper. Without one:
 * the course.
 */
import { writeFileSync } from 'node:fs';
import { course } from '../lessons/course/index.ts';
import { readLesson } from '../lessons/parser.ts';
import { verifyLesson } from '../lessons/verify.ts';
import type { Diagnostic } from '../scenario/diagnostic.ts';
import { BadInput } from './command.ts';
import type { Args, Command, Io } from './command.ts';
import { handoutFile } from './handout.ts';
import { describe, readText } from './source.ts';
import { count, table } from './table.ts';

export const lesson: Command = {
  name: 'lesson',
  operands: '[FILE|NAME]',
  summary: 'check a lesson: its stops, facts, claims, questions; without one, the course',
  options: {
    handout: { value: 'FILE.html', says: 'write it as a comic strip to print, and check nothing' },
    site: { value: 'URL', says: 'handout: where the app is served, for its links and codes' },
  },
  run: async (args, io) => {
    const name = args.operands[0];
    const file = args.text('handout');
    if (name === undefined && file !== undefined) throw new BadInput('--handout needs a lesson', NAMES);
    if (name === undefined) return list(args.flag('json'), io);
    const text = await (course.find((one) => one.id === name)?.text() ?? readText(name));
    if (file !== undefined) return print(name, text, file, args, io);
    const { lesson: read, diagnostics, stops, facts, claims, questions, untrue } = verifyLesson(text);
    const errors = diagnostics.filter((d) => d.severity === 'error');
    if (args.flag('json'))
      io.out(JSON.stringify({ title: read.title.text, stops, facts, claims, questions, diagnostics }));
    const said = wordsOf(name, text, diagnostics);
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

const NAMES = `Lessons: ${course.map((one) => one.id).join(', ')}; or a file.`;

const wordsOf = (name: string, text: string, diagnostics: readonly Diagnostic[]): string => {
  const source = { file: name, name, text, line: 1, id: null, model: '' };
  return diagnostics.map((d) => describe(source, d).join('\n')).join('\n');
};

async function print(name: string, text: string, file: string, args: Args, io: Io): Promise<number> {
  const { lesson: read, diagnostics } = readLesson(text);
  const errors = diagnostics.filter((d) => d.severity === 'error');
  if (errors.length > 0) throw new BadInput(wordsOf(name, text, errors));
  const inCourse = course.some((one) => one.id === name);
  const named = inCourse ? { kind: 'named' as const, id: name } : { kind: 'inline' as const, text };
  const page = await handoutFile(read, named, siteOf(args)).catch((error: unknown) => {
    throw new BadInput(error instanceof Error ? error.message : String(error));
  });
  try {
    writeFileSync(file, page);
  } catch (problem) {
    throw new BadInput(`--handout ${file}: ${problem instanceof Error ? problem.message : String(problem)}`);
  }
  io.out(`${read.title.text}: ${count(read.beats.length, 'frame')} in ${file}; a browser prints it.`);
  return 0;
}

function siteOf(args: Args): string {
  const site = args.text('site') ?? '';
  if (site !== '' && !/^(?:https?|file):\/\/[^\s#]+$/.test(site))
    throw new BadInput(`--site ${site.slice(0, 60)} is no address`, 'As in: --site https://HOST/PATH/');
  return site;
}

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
