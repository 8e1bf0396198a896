/**
 * All recordings at a glance: each experiment on each kernel, by what it is about. What the command and the
 * page show of the evidence; made of judgements, without a rule of its own.
 */
import type { Contradiction, Evidence } from './judge.ts';
import type { Recording } from './recording.ts';

/** By the first word of an experiment's name. */
const FAMILIES: readonly (readonly [family: string, words: readonly string[]])[] = [
  ['fork and copy-on-write', ['fork', 'anon']],
  ['references by vmsplice', ['vmsplice']],
  ['short pins', ['hold']],
  ['direct I/O', ['dio']],
  ['io_uring buffers', ['uring']],
  ['long-term pins for reading', ['gup']],
  ['other processes, forced writes', ['poke', 'ptrace', 'pvm']],
  ['files and shared memory', ['pfile', 'memfd', 'shanon']],
  ['mprotect', ['mprotect']],
  ['userfaultfd', ['uffdwp', 'uffdmiss']],
  [
    'madvise, mlock, mremap',
    ['dontneed', 'dontfork', 'wipeonfork', 'popwrite', 'mlock', 'mremap', 'clearrefs'],
  ],
  ['swap and lazily freed pages', ['swap', 'free']],
  ['KSM', ['ksm']],
  ['migration', ['migrate']],
  ['transparent huge pages', ['thp']],
  ['64 kB folios', ['mthp']],
  ['pages of a pool (hugetlb)', ['hugetlb']],
];
const RANDOM = 'random scripts';
export function familyOf(name: string): string {
  const [first = ''] = name.split('-');
  if (first === 'random') return `${RANDOM}: ${/[a-z]+$/.exec(name)?.[0] ?? ''}`;
  return FAMILIES.find(([, words]) => words.includes(first))?.[0] ?? 'others';
}

/** Confirmed; contradicted at frames, or at values; not modelled; not run there. */
export type Sign = 'c' | 'f' | 'v' | 'n' | '-';
export interface OverviewExperiment {
  readonly name: string;
  readonly family: string;
  /** A head with its name, then its operations, one a line. */
  readonly text: string;
  /** A sign for each kernel. */
  readonly signs: string;
}
export interface Count {
  readonly confirmed: number;
  readonly contradicted: number;
  readonly notModelled: number;
  /** `12`; `11 of 12` where some are not confirmed; `` where none was run. */
  readonly text: string;
}
export interface Family {
  readonly name: string;
  /** On each kernel. */
  readonly counts: readonly Count[];
}
export interface Overview {
  readonly kernels: readonly { readonly kernel: string; readonly model: string | null }[];
  /** In the order of the experiments. */
  readonly families: readonly Family[];
  readonly experiments: readonly OverviewExperiment[];
  readonly contradictions: readonly (Contradiction & { readonly kernel: string })[];
}

interface Judged {
  readonly recording: Recording;
  readonly evidence: Evidence;
}
/** Recordings of one kernel are one column. */
export function overviewOf(judged: readonly Judged[]): Overview {
  const kernels = [...new Set(judged.map((j) => j.evidence.kernel))].toSorted((a, b) =>
    a.localeCompare(b, 'en', { numeric: true }),
  );
  const found = new Map<string, { text: string; signs: Sign[] }>();
  for (const { recording, evidence } of judged) {
    const column = kernels.indexOf(evidence.kernel),
      missing = new Set(evidence.notModelled.map((n) => n.name)),
      wrong = new Map(evidence.contradicted.map((c) => [c.name, c.level === 'values' ? 'v' : 'f'] as const));
    for (const { name, skip, steps } of recording.experiments) {
      const text = [`@${name}`, ...steps.map((s) => s.op), ''].join('\n');
      const one = found.get(name) ?? { text, signs: kernels.map((): Sign => '-') };
      // A kernel that skips an experiment stops somewhere in the middle of it.
      if (text.length > one.text.length) one.text = text;
      if (skip === undefined) one.signs[column] = missing.has(name) ? 'n' : (wrong.get(name) ?? 'c');
      found.set(name, one);
    }
  }
  const order = [...FAMILIES.map(([family]) => family), 'others'];
  const rank = (family: string): number => (family.startsWith(RANDOM) ? order.length : order.indexOf(family));
  const experiments = [...found]
    .map(([name, { text, signs }]) => ({ name, family: familyOf(name), text, signs: signs.join('') }))
    .toSorted((a, b) => rank(a.family) - rank(b.family) || a.family.localeCompare(b.family));
  const families = [...new Set(experiments.map((e) => e.family))];
  return {
    kernels: kernels.map((kernel) => ({
      kernel,
      model: judged.find((j) => j.evidence.kernel === kernel)!.evidence.model,
    })),
    families: families.map((name) => {
      const own = experiments.filter((e) => e.family === name);
      return { name, counts: kernels.map((_, i) => countOf(own.map((e) => e.signs[i]!))) };
    }),
    experiments,
    contradictions: judged.flatMap(({ evidence }) =>
      evidence.contradicted.map((c) => ({ ...c, kernel: evidence.kernel })),
    ),
  };
}

export function countOf(signs: readonly string[]): Count {
  const n = (wanted: string): number => signs.filter((s) => wanted.includes(s)).length;
  const [confirmed, contradicted, notModelled] = [n('c'), n('fv'), n('n')],
    all = confirmed + contradicted + notModelled;
  const text = all === 0 ? '' : confirmed === all ? String(all) : `${confirmed} of ${all}`;
  return { confirmed, contradicted, notModelled, text };
}
