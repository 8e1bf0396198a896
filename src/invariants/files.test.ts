// Files: what may be in them, what a process must see of them, and the invariant that asks.
import { describe, expect, test } from 'vitest';
import { planOf } from '../checker/plan-of.ts';
import { step } from '../kernel/engine.ts';
import { boot } from '../kernel/machine.ts';
import { modelById } from '../kernel/models/index.ts';
import { allHolders, cachedAt, expectedAt, folioAt, pteAt, vmaAt } from '../kernel/view.ts';
import { EXPECT_ANY } from '../kernel/verbs/mm.ts';
import { pte_folio, pte_write } from '../kernel/verbs/pte.ts';
import { VM_FILE, VM_SHARED } from '../kernel/verbs/vma.ts';
import { cells, folio_stored } from '../kernel/world.ts';
import { invariantById } from './index.ts';

const READER = 0,
  WRITER = 1;
const plan = planOf(`process reader writer
region a file 2 pages
region a shared-file 2 pages in writer
region b anon 1 page
reader: load a.0
reader: store a.1 "own"
writer: store a.0 "new"
writer: fork child
child: store a.1 "late"
`);
const bytes = (text: string): number => plan.stored.findIndex((s) => s.text === text);
function run(until: (op: string) => boolean): void {
  boot(plan, modelById('v6.18')!);
  for (const op of plan.ops) {
    if (!until(op.text)) return;
    for (let i = 0; i < 200 && step(op.thread); i++);
  }
}

describe('a file', () => {
  test('is in the page cache from the start, each page with its bytes and one reference', () => {
    boot(plan, modelById('v6.18')!);
    expect([cachedAt(0), cachedAt(1), cachedAt(2)]).toEqual([1, 2, 0]);
    expect(folioAt(1)).toMatchObject({ stored: bytes('50'), refcount: 1, maps: 0, anon: false, shmem: true });
    expect(allHolders()[1]).toEqual([{ kind: 'cache', key: 'cache:0', va: 0 }]);
    expect(vmaAt(READER, 0) & (VM_FILE | VM_SHARED)).toBe(VM_FILE);
    expect(vmaAt(WRITER, 0) & (VM_FILE | VM_SHARED)).toBe(VM_FILE | VM_SHARED);
    expect(expectedAt(READER, 0)).toBe(bytes('50'));
  });

  test('is mapped read-only by a load, and left by a store', () => {
    run((op) => op.startsWith('load') || op.includes('own'));
    expect([pte_folio(pteAt(READER, 0)), pte_write(pteAt(READER, 0))]).toEqual([1, false]);
    expect([pte_folio(pteAt(READER, 1)) > 2, pte_write(pteAt(READER, 1))]).toEqual([true, true]);
    expect(folioAt(2)).toMatchObject({ stored: bytes('50'), refcount: 1, maps: 0 });
  });

  test('changes by shared mappings; what private ones see of that is left open', () => {
    run(() => true);
    expect(folioAt(1).stored).toBe(bytes('new'));
    expect(folioAt(2).stored).toBe(bytes('late'));
    expect(expectedAt(READER, 0)).toBe(EXPECT_ANY);
    expect(expectedAt(READER, 1)).toBe(bytes('own'));
    expect(expectedAt(WRITER, 1)).toBe(bytes('late'));
  });

  test('files-keep-their-bytes: bytes of a private mapping in the page cache', () => {
    run(() => true);
    const { broken, applies } = invariantById('INV-FILE')!;
    expect([broken(), applies()]).toEqual([null, true]);
    cells[folio_stored.at + 2] = bytes('own');
    expect(broken()?.reason).toBe(
      'The file behind a.1 holds “own”, which reader wrote to a private mapping of it.',
    );
    boot(planOf('process p\nregion a anon 1 page\np: store a.0 "x"\n'), modelById('v6.18')!);
    expect([broken(), applies()]).toEqual([null, false]);
  });
});
