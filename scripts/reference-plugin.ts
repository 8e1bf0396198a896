// The reference of the language for the page, worked out while the app is built: the engine is not in the page.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';
import { rulesKey } from './verdicts-plugin.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const cache = join(root, 'node_modules/.cache/folioscope');
const name = 'virtual:reference';

export function reference(): Plugin {
  return {
    name: 'reference',
    resolveId: (id) => (id === name ? `\0${name}` : null),
    load: (id) => (id === `\0${name}` ? `export default JSON.parse(${JSON.stringify(text())})` : null),
  };
}

function text(): string {
  const page = readFileSync(join(root, 'docs/language.md'));
  const key = createHash('sha256').update(rulesKey()).update(page).digest('hex').slice(0, 16);
  const file = join(cache, `reference-${key}.json`);
  if (!existsSync(file)) {
    mkdirSync(cache, { recursive: true });
    const half = `${file}.${process.pid}`;
    execFileSync(process.execPath, ['scripts/run-ts.mjs', 'scripts/reference.ts', half], {
      cwd: root,
      stdio: 'inherit',
    });
    renameSync(half, file);
  }
  return readFileSync(file, 'utf8');
}
