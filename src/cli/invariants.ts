/** folioscope invariants */
import { invariants as all } from '../invariants/index.ts';
import type { Command } from './command.ts';
import { wrap } from './table.ts';

export const invariants: Command = {
  name: 'invariants',
  operands: '',
  summary: 'what a check looks for',
  options: {},
  run: (args, io) => {
    const list = all.map(({ id, alias, says, word, cite }) => ({ id, title: says, alias, word, cite }));
    if (args.flag('json')) io.out(JSON.stringify(list));
    else
      for (const { id, title, alias } of list) {
        io.out(alias.length === 0 ? id : `${id} (${alias.join(', ')})`);
        for (const line of wrap(`  ${title}`.trimStart(), 98)) io.out(`  ${line}`);
      }
    return 0;
  },
};
