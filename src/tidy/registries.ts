// One kind of thing, one file, one line in its folder's index. Without the line the file would not exist.
import { posix } from 'node:path';
import type { Graph } from './imports.ts';
import { isTest } from './source-files.ts';

export const registryFolders = [
  'src/kernel/models',
  'src/kernel/syscalls',
  'src/invariants',
  'src/lessons/course',
];

/** A file that its siblings import is a part they share; one that begins with _ is there to be copied. */
export function unregistered(folder: string, graph: Graph): string[] {
  const inFolder = (path: string): boolean => posix.dirname(path) === folder;
  const files = [...graph.keys()].filter((path) => inFolder(path) && !isTest(path));
  if (files.length === 0) return [];
  const index = `${folder}/index.ts`;
  if (!graph.has(index)) return [`${folder} has no index.ts; write the registry that lists its files`];
  const used = new Set(files.flatMap((path) => graph.get(path) ?? []).map(({ target }) => target));
  return files
    .filter((path) => path !== index && !used.has(path) && !posix.basename(path).startsWith('_'))
    .map((path) => `${path} is not registered; import it in ${index} and add its line, or delete it`);
}

/** Files that no program, test or worker can reach. */
export function deadFiles(graph: Graph, entries: readonly string[], workers: readonly string[]): string[] {
  const reached = new Set([...entries, ...workers]);
  for (const path of graph.keys()) if (isTest(path) || !path.startsWith('src/')) reached.add(path);
  for (const path of reached) for (const { target } of graph.get(path) ?? []) reached.add(target);
  return [...graph.keys()].filter((path) => !reached.has(path)).sort();
}
