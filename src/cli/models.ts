/** folioscope models */
import { models as all } from '../kernel/models/index.ts';
import { switchWords } from '../kernel/switches/words.ts';
import { switches } from '../kernel/switches/switches.ts';
import { modelInfo } from '../worker/models.ts';
import type { Command, Io } from './command.ts';
import { table } from './table.ts';

export const models: Command = {
  name: 'models',
  operands: '',
  summary: 'the rule sets, oldest first',
  options: { switches: { says: 'what a rule set of your own is made of: BASE~SWITCH.POSITION~...' } },
  run: (args, io) => {
    if (args.flag('switches')) printSwitches(io, args.flag('json'));
    else if (args.flag('json')) io.out(JSON.stringify(all.map(modelInfo)));
    else {
      const rows = all.map((m) => [m.id, m.looksAt, `${m.title}${m.composed ? ' (judges recordings)' : ''}`]);
      for (const line of table([['MODEL', 'REUSE ASKS', ''], ...rows])) io.out(line);
    }
    return 0;
  },
};

function printSwitches(io: Io, json: boolean): void {
  if (json) return io.out(JSON.stringify(switchWords));
  for (const { id, asks, positions } of switchWords.flatMap((group) => group.switches)) {
    io.out(`${id}: ${asks}`);
    const rows = Object.entries(positions).map(([at, { says, since }]) => {
      const { from } = switches[id]!.positions[at]!;
      return [`${id}.${at}`, says, `as ${from}${since === '' ? '' : `, ${since}`}`];
    });
    for (const line of table(rows, '  ')) io.out(line);
  }
  io.out('As in: folioscope check vmsplice-leak --model v5.9~reuse.mapcount~fork.share');
}
