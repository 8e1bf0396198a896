// Works the gallery out on every model, for the page that shows it: run-ts.mjs scripts/verdicts.ts KEY FILE [PART OF]
// A build step. Tests and benches never read what it writes.
import { writeFileSync } from 'node:fs';
import { kernels, proposals } from '../src/kernel/models/index.ts';
import { gallery } from '../src/scenario/gallery/index.ts';
import { textKey } from '../src/scenario/text-key.ts';
import { createEngine } from '../src/worker/local.ts';
import type { AblationView, SearchRequest, StoredVerdicts } from '../src/worker/protocol.ts';

const budget = 2_000_000;
const [rules = '', file = '', part = '0', of = '1'] = process.argv.slice(2);
const engine = createEngine(),
  { signal } = new AbortController(),
  quiet = (): void => undefined;
const asking = (text: string, model: string): SearchRequest => ({ text, model, without: [], budget });

const columns: StoredVerdicts['columns'][number][] = [],
  rows: string[] = [],
  ablations: StoredVerdicts['ablations'][number][] = [];
function numberOf(row: string): number {
  if (!rows.includes(row)) rows.push(row);
  return rows.indexOf(row);
}

let job = 0;
const isMine = (): boolean => job++ % Number(of) === Number(part);
for (const { id, text } of gallery) {
  const key = textKey(text);
  for (const { id: model } of [...kernels, ...proposals]) {
    if (!isMine()) continue;
    const column = await engine.survey(asking(text, model), quiet, signal);
    const plain = column.cells.filter((c) => c.kind === 'invariant' && c.verdict === 'holds');
    columns.push({
      scenario: id,
      text: key,
      column: { ...column, ms: 0, cells: column.cells.filter((c) => !plain.includes(c)) },
      holds: plain.filter((c) => !c.vacuous).map((c) => numberOf(c.row)),
      vacuous: plain.filter((c) => c.vacuous).map((c) => numberOf(c.row)),
    });
  }
  for (const { id: model } of kernels) {
    if (!isMine()) continue;
    const views = await engine.ablate(asking(text, model), quiet, signal);
    // Most guards are never come to.
    const kept: AblationView[] = views.filter((v) => v.verdict !== 'never');
    ablations.push({ scenario: id, text: key, model, views: kept });
  }
}
writeFileSync(file, JSON.stringify({ rules, rows, columns, ablations } satisfies StoredVerdicts));
