// The files of this repository, as its tidiness tests see them.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/** Made by tools or by installs. A copy of the repository need not have git, so .gitignore is not asked. */
const madeByTools = new Set([
  '.git',
  'node_modules',
  'dist',
  'dist-cli',
  'dist-single',
  'unpacked',
  'test-results',
  'playwright-report',
  'coverage',
  '.install.lock',
  '.lock',
]);
const binary = /\.(?:woff2|png|ico|jpe?g|webp|gz|zip|pdf)$/;

/** Paths of all text files, relative to the root, with forward slashes. */
export function textFiles(folder = ''): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .filter((entry) => !madeByTools.has(entry.name) && !binary.test(entry.name))
    .flatMap((entry) => {
      const path = folder ? `${folder}/${entry.name}` : entry.name;
      if (entry.isDirectory()) return textFiles(path);
      return entry.isFile() ? [path] : [];
    })
    .sort();
}

export const readText = (path: string): string => readFileSync(join(root, path), 'utf8');

export const isTest = (path: string): boolean => /\.test\.tsx?$/.test(path);
export const isTypeScript = (path: string): boolean => /\.tsx?$/.test(path);

/** Recordings, tables and sample texts are as long as the facts are. */
export const isData = (path: string): boolean => /(?:^|\/)(?:data|fixtures)\/|\.data\.ts$/.test(path);

export const coreFolders = [
  'kernel',
  'invariants',
  'scenario',
  'checker',
  'debugger',
  'evidence',
  'lessons',
  'scene',
  'export',
  'glossary',
] as const;

export const isCore = (path: string): boolean =>
  coreFolders.some((folder) => path.startsWith(`src/${folder}/`)) && !isTest(path);
