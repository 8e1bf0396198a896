// Step tables show the rows that a model has, and no others. What it does not have is not in its program, so
// that going there throws: every other test would notice a row that is declared away by mistake. Here, that
// none is declared to be there that no run ever comes to.
import { describe, expect, test } from 'vitest';
import type { Invariant } from '../invariants/index.ts';
import { pcOf } from '../kernel/engine.ts';
import { boot } from '../kernel/machine.ts';
import { models } from '../kernel/models/index.ts';
import type { Plan } from '../kernel/plan.ts';
import type { Model } from '../kernel/rules.ts';
import { now } from '../kernel/world.ts';
import { gallery } from '../scenario/gallery/index.ts';
import { check } from './check.ts';
import { planOf } from './plan-of.ts';

const W = 'parent: store a.0 "old"';
const scripts: readonly (readonly string[])[] = [
  [
    W,
    'parent: fork child',
    'parallel',
    'parent: pin a.0 read as o',
    'parent/2: pin a.0 read fast as h',
    'child: exit',
    'end',
  ],
  [W, 'parallel', 'parent: fork child', 'parent/2: pin a.0 write fast as h', 'end'],
  [
    W,
    'parallel',
    'parent: clear_refs',
    'parent/2: store a.0 "x"',
    'end',
    'parent: pin a.0 write as h',
    'parent: clear_refs',
  ],
  [
    W,
    'parent: uffd_register a wp',
    'parent: fork child',
    'parallel',
    'parent/2: uffd_writeprotect a.0 off',
    'parent: store a.0 "x"',
    'end',
  ],
  [
    W,
    'parent: pin a.0 write as h',
    'parent: uffd_register a wp',
    'parent: uffd_writeprotect a.0 on',
    'parent: mprotect a ro',
  ],
  ['parent: uffd_register a missing', 'parallel', 'parent: load a.0', 'parent/2: uffd_copy a.0 "s"', 'end'],
  ['parent: uffd_continue a.0', 'parent: uffd_register a missing', 'parent: uffd_continue a.0'],
  ['parallel', 'parent: uffd_continue a.0', 'parent/2: mprotect a ro', 'end'],
  [
    W,
    'parent: mremap a',
    'parent: mlock a',
    'parent: munlock a',
    'parent: madvise a cold',
    'parent: munmap a',
  ],
  [
    'parent: mmap b anon 1',
    'parent: munmap b',
    'parent: madvise b populate_write',
    'parent: madvise a populate_write',
  ],
  [
    'parent: mprotect a ro',
    'parent: madvise a populate_write',
    'parent: numa_hint a',
    'parent: madvise a dontfork',
  ],
  ['lru batched', W, 'parent: get a.0 read as g', 'parent: madvise a cold', 'parent: madvise a cold'],
  [W, 'parent: pin a.0 write as h', 'parallel', 'parent: fork child', '-: unpin h', 'end'],
  [W, 'parent: reclaim a.0', 'parent: mlock a', 'parent: madvise a pageout', 'parent: madvise a free'],
  [W, 'parallel', 'parent: reclaim a.0', 'parent/2: pin a.0 write fast as h', 'end'],
  [W, 'parent: madvise a pageout', 'parallel', 'parent: load a.0', 'parent/2: madvise a dontneed', 'end'],
  [W, 'parent: pin a.0 read as h', 'parent: madvise a pageout', 'parent: madvise a free'],
  // A pinned huge page at fork, with one more in the pool, and with none.
  ...[2, 1].map((n) => [
    'region h huge 1 page',
    `hugepages ${n}`,
    W,
    'parent: store h.0 "old"',
    'parent: pin h.0 write as p',
    'parent: fork child',
  ]),
  [
    'region h huge 1 page',
    'parent: store h.0 "old"',
    'parent: fork child',
    'parallel',
    'parent: store h.0 "x"',
    'parent/2: madvise h dontneed',
    'end',
  ],
];
const hugeScripts: readonly (readonly string[])[] = [
  [W, 'parent: fork child', 'parallel', 'parent: store a.0 "x"', 'parent/2: store a.1 "y"', 'end'],
  [W, 'parent: fork child', 'parallel', 'parent: store a.0 "x"', 'child: madvise a.0 dontneed', 'end'],
  [W, 'parent: fork child', 'parallel', 'parent: store a.0 "x"', 'child: store a.0 "y"', 'end'],
  [
    W,
    'parent: fork child',
    'parallel',
    'parent: mprotect a.0 ro',
    'child: store a.0 "x"',
    'end',
    'parent: madvise a dontneed',
  ],
  [
    W,
    'parent: uffd_register a wp',
    'parent: uffd_writeprotect a on',
    'parallel',
    'parent: store a.0 "x"',
    'parent/2: uffd_wait a',
    'parent/2: uffd_writeprotect a off',
    'end',
  ],
  ['parent: load a.0', 'parallel', 'parent: store a.0 "x"', 'parent/2: store a.1 "y"', 'end'],
  [W, 'parent: uffd_register a wp', 'parent: uffd_writeprotect a.0 on', 'parent: fork child'],
  [W, 'parent: fork child', 'child: munmap a.1 511', 'child: exit', 'parent: store a.0 "x"'],
  [
    W,
    'parent: fork child',
    'child: munmap a.1 511',
    'child: exit',
    'parent: get a.0 read as g',
    'parent: store a.0 "x"',
  ],
];
const collapseScripts: readonly (readonly string[])[] = [
  [W, 'parent: madvise a.1 dontneed', 'parent: madvise a collapse', 'parent: madvise a collapse'],
  [
    W,
    'parent: madvise a.1 dontneed',
    'parent: get a.0 read as g',
    'parent: madvise a collapse',
    'parent: munmap a.1',
    'parent: madvise a collapse',
  ],
  [
    W,
    'parent: madvise a.1 dontneed',
    'parallel',
    'parent: madvise a collapse',
    'parent/2: get a.0 read fast as g',
    'end',
  ],
];
/** Advice on a part of a large folio, and on all of it; and what goes to swap comes back. */
const partScripts: readonly (readonly string[])[] = [
  [W, 'parent: madvise a cold', 'parent: madvise a.1 cold', 'parent: madvise a pageout', 'parent: load a.0'],
  [W, 'parent: madvise a.1 dontneed', 'parent: madvise a.0 cold', 'parent: madvise a pageout'],
  [W, 'parent: madvise a.1 dontneed', 'parent: madvise a.0 pageout', 'parent: store a.0 "x"'],
  [W, 'parent: fork child', 'parent: madvise a.1 dontneed', 'parent: madvise a.0 cold'],
  [W, 'parent: madvise a.1 dontneed', 'parent: get a.0 read as g', 'parent: madvise a.0 cold'],
  [W, 'parent: get a.0 read as g', 'parent: madvise a.0 cold'],
  [W, 'parent: pin a.0 read as p', 'parallel', 'parent: madvise a.0 cold', 'parent/2: unpin p', 'end'],
  [W, 'parent: store a.1 "x"', 'parent: madvise a.0 pageout', 'parent: madvise a collapse'],
  [W, 'parent: get a.0 read as g', 'parent: madvise a.0 pageout'],
  [W, 'parent: munmap a.1 511', 'parent: madvise a.0 cold'],
  [W, 'parent: munmap a.1 511', 'parent: madvise a.0 pageout'],
  [W, 'parent: madvise a pageout', 'parallel', 'parent: load a.0', 'parent/2: store a.1 "x"', 'end'],
  [W, 'parent: madvise a pageout', 'parent: fork child', 'child: load a.0', 'parent: madvise a collapse'],
];
const planFor = (kind: string, script: readonly string[]): Plan =>
  planOf(['process parent', `region a ${kind}`, ...script, ''].join('\n'));
