// The toy check of the step lists: a small check of the same rules by other hands. Every row of its table is
// asked here, with the same verdict. Its traces are shorter, because its steps are coarser; counted in its
// own events they are as long as ours, and the rest of our steps do nothing that it knows of: locks, looks
// at entries, allocation, flushes.
import { describe, expect, test } from 'vitest';
import { extend, goTo, newRun } from '../debugger/run.ts';
import type { Run } from '../debugger/run.ts';
import { replay } from '../debugger/schedule.ts';
import { invariantById, invariants } from '../invariants/index.ts';
import { withExtra } from '../kernel/guards.ts';
import { boot } from '../kernel/machine.ts';
import type { Machine } from '../kernel/machine.ts';
import { modelById } from '../kernel/models/index.ts';
import type { Plan } from '../kernel/plan.ts';
import { UFFD_MODE_WP } from '../kernel/mm/uffd.ts';
import { check } from './check.ts';
import { reductionNames } from './reduce/reduction.ts';
import { planOf } from './plan-of.ts';

const NO_REF = ['copy-holds-old-folio'],
  RECHECK = withExtra('copy-rechecks-exclusive');
const UFFD = 'parent: uffd_register a wp',
  ON = 'parent/3: uffd_writeprotect a.0 on',
  OFF = 'parent/3: uffd_writeprotect a.0 off';
const A1_WRITES = ['parent: store a.0 "one"'],
  A2_WRITES = ['parent/2: store a.0 "two"', 'parent/2: load a.0'],
  A1_LOOKS = ['parent: pin a.0 read fast as one'],
  A2_LOOKS = ['parent/2: pin a.0 read fast as two'];

const scenario = (lines: readonly string[]): Plan =>
  planOf(['process parent', 'region a anon 1 page', ...lines, ''].join('\n'));
/** A1, A2 and B, which exits; `before`: what the entry has gone through, after fork. */
const shared = (lines: readonly string[], before: readonly string[] = []): Plan =>
  scenario([
    'parent: store a.0 "old"',
    ...(lines.some((l) => l.includes('uffd')) ? [UFFD] : []),
    'parent: fork child',
    ...before,
    'parallel',
    ...lines,
    'child: exit',
    'end',
  ]);
/** The entry has its uffd-wp bit from the start; A2 writes through the monitor, and protects again. */
const viaMonitor = (last: string): Plan =>
  shared(
    [
      ...A1_LOOKS,
      'parent/2: uffd_writeprotect a.0 off',
      'parent/2: store a.0 "two"',
      ...(last.includes('pin') ? [last] : []),
      'parent/2: uffd_writeprotect a.0 on',
      ...(last.includes('pin') ? [] : [last]),
    ],
    ['parent: uffd_writeprotect a.0 on'],
  );
const ww = shared([...A1_WRITES, ...A2_WRITES]),
  wu = shared([...A1_WRITES, ...A2_LOOKS]),
  uu = shared([...A1_LOOKS, ...A2_LOOKS]),
  wwOnOff = shared([...A1_WRITES, ...A2_WRITES, ON, OFF]),
  wuOnOff = shared([...A1_WRITES, ...A2_LOOKS, ON, OFF]),
  wwDontneed = shared([...A1_WRITES, ...A2_WRITES, 'parent/3: madvise a dontneed']),
  uwOnOff = viaMonitor('parent/2: load a.0'),
  uwOnOffPin = viaMonitor('parent/2: pin a.0 write as two');

/**
 * What the toy looks at. It has no monitor to wait for: a fault that is queued after the last answer waits
 * for ever, as it does in Linux until the monitor answers once more.
 */
const judged = invariants.filter((i) => i.id !== 'no-deadlock' && i.onRequest !== true),
  exceptFreed = judged.filter((i) => !['no-use-after-free', 'references-are-counted'].includes(i.id));
const machineOf = (plan: Plan, model: string, without: readonly string[] = []): Machine =>
  boot(plan, modelById(model)!, without);
const reasonOf = (plan: Plan, model: string, without: readonly string[] = [], of = judged): string => {
  const { verdict, reason } = check(machineOf(plan, model, without), {
    invariants: of,
    fewest: false,
    reduce: reductionNames,
  });
  return verdict === 'holds' ? '' : `${verdict}: ${reason}`;
};

/** What is broken in world `at` of a run. */
function wrongAt(run: Run, at: number): string {
  goTo(run, at);
  return exceptFreed.map((i) => i.broken()?.reason ?? '').find((r) => r !== '') ?? '';
}

