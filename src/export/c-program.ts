/**
 * A scenario as one C file that shows it on a real kernel: the recorder's own sources, the scenario as its
 * script, and what a model predicts. It builds with `gcc -static`, runs as root, prints the recorder's
 * format, and exits 0 if the prediction held.
 */
import { canonSteps, valueIgnored } from '../evidence/canon.ts';
import { readScript } from '../evidence/judge.ts';
import { predict } from '../evidence/predict.ts';
import type { Prediction } from '../evidence/predict.ts';
import type { Plan } from '../kernel/plan.ts';
import type { Model } from '../kernel/rules.ts';
import { parse } from '../scenario/parser.ts';
import { headingOf } from '../scenario/syntax.ts';
import { encodeUtf8 } from '../scenario/utf8.ts';
import { notReal, recorderScripts, verbsOf } from './recorder-script.ts';
import type { Refused, Script, Scripts } from './recorder-script.ts';

/** A file of `recorder/`, by its name there. */
export interface SourceFile {
  readonly name: string;
  readonly text: string;
}
export type CProgram = { readonly text: string; readonly experiments: readonly string[] } | Refused;

/** Kinds of memory where a recording says exactly which pages are one. */
const EXACT: ReadonlySet<string> = new Set(['anon', 'shanon']);

/** What a program is to show. */
interface Shown {
  /** A file name without suffix. */
  readonly name: string;
  readonly text: string;
  /** Guards that the run does without, and extra ones that it has: `Machine.without`. */
  readonly without: readonly string[];
}

/** `sources`: all of `recorder/` and `recorder/export/expect.c`. */
export function cProgram(
  { name, text, without }: Shown,
  model: Model,
  sources: readonly SourceFile[],
): CProgram {
  const { scenario } = parse(text);
  const scripts = recorderScripts(scenario, verbsOf(sources));
  if ('why' in scripts) return scripts;
  if (without.length > 0) return { why: notReal(without), line: 0 };
  const stem = name.replace(/[^\w.-]+/g, '-') || 'scenario';
  const experiments: Experiment[] = [];
  const stuck: string[] = [];
  for (const [i, script] of scripts.scripts.entries()) {
    const made = experimentOf(scripts.scripts.length === 1 ? stem : `${stem}-order-${i + 1}`, script, model);
    if ('why' in made) stuck.push(made.why);
    else experiments.push(made);
  }
  if (experiments.length === 0) return { why: stuck[0] ?? 'there is nothing to run', line: 0 };
  const remarks = [...scripts.remarks, ...(stuck.length > 0 ? [leftOut(stuck)] : [])];
  const head = headingOf(scenario);
  return {
    experiments: experiments.map((e) => e.name),
    text: [
      headOf(stem, head, model, { ...scripts, remarks }, experiments),
      ...bodyOf(sources),
      '',
      plain(fileOf(sources, 'expect.c')),
      dataOf(experiments, model),
      '',
    ].join('\n'),
  };
}

interface Experiment {
  readonly name: string;
  readonly script: Script;
  readonly plan: Plan;
  readonly prediction: Prediction;
}

function experimentOf(name: string, script: Script, model: Model): Experiment | Refused {
  const read = readScript(script.ops.join('\n'));
  if (read.plan === null) return { why: read.why, line: 0 };
  const prediction = predict(read.plan, model, { name, nodrains: read.nodrains });
  const [blocked] = prediction.unfinished;
  // Where the model blocks, the recorder would wait until its time is over.
  if (blocked !== undefined) return { why: `${blocked.op} does not end: it ${blocked.why}`, line: 0 };
  return { name, script, plan: read.plan, prediction };
}

const leftOut = (stuck: readonly string[]): string =>
  `${stuck.length} ${stuck.length === 1 ? 'order is' : 'orders are'} left out: ${stuck[0]}.`;