const plans = [
  ...[...hugeScripts, ...collapseScripts].map((script) => planFor('thp 512 pages', script)),
  ...['thp 512 pages', 'mthp 16 pages'].flatMap((kind) =>
    partScripts
      .filter((script) => kind.startsWith('thp') || !script.some((line) => /collapse|511/.test(line)))
      .map((script) => planFor(kind, script)),
  ),
  planFor('mthp 16 pages', ['parallel', W, 'parent/2: store a.1 "x"', 'end']),
  ...gallery.map((entry) => planOf(entry.text)),
  ...scripts.map((script) => planOf(['process parent', 'region a anon 1 page', ...script, ''].join('\n'))),
];

/** Rows of `model` that are only there by its rules, and those of them on which somebody has stood. */
function visit(model: Model): { there: Set<string>; reached: Set<string> } {
  const there = new Set<string>(),
    reached = new Set<string>();
  for (const plan of plans) {
    const machine = boot(plan, model),
      { rows } = machine.program,
      stood = new Uint8Array(rows.length);
    const look: Invariant = {
      id: 'look',
      alias: [],
      says: '',
      word: 'unexpected',
      cite: '',
      broken: () => {
        for (let t = 0; t < now.counts.threads; t++) stood[pcOf(t)] = 1;
        return null;
      },
      applies: () => true,
    };
    check(machine, { invariants: [look], fewest: false, states: 12_000 });
    rows.forEach(({ routine, label, row }, pc) => {
      if (row.on === undefined || !('says' in row)) return;
      there.add(`${routine.name}.${label}`);
      if (stood[pc] !== 0) reached.add(`${routine.name}.${label}`);
    });
  }
  return { there, reached };
}

/** Rows of rare races, which the small scenarios here are too short for. */
const RARE = new Set([
  'mprotect_fixup.again',
  'mwriteprotect_range.again',
  'clear_refs_write.again',
  'protect_referenced.free_ahead',
  'do_wp_page.unlock_copy',
  'do_wp_page.large_again',
  'do_huge_pmd_wp_page.give_up',
  'do_huge_pmd_wp_page.put_and_retry',
  '__split_huge_pmd.give_up',
  '__split_huge_pmd.put_again',
]);

describe('rows that only some models have', () => {
  test.each(models.map((m) => [m.id, m] as const))('%s', (_, model) => {
    const { there, reached } = visit(model);
    expect([...there].filter((row) => !reached.has(row) && !RARE.has(row))).toEqual([]);
  });
});
