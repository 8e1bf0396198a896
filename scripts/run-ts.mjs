// Runs a TypeScript program: node scripts/run-ts.mjs scripts/bench.ts [arguments]
// Bundled first, because a loader that wraps every import would slow down the very code that a bench measures.
import { existsSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { bundleForNode } from './bundle-for-node.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const [program, ...args] = process.argv.slice(2);
if (!program || !existsSync(program)) {
  console.error(`run-ts: ${program ?? 'no program'} ${program ? 'does not exist' : 'was named'}`);
  process.exit(2);
}
const target = join(root, 'dist-cli', `${basename(program, '.ts')}.mjs`);
await bundleForNode(root, resolve(program), target);
process.argv = [process.argv[0], target, ...args];
await import(pathToFileURL(target).href);
