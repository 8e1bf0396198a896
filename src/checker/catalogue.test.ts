// Rows of the bug catalogue that need a closer look than "breaks, or holds": both places of a race, the
// direction in which somebody writes, plain references beside pins, what is no bug, and the steps that a row
// describes.
import { describe, expect, test } from 'vitest';
import { newRun, finish, goTo } from '../debugger/run.ts';
import type { Run } from '../debugger/run.ts';
import { replay } from '../debugger/schedule.ts';
import { invariantById } from '../invariants/index.ts';
import { boot } from '../kernel/machine.ts';
import { modelById } from '../kernel/models/index.ts';
import { folioAt } from '../kernel/view.ts';
import { check } from './check.ts';
import { planOf } from './plan-of.ts';

const MAPCOUNT = ['v4.8', 'v5.6', 'v5.7'],
  GUP_BREAKS = ['v5.4-gup-breaks-cow', 'v5.8'],
  REFCOUNT = ['v5.9', 'v5.10-lts', 'v5.11', 'v5.12', 'v5.18'],
  EXCLUSIVE = ['v5.19', 'v6.1', 'v6.4.0', 'v6.12', 'v6.18', 'v7.2'];
const ALL = [...MAPCOUNT, ...GUP_BREAKS, ...REFCOUNT, ...EXCLUSIVE];

const WRITTEN = 'parent: store a.0 "old"';
const planFor = (...script: string[]) =>
  planOf(['process parent', 'region a anon 1 page', ...script, ''].join('\n'));
const machineFor = (model: string, script: readonly string[]) => boot(planFor(...script), modelById(model)!);
/** What a check of all orders says of the scenario's questions and everything else. */
const verdictOf = (model: string, script: readonly string[]): string => {
  const { verdict, invariant } = check(machineFor(model, script), { fewest: false });
  return invariant ?? verdict;
};
const rowsOf = (run: Run): string[] =>
  run.steps.map((s) => {
    const { routine, label } = run.machine.program.rows[s.pc]!;
    return `${routine.name}.${label}`;
  });
/** The first step after which `id` is broken, 0 if there is none. */
function brokenAt(run: Run, id: string): number {
  const { broken } = invariantById(id)!;
  return (
    run.steps.find(({ at }) => {
      goTo(run, at);
      return broken() !== null;
    })?.at ?? 0
  );
}

describe('R4, the child writes first: a reference count copies for the parent as well', () => {
  const script = [
    WRITTEN,
    'parent: get a.0 write fast as io',
    'parent: fork child',
    'child: store a.0 "child"',
    'parent: store a.0 "new"',
    'parent: release io "data"',
    'parent: load a.0 -> seen',
    'always parent.seen = "data"',
  ];
  test.each(ALL)('%s', (model) => {
    const keeps = MAPCOUNT.includes(model) || GUP_BREAKS.includes(model);
    expect(verdictOf(model, script)).toBe(keeps ? 'holds' : 'always parent.seen = "data"');
  });
});

describe('R6a with FOLL_GET: a reader has old bytes', () => {
  const script = [
    WRITTEN,
    'parent: fork child',
    'child: exit',
    'parent: get a.0 read fast as h',
    'parent: store a.0 "new"',
    'parent: release h -> saw',
    'always parent.saw = "new"',
  ];
  // The bit helps pins only: nothing unshares for a plain reference, and its page was shared once.
  test.each(ALL)('%s', (model) => {
    const keeps = MAPCOUNT.includes(model) || GUP_BREAKS.includes(model);
    expect(verdictOf(model, script)).toBe(keeps ? 'holds' : 'always parent.saw = "new"');
  });
});

describe('R6c with FOLL_GET: a userfaultfd round trip', () => {
  const script = [
    WRITTEN,
    'parent: get a.0 write as h',
    'parent: uffd_register a wp',
    'parent: uffd_writeprotect a.0 on',
    'parent: uffd_writeprotect a.0 off',
    'parent: store a.0 "new"',
    'parent: release h "data"',
  ];
  test.each(ALL)('%s', (model) => {
    expect(verdictOf(model, script)).toBe(REFCOUNT.includes(model) ? 'gets-stay-coherent' : 'holds');
  });
});

describe('R7: fork looks for pins', () => {
  const race = (kind: string): string[] => [
    WRITTEN,
    'parallel',
    'parent: fork child',
    `parent/2: ${kind} a.0 write fast as h`,
    'end',
    'parent: store a.0 "new"',
    'parent: release h "data"',
    'parent: load a.0 -> seen',
  ];
  // Where the pin says that this process pins (begin), and where fork asks (pinned_mm).
  test.each([
    ['after that was asked', 'parent@fork.dup_mmap.get,parent/2@pin.end', false],
    [
      'before, but not pinned yet',
      'parent/2@pin.gup_pte_range.irqs_off,parent@fork.dup_mmap.get,parent/2@pin.end',
      true,
    ],
  ])('v5.9 loses the pin that begins %s', (_, schedule, first) => {
    const machine = machineFor('v5.9', race('pin')),
      { run, notes } = replay(machine, schedule);
    expect(notes).toEqual([]);
    const rows = rowsOf(run);
    expect(rows.indexOf('gup_pte_range.begin') < rows.indexOf('dup_mmap.pinned_mm')).toBe(first);
    expect(brokenAt(run, 'PIN')).toBeGreaterThan(rows.indexOf('wp_page_copy.clear'));
  });
  test.each([...REFCOUNT.slice(1), ...EXCLUSIVE])('%s: a plain reference is lost all the same', (model) => {
    const script = [...race('get'), 'always parent.seen = "data"'];
    expect(verdictOf(model, script)).toBe('always parent.seen = "data"');
    expect(check(machineFor(model, race('pin')), { fewest: false }).reason).toBe('');
  });
  test('v5.11: a pin that overlaps fork is dropped again before fork ends, INV-SEQ', () => {
    const run = replay(
      machineFor('v5.11', race('pin')),
      'parent/2@pin.gup_pte_range.irqs_off,parent@fork.dup_mmap.get,parent/2@pin.gup_pte_range.irqs_on_slow',
    ).run;
    const rows = rowsOf(run);
    expect(rows).toContain('gup_pte_range.undo_seq');
    expect(rows.lastIndexOf('__get_user_pages.grab')).toBeGreaterThan(rows.indexOf('dup_mmap.unlock'));
    expect(brokenAt(run, 'PIN')).toBe(0);
  });
});

