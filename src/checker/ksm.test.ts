// KSM and migration against the catalogues: G7, R11, R13, and what INV-KSM is about.
import { describe, expect, test } from 'vitest';
import { invariantById } from '../invariants/index.ts';
import { pcOf, program, status, step } from '../kernel/engine.ts';
import { boot } from '../kernel/machine.ts';
import { kernels, modelById } from '../kernel/models/index.ts';
import { PTE_DIRTY, PTE_WRITE, pte_write } from '../kernel/verbs/pte.ts';
import { folioAt, hasEnded, isFree, observationAt, pteAt } from '../kernel/view.ts';
import { cells, now, pte, tlb_flush_pending } from '../kernel/world.ts';
import { check } from './check.ts';
import { planOf } from './plan-of.ts';

const EQUAL = [
  'process parent',
  'region a anon 2 pages',
  'parent: store a.0 "same"',
  'parent: store a.1 "same"',
  'parent: madvise a mergeable',
];
const planFrom = (...script: string[]) => planOf([...EQUAL, ...script, ''].join('\n'));

/** References and mappings of the folios in use, and which page is writable, after operation `n` (from 1). */
function after(n: number): string {
  for (let i = 0; !hasEnded(n - 1); i++) {
    const t = now.plan!.threads.findIndex((_, u) => status(u).kind === 'enabled');
    if (t < 0 || i > 1000) throw new Error(`it stops before operation ${n} has ended`);
    step(t);
  }
  const counts: string[] = [];
  for (let f = 1; f < now.counts.folios; f++)
    if (!isFree(f)) counts.push(`${folioAt(f).refcount}/${folioAt(f).maps}${folioAt(f).ksm ? 'K' : ''}`);
  return `${counts.join(' ')}${pte_write(pteAt(0, 0)) ? ' W' : ''}${pte_write(pteAt(0, 1)) ? ' w' : ''}`;
}

describe('G7: a merged page, and its two users', () => {
  const TAKES_OVER = ['v5.6', 'v5.7', 'v5.8'];
  test.each(kernels.map((m) => m.id))('%s', (id) => {
    const plan = planFrom('-: ksm', 'parent: store a.0 "one"', 'parent: store a.1 "two"');
    boot(plan, modelById(id)!);
    expect(after(4)).toBe('2/2K');
    const merged = pteAt(0, 1) >> 8;
    expect(pteAt(0, 0) >> 8).toBe(merged);
    expect(after(5).split(' ').sort()).toEqual(['1/1', '1/1K', 'W']);
    expect(after(6)).toBe('1/1 1/1 W w');
    expect(pteAt(0, 1) >> 8 === merged).toBe(TAKES_OVER.includes(id));
  });
});

describe('R11: a migration entry hides a pin from fork', () => {
  const plan = planOf(
    [
      'process parent',
      'region a anon 1 page',
      'parent: store a.0 "old"',
      'parent: pin a.0 write as mr',
      'parallel',
      'parent: fork child',
      'parent/2: move_pages a.0 1',
      'end',
      'parent: store a.0 "new"',
      '',
    ].join('\n'),
  );
  test.each(kernels.map((m) => m.id))('%s', (id) => {
    const machine = boot(plan, modelById(id)!),
      invariant = invariantById('pins-stay-coherent')!;
    const found = check(machine, { invariants: [invariant], reduce: [] });
    // Until 5.8 fork shares pinned pages in any case (R4); before 5.7 there were no pins.
    const breaks = ['v5.7', 'v5.8', 'v5.9', 'v5.11', 'v5.12', 'v5.18'];
    expect(found.verdict).toBe(breaks.includes(id) ? 'violated' : 'holds');
  });
});

