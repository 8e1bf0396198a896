// Bundles one TypeScript entry into one file that plain node runs at full speed.
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Written beside the target and renamed, so that a program which is just starting never reads half a file. */
export async function bundleForNode(root, entry, target) {
  const { build } = await import('vite');
  const result = await build({
    root,
    configFile: false,
    logLevel: 'error',
    ssr: { noExternal: true },
    build: {
      ssr: entry,
      target: 'node20',
      write: false,
      rolldownOptions: { output: { format: 'es', codeSplitting: false } },
    },
  });
  const [{ output }] = [result].flat();
  mkdirSync(dirname(target), { recursive: true });
  const half = `${target}.${process.pid}`;
  writeFileSync(half, output.find((file) => file.type === 'chunk').code);
  renameSync(half, target);
}
