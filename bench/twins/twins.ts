/**
 * The twins: a scenario on a model, as a machine of the product and as a Promela model written by hand.
 * What SPIN counted stands in `counts.json`, which `npm run bench:spin -- --record` writes.
 */
import { planOf } from '../../src/checker/plan-of.ts';
import type { Invariant } from '../../src/invariants/invariant.ts';
import { boot } from '../../src/kernel/machine.ts';
import type { Machine } from '../../src/kernel/machine.ts';
import { modelById } from '../../src/kernel/models/index.ts';
import { gallery } from '../../src/scenario/gallery/index.ts';
import { PROTECTS, READS, SPLICES, UNMAPS, UNPROTECTS, WRITES } from '../toy/mm.ts';
import { bootToy, nothingBreaks, toy } from '../toy/toy.ts';
import type { ToyConfig } from '../toy/toy.ts';

export interface Twin {
  /** Key in counts.json. */
  readonly id: string;
  /** File beside this one, and what is defined for it. */
  readonly promela: string;
  readonly defines: readonly string[];
  /** `judged` false: what goes wrong leaves no trace in the world, so that the whole graph can be counted. */
  readonly boot: (judged: boolean) => Machine;
  /** What is looked for; absent: every invariant and the questions of the scenario. */
  readonly invariants?: readonly Invariant[];
  /** `small`: part of `npm test`. `large`: measured. */
  readonly size: 'small' | 'middle' | 'large';
}

/** What SPIN found, without its `init`. `steps`: of a shortest run that violates, null if none does. */
export interface Counted {
  readonly states: number;
  readonly edges: number;
  readonly steps: number | null;
}

// ---- the product's own tables: kernel.pml ----

const flags = (...on: readonly string[]): string[] =>
  ['RECHECK', 'BREAKCOW', 'PINNED', 'SEQ', 'FLUSHPENDING', 'WPWRITE', 'WPLOCKED'].map(
    (f) => `${f}=${on.includes(f) ? 1 : 0}`,
  );
/** The rule sets, in the words of kernel.pml: written down here, not asked of the models. */
const kernels: Readonly<Record<string, readonly string[]>> = {
  'v4.8': ['RULE=1', ...flags()],
  'v5.7': ['RULE=1', ...flags('RECHECK')],
  'v5.8': ['RULE=1', ...flags('RECHECK', 'BREAKCOW')],
  'v5.9': ['RULE=2', ...flags('RECHECK', 'PINNED')],
  'v5.11': ['RULE=2', ...flags('RECHECK', 'PINNED', 'SEQ')],
  'v5.12': ['RULE=2', ...flags('RECHECK', 'PINNED', 'SEQ', 'FLUSHPENDING')],
  'v5.19': ['RULE=4', ...flags('RECHECK', 'SEQ', 'FLUSHPENDING')],
  'uffdwp-mmap-write': ['RULE=2', ...flags('RECHECK', 'PINNED', 'SEQ', 'WPWRITE')],
  'uffdwp-flush-under-ptl': ['RULE=2', ...flags('RECHECK', 'PINNED', 'SEQ', 'WPLOCKED')],
};

/** Four threads, for the measurements: more orders than a scenario of the gallery has. */
const crowd = `
process parent
region a anon 1 page
parent: store a.0 "old"
parent: fork child
parallel
  parent: store a.0 "one"
  parent: load a.0 -> mine
  child: store a.0 "three"
  child: load a.0 -> its
  parent/2: store a.0 "two"
  child/2: vmsplice a.0 -> p
  child/2: munmap a
end
child: read p -> got
`;

function textOf(scenario: string): string {
  if (scenario === 'crowd') return crowd;
  const found = gallery.find(({ id }) => id === scenario);
  if (found === undefined) throw new RangeError(`no scenario is called ${scenario}`);
  return found.text;
}
const onKernels = (scenario: string, models: readonly string[], size: Twin['size'] = 'small'): Twin[] =>
  models.map((model) => ({
    id: `${scenario} ${model}`,
    promela: `${scenario}.pml`,
    defines: kernels[model]!,
    boot: () => boot(planOf(textOf(scenario)), modelById(model)!),
    size,
  }));

// ---- the reduced model: cow.pml ----

const VARIANTS = ['mapcount', 'refcount', 'exclusive', 'gup-breaks-cow'];
function toyTwin(name: string, changes: Partial<ToyConfig>, size: Twin['size']): Twin {
  const c = { ...toy, ...changes };
  return {
    id: `toy, ${name}, ${c.rule}`,
    promela: 'cow.pml',
    defines: [
      `VARIANT=${VARIANTS.indexOf(c.rule) + 1}`,
      `DEFER=${c.flush === 'deferred' ? 1 : 0}`,
      `INITC=${c.start === 'spliced' ? 1 : 0}`,
      `NT=${c.masks.length}`,
      `NPAR=${c.parents}`,
      `NV=${c.pages}`,
      `NF=${c.folios}`,
      `K=${c.ops}`,
      ...c.masks.map((mask, t) => `M${t}=${mask}`),
    ],
    boot: (judged) => bootToy({ ...c, judged }),
    invariants: [nothingBreaks],
    size,
  };
}
const any = WRITES | SPLICES | UNMAPS | READS;
const monitored: Partial<ToyConfig> = {
  masks: [WRITES | UNPROTECTS, WRITES, PROTECTS],
  parents: 3,
  start: 'spliced',
};
const each = <T>(list: readonly T[], make: (item: T) => Twin): Twin[] => list.map(make);
const rules = ['mapcount', 'refcount', 'exclusive', 'gup-breaks-cow'] as const;

export const twins: readonly Twin[] = [
  ...onKernels('vmsplice-leak', ['v5.7', 'v5.9', 'v5.19']),
  ...onKernels('leak-any-order', ['v4.8', 'v5.7', 'v5.8', 'v5.9', 'v5.11', 'v5.19']),
  ...onKernels('two-writers', ['v5.7', 'v5.9', 'v5.19']),
  ...onKernels('uffd-lost-write', [
    'v5.7',
    'v5.9',
    'v5.12',
    'v5.19',
    'uffdwp-mmap-write',
    'uffdwp-flush-under-ptl',
  ]),
  ...onKernels('crowd', ['v5.7', 'v5.9', 'v5.19'], 'large'),
  ...each(rules, (rule) => toyTwin('3 threads, 1 page, 1 op', { rule, ops: 1 }, 'small')),
  ...each(['refcount', 'mapcount', 'exclusive'] as const, (rule) =>
    toyTwin('uffd, early flush', { ...monitored, rule }, 'small'),
  ),
  toyTwin('uffd, late flush', { ...monitored, rule: 'refcount', flush: 'deferred' }, 'small'),
  ...each(rules, (rule) => toyTwin('3 threads, 1 page, 2 ops', { rule }, 'middle')),
  ...each(rules, (rule) => toyTwin('3 threads, 2 pages, 1 op', { rule, pages: 2, ops: 1 }, 'middle')),
  ...each(rules, (rule) => toyTwin('3 threads, 1 page, 3 ops', { rule, ops: 3 }, 'middle')),
  ...each(['mapcount', 'exclusive'] as const, (rule) =>
    toyTwin('3 threads, 2 pages, 2 ops', { rule, pages: 2 }, 'large'),
  ),
  toyTwin('4 threads, 1 page, 2 ops', { masks: [WRITES, WRITES, WRITES, any], parents: 3 }, 'large'),
];
