/** folioscope import-record: another kernel's recording, into a folder that `evidence --from` reads. */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { judgeRecording } from '../evidence/judge.ts';
import { parseRecording } from '../evidence/recording.ts';
import { readRecord } from '../export/record-file.ts';
import { modelById } from '../kernel/models/index.ts';
import { BadInput, operandOf } from './command.ts';
import type { Command } from './command.ts';
import { readText } from './source.ts';
import { count } from './table.ts';

const FOLDER = 'recordings';

export const importRecord: Command = {
  name: 'import-record',
  operands: 'FILE',
  summary: 'a recording of another kernel, for the evidence table',
  options: {
    as: {
      value: 'KERNEL',
      says: 'its name in the table, such as 6.19.3; default: the file’s, or `uname -r`',
    },
    into: { value: 'DIR', says: `the folder that keeps it, for evidence --from (${FOLDER})` },
  },
  run: (args, io) => {
    const file = operandOf(args, importRecord),
      folder = args.text('into') ?? FOLDER;
    const path = (stem: string): string => join(folder, `${stem}.jsonl`);
    const kept = (stem: string): string => (existsSync(path(stem)) ? readFileSync(path(stem), 'utf8') : '');
    const read = readRecord(readText(file), basename(file), args.text('as') ?? '', kept);
    if ('why' in read) {
      for (const problem of read.problems) io.err(problem);
      throw new BadInput(`${file}: ${read.why}`, 'recorder/README.md says what a recording looks like.');
    }
    const { stem, lines, added, replaced } = read;
    const text = `${lines.join('\n')}\n`;
    // Judged before it is kept: a recording that cannot be judged at all stays outside.
    const model = read.model === null ? undefined : modelById(read.model);
    const found = judgeRecording(parseRecording(text, `${stem}.jsonl`), stem, read.model, model);
    mkdirSync(folder, { recursive: true });
    const made = `${path(stem)}.${process.pid}`;
    writeFileSync(made, text);
    renameSync(made, path(stem));
    if (args.flag('json')) {
      io.out(JSON.stringify({ path: path(stem), stem, added, replaced, ...found }));
      return found.valuesConfirmed === found.covered ? 0 : 1;
    }
    const again = replaced === 0 ? '' : `, ${replaced} replaced`;
    io.out(`${path(stem)}: ${count(added, 'experiment')} added${again}`);
    io.out(
      read.model === null
        ? `No model answers for ${stem}: add a line to src/evidence/kernels.ts.`
        : `${read.model}: ${found.valuesConfirmed} of ${found.covered} confirmed, ` +
            `${found.notModelled.length} not modelled`,
    );
    for (const c of found.contradicted)
      io.out(`  ${c.name}: ${c.level} differ at ${c.op}: recorded ${c.recorded}, predicted ${c.predicted}`);
    io.out(`folioscope evidence --from ${folder} shows it beside the others.`);
    return found.valuesConfirmed === found.covered ? 0 : 1;
  },
};
