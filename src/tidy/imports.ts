// Which file imports which. Our own scanner, because tools for this need the API that TypeScript 7 lacks.
import { posix } from 'node:path';

export interface Import {
  /** A path from the root (`src/kernel/world.ts`), or what was written if it is no relative path. */
  readonly target: string;
  /** `import type` and `export type` vanish when the code is built. */
  readonly typeOnly: boolean;
  readonly line: number;
}

const comments = /\/\*[\s\S]*?\*\/|(?<![:'"`])\/\/[^\n]*/g;
const statement = /(?:^|;)[ \t]*(?:import|export)\s+(type\s+)?(?:[^'";]*?\bfrom\s*)?['"]([^'"]+)['"]/gm;
const call = /\bimport\(\s*['"]([^'"]+)['"]/g;
const workerFile = /new\s+URL\(\s*['"](\.[^'"]+\.tsx?)['"]\s*,\s*import\.meta\.url/g;

export function importsOf(path: string, source: string): Import[] {
  const code = source.replace(comments, (text) => text.replace(/[^\n]/g, ' '));
  const found: Import[] = [];
  const add = (specifier: string, typeOnly: boolean, at: number): void => {
    const line = code.slice(0, at).split('\n').length;
    found.push({ target: resolve(path, specifier), typeOnly, line });
  };
  for (const match of code.matchAll(statement)) add(match[2] ?? '', match[1] !== undefined, match.index);
  for (const match of code.matchAll(call)) add(match[1] ?? '', false, match.index);
  return found;
}

/** Files that are named to be loaded elsewhere (a worker): a use, but no import. */
export function workersOf(path: string, source: string): string[] {
  return [...source.matchAll(workerFile)].map((match) => resolve(path, match[1] ?? ''));
}

function resolve(path: string, specifier: string): string {
  if (!specifier.startsWith('.')) return specifier;
  return posix.join(posix.dirname(path), specifier.replace(/\?.*$/, ''));
}

export type Graph = ReadonlyMap<string, readonly Import[]>;

export function graphOf(files: Iterable<readonly [path: string, source: string]>): Graph {
  return new Map([...files].map(([path, source]) => [path, importsOf(path, source)]));
}

/** One line per cycle, from its first file in the alphabet round to itself. */
export function cyclesOf(graph: Graph): string[] {
  const cycles = new Set<string>();
  const finished = new Set<string>();
  const trail: string[] = [];
  const visit = (path: string): void => {
    const start = trail.indexOf(path);
    if (start >= 0) cycles.add(asLine(trail.slice(start)));
    if (start >= 0 || finished.has(path)) return;
    trail.push(path);
    for (const { target } of graph.get(path) ?? []) visit(target);
    trail.pop();
    finished.add(path);
  };
  for (const path of graph.keys()) visit(path);
  return [...cycles].sort();
}

function asLine(cycle: readonly string[]): string {
  const first = cycle.indexOf([...cycle].sort()[0] ?? '');
  const round = [...cycle.slice(first), ...cycle.slice(0, first)];
  return [...round, round[0]].join(' > ');
}
