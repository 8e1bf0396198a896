/** folioscope scenarios */
import { gallery } from '../scenario/gallery/index.ts';
import type { Command } from './command.ts';
import { table } from './table.ts';

export const scenarios: Command = {
  name: 'scenarios',
  operands: '',
  summary: 'the gallery',
  options: {},
  run: (args, io) => {
    const list = gallery.map(({ id, title, about, source, model, text }) => ({
      id,
      title,
      about,
      source,
      model,
      text,
    }));
    if (args.flag('json')) io.out(JSON.stringify(list));
    else for (const line of table(list.map(({ id, title, source }) => [id, title, source]))) io.out(line);
    return 0;
  },
};
