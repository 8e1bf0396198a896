// What the evidence page shows, worked out while the app is built, from recordings that no visitor downloads.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';
import { rulesKey } from './verdicts-plugin.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const cache = join(root, 'node_modules/.cache/folioscope');
const name = 'virtual:evidence';

/** `stored: false`: there is none, and the page says so (the single file). */
export function evidence({ stored }: { readonly stored: boolean }): Plugin {
  let building = false;
  return {
    name: 'evidence',
    config: (_, { command }) => {
      building = stored && command === 'build';
    },
    resolveId: (id) => (id === name ? `\0${name}` : null),
    load: (id) => (id !== `\0${name}` ? null : `export default ${building ? text() : 'null'};`),
  };
}

/** As the argument of JSON.parse, which is faster than a literal of that size. */
function text(): string {
  const key = rulesKey(['src/evidence', 'fixtures/recordings']),
    file = join(cache, `evidence-${key}.json`);
  if (!existsSync(file)) {
    mkdirSync(cache, { recursive: true });
    const half = `${file}.${process.pid}`;
    execFileSync(process.execPath, ['scripts/run-ts.mjs', 'scripts/evidence.ts', key, half], {
      cwd: root,
      stdio: 'inherit',
    });
    renameSync(half, file);
  }
  return `JSON.parse(${JSON.stringify(readFileSync(file, 'utf8'))})`;
}