describe.each(['pinned-pages-are-exclusive', 'fork-announces-itself', 'exclusive-pages-are-anonymous'])(
  '%s holds in R7, and has something to hold',
  (id) => {
    const script = [
      'region z anon 1 page',
      WRITTEN,
      'parent: load z.0',
      'parallel',
      'parent: fork child',
      'parent/2: pin a.0 write fast as h',
      'end',
      'parent: store a.0 "new"',
    ];
    test.each(EXCLUSIVE)('%s', (model) => {
      const found = check(machineFor(model, script), { invariants: [invariantById(id)!], fewest: false });
      expect([found.verdict, found.vacuous]).toEqual(['holds', []]);
    });
  },
);

describe('R9: what a look-up does where it breaks copy-on-write', () => {
  const script = [WRITTEN, 'parent: fork child', 'parent: vmsplice a.0 -> p'];
  const look = (model: string): string[] => {
    const run = newRun(machineFor(model, script));
    finish(run);
    return rowsOf(run);
  };
  test.each(GUP_BREAKS)('%s: the fast path refuses a read-only entry, and the slow one copies', (model) => {
    expect(look(model)).toEqual(expect.arrayContaining(['gup_pte_range.irqs_on_slow', 'wp_page_copy.copy']));
  });
  test.each(ALL.filter((m) => !GUP_BREAKS.includes(m)))('%s: it takes the page as it is', (model) => {
    expect(look(model).filter((row) => /^(?:__get_user_pages|wp_page_copy)\./.test(row))).toEqual([]);
  });
  test.each(GUP_BREAKS)('%s: the count of the old page goes 2, 3, 2, 1 meanwhile', (model) => {
    const run = newRun(machineFor(model, script));
    finish(run);
    const counts = run.steps
      .filter((s) => run.machine.plan.ops[s.op]!.syscall === 'vmsplice')
      .map(({ at }) => {
        goTo(run, at);
        return folioAt(1).refcount;
      });
    expect(counts.filter((n, i) => n !== counts[i - 1])).toEqual([2, 3, 2, 1]);
  });
});

describe('R16: what is no bug', () => {
  test.each(ALL)('%s: MADV_DONTNEED under a pin parts them, and nobody complains', (model) => {
    const script = [
      WRITTEN,
      'parent: pin a.0 write as h',
      'parent: madvise a dontneed',
      'parent: store a.0 "new"',
      'parent: release h "data"',
      'parent: load a.0 -> seen',
      'always parent.seen = "new"',
    ];
    expect(verdictOf(model, script)).toBe('holds');
  });
  test.each([...REFCOUNT, ...EXCLUSIVE])(
    '%s: a process that has pinned once is asked again, and shares',
    (model) => {
      const script = [
        WRITTEN,
        'parent: pin a.0 write as h',
        'parent: release h',
        'parent: fork child',
        'child: load a.0',
      ];
      const run = newRun(machineFor(model, script));
      finish(run);
      expect(rowsOf(run)).toContain(EXCLUSIVE.includes(model) ? 'dup_mmap.dup_pinned' : 'dup_mmap.pinned');
      goTo(run, run.steps.length);
      expect(folioAt(1)).toMatchObject({ refcount: 2, maps: 2 });
    },
  );
  test.each(ALL)('%s: another thread stores until fork flushes, and the child has it', (model) => {
    const script = [
      'parent/2: store a.0 "old"',
      'parallel',
      'parent: fork child',
      'parent/2: store a.0 "late"',
      'end',
      'child: load a.0 -> seen',
      'sometimes child.seen = "late"',
      'sometimes child.seen = "old"',
    ];
    const found = check(machineFor(model, script), { fewest: false });
    expect([found.reason, found.unmet]).toEqual(['', []]);
  });
});

describe('soft-dirty tracking where faults do not take mmap_lock', () => {
  // The step lists expect (by deduction) that v6.4.0, whose clear_refs does not lock VMAs, loses stores or
  // marks. It does not: a CPU can have a writable entry of an exclusive page only, no fault copies such a
  // page, and whoever reads the marks waits for clear_refs to end, which is after its flush.
  const script = (shared: boolean): string[] => [
    'parent/3: store a.0 "old"',
    ...(shared ? ['parent: fork child'] : []),
    'parallel',
    'parent: clear_refs',
    'parent/2: store a.0 "two"',
    'parent/3: store a.0 "three"',
    'parent/3: load a.0',
    ...(shared ? ['child: exit'] : []),
    'end',
  ];
  test.each(['v6.4.0', 'v6.12'])('%s: alone, and shared with a child that exits', (model) => {
    expect([verdictOf(model, script(false)), verdictOf(model, script(true))]).toEqual(['holds', 'holds']);
  });
});
