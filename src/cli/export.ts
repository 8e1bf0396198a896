/** folioscope export: a scenario as something to send or to keep. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { newRun } from '../debugger/run.ts';
import { runKey } from '../debugger/run-key.ts';
import { follow, printPosition, scheduleText, seekPosition } from '../debugger/schedule.ts';
import { violationsOf } from '../debugger/violations.ts';
import { changes, sentence } from '../debugger/words.ts';
import { cProgram } from '../export/c-program.ts';
import { createGif, frameMs, GIF_WIDTH, PNG_SCALE } from '../export/gif.ts';
import { itfText } from '../export/itf.ts';
import { raceText } from '../export/race.ts';
import type { Gif } from '../export/gif.ts';
import type { Subject } from '../export/subject.ts';
import { animationSvgs, comicSvg, pictureSvg } from '../export/svg.ts';
import { THEMES, paletteOf } from '../export/svg-theme.ts';
import type { Palette } from '../export/svg-theme.ts';
import { traceEvents } from '../export/trace-events.ts';
import { invariantsFor, questionsOf } from '../invariants/index.ts';
import { RESULTS } from '../kernel/compile.ts';
import { boot } from '../kernel/machine.ts';
import { models } from '../kernel/models/index.ts';
import type { Model } from '../kernel/rules.ts';
import { EMPTY_LINK, encodeLink } from '../scenario/link.ts';
import { didYouMean } from '../scenario/nearest.ts';
import { webDeflate } from '../worker/deflate.ts';
import { BadInput, operandOf } from './command.ts';
import type { Args, Command, Io } from './command.ts';
import { guardsOf, modelNamed, scheduleOf } from './lookup.ts';
import { packageRoot } from './package-root.ts';
import { rasterizer } from './raster.ts';
import type { Raster } from './raster.ts';
import { recorderSources } from './recorder.ts';
import { readScenario } from './source.ts';
import type { Scenario } from './source.ts';

/** What `--to` takes; those that show a run need a model. */
const forms = ['link', 'json', 'ascii', 'c', 'svg', 'png', 'comic', 'gif', 'itf', 'perfetto'] as const;
type Form = (typeof forms)[number];

export const exportTo: Command = {
  name: 'export',
  operands: 'FILE|NAME',
  summary: 'a scenario as a link, a mail, a C program, a picture or a trace',
  options: {
    to: { value: forms.join('|'), says: 'what to make' },
    model: { value: 'ID', says: 'the rules; link and json can do without' },
    at: { value: 'N', says: 'the step to show, by number or as a link writes it; default: the last' },
    schedule: { value: 'S', says: 'switches of threads; c: not used, a program runs in serial orders' },
    without: { value: 'GUARD', says: 'protective steps to leave out; not for c: no kernel does without' },
    steps: { says: 'ascii: every step, also of operations that nobody comes in between' },
    theme: { value: THEMES.join('|'), says: 'svg, png, comic, gif: colours (light)' },
    out: { value: 'FILE', says: 'where to put it; default: standard output' },
  },
  run: async (args, io) => {
    const operand = operandOf(args, exportTo),
      to = formOf(args);
    const scenario = readScenario(operand, io),
      id = args.text('model');
    if (id === undefined && to !== 'link' && to !== 'json') throw modelMissing(to);
    const model = id === undefined ? null : modelNamed(id);
    if (model === null && args.text('at') !== undefined) throw new BadInput('--at needs a --model');
    const made =
      to === 'link' ? await linkOf(scenario, model, args) : await madeOf(to, scenario, model, args);
    put(made, args.text('out'), io);
    return 0;
  },
};

const modelMissing = (to: Form): BadInput =>
  new BadInput(`--to ${to} needs a --model`, `Models: ${models.map((m) => m.id).join(', ')}.`);

function formOf(args: Args): Form {
  const to = args.text('to'),
    list = `There is ${forms.join(', ')}.`;
  if (to === undefined) throw new BadInput('--to is missing', `Write --to and one of: ${forms.join(', ')}.`);
  const form = forms.find((f) => f === to);
  if (form === undefined)
    throw new BadInput(`nothing is called --to ${to.slice(0, 40)}`, didYouMean(to, forms, list));
  return form;
}

function put(made: string | Uint8Array, path: string | undefined, io: Io): void {
  if (path !== undefined) {
    try {
      writeFileSync(path, made);
    } catch (problem) {
      throw new BadInput(`--out ${path}: ${problem instanceof Error ? problem.message : String(problem)}`);
    }
  } else if (typeof made === 'string') io.out(made.replace(/\n$/, ''));
  else if (!io.bytes(made))
    throw new BadInput('this is no text, and nothing for a terminal', 'Write --out FILE, or `> FILE`.');
}

