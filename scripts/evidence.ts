// Judges all recordings, for the page that shows it: node scripts/run-ts.mjs scripts/evidence.ts KEY FILE
// A build step. Tests never read what it writes.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { judgeRecording } from '../src/evidence/judge.ts';
import { modelForStem } from '../src/evidence/kernels.ts';
import { overviewOf } from '../src/evidence/overview.ts';
import { parseRecording } from '../src/evidence/recording.ts';
import { modelById } from '../src/kernel/models/index.ts';
import type { StoredEvidence } from '../src/worker/protocol.ts';

const [rules = '', file = ''] = process.argv.slice(2);
const folder = fileURLToPath(new URL('../fixtures/recordings', import.meta.url));
const judged = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.jsonl'))
  .sort()
  .map((name) => {
    const recording = parseRecording(readFileSync(join(folder, name), 'utf8'), name),
      stem = basename(name, '.jsonl'),
      id = modelForStem(stem);
    const model = id === null ? undefined : modelById(id);
    return { recording, evidence: judgeRecording(recording, stem, id, model) };
  });
writeFileSync(file, JSON.stringify({ rules, ...overviewOf(judged) } satisfies StoredEvidence));
