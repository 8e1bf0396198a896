// Swap and lazily freed pages against the catalogues: G4, R6e by its entries, R13 by what makes a page clean,
// SWX; and that a scenario without them has none of their state.
import { describe, expect, test } from 'vitest';
import { invariantById } from '../invariants/index.ts';
import { pcOf, program, status, step } from '../kernel/engine.ts';
import { boot } from '../kernel/machine.ts';
import { kernels, modelById } from '../kernel/models/index.ts';
import {
  PTE_SOFT_DIRTY,
  PTE_SWP_EXCLUSIVE,
  PTE_UFFD_WP,
  is_swap_entry,
  pte_folio,
  pte_swp_exclusive,
  pte_write,
  swp_slot,
} from '../kernel/verbs/pte.ts';
import { FOLIO_EXCLUSIVE } from '../kernel/verbs/folio.ts';
import { swap_count } from '../kernel/verbs/swap.ts';
import { folioAt, hasEnded, observationAt, pteAt } from '../kernel/view.ts';
import { cells, folio_flags, now, pages, pte, sizes, swap_cache } from '../kernel/world.ts';
import { planOf } from './plan-of.ts';

const WRITTEN = 'parent: store a.0 "old"';
const planFrom = (...script: string[]) =>
  planOf(['process parent', 'region a anon 1 page', ...script, ''].join('\n'));
const machineFor = (id: string, ...script: string[]) => boot(planFrom(...script), modelById(id)!);
/** Declared order, up to the end of operation `n` (from 1). */
function after(n: number): void {
  for (let i = 0; !hasEnded(n - 1); i++) {
    const t = now.plan!.threads.findIndex((_, u) => status(u).kind === 'enabled');
    if (t < 0 || i > 2000) throw new Error(`it stops before operation ${n} has ended`);
    step(t);
  }
}
const PARENT = 0,
  CHILD = 1;
/** Refcount, mapcount, and whether the entry of `m` is writable. */
const mapped = (m: number): string => {
  const e = pteAt(m, 0),
    { refcount, maps } = folioAt(pte_folio(e));
  return `${refcount}/${maps}${pte_write(e) ? ' W' : ''}`;
};

const all = kernels.map((k) => k.id);
const REFCOUNT = ['v5.9', 'v5.11', 'v5.12'];

describe('G4: a page comes back from swap by a load, then it is stored to', () => {
  test.each(all)('%s', (id) => {
    machineFor(
      id,
      WRITTEN,
      'parent: reclaim a.0',
      'parent: fork child',
      'parent: load a.0',
      'child: exit',
      'parent: store a.0 "new"',
    );
    after(3);
    const slot = swp_slot(pteAt(PARENT, 0));
    expect([pteAt(PARENT, 0), pteAt(CHILD, 0)].every(is_swap_entry)).toBe(true);
    expect(swap_count(slot)).toBe(2);
    after(5);
    const back = pte_folio(pteAt(PARENT, 0));
    // The entry, and the swap cache.
    expect(mapped(PARENT)).toBe('2/1');
    expect(swap_count(slot)).toBe(0);
    after(6);
    expect(mapped(PARENT)).toBe('1/1 W');
    const copied = REFCOUNT.includes(id);
    expect(pte_folio(pteAt(PARENT, 0)) === back).toBe(!copied);
    // Where references are counted, that of the swap cache makes it a copy, and the old page stays there.
    expect(cells[swap_cache.at + slot]).toBe(copied ? back : 0);
  });
});

describe('what a swap entry keeps', () => {
  test.each(all)('the mark of an exclusive page, until fork: %s', (id) => {
    machineFor(id, WRITTEN, 'parent: reclaim a.0', 'parent: fork child');
    after(2);
    expect(pte_swp_exclusive(pteAt(PARENT, 0))).toBe(modelById(id)!.rules.swapMarksExclusive);
    after(3);
    expect([PARENT, CHILD].map((m) => pteAt(m, 0) & PTE_SWP_EXCLUSIVE)).toEqual([0, 0]);
  });

  test.each(all)('soft-dirty and uffd-wp, and a move: %s', (id) => {
    const { hasUffdWp } = modelById(id)!.rules;
    const script = [WRITTEN, 'parent: uffd_register a wp', 'parent: uffd_writeprotect a.0 on'];
    machineFor(id, ...script, 'parent: reclaim a.0', 'parent: mprotect a ro', 'parent: clear_refs');
    after(4);
    const kept = PTE_SOFT_DIRTY | (hasUffdWp ? PTE_UFFD_WP : 0);
    expect(pteAt(PARENT, 0) & (PTE_SOFT_DIRTY | PTE_UFFD_WP)).toBe(kept);
    after(5);
    expect(pteAt(PARENT, 0) & kept).toBe(kept);
    after(6);
    expect(pteAt(PARENT, 0) & PTE_SOFT_DIRTY).toBe(0);
    expect(is_swap_entry(pteAt(PARENT, 0))).toBe(true);
  });

  test.each(all)('nothing once it is unmapped, thrown away or freed lazily: %s', (id) => {
    for (const last of ['munmap a', 'madvise a dontneed', 'madvise a free', 'exit']) {
      machineFor(id, WRITTEN, 'parent: reclaim a.0', `parent: ${last}`);
      after(2);
      const slot = swp_slot(pteAt(PARENT, 0));
      expect(swap_count(slot)).toBe(1);
      after(3);
      expect([pteAt(PARENT, 0), swap_count(slot), folioAt(slot).refs]).toEqual([0, 0, 0]);
    }
  });
});

