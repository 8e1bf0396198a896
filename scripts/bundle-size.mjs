// The gate on what a visitor downloads. Read from disk, so it judges what is shipped and not what a tool
// reports.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { extname, join } from 'node:path';
import { gzipSync } from 'node:zlib';

const dist = 'dist';
const single = 'dist/folioscope.html';
const kB = 1024;
// The worker brings every kernel and proposal with the sentences of their steps, for all kinds of memory, and
// the checker: more than the 60 kB that were hoped for. The picture waits for it, the first screen does not.
// The single file holds all of it: editor (115 kB), exports with the recorder's sources, evidence, the course,
// the glossary.
const budgets = { 'first load': 130 * kB, worker: 176 * kB, fonts: 90 * kB, 'single file': 740 * kB };

const assets = join(dist, 'assets');
const names = readdirSync(assets);
const gz = (path) => gzipSync(readFileSync(path), { level: 9 }).length;
const sizeOf = (name) => gz(join(assets, name));

/** The page's own script and everything it needs before it runs: vite lists both in the page. */
function firstLoad() {
  const page = readFileSync(join(dist, 'index.html'), 'utf8');
  const linked = page.matchAll(/(?:src|href)="\.\/assets\/([^"]+\.js)"/g);
  return closure([...linked].map(([, name]) => name));
}

/** Lessons come one by one, each in a file of its own that is small enough to wait for on a train. */
const lessonMost = 12 * kB;
const lessons = readdirSync('src/lessons/course')
  .filter((file) => file !== 'index.ts')
  .map((file) => file.replace(/\.ts$/, ''));
const chunkOf = (id) => names.find((name) => new RegExp(`^${id}-[\\w-]{8}\\.js$`).test(name));

/** Files that are loaded at once when these are. */
function closure(queue) {
  const found = new Set();
  for (let name = queue.pop(); name; name = queue.pop()) {
    if (found.has(name)) continue;
    found.add(name);
    queue.push(...staticImports(name));
  }
  return found;
}

/** What one built file imports at once; `import(` is lazy and does not count. */
function staticImports(name) {
  const code = readFileSync(join(assets, name), 'utf8');
  const statements = code.matchAll(
    /(?:^|[;\n}])(?:import|export)(?:[^"'()]*?from)?\s*["']\.\/([^"']+\.js)["']/g,
  );
  return [...statements].map(([, imported]) => imported);
}

/** The worker, and what it needs before it runs; parts that it fetches for an export come later. */
const worker = closure(names.filter((name) => /^worker-.*\.js$/.test(name)));

function kindOf(name, first) {
  if (worker.has(name)) return 'worker';
  if (first.has(name)) return 'first load';
  if (extname(name) === '.js') return 'lazy';
  if (extname(name) === '.woff2') return 'fonts';
  return extname(name) === '.css' ? 'css' : 'other';
}

if (!existsSync(join(dist, 'index.html'))) {
  console.log('size: there is no dist/index.html; run npm run build first');
  process.exit(1);
}
const first = firstLoad();
const order = ['first load', 'worker', 'fonts', 'css', 'lazy', 'other'];
const rows = names
  .filter((name) => !name.endsWith('.map'))
  .map((name) => ({ name, kind: kindOf(name, first), size: sizeOf(name) }))
  .sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind) || b.size - a.size);
if (existsSync(single)) rows.push({ name: single, kind: 'single file', size: gz(single) });

const totals = {};
const show = (size) => `${(size / kB).toFixed(1).padStart(7)} kB gz`;
for (const { name, kind, size } of rows) {
  totals[kind] = (totals[kind] ?? 0) + size;
  console.log(`${kind.padEnd(12)} ${show(size)}  ${name}`);
}

let over = first.size === 0;
if (over) console.log('size: the page loads no script, so nothing was measured');
console.log('');
for (const [kind, budget] of Object.entries(budgets)) {
  const size = totals[kind] ?? 0;
  const verdict = size > budget ? 'OVER BUDGET' : 'ok';
  if (size > budget) over = true;
  console.log(`${kind.padEnd(12)} ${show(size)}  of ${budget / kB} kB: ${verdict}`);
}
for (const id of lessons) {
  const chunk = chunkOf(id);
  if (chunk !== undefined && !first.has(chunk) && sizeOf(chunk) <= lessonMost) continue;
  over = true;
  console.log(
    `lesson       ${id}: ${chunk ? `${show(sizeOf(chunk))}, or not lazy` : 'has no file of its own'}`,
  );
}
process.exit(over ? 1 : 0);
