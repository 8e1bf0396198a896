/** Runs SPIN: from a Promela model to what its verifier counts. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const runs = (command: string, ...args: readonly string[]): boolean =>
  spawnSync(command, args, { stdio: 'ignore' }).status === 0;

/** Makes sure that spin and a C compiler are there. Returns null, or why they cannot be. */
export function findTools(): string | null {
  if (!runs('gcc', '--version')) return 'there is no gcc';
  if (runs('spin', '-V')) return null;
  if (!runs('apt-get', '--version')) return 'there is no spin, and no apt-get to install it with';
  const install = ['apt-get', 'install', '-y', 'spin'];
  const [command = '', ...args] = process.getuid?.() === 0 ? install : ['sudo', '-n', ...install];
  console.log(`spin is missing: ${command} ${args.join(' ')}`);
  if (runs(command, ...args) && runs('spin', '-V')) return null;
  return 'there is no spin, and its Debian package could not be installed';
}

export interface Counts {
  /** As SPIN prints them: one state and two transitions more than the model has, for `init`. */
  readonly states: number;
  readonly edges: number;
  /** Of a stored state, with SPIN's own overhead. */
  readonly bytes: number;
  /** CPU time of the verifier. */
  readonly ms: number;
}
export interface Model {
  /** Depth first, all of it. `ignores`: goes on behind assertions that fail. */
  readonly count: (ignores: boolean) => Counts;
  /** Breadth first: steps of a shortest run that violates an assertion, null if there is none. */
  readonly shortest: () => number | null;
  readonly dispose: () => void;
}

const number = (pattern: RegExp, text: string): number => {
  const found = pattern.exec(text);
  if (found === null) throw new Error(`SPIN printed no ${pattern.source}:\n${text}`);
  return Number(found[1]);
};

/** Generates and compiles both verifiers of a model, outside the repository. */
export function spin(folder: string, file: string, defines: readonly string[], large: boolean): Model {
  const at = mkdtempSync(join(tmpdir(), 'folioscope-spin-'));
  const compile = (program: string, more: readonly string[], flags: readonly string[]): void => {
    // -o2: SPIN must not forget variables that nobody reads again; they tell states apart in ours, too.
    const own = [...defines, ...more].map((d) => `-D${d}`);
    execFileSync('spin', ['-o2', ...own, '-a', join(folder, file)], { cwd: at });
    // Counting does not need a fast verifier; measuring does.
    execFileSync(
      'gcc',
      [large ? '-O2' : '-O0', '-w', '-DSAFETY', '-DNOREDUCE', ...flags, '-o', program, 'pan.c'],
      {
        cwd: at,
      },
    );
  };
  const run = (program: string, flags: readonly string[]): { out: string; ms: number } => {
    // -E: threads that are done stand still, which is no error here. -n: no list of unreached lines.
    const line = [`./${program}`, '-E', '-n', '-m100000', large ? '-w24' : '-w18', ...flags].join(' ');
    const out = execFileSync('sh', ['-c', `${line}; times`], { cwd: at, encoding: 'utf8' });
    const last = /(\d+)m([\d.]+)s \d+m[\d.]+s\s*$/.exec(out);
    if (last === null) throw new Error(`times printed nothing:\n${out}`);
    return { out, ms: Math.max(10, (Number(last[1]) * 60 + Number(last[2])) * 1000) };
  };
  compile('dfs', [], []);
  compile('bfs', ['BFSOK'], ['-DBFS']);
  return {
    count: (ignores) => {
      const { out, ms } = run('dfs', ignores ? ['-A'] : []);
      if (!/errors: 0/.test(out))
        throw new Error(`SPIN found an error that its search by breadth did not:\n${out}`);
      const stored = /as stored = (\d+) byte \+ (\d+) byte overhead/.exec(out);
      return {
        states: number(/(\d+) states, stored/, out),
        edges: number(/(\d+) transitions/, out),
        bytes: stored === null ? 0 : Number(stored[1]) + Number(stored[2]),
        ms,
      };
    },
    shortest: () => {
      const { out } = run('bfs', []);
      if (/errors: 0/.test(out)) return null;
      const trail = readdirSync(at).find((name) => name.endsWith('.trail'));
      if (trail === undefined) throw new Error(`SPIN left no trail:\n${out}`);
      // Each line: step, process, transition. Process 0 is init.
      return readFileSync(join(at, trail), 'utf8')
        .split('\n')
        .map((line) => line.split(':').map(Number))
        .filter(([step = 0, process = 0]) => step > 0 && process > 0).length;
    },
    dispose: () => rmSync(at, { recursive: true, force: true }),
  };
}
