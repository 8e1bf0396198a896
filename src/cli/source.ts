/** `FILE|NAME` of a command: of the gallery, a text, or one experiment of a file of many (`FILE#name`). */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { nodrainsOf } from '../evidence/predict.ts';
import type { Nodrain } from '../evidence/predict.ts';
import type { Plan } from '../kernel/plan.ts';
import { compileText } from '../scenario/compile.ts';
import type { Diagnostic } from '../scenario/diagnostic.ts';
import { experiments } from '../scenario/experiments.ts';
import { entryById, gallery } from '../scenario/gallery/index.ts';
import { parse } from '../scenario/parser.ts';
import { known } from '../worker/local.ts';
import { BadInput } from './command.ts';
import type { Io } from './command.ts';
import { unknownExperiment, unknownScenario } from './lookup.ts';

export interface Source {
  /** What the user called it, for messages. */
  readonly file: string;
  readonly name: string;
  readonly text: string;
  /** Line of the file on which the text begins, from 1. */
  readonly line: number;
  /** Id in the gallery, or null. */
  readonly id: string | null;
  /** Model it is most worth watching on, or ''. */
  readonly model: string;
}

export interface Scenario extends Source {
  readonly plan: Plan;
  readonly nodrains: readonly Nodrain[];
}

/** Larger files are not scenarios. A file of experiments may be larger than one scenario may be. */
const bytesMax = 8 * 1024 * 1024;

export function readSource(operand: string): Source {
  const entry = entryById(operand);
  if (entry !== undefined)
    return { file: operand, name: operand, text: entry.text, line: 1, id: operand, model: entry.model };
  const hash = operand.lastIndexOf('#');
  const path = hash < 0 ? operand : operand.slice(0, hash);
  if (path !== '-' && !existsSync(path)) {
    // Without a dot or a slash it was meant as a name.
    if (hash < 0 && !/[./\\]/.test(operand))
      throw unknownScenario(
        operand,
        gallery.map((e) => e.id),
      );
    throw new BadInput(
      `there is no file ${path}`,
      'A scenario is a file, FILE#experiment, or a name of the gallery.',
    );
  }
  return fromText(path, hash < 0 ? null : operand.slice(hash + 1), readText(path));
}

/** A file, or `-` for what comes in. Throws BadInput. */
export function readText(path: string): string {
  if (path === '-') return readFileSync(0, 'utf8');
  if (!existsSync(path)) throw new BadInput(`there is no file ${path}`);
  const about = statSync(path);
  if (about.isDirectory()) throw new BadInput(`${path} is a folder`);
  if (about.size > bytesMax)
    throw new BadInput(`${path} has ${about.size} bytes; at most ${bytesMax} are read`);
  return readFileSync(path, 'utf8');
}

function fromText(path: string, name: string | null, text: string): Source {
  const all = experiments(text),
    stem = path === '-' ? 'stdin' : basename(path).replace(/\.\w+$/, '');
  if (name === null && all.length < 2)
    return { file: path, name: all[0]?.name ?? stem, text, line: 1, id: null, model: '' };
  if (name === null)
    throw new BadInput(`${path} holds ${all.length} experiments`, `Name one: ${path}#${all[0]?.name ?? ''}.`);
  const found = all.find((e) => e.name === name);
  if (found === undefined)
    throw unknownExperiment(
      name,
      all.map((e) => e.name),
    );
  return { file: path, name, text: found.text, line: found.line, id: null, model: '' };
}

/** Compiles it. Warnings go to stderr; mistakes end the command, each with its line and a caret. */
export function readScenario(operand: string, io: Io): Scenario {
  const source = readSource(operand);
  const { plan, diagnostics } = compileText(source.text, known);
  const said = diagnostics.map((d) => describe(source, d).join('\n'));
  if (plan === null) throw new BadInput(said.join('\n'));
  for (const text of said) io.err(text);
  return { ...source, plan, nodrains: nodrainsOf(parse(source.text).scenario) };
}

/** `file:line:column: error: what`, the line, a caret under it, and what to do. */
export function describe(source: Source, d: Diagnostic): string[] {
  const line = source.text.split(/\r\n|\r|\n/)[d.line - 1] ?? '';
  const shown = line.replaceAll('\t', ' ');
  const caret =
    ' '.repeat(d.column - 1) + '^'.repeat(Math.max(1, Math.min(d.length, shown.length - d.column + 1)));
  return [
    `${source.file}:${d.line + source.line - 1}:${d.column}: ${d.severity}: ${d.message}`,
    `  ${shown}`,
    `  ${caret}`,
    ...(d.hint === '' ? [] : [`  ${d.hint}`]),
  ];
}
