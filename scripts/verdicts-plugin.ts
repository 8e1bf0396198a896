// What the gallery's matrix shows at once, worked out while the app is built. The key is a hash of the rules: a build with
// other rules makes its own, and a page that meets verdicts of another build works them out itself.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';

const root = fileURLToPath(new URL('..', import.meta.url));
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
    load: (id) => (id !== `\0${name}` ? null : `export default ${building ? text(key) : 'null'};`),
  };
}

/** As the argument of JSON.parse, which is faster than a literal of that size. */
function text(key: string): string {
  const file = join(cache, `verdicts-${key}.json`);
  if (!existsSync(file)) {
    mkdirSync(cache, { recursive: true });
    const half = `${file}.${process.pid}`;
    execFileSync(process.execPath, ['scripts/run-ts.mjs', 'scripts/verdicts.ts', key, half], {
      cwd: root,
      stdio: 'inherit',
    });
    renameSync(half, file);
  }
  return `JSON.parse(${JSON.stringify(readFileSync(file, 'utf8'))})`;
}
