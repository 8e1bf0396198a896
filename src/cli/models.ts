/** folioscope models */
import { models as all } from '../kernel/models/index.ts';
import { modelInfo } from '../worker/local.ts';
import type { Command } from './command.ts';
import { table } from './table.ts';

export const models: Command = {
  name: 'models',
  operands: '',
  summary: 'the rule sets, oldest first',
  options: {},
  run: (args, io) => {
    if (args.flag('json')) io.out(JSON.stringify(all.map(modelInfo)));
    else {
      const rows = all.map((m) => [m.id, m.looksAt, `${m.title}${m.composed ? ' (judges recordings)' : ''}`]);
      for (const line of table([['MODEL', 'REUSE ASKS', ''], ...rows])) io.out(line);
    }
    return 0;
  },
};
