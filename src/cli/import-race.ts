/** folioscope import-race: a race that somebody wrote into a mail, as a scenario and a schedule. */
import { runKey } from '../debugger/run-key.ts';
import { replay } from '../debugger/schedule.ts';
import { readRace } from '../export/race-read.ts';
import type { ReadRace } from '../export/race-read.ts';
import { boot } from '../kernel/machine.ts';
import { modelById } from '../kernel/models/index.ts';
import { compileText } from '../scenario/compile.ts';
import { EMPTY_LINK, encodeLink } from '../scenario/link.ts';
import { webDeflate } from '../worker/deflate.ts';
import { known } from '../worker/local.ts';
import { BadInput, operandOf } from './command.ts';
import type { Command } from './command.ts';
import { modelNamed } from './lookup.ts';
import { readText } from './source.ts';

/** Of the run that the link opens, or '' where there is none. */
function keyOf(text: string, rules: string, { schedule, without }: ReadRace): string {
  const { plan } = compileText(text, known),
    model = modelById(rules);
  if (plan === null || model === undefined) return '';
  return runKey(replay(boot(plan, model, without), schedule || plan.schedule).run);
}

export const importRace: Command = {
  name: 'import-race',
  operands: 'FILE',
  summary: 'a table of threads out of a mail, as a scenario and a schedule',
  options: { model: { value: 'ID', says: 'the rules by which the steps of the table are followed' } },
  run: async (args, io) => {
    const file = operandOf(args, importRace),
      asked = args.text('model');
    const model = asked === undefined ? '' : modelNamed(asked).id;
    const read = readRace(readText(file), known, model);
    if (read.text === null) throw new BadInput(`${file}: ${read.notes.join(' ')}`, 'See docs/export.md.');
    const rules = asked === undefined ? read.model : model;
    const link = await encodeLink(
      {
        ...EMPTY_LINK,
        scenario: { kind: 'inline', text: read.text },
        model: rules,
        run: read.schedule,
        at: read.at,
        without: read.without,
        chk: keyOf(read.text, rules, read),
      },
      webDeflate,
    );
    if (args.flag('json')) io.out(JSON.stringify({ ...read, model: rules, link }));
    else {
      io.out(read.text.trimEnd());
      if (read.schedule !== '') io.err(`--schedule ${read.schedule}`);
      if (rules !== '') io.err(`--model ${rules}`);
      if (read.at !== '') io.err(`--at ${read.at}`);
      if (read.without.length > 0) io.err(`--without ${read.without.join(',')}`);
      io.err(`Link: ${link}`);
    }
    for (const note of read.notes) io.err(note);
    return 0;
  },
};