function headOf(
  stem: string,
  head: { readonly title: string; readonly about: string; readonly source: string },
  model: Model,
  { orders, names, remarks }: Scripts,
  experiments: readonly Experiment[],
): string {
  const races = experiments.some((e) => e.script.order.length > 0);
  const paragraphs = [
    `${stem}.c - ${head.title || stem}`,
    head.about,
    head.source === '' ? '' : `Source: ${head.source}.`,
    `Made by folioscope export --to c. Build it and run it as root:\n` +
      `\tgcc -static -O1 -pthread -o ${stem} ${stem}.c && ./${stem}`,
    `It prints one line of JSON for each experiment, to be kept with folioscope import-record, and exits ` +
      `with 0 if this kernel does what the rules of ${model.id} predict, with 1 if not, with 2 if it ` +
      `cannot be tried here.`,
    races
      ? `THE RACE ITSELF IS NOT HERE: nobody can make two threads meet in the middle of a fault from user ` +
        `space. What stands here are ${experiments.length} of the ${orders} orders in which its operations ` +
        `can follow one another; they bound what a kernel may answer. Folioscope checks what lies between.`
      : '',
    ...remarks,
    names.length === 0
      ? ''
      : `Here and in the scenario:\n${names.map(([a, b]) => `\t${b}\t${a}`).join('\n')}`,
  ];
  const lines = paragraphs
    .filter((p) => p !== '')
    .flatMap((p, i) => [...(i === 0 ? [] : ['']), ...p.split('\n').flatMap((l) => folded(l, 76))]);
  return ['/*', ...lines.map((l) => ` * ${commentSafe(l)}`.trimEnd()), ' */'].join('\n');
}

/** A text of a scenario may hold anything; it cannot end the comment, or go on behind a line's end. */
const commentSafe = (text: string): string =>
  text.replaceAll('*/', '* /').replaceAll('/*', '/ *').replace(/\\$/, '\\ .').replace(/\?\?/g, '? ?');

function folded(text: string, width: number): string[] {
  if (text.startsWith('\t')) return [text];
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

/** The recorder in one piece: its header, then its files; its main() has another name here. */
function bodyOf(sources: readonly SourceFile[]): string[] {
  const parts = sources.filter((f) => f.name.endsWith('.c') && f.name !== 'expect.c');
  return [
    '',
    plain(fileOf(sources, 'litmus.h')),
    ...parts
      .toSorted((a, b) => (a.name < b.name ? -1 : 1))
      .map((f) =>
        f.name === 'main.c' ? `#define main recorder_main\n${plain(f.text)}\n#undef main\n` : plain(f.text),
      ),
  ];
}
const plain = (text: string): string => text.replace(/^#include "litmus\.h"\n/m, '');

function fileOf(sources: readonly SourceFile[], name: string): string {
  const found = sources.find((f) => f.name === name);
  if (found === undefined) throw new RangeError(`the recorder's ${name} is missing`);
  return found.text;
}

function dataOf(experiments: readonly Experiment[], model: Model): string {
  const script = experiments.flatMap(({ name, script: { ops, order } }) => [
    `@${name} ${order.join('; ')}`.trimEnd(),
    ...ops,
  ]);
  const rows = experiments.flatMap(({ name, prediction }) => {
    const values = canonSteps(prediction, 'values'),
      frames = canonSteps(prediction, 'frames');
    return prediction.steps.map(({ op }, i) => {
      const verb = op.split(' ')[1]?.replace(/^&/, '') ?? '';
      const novalue = valueIgnored.has(verb) ? 1 : 0;
      const texts = [values[i]!, frames[i]!].map(cString).join(',\n\t  ');
      return `\t{ ${cString(name)}, ${cString(op)}, ${novalue},\n\t  ${texts} },`;
    });
  });
  const exact = experiments.every((e) => e.plan.regions.every((r) => EXACT.has(r.kind)));
  return [
    '/* ---- the scenario, and what is predicted ------------------------------ */',
    '',
    'const char exported_script[] =',
    ...script.map((line, i) => `\t${cString(`${line}\n`)}${i + 1 === script.length ? ';' : ''}`),
    '',
    `const char predicted_by[] = ${cString(model.id)};`,
    `const int frames_count = ${exact ? 1 : 0};`,
    'const struct prediction predictions[] = {',
    ...rows,
    '\t{ 0, 0, 0, 0, 0 },',
    '};',
  ].join('\n');
}

/** As octal what C would read as something else. */
function cString(text: string): string {
  const escaped = [...text].map((letter) => {
    if (letter === '\n') return '\\n';
    if (letter === '"' || letter === '\\') return `\\${letter}`;
    const code = letter.codePointAt(0)!;
    if (code >= 0x20 && code < 0x7f && letter !== '?') return letter;
    return [...utf8(code)].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('');
  });
  return `"${escaped.join('')}"`;
}
const utf8 = (code: number): Uint8Array => encodeUtf8(String.fromCodePoint(code));