const EVENTS: Readonly<Record<string, string>> = {
  'do_wp_page.copy': 'decide',
  'wp_page_copy.copy': 'copy',
  'wp_page_copy.install': 'install',
  'wp_page_reuse.reuse': 'reuse',
  'zap_pte_range.clear': 'map-1',
  'zap_pte_range.put': 'ref-1',
  'pin_user_pages.live': 'pin',
};
/** Events of the toy in the shortest schedule that breaks `id`, without who does them. */
function shortest(machine: Machine, id: string): string[] {
  const { moves, verdict } = check(machine, { invariants: [invariantById(id)!] });
  expect(verdict).toBe('violated');
  const run = newRun(machine);
  for (const t of moves) extend(run, t);
  const { plan, program } = machine;
  const threadsIn = (phase: number): number =>
    new Set(plan.ops.filter((o) => o.phase === phase).map((o) => o.thread)).size;
  return run.steps.flatMap((s) => {
    const op = plan.ops[s.op]!;
    if (threadsIn(op.phase) < 2) return [];
    const { routine, label } = program.rows[s.pc]!,
      name = `${routine.name}.${label}`;
    if (name === 'mwriteprotect_range.change') return [(op.flags & UFFD_MODE_WP) !== 0 ? 'on' : 'off'];
    if (name === 'user_store.access') return s.went === 'end' ? ['store'] : [];
    return EVENTS[name] === undefined ? [] : [EVENTS[name]];
  });
}

const EXCLUSIVE = ['v5.19', 'v6.1', 'v6.4.0', 'v6.12', 'v6.18', 'v7.2'],
  KEEPS_W_CLEAR = ['v5.19', 'v6.1'],
  /** One kernel for each set of rules that the toy tells apart. */
  ERAS = ['v6.1', 'v6.18'];
/** The rules that the toy knows: the bit, or the reference count alone with a flush before the copy. */
const COUNTS = ['v5.12', 'v5.18', ...EXCLUSIVE];
/** Half a million worlds each: one kernel for each rule of the monitor. */
const FEW = ['v5.12', 'v6.1'];
const MAPCOUNT = ['v4.8', 'v5.6', 'v5.7', 'v5.8'];

describe('references count, and the copy holds one', () => {
  // Without the bit a pin for reading is left behind by any copy: R6a, and not the toy's subject.
  test.each([...COUNTS, 'v5.9', 'v5.11'])('%s: two write', (model) => {
    expect(reasonOf(ww, model)).toBe('');
  });
  test.each(FEW)('%s: two write, with MADV_DONTNEED, with the monitor', (model) => {
    expect([wwDontneed, wwOnOff].map((plan) => reasonOf(plan, model))).toEqual(['', '']);
  });
  test.each(ERAS)('%s: one looks, two look, with the bit from the start', (model) => {
    const all = [wu, uu, uwOnOff, uwOnOffPin];
    expect(all.map((plan) => reasonOf(plan, model))).toEqual(all.map(() => ''));
  });
  test.each(['v6.1'])('%s: one looks, with the monitor', (model) => {
    expect(reasonOf(wuOnOff, model)).toBe('');
  });
});

describe('references count, the copy holds none', () => {
  test.each(['v5.9', 'v5.11', ...COUNTS])('%s: the source is freed', (model) => {
    expect(reasonOf(ww, model, NO_REF)).toContain('A freed page was used');
    const events = ['copy', 'copy', 'decide', 'decide', 'install', 'map-1', 'ref-1'];
    const found = shortest(machineOf(ww, model, NO_REF), 'UAF');
    expect(found.toSorted()).toEqual(events);
    // The last of them is the copy of a page that is no more.
    expect(found.at(-1)).toBe('copy');
  });
  test.each(COUNTS)('%s: but for that nothing goes wrong between two writers', (model) => {
    expect(reasonOf(ww, model, NO_REF, exceptFreed)).toBe('');
  });
  test.each(EXCLUSIVE)('%s: a pin goes stale', (model) => {
    const events = ['decide', 'copy', 'map-1', 'ref-1', 'reuse', 'pin', 'install'];
    expect(shortest(machineOf(uu, model, NO_REF), 'PIN')).toEqual(events);
    const found = shortest(machineOf(wu, model, NO_REF), 'PIN');
    expect(found.toSorted()).toEqual(events.toSorted());
    expect(found.at(-1)).toBe('install');
  });
  test.each(KEEPS_W_CLEAR)('%s: a store is lost where the monitor leaves the entry read-only', (model) => {
    expect(shortest(machineOf(wwOnOff, model, NO_REF), 'LOST')).toEqual(
      'decide copy map-1 ref-1 reuse store on off install'.split(' '),
    );
  });
  test.each(['v6.18'])('%s: and is not where the monitor makes it writable', (model) => {
    expect(reasonOf(wwOnOff, model, NO_REF, exceptFreed)).toBe('');
  });
  test.each(ERAS)('%s: unless the copy is made to unshare', (model) => {
    expect(shortest(machineOf(uwOnOff, model, NO_REF), 'LOST')).toEqual(
      'decide copy map-1 ref-1 off reuse store on install'.split(' '),
    );
    expect(reasonOf(uwOnOffPin, model, NO_REF, [invariantById('PIN')!])).toContain('now maps');
  });
});

