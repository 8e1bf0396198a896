// What the gallery's matrix shows at once, worked out while the app is built. The key is a hash of the rules: a build with
// other rules makes its own, and a page that meets verdicts of another build works them out itself.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Plugin } from 'vite';
import type { StoredVerdicts } from '../src/worker/protocol.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const run = promisify(execFile);
const cache = join(root, 'node_modules/.cache/folioscope');
const name = 'virtual:verdicts';
/** Everything that a verdict depends on. */
const folders = ['src/kernel', 'src/invariants', 'src/scenario', 'src/checker', 'src/debugger', 'src/worker'];

/** `more`: folders that something else depends on, too. */
export function rulesKey(more: readonly string[] = []): string {
  const hash = createHash('sha256');
  for (const folder of [...folders, ...more]) {
    const files = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).sort();
    for (const file of files) {
      if (!/\.(?:ts|jsonl)$/.test(file) || file.endsWith('.test.ts')) continue;
      hash.update(file).update(readFileSync(join(root, folder, file)));
    }
  }
  return hash.digest('hex').slice(0, 16);
}

/** `stored: false`: nothing is stored, and the page works everything out itself (the single file). */
export function verdicts({ stored }: { readonly stored: boolean }): Plugin {
  let building = false;
  const key = stored ? rulesKey() : '';
  return {
    name: 'verdicts',
    config: (_, { command }) => {
      building = stored && command === 'build';
      return { define: { __RULES__: JSON.stringify(building ? key : '') } };
    },
    resolveId: (id) => (id === name ? `\0${name}` : null),
    load: async (id) =>
      id !== `\0${name}` ? null : `export default ${building ? await text(key) : 'null'};`,
  };
}

/** As the argument of JSON.parse, which is faster than a literal of that size. */
async function text(key: string): Promise<string> {
  const file = join(cache, `verdicts-${key}.json`);
  if (!existsSync(file)) {
    mkdirSync(cache, { recursive: true });
    const parts = availableParallelism(),
      half = `${file}.${process.pid}`;
    const made = await Promise.all([...Array(parts).keys()].map((part) => workOut(key, half, part, parts)));
    writeFileSync(half, JSON.stringify(together(made)));
    renameSync(half, file);
  }
  return `JSON.parse(${JSON.stringify(readFileSync(file, 'utf8'))})`;
}
/** Some of the gallery, in a process of its own. */
async function workOut(key: string, file: string, part: number, of: number): Promise<StoredVerdicts> {
  const own = `${file}.${part}`,
    args = ['scripts/run-ts.mjs', 'scripts/verdicts.ts', key, own, String(part), String(of)];
  await run(process.execPath, args, { cwd: root });
  const made = JSON.parse(readFileSync(own, 'utf8')) as StoredVerdicts;
  rmSync(own);
  return made;
}
/** Each part numbers its rows on its own. */
function together(parts: readonly StoredVerdicts[]): StoredVerdicts {
  const rows = [...new Set(parts.flatMap((p) => p.rows))],
    numbers = (p: StoredVerdicts, list: readonly number[]): number[] =>
      list.map((row) => rows.indexOf(p.rows[row]!));
  return {
    rules: parts[0]!.rules,
    rows,
    columns: parts.flatMap((p) =>
      p.columns.map((c) => ({ ...c, holds: numbers(p, c.holds), vacuous: numbers(p, c.vacuous) })),
    ),
    ablations: parts.flatMap((p) => p.ablations),
  };
}
