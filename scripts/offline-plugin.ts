// The service worker of a build: its list of files is read from disk, so it is what is shipped, and its version is the
// hash of their contents.
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build as viteBuild, type Plugin } from 'vite';
import { PAGE, versionTag, type Build } from '../src/offline/keeper.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
export const WORKER = 'service-worker.js';
/**
 * The whole app in one file needs no network anyway, maps are for whoever debugs, the worker is kept by the browser, and
 * the pages of the docs come when somebody reads them.
 */
const LEFT_OUT = new RegExp(
  String.raw`^(?:folioscope\.html|docs/.*|${WORKER.replace('.', String.raw`\.`)}|.*\.map)$`,
);

const tag = new RegExp(String.raw`\s*${versionTag('[0-9a-f]+')}`, 'g');

/** Names relative to `folder`, with forward slashes, in an order that does not depend on the machine. */
function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll('\\', '/'),
    )
    .filter((name) => !LEFT_OUT.test(name))
    .sort();
}

const pageOf = (folder: string): string => readFileSync(join(folder, PAGE), 'utf8').replace(tag, '');

/** What would be kept of a folder. The tag in the page is no part of the version: it is made of that. */
export function buildOf(folder: string): Build {
  const files = filesIn(folder);
  const hash = createHash('sha256');
  for (const name of files)
    hash.update(`${name}\n`).update(name === PAGE ? pageOf(folder) : readFileSync(join(folder, name)));
  return { version: hash.digest('hex').slice(0, 16), files };
}

/** Gives the build in a folder its version and its service worker. Done again, it does the same again. */
export async function seal(folder: string): Promise<Build> {
  const build = buildOf(folder);
  writeFileSync(join(folder, WORKER), await workerOf(build));
  const page = pageOf(folder).replace(/(\n\s*)(<meta charset=[^>]*>)/, `$1$2$1${versionTag(build.version)}`);
  if (!page.includes(versionTag(build.version)))
    throw new Error(`offline: ${PAGE} has no <meta charset> to put its version behind`);
  writeFileSync(join(folder, PAGE), page);
  return build;
}

/** A classic script: module service workers are younger than the browsers we want. */
async function workerOf(build: Build): Promise<string> {
  const made = await viteBuild({
    root,
    configFile: false,
    logLevel: 'error',
    publicDir: false,
    define: { __BUILD__: JSON.stringify(build) },
    build: {
      target: 'es2023',
      write: false,
      modulePreload: false,
      rolldownOptions: {
        input: join(root, 'src/offline/service-worker.ts'),
        output: { format: 'iife', codeSplitting: false },
      },
    },
  });
  const chunk = [made]
    .flat()
    .flatMap((one) => ('output' in one ? one.output : []))
    .find((one) => one.type === 'chunk');
  if (!chunk) throw new Error('offline: the service worker was not built');
  return chunk.code;
}

export function offline(): Plugin {
  let folder = '';
  return {
    name: 'offline',
    apply: 'build',
    configResolved(config) {
      folder = join(config.root, config.build.outDir);
    },
    // Files that stand as they are in public/ are there before anything is written.
    writeBundle: { order: 'post', sequential: true, handler: async () => void (await seal(folder)) },
  };
}
