// What holds for every file here, as functions from a path and its text to complaints that say what to do.
import { codeOnly } from './code-only.ts';
import { isCore, isData, isTypeScript } from './source-files.ts';

export interface TextRule {
  readonly name: string;
  readonly appliesTo: (path: string) => boolean;
  readonly check: (text: string, path: string) => readonly string[];
}

export const linesMax = 600;
export const linesWarned = 400;
const columnsMax = 110;

const isSource = (path: string): boolean => /\.(?:tsx?|mjs|css)$/.test(path) && !isData(path);

export const lineCount = (text: string): number => text.replace(/\n$/, '').split('\n').length;

/** A complaint per line on which `pattern` is found. */
function perLine(text: string, pattern: RegExp, complaint: string): string[] {
  return text.split('\n').flatMap((line, index) => {
    const found = pattern.exec(line);
    return found ? [`line ${index + 1}, "${found[0].trim()}": ${complaint}`] : [];
  });
}

const noClock = 'the core has no clock, because links must replay forever; let the caller pass the time in';
const noChance = 'the core has no randomness of its own; take a seeded generator as an argument';
const noWaiting = 'the core does not wait; return, and let the caller go on later';
const noNetwork = 'the core reads no network; take the data as an argument';

const forbiddenInCore: readonly (readonly [pattern: RegExp, complaint: string])[] = [
  [/\bnew Date\b|\bDate\s*[.(]/, noClock],
  [/\bperformance\s*\./, noClock],
  [/\bMath\s*\.\s*random\b/, noChance],
  [/(?<![.\w])crypto\s*\./, noChance],
  [/\bset(?:Timeout|Interval|Immediate)\s*\(/, noWaiting],
  [/(?<![.\w])fetch\s*\(/, noNetwork],
];

export const textRules: readonly TextRule[] = [
  {
    name: `a source file has at most ${linesMax} lines`,
    appliesTo: isSource,
    check: (text) => {
      const lines = lineCount(text);
      return lines > linesMax ? [`has ${lines} lines; split it by what its parts are for`] : [];
    },
  },
  {
    name: `a line of TypeScript has at most ${columnsMax} characters`,
    appliesTo: (path) => path.startsWith('src/') && isTypeScript(path) && !isData(path),
    check: (text) => {
      const long = text.split('\n').flatMap((line, index) => (line.length > columnsMax ? [index + 1] : []));
      if (long.length === 0) return [];
      return [
        `too long: ${long.join(', ')}; npm run fix wraps code, comments and strings are wrapped by hand`,
      ];
    },
  },
  {
    name: 'nothing is marked as left to do',
    appliesTo: (path) => isSource(path) || /\.(?:md|html|json)$/.test(path),
    check: (text) =>
      perLine(text, /\b(?:TO[D]O|FIX[M]E)\b/, 'do it, or describe the limit in docs/limits.md'),
  },
  {
    name: 'the core knows no time, no chance and no network',
    appliesTo: (path) => isCore(path) && isTypeScript(path),
    check: (text) => {
      const code = codeOnly(text);
      return forbiddenInCore.flatMap(([pattern, complaint]) => perLine(code, pattern, complaint));
    },
  },
  {
    name: 'no file names a package registry',
    appliesTo: () => true,
    check: (text) =>
      perLine(
        text,
        /registry\.(?:npmjs|yarnpkg|npmmirror)\.|"resolved":\s*"[a-z+]+:|\b(?:artifactory|jfrog)\./i,
        'the lockfile and .npmrc hold no hosts; keep omit-lockfile-registry-resolved=true and install again',
      ),
  },
  {
    name: "no file names one machine's folders",
    appliesTo: () => true,
    check: (text) =>
      perLine(text, /(?<![\w.~@)-])\/(?:work|root|home)\/[\w.-]+/, 'write a path relative to the repository'),
  },
  {
    name: 'a file is named after what it exports',
    appliesTo: isSource,
    check: (_, path) =>
      /(?:^|\/)(?:utils?|helpers?|types|misc|common)\.\w+$/.test(path)
        ? ['says nothing about its content; name it after the thing it exports']
        : [],
  },
];

/** All complaints of one rule, one line each. */
export function complaints(rule: TextRule, files: Iterable<readonly [path: string, text: string]>): string[] {
  const result: string[] = [];
  for (const [path, text] of files) {
    if (rule.appliesTo(path))
      result.push(...rule.check(text, path).map((complaint) => `${path}: ${complaint}`));
  }
  return result;
}
