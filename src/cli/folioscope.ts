/** Chooses the command, prints help, and turns the user's mistakes into exit status 2. */
import { didYouMean } from '../scenario/nearest.ts';
import { BadInput, optionsOf, readArgs, usageOf } from './command.ts';
import type { Command, Io } from './command.ts';
import { commands } from './commands.ts';
import { table } from './table.ts';

/** The exit status: 0 ran and expectations held, 1 an expectation failed, 2 bad input. */
export async function folioscope(words: readonly string[], io: Io): Promise<number> {
  const [name, ...rest] = words;
  try {
    if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
      helpAll(name === undefined ? io.err : io.out);
      return name === undefined ? 2 : 0;
    }
    const command = commands.find((c) => c.name === name);
    if (command === undefined) {
      const list = `Commands: ${commands.map((c) => c.name).join(', ')}.`;
      const near = didYouMean(
        name,
        commands.map((c) => c.name),
      );
      throw new BadInput(`"${name}" is not a command`, [near, list].filter((s) => s !== '').join(' '));
    }
    if (rest.some((w) => w === '--help' || w === '-h')) {
      help(command, io);
      return 0;
    }
    return await command.run(readArgs(command, rest), io);
  } catch (problem) {
    if (!(problem instanceof BadInput)) throw problem;
    io.err(/^\S+:\d+:\d+: /.test(problem.message) ? problem.message : `folioscope: ${problem.message}`);
    if (problem.hint !== '') io.err(problem.hint);
    return 2;
  }
}

function helpAll(print: (line: string) => void): void {
  print('usage: folioscope COMMAND [options]');
  print('');
  for (const line of table(
    commands.map((c) => [[c.name, c.operands].join(' '), c.summary]),
    '  ',
  ))
    print(line);
  print('');
  print('FILE is a scenario, or FILE#name for one of a file of experiments; NAME is one of the gallery.');
  print('Exit status: 0 ran and expectations held, 1 an expectation failed, 2 bad input.');
}

function help(command: Command, io: Io): void {
  io.out(usageOf(command));
  io.out(`  ${command.summary}`);
  io.out('');
  const rows = Object.entries(optionsOf(command)).map(([name, o]) => [
    [`--${name}`, o.value ?? ''].join(' ').trim(),
    o.says,
  ]);
  for (const line of table(rows, '  ')) io.out(line);
}