async function madeOf(
  to: Form,
  scenario: Scenario,
  model: Model | null,
  args: Args,
): Promise<string | Uint8Array> {
  if (to === 'json' || model === null) return jsonOf(scenario, model, args);
  if (to === 'c') return programOf(scenario, model, args);
  const subject = await subjectOf(scenario, model, args);
  switch (to) {
    case 'ascii':
      return raceText(subject, { steps: args.flag('steps') });
    case 'svg':
      return pictureSvg(subject, palette(args));
    case 'png':
      return (await rasterizer()).png(pictureSvg(subject, palette(args)), PNG_SCALE);
    case 'comic':
      return comicSvg(subject, palette(args));
    case 'gif':
      return gifOf(animationSvgs(subject, palette(args)), await rasterizer());
    case 'itf':
      return itfText(subject);
    default:
      return traceEvents(subject);
  }
}

function gifOf(svgs: readonly string[], raster: Raster): Uint8Array {
  let gif: Gif | null = null;
  for (const [i, svg] of svgs.entries()) {
    const pixels = raster.pixels(svg, GIF_WIDTH);
    // The run has one extent, so its pictures are of one size.
    gif ??= createGif(pixels.width, pixels.height);
    gif.frame(pixels, frameMs(i, svgs.length));
  }
  return gif!.end();
}

function palette(args: Args): Palette {
  const name = args.text('theme') ?? 'light',
    theme = THEMES.find((t) => t === name);
  if (theme === undefined)
    throw new BadInput(`no theme is called ${name.slice(0, 40)}`, `There is ${THEMES.join(', ')}.`);
  return paletteOf(readFileSync(join(packageRoot(), 'src', 'app', 'theme', 'tokens.css'), 'utf8'), theme);
}

function programOf({ name, text, file, line }: Scenario, model: Model, args: Args): string {
  const made = cProgram({ name, text, without: guardsOf(args) }, model, recorderSources());
  if ('text' in made) return made.text;
  const where = made.line > 0 ? `${file}:${made.line + line - 1}:1: ` : '';
  throw new BadInput(
    `${where}no C program can show this: ${made.why}`,
    'What the recorder can do is in recorder/README.md.',
  );
}

async function subjectOf(scenario: Scenario, model: Model, args: Args): Promise<Subject> {
  const { name, text, plan } = scenario;
  const { run, at } = runOf(scenario, model, args);
  const broken = violationsOf(run, [...invariantsFor(plan), ...questionsOf(plan).invariants]);
  // A link with the whole text is longer than what people put into a mail that has the text itself.
  const link = scenario.id === null ? '' : await linkOf(scenario, model, args);
  return { name, text, run, at, broken, link };
}

function runOf({ plan }: Scenario, model: Model, args: Args) {
  const run = newRun(boot(plan, model, guardsOf(args)));
  const notes = follow(run, scheduleOf(args, plan));
  const { at, note } = seekPosition(run, args.text('at') ?? 'end');
  if (note !== '') throw new BadInput(`--at ${args.text('at') ?? ''}: ${note}`);
  return { run, notes, at };
}

async function linkOf(scenario: Scenario, model: Model | null, args: Args): Promise<string> {
  const source =
    scenario.id === null
      ? { kind: 'inline' as const, text: scenario.text }
      : { kind: 'named' as const, id: scenario.id };
  const link = { ...EMPTY_LINK, scenario: source, run: args.text('schedule') ?? '', without: guardsOf(args) };
  if (model === null) return encodeLink(link, webDeflate);
  const { run, at } = runOf(scenario, model, args);
  const position = args.text('at') === undefined ? '' : printPosition(run, at);
  const here = { model: model.id, run: scheduleText(run), at: position, chk: runKey(run) };
  return encodeLink({ ...link, ...here }, webDeflate);
}

function jsonOf(scenario: Scenario, model: Model | null, args: Args): string {
  const { name, plan, text } = scenario;
  const about = { name, title: plan.title, text };
  if (model === null) return JSON.stringify({ ...about, plan });
  const { run, notes, at } = runOf(scenario, model, args);
  const steps = run.steps.map((s) => {
    const { routine, label } = run.machine.program.rows[s.pc]!,
      end = s.effects.find((e) => e.name === 'end');
    return {
      at: s.at,
      thread: plan.threads[s.thread]!.name,
      op: plan.ops[s.op]?.text ?? '',
      routine: routine.name,
      label,
      says: sentence(run, s),
      changes: changes(run, s),
      ...(end === undefined ? {} : { ends: RESULTS[end.a] }),
    };
  });
  return JSON.stringify({ ...about, model: model.id, schedule: scheduleText(run), at, notes, steps, plan });
}