describe('R6e: what reclaim does to a page that somebody holds', () => {
  test.each(all)('%s', (id) => {
    const { reclaimSkipsPinned, countsPins } = modelById(id)!.rules;
    for (const kind of ['pin', 'get']) {
      machineFor(
        id,
        WRITTEN,
        `parent: ${kind} a.0 write as h`,
        'parent: reclaim a.0',
        'parent: load a.0 -> seen',
      );
      after(2);
      const page = pte_folio(pteAt(PARENT, 0));
      after(3);
      const left = kind === 'pin' && countsPins && reclaimSkipsPinned;
      expect([kind, is_swap_entry(pteAt(PARENT, 0))]).toEqual([kind, !left]);
      // It is never freed, and comes back as itself.
      after(4);
      expect(pte_folio(pteAt(PARENT, 0))).toBe(page);
      expect(now.plan!.stored[observationAt(0).stored]!.text).toBe('old');
    }
  });
});

describe('R13: MADV_FREE makes a page clean, clear_refs makes it read-only, and no CPU was told yet', () => {
  const label = (t: number): string => program.rows[pcOf(t)]!.label;
  const thread = (name: string): number => now.plan!.threads.findIndex((t) => t.name === name);
  const until = (t: number, ...rows: string[]): void => {
    for (let i = 0; !rows.includes(label(t)); i++)
      if (!step(t) || i > 900) throw new Error(`${now.plan!.threads[t]!.name} stops at ${label(t)}`);
  };
  test.each(['v4.8', 'v5.7', 'v5.9', 'v5.12', 'v6.18'])('%s', (id) => {
    const plan = planOf(
      [
        'process parent',
        'region a anon 2 pages',
        'parent: clear_refs',
        'parent/2: store a.0 "same"',
        'parent: store a.1 "same"',
        'parent: madvise a mergeable',
        'parallel',
        'parent/3: madvise a.0 free',
        'parent/4: clear_refs',
        '-: ksm',
        'parent/2: store a.0 "new"',
        'end',
        'parent: load a.0',
        '',
      ].join('\n'),
    );
    boot(plan, modelById(id)!);
    after(4);
    // Kernels in which clear_refs has mmap_lock for writing let nobody in between.
    const exclusive = modelById(id)!.rules.clearRefsLock === 'write';
    until(thread('parent/3'), 'flush');
    if (!exclusive) until(thread('parent/4'), 'flush', 'finished');
    const ksmd = thread('-');
    until(ksmd, 'relock', 'finished');
    for (let i = 0; step(thread('parent/2')) && i < 200;) i++;
    for (const name of ['parent/3', 'parent/4', '-', 'parent/2'])
      for (let i = 0; step(thread(name)) && i < 900;) i++;
    after(9);
    expect(plan.stored[observationAt(plan.ops[8]!.observed).stored]!.text).toBe(
      id === 'v4.8' ? 'same' : 'new',
    );
  });
});

describe('SWX: who comes back as exclusive', () => {
  const broken = (): string => invariantById('SWX')!.broken()?.reason ?? '';
  test('two entries that say so, or a page that says so while an entry names its slot', () => {
    machineFor('v6.18', WRITTEN, 'parent: vmsplice a.0 -> p', 'parent: reclaim a.0', 'parent: fork child');
    after(4);
    expect(broken()).toBe('');
    cells[pte.at]! |= PTE_SWP_EXCLUSIVE;
    expect(broken()).toBe(
      'a.0 of parent is to come back as exclusive, but a.0 of child names the same slot.',
    );
    cells[pte.at]! &= ~PTE_SWP_EXCLUSIVE;
    const f = cells[swap_cache.at + swp_slot(pteAt(PARENT, 0))]!;
    cells[folio_flags.at + f]! |= FOLIO_EXCLUSIVE;
    expect(broken()).toBe('f0 is marked exclusive, but a.0 of parent may bring it back as well.');
    expect(pages).toBe(1);
  });
});

describe('huge pages of the pool stay where they are', () => {
  test.each(all)('%s', (id) => {
    for (const op of ['madvise b pageout', 'madvise b free', 'reclaim b.0']) {
      machineFor(id, 'parent: mmap b huge', 'parent: store b.0 "old"', `parent: ${op}`);
      after(2);
      const before = pteAt(PARENT, 1);
      after(3);
      expect([op, pteAt(PARENT, 1)]).toEqual([op, before]);
    }
  });
});

test('a scenario without swap has no cell of it', () => {
  const cellsOf = (...script: string[]): number => {
    machineFor('v6.18', WRITTEN, ...script);
    return sizes()['swap.cache']! + sizes()['swap.state']!;
  };
  expect(cellsOf('parent: madvise a dontneed')).toBe(0);
  expect(cellsOf('parent: reclaim a.0')).toBeGreaterThan(0);
});
