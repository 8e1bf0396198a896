/** What a command is, and how its words are read. One file for each command; `commands.ts` lists them. */
import { parseArgs } from 'node:util';
import { didYouMean } from '../scenario/nearest.ts';

/** Where a command prints: the terminal, or a test that listens. */
export interface Io {
  out(line: string): void;
  err(line: string): void;
  /** What is no text, and nothing else; false where somebody would have to look at it. */
  bytes(data: Uint8Array): boolean;
}

export interface Option {
  /** What its value is: `ID`. Absent: a switch. */
  readonly value?: string;
  readonly says: string;
}

export interface Command {
  readonly name: string;
  /** Its operands: `FILE|NAME`, or ''. */
  readonly operands: string;
  readonly summary: string;
  /** Without `--help` and `--json`, which all have. */
  readonly options: Readonly<Record<string, Option>>;
  /** Returns the exit status: 0 ran and expectations held, 1 an expectation failed, 2 bad input. */
  readonly run: (args: Args, io: Io) => number | Promise<number>;
}

export interface Args {
  readonly operands: readonly string[];
  /** Value of an option, undefined if it was not given. */
  text(name: string): string | undefined;
  flag(name: string): boolean;
}

/** The user's mistake: its message goes to stderr, and the exit status is 2. */
export class BadInput extends Error {
  readonly hint: string;
  constructor(message: string, hint = '') {
    super(message);
    this.hint = hint;
  }
}

const everywhere: Readonly<Record<string, Option>> = {
  json: { says: 'print JSON' },
  help: { says: 'print this' },
};
export const optionsOf = (command: Command): Readonly<Record<string, Option>> => ({
  ...command.options,
  ...everywhere,
});

/** Reads the words after the command's name. Throws BadInput. */
export function readArgs(command: Command, words: readonly string[]): Args {
  const known = optionsOf(command);
  const options = Object.fromEntries(
    Object.entries(known).map(([name, o]) => [
      name,
      { type: o.value === undefined ? ('boolean' as const) : ('string' as const) },
    ]),
  );
  let read;
  try {
    read = parseArgs({ args: [...words], options, allowPositionals: true, strict: true });
  } catch (problem) {
    throw mistakeOf(problem, command, known);
  }
  const most = command.operands === '' ? 0 : 1;
  const extra = read.positionals[most];
  if (extra !== undefined) throw new BadInput(`"${extra}" is too much`, usageOf(command));
  const values: Readonly<Record<string, unknown>> = read.values;
  return {
    operands: read.positionals,
    text: (name) => {
      const value = values[name];
      return typeof value === 'string' ? value : undefined;
    },
    flag: (name) => values[name] === true,
  };
}

export const usageOf = ({ name, operands }: Command): string =>
  `usage: folioscope ${[name, operands, '[options]'].filter((w) => w !== '').join(' ')}`;

function mistakeOf(problem: unknown, command: Command, known: Readonly<Record<string, Option>>): Error {
  const message = problem instanceof Error ? problem.message : String(problem);
  const unknown = /^Unknown option '(-{1,2})([^']*)'/.exec(message);
  if (unknown !== null) {
    const all = Object.keys(known);
    const list = `${command.name} knows ${all.map((n) => `--${n}`).join(', ')}.`;
    const near = didYouMean(unknown[2] ?? '', all).replace('mean ', 'mean --');
    return new BadInput(
      `there is no option ${unknown[1]}${unknown[2]}`,
      [near, list].filter(Boolean).join(' '),
    );
  }
  const named = /--(\w[\w-]*)/.exec(message)?.[1] ?? '';
  const value = known[named]?.value;
  if (named !== '' && value !== undefined)
    return new BadInput(`--${named} needs a value`, `--${named} ${value}`);
  if (named !== '') return new BadInput(`--${named} takes no value`, usageOf(command));
  return new BadInput(message, usageOf(command));
}

/** The one operand; throws BadInput if it is missing. */
export function operandOf(args: Args, command: Command): string {
  const operand = args.operands[0];
  if (operand === undefined) throw new BadInput(`${command.operands} is missing`, usageOf(command));
  return operand;
}

/** A whole number from `least` on. */
export function numberOf(args: Args, name: string, otherwise: number, least = 0): number {
  const text = args.text(name);
  if (text === undefined) return otherwise;
  const n = Number(text.replaceAll('_', ''));
  if (!/^[\d_]+$/.test(text) || !Number.isSafeInteger(n) || n < least)
    throw new BadInput(`--${name} ${text}: not a whole number from ${least} on`);
  return n;
}
