// The docs as pages of the build: the same Markdown that stands in the repository, in the app's colours and fonts.
// Nothing of the app loads them; its help leads there.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';
import { escaped, pageOf } from './docs-html.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const FONTS = ['inter.woff2', 'jetbrains-mono.woff2'] as const;

/** Where a page of the repository stands in the build; null: it is none of the docs. */
export function placeOf(path: string): string | null {
  if (path === 'README.md') return 'docs/index.html';
  if (path === 'recorder/README.md') return 'docs/recorder.html';
  if (/^[A-Z]+\.md$/.test(path)) return `docs/${path.toLowerCase().replace(/md$/, 'html')}`;
  if (/^docs\/[\w/-]+\.md$/.test(path)) return path.replace(/md$/, 'html');
  return /^docs\/[\w/-]+\.png$/.test(path) ? path : null;
}

function sources(): string[] {
  const inDocs = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' });
  const all = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'recorder/README.md'];
  return [...all, ...inDocs.map((name) => `docs/${name.replaceAll('\\', '/')}`).sort()].filter(
    (path) => placeOf(path) !== null && existsSync(join(root, path)),
  );
}

const between = (from: string, to: string): string => posix.relative(posix.dirname(from), to);

/** A link as the page has it: to another page, into the app, or out of here. */
export function linkFrom(path: string, target: string): string | null {
  const app = /^http:\/\/localhost:5173\/(.*)$/.exec(target);
  const place = placeOf(path);
  if (place === null) return null;
  if (app) return `${between(place, 'index.html')}${app[1] ?? ''}`;
  if (/^(?:https?|mailto):|^#/.test(target)) return target;
  const [file = '', anchor] = target.split('#');
  const to = placeOf(posix.normalize(posix.join(posix.dirname(path), file)));
  return to === null ? null : `${between(place, to)}${anchor === undefined ? '' : `#${anchor}`}`;
}

/** Names of pages for the list at the side, in the order in which the README has them. */
async function namesOf(
  paths: readonly string[],
): Promise<readonly (readonly [path: string, title: string])[]> {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  const order = [...readme.matchAll(/^\| \[[^\]]*\]\(([\w./-]+\.md)\)/gm)].map(([, path = '']) => path);
  const pages = [...new Set([...order, ...paths.filter((path) => path.endsWith('.md'))])];
  const titled = pages
    .filter((path) => paths.includes(path) && path !== 'README.md')
    .map(async (path) => {
      const { title } = await pageOf(readFileSync(join(root, path), 'utf8'), () => null);
      return [path, title] as const;
    });
  return Promise.all(titled);
}

export async function pages(): Promise<ReadonlyMap<string, string | Buffer>> {
  const made = new Map<string, string | Buffer>();
  const paths = sources(),
    names = await namesOf(paths);
  for (const path of paths) {
    const place = placeOf(path)!,
      file = readFileSync(join(root, path));
    if (!path.endsWith('.md')) {
      made.set(place, file);
      continue;
    }
    const { title, html } = await pageOf(file.toString('utf8'), (target) => linkFrom(path, target));
    made.set(place, frame(place, title, html, names));
  }
  const theme = join(root, 'src/app/theme');
  for (const font of FONTS) made.set(`docs/fonts/${font}`, readFileSync(join(theme, 'fonts', font)));
  const style = ['tokens.css', 'fonts.css'].map((name) => readFileSync(join(theme, name), 'utf8'));
  const own = readFileSync(join(root, 'scripts/docs.css'), 'utf8');
  made.set('docs/docs.css', [...style, own].join('\n'));
  return made;
}

function frame(
  place: string,
  title: string,
  html: string,
  names: readonly (readonly [string, string])[],
): string {
  const item = (to: string, words: string): string =>
    `<li><a href="${between(place, to)}"${to === place ? ' aria-current="page"' : ''}>${escaped(words)}</a></li>`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escaped(title)}${title === 'Folioscope' ? '' : ', Folioscope'}</title>
<link rel="icon" href="${between(place, 'icon.svg')}">
<link rel="stylesheet" href="${between(place, 'docs/docs.css')}">
</head>
<body>
<header><a class="app" href="${between(place, 'index.html')}">Open Folioscope</a></header>
<nav aria-label="Pages"><ul>
${item('docs/index.html', 'Folioscope')}
${names.map(([path, words]) => item(placeOf(path)!, words)).join('\n')}
</ul></nav>
<main>
${html}</main>
</body>
</html>
`;
}

export function docs(): Plugin {
  return {
    name: 'docs',
    // In the one file, and while developing, there are no such pages, and no link to them.
    config: (_, { command }) => ({ define: { __DOCS__: JSON.stringify(command === 'build') } }),
    async generateBundle() {
      for (const [fileName, source] of await pages()) this.emitFile({ type: 'asset', fileName, source });
    },
  };
}