describe('actors migrate: pages move at any time', () => {
  const moving = (...script: string[]) =>
    planOf(['process parent', 'region a anon 1 page', 'actors migrate', ...script, ''].join('\n'));
  const pinned = ['parent: store a.0 "old"', 'parent: pin a.0 write as mr'];

  test('a thread for each small private page of each process, and no other', () => {
    const plan = planOf(
      [
        'process parent',
        'region a anon 2 pages',
        'region s shanon 1 page',
        'region h huge 1 page',
        'region t thp 512 pages',
        'actors migrate',
        'parent: store a.0 "x"',
        'parent: fork child',
        '',
      ].join('\n'),
    );
    expect(plan.threads.filter((t) => t.actor === true).map((t) => t.name)).toEqual([
      'migrate:parent:a.0',
      'migrate:parent:a.1',
      'migrate:child:a.0',
      'migrate:child:a.1',
    ]);
  });

  test('a page that moves goes on moving, and its bytes with it', () => {
    boot(moving('parent: store a.0 "old"', 'parent: load a.0 -> seen'), modelById('v6.18')!);
    after(1);
    const frames: number[] = [];
    for (let i = 0; i < 200; i++) {
      const f = pteAt(0, 0) >> 8;
      if (f !== 0 && frames.at(-1) !== f) frames.push(f);
      step(1);
    }
    expect(frames.length).toBeGreaterThan(4);
    while (step(0));
    expect(now.plan!.stored[observationAt(0).stored]!.text).toBe('old');
  });

  // R11, with nobody who asks for a move.
  test.each(['v5.9', 'v5.12', 'v5.18', 'v5.19', 'v6.18'])(
    'a fork meets a pinned page on the move, %s',
    (id) => {
      const machine = boot(
        moving(...pinned, 'parent: fork child', 'parent: store a.0 "new"'),
        modelById(id)!,
      );
      const { verdict } = check(machine, {
        invariants: [invariantById('PIN')!],
        reduce: ['frames', 'persistent', 'eager'],
        fewest: false,
      });
      expect(verdict).toBe(['v5.19', 'v6.18'].includes(id) ? 'holds' : 'violated');
    },
  );

  test.each(['v5.9', 'v6.18'])('a look-up is left with the old page where nobody counts, %s', (id) => {
    const machine = (...without: string[]) =>
      boot(
        moving(
          'parent: store a.0 "old"',
          'parent: pin a.0 write fast as dma',
          'parent: release dma "device"',
          'parent: load a.0',
        ),
        modelById(id)!,
        without,
      );
    expect(check(machine(), { fewest: false }).verdict).toBe('holds');
    expect(check(machine('migrate-checks-count', 'migrate-checks-pinned'), { fewest: false }).verdict).toBe(
      'violated',
    );
  });

  // Until 4.12 GUP-fast does not look at the entry again: what it has taken while the entry was empty for a
  // moment is a page that stays.
  test('v4.8 keeps what was looked up between clear and flush', () => {
    const found = check(
      boot(
        moving(
          'parent: store a.0 "old"',
          'parallel',
          'parent: pin a.0 write fast as dma',
          'parent/2: store a.0 "new"',
          'end',
          'parent: release dma "device"',
          'parent: load a.0',
        ),
        modelById('v4.8')!,
      ),
      { fewest: false, reduce: ['frames', 'persistent', 'eager'] },
    );
    expect(found.reason).toBe('');
  });
});

describe('R13: ksmd and a flush that is still to come', () => {
  /**
   * What two lazy changes leave before their flush: the entry read-only and clean, one CPU that still has it
   * writable and dirty. (MADV_FREE makes it clean, clear_refs read-only.)
   */
  function lazily(): void {
    expect(cells[tlb_flush_pending.at]).toBe(0);
    cells[pte.at] = cells[pte.at]! & ~(PTE_WRITE | PTE_DIRTY);
    cells[tlb_flush_pending.at] = 1;
  }
  const label = (t: number): string => program.rows[pcOf(t)]!.label;
  test.each(kernels.map((m) => m.id))('%s', (id) => {
    const plan = planFrom(
      'parent/2: store a.0 "same"',
      'parallel',
      '-: ksm',
      'parent/2: store a.0 "new"',
      'end',
      'parent: load a.0',
    );
    boot(plan, modelById(id)!);
    after(4);
    lazily();
    const other = plan.threads.findIndex((t) => t.name === 'parent/2'),
      ksmd = plan.threads.findIndex((t) => t.name === '-');
    // Until ksmd has compared the page that the other CPU can still write to.
    for (let i = 0; !(label(ksmd) === 'relock' || hasEnded(4)); i++) if (!step(ksmd) || i > 500) break;
    expect(label(ksmd)).toBe('relock');
    for (let i = 0; step(other) && i < 100;) i++;
    cells[tlb_flush_pending.at] = 0;
    after(7);
    const { stored } = observationAt(plan.ops[6]!.observed);
    expect(plan.stored[stored]!.text).toBe(id === 'v4.8' ? 'same' : 'new');
  });
});

describe('INV-KSM: nobody writes to a merged page', () => {
  const script = [
    'parallel',
    'parent: pin a.0 write fast as dma',
    '-: ksm',
    'end',
    'parent: release dma "device"',
  ];
  test.each(['v4.8', 'v5.7', 'v5.9', 'v5.19', 'v6.18'])('%s', (id) => {
    const invariants = [invariantById('INV-KSM')!];
    const whole = check(boot(planFrom(...script), modelById(id)!), { invariants });
    expect(whole.verdict).toBe('holds');
    for (const guard of ['ksm-flushes-first', 'ksm-checks-count']) {
      // The second page is the one that becomes a merged page itself.
      const pinned = script.map((line) => line.replace('a.0', 'a.1'));
      const without = check(boot(planFrom(...pinned), modelById(id)!, [guard]), { invariants });
      expect([guard, without.verdict]).toEqual([guard, 'violated']);
    }
  });
});