describe('mappings count, and the copy holds a reference', () => {
  test.each([...MAPCOUNT, 'unshare-mapcount'])('%s: two write', (model) => {
    expect(reasonOf(ww, model)).toBe('');
  });
  test.each(['v5.7', 'unshare-mapcount'])('%s: with the monitor a store is lost', (model) => {
    // B has not flushed yet: its reference is still there.
    expect(shortest(machineOf(wwOnOff, model), 'LOST')).toEqual(
      'decide copy map-1 reuse store on off install'.split(' '),
    );
  });
  test('a page that is pinned as it is goes stale', () => {
    // One event less: a page that is mapped once needs no fault, and so no reuse, to be pinned.
    const found = shortest(machineOf(uu, 'unshare-mapcount'), 'PIN');
    expect(found.toSorted()).toEqual(['decide', 'copy', 'map-1', 'pin', 'install'].toSorted());
    expect(found.at(-1)).toBe('install');
  });
});

describe('no reference, but the copy looks for the bit again', () => {
  test.each(ERAS)('%s', (model) => {
    // Where the monitor makes the entry writable, the rows above hold without the check.
    const more = model === 'v6.1' ? [wwOnOff, wuOnOff] : [];
    const all = [ww, wu, uu, uwOnOff, uwOnOffPin, ...more];
    const found = all.map((plan) => reasonOf(plan, model, [...NO_REF, RECHECK], exceptFreed));
    expect(found).toEqual(all.map(() => ''));
    expect(reasonOf(ww, model, [...NO_REF, RECHECK])).toContain('A freed page was used');
  });
});

// Who loses without the reference: the cells of the table that the rows above leave out.
test.each(EXCLUSIVE)('%s: a copy to unshare meets a write that reuses, and backs off', (model) => {
  // The writer comes second, so that the only copy is the one to unshare.
  const machine = machineOf(wu, model, NO_REF);
  const text = 'parent/2@pin.wp_page_copy.lock,child@exit.end,parent@store~2.end,parent/2@pin.end';
  const { run, notes } = replay(machine, text);
  expect(notes).toEqual([]);
  const rows = run.steps.map(
    (s) => `${machine.program.rows[s.pc]!.routine.name}.${machine.program.rows[s.pc]!.label}`,
  );
  expect(rows).toContain('wp_page_copy.raced');
  expect(run.steps.map((s) => wrongAt(run, s.at)).filter((r) => r !== '')).toEqual([]);
});

describe('entries that are not flushed yet', () => {
  const racing = ['parent/2: store a.0 "two"', 'parent/3: store a.0 "three"', 'parent/3: load a.0', 'end'];
  const cached = 'parent/3: store a.0 "old"';
  const forked = scenario([cached, 'parallel', 'parent: fork child', ...racing]);
  const monitors = (batch: boolean): Plan =>
    scenario([
      ...(batch ? ['lru batched'] : []),
      cached,
      UFFD,
      'parallel',
      'parent: uffd_writeprotect a.0 on',
      'parent/4: uffd_writeprotect a.0 off',
      ...racing,
    ]);

  test.each(['v5.19', 'v6.1', 'v6.12', 'v6.18', 'v7.2'])('%s: fork keeps faults out', (model) => {
    expect(reasonOf(forked, model)).toBe('');
  });
  test('v6.4.0: fork does not', () => {
    // The toy's CPU has dropped its entry first; here it never had one.
    expect(shortest(machineOf(forked, 'v6.4.0'), 'LOST')).toEqual(['decide', 'copy', 'store', 'install']);
  });
  test.each(['v5.9', 'v5.11'])(
    '%s: one more reference, and the monitor’s late flush loses a store',
    (model) => {
      // That one monitor has ended a protection is enough: the entry is read-only after that, too.
      expect(shortest(machineOf(monitors(true), model), 'LOST').filter((e) => e !== 'on')).toEqual([
        'off',
        'decide',
        'copy',
        'store',
        'install',
      ]);
      const lost = [invariantById('LOST')!];
      expect(reasonOf(monitors(false), model, [], lost)).toBe('');
    },
  );
  test.each(['v5.12', 'v5.18', 'v5.7', 'v5.8', ...EXCLUSIVE])(
    '%s: not with a flush first, not otherwise',
    (model) => {
      expect(reasonOf(monitors(true), model)).toBe('');
    },
  );
});
