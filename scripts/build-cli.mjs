// Bundles src/cli/main.ts into dist-cli/folioscope.mjs, which bin/folioscope.mjs loads.
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleForNode } from './bundle-for-node.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
export const cliEntry = join(root, 'src/cli/main.ts');
export const cliBundle = join(root, 'dist-cli/folioscope.mjs');

export const buildCli = () => bundleForNode(root, cliEntry, cliBundle);

/** Builds when there is no bundle or a source is newer. An old bundle still beats none, so it is used and told. */
export async function ensureCli() {
  const builtAt = statSync(cliBundle, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (builtAt > Math.max(newest(join(root, 'src')), newest(join(root, 'fixtures')))) return;
  try {
    await buildCli();
  } catch (error) {
    if (!builtAt) throw error;
    console.error(`folioscope: the sources are newer than the bundle and do not build: ${error.message}`);
  }
}

function newest(folder) {
  if (!existsSync(folder)) return 0;
  let latest = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (/\.test\.tsx?$/.test(entry.name) || entry.name === 'app') continue;
    const path = join(folder, entry.name);
    latest = Math.max(latest, entry.isDirectory() ? newest(path) : statSync(path).mtimeMs);
  }
  return latest;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (existsSync(cliEntry)) await buildCli();
  else console.log('cli: there is no src/cli/main.ts to bundle');
}
