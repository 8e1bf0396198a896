/** folioscope guards */
import { guards as all, extras } from '../kernel/guards.ts';
import type { Command } from './command.ts';

export const guards: Command = {
  name: 'guards',
  operands: '',
  summary: 'protective steps that --without switches off',
  options: {},
  run: (args, io) => {
    if (args.flag('json')) io.out(JSON.stringify(all));
    else
      for (const { id, title, where, prevents } of all) {
        io.out(`${id} (${where})`);
        io.out(`  ${title}`);
        io.out(`  Without it: ${prevents}`);
      }
    if (!args.flag('json'))
      for (const { id, title, where, prevents } of extras) {
        io.out(`${id} (${where}; in no kernel, put in by --with)`);
        io.out(`  ${title}`);
        io.out(`  Without it: ${prevents}`);
      }
    return 0;
  },
};
