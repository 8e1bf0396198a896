// Who may import whom. The table is the rule; tests are free of it, because nothing imports a test.
import type { Graph, Import } from './imports.ts';
import { coreFolders, isTest } from './source-files.ts';

interface Layer {
  /** What it may import, besides itself. */
  readonly uses: readonly string[];
  /** What it may import with `import type`, besides `uses`. */
  readonly types?: readonly string[];
  readonly instead: string;
}

/** Everything that is pure; `worker` and `cli` put it to work. */
const pure = ['kernel', 'invariants', 'scenario', 'checker', 'debugger', 'evidence', 'lessons', 'scene'];
const core = [...pure, 'export'];
const door = ['worker/client', 'worker/protocol', 'worker/deflate', 'export/gif', 'export/qr'];

export const layers: Readonly<Record<string, Layer>> = {
  kernel: { uses: [], instead: 'move what it needs into src/kernel, or let the caller pass it in' },
  invariants: { uses: ['kernel'], instead: 'an invariant reads a world and nothing else' },
  scenario: { uses: ['kernel'], instead: 'let the caller of the scenario bring both together' },
  checker: {
    uses: ['kernel', 'invariants', 'scenario'],
    instead: 'return a schedule; the caller hands it to the debugger',
  },
  debugger: {
    uses: ['kernel', 'invariants', 'scenario'],
    instead: 'take the schedule as a value; only the caller knows who found it',
  },
  evidence: { uses: ['kernel', 'scenario', 'debugger'], instead: 'replay through the debugger' },
  lessons: {
    uses: ['kernel', 'invariants', 'scenario', 'checker', 'debugger'],
    instead: 'a lesson is data: name the model, the stop and the claim',
  },
  scene: {
    uses: ['kernel', 'scenario', 'debugger'],
    instead: 'a scene is computed from a world; pass further facts in as values',
  },
  export: {
    uses: ['kernel', 'invariants', 'scenario', 'debugger', 'evidence', 'lessons', 'scene', 'export/qr'],
    instead: 'an export is text made from a run; files and sources of the recorder come in as values',
  },
  'export/qr': {
    uses: ['scenario'],
    instead: 'it turns a text into squares and knows nothing else; pass the rest in',
  },
  'export/gif': { uses: [], instead: 'it packs pixels and knows nothing else; pass the rest in' },
  'worker/protocol': {
    uses: [],
    types: ['worker', ...core],
    instead: 'the protocol is types and a version; use `import type`, and put code into the host',
  },
  'worker/client': {
    uses: ['worker', 'worker/protocol'],
    types: core,
    instead: 'the page must not load the core; use `import type`, and ask the host by a message',
  },
  'worker/deflate': {
    uses: [],
    types: ['scenario'],
    instead: 'it compresses bytes and knows nothing else; pass the rest in',
  },
  worker: { uses: [...core, ...door], instead: 'the worker knows no page and no terminal' },
  cli: { uses: [...core, 'worker', ...door], instead: 'print what the engine returns' },
  glossary: { uses: [], instead: 'it reads and finds words; what they are about comes in as text' },
  offline: { uses: [], instead: 'it keeps files and knows nothing of what is in them' },
  app: {
    uses: [...door, 'glossary', 'offline', 'scene', 'lessons', 'scenario'],
    types: ['worker', 'debugger', 'kernel'],
    instead: 'ask the Engine of worker/protocol.ts; a type may come by `import type`',
  },
  tidy: { uses: [], instead: 'read files as text' },
};

/** Named apart from their folder, because another rule holds for them. */
const apart = [...door, 'kernel/models'];

function layerOf(path: string): string {
  const inner = path.replace(/^src\//, '').replace(/\.tsx?$/, '');
  return apart.find((name) => inner === name || inner.startsWith(`${name}/`)) ?? inner.split('/')[0] ?? '';
}

/** Files that run in the page when it talks to its worker; they must not bring the core along. */
export function pageSideOfWorker(graph: Graph): string[] {
  return loadedBy(graph, ['src/worker/client.ts', 'src/worker/protocol.ts']);
}

/** All files that are there at run time once `entries` are. */
function loadedBy(graph: Graph, entries: readonly string[]): string[] {
  const loaded = new Set(entries);
  for (const path of loaded) {
    for (const { target, typeOnly } of graph.get(path) ?? []) if (!typeOnly) loaded.add(target);
  }
  return [...loaded].sort();
}

/** `kernel/models` belongs to `kernel` for everybody but the app, which never names a model. */
const ownerOf = (layer: string): string => (layer === 'kernel/models' ? 'kernel' : layer);

export function violations(graph: Graph): string[] {
  return [...graph].flatMap(([path, imports]) =>
    isTest(path) ? [] : imports.flatMap((found) => judge(path, found) ?? []),
  );
}

function judge(path: string, { target, typeOnly, line }: Import): string | null {
  const from = ownerOf(layerOf(path));
  const layer = layers[from];
  const where = `${path}:${line} imports ${target}`;
  if (!layer)
    return `${where}: src/${from} has no line in src/tidy/layers.ts; add one that says what it may use`;
  if (!target.startsWith('src/')) return judgeOutside(from, where, target);
  if (!/\.tsx?$/.test(target)) return null;

  const to = layerOf(target);
  if (from === 'app' && to === 'kernel/models')
    return `${where}: the app never names a model; ${layer.instead}`;
  const owner = ownerOf(to);
  if (owner === from || layer.uses.includes(owner)) return null;
  if (typeOnly && layer.types?.includes(owner)) return null;
  const allowed = layer.uses.length ? `only itself and ${layer.uses.join(', ')}` : 'only itself';
  const types = layer.types ? `, and types of ${layer.types.join(', ')}` : '';
  return `${where}: ${from} may import ${allowed}${types}. Instead: ${layer.instead}`;
}

function judgeOutside(from: string, where: string, target: string): string | null {
  if (isTest(target)) return `${where}: nothing imports a test; move what both need into a file of its own`;
  if (target.startsWith('..')) return `${where}: leaves the repository`;
  // A relative path was resolved, so what still has a known suffix is a file of ours outside src.
  if (/\.(?:ts|tsx|mjs)$/.test(target))
    return `${where}: src uses nothing outside src; move the file into it`;
  if (/\.(?:json|txt|md|litmus|css|svg)$/.test(target)) return null;
  if (coreFolders.some((folder) => folder === from) || from.startsWith('worker')) {
    return `${where}: the core has no dependencies and no Node; write the few lines, or pass the result in`;
  }
  return null;
}
