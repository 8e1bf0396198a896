import { expect, test } from 'vitest';
import { planOf } from '../checker/plan-of.ts';
import { program, pcOf, status, step } from './engine.ts';
import { boot } from './machine.ts';
import { modelById } from './models/index.ts';
import { hold } from './world.ts';
import {
  allHolders,
  holdAt,
  holders,
  locksHeld,
  mmAt,
  observationAt,
  pipeBuffers,
  pteAt,
  tlbAt,
  vmaAt,
} from './view.ts';
import { cells, observe } from './world.ts';

const V5_7 = modelById('v5.7')!,
  V6_18 = modelById('v6.18')!;

/** Goes on in declared order until thread `t` stands on a row. */
function runTo(t: number, row: string): void {
  for (let i = 0; i < 1000; i++) {
    const at = program.rows[pcOf(t)]!;
    if (`${at.routine.name}.${at.label}` === row && status(t).kind === 'enabled') return;
    const next = [0, 1, 2, 3].find((u) => u <= t && status(u).kind === 'enabled');
    if (next === undefined || !step(next)) break;
  }
  throw new Error(`thread ${t} does not come to ${row}`);
}
const kinds = (f: number): string[] => holders(f).map((h) => h.kind);

const leak = planOf(`process parent
region a anon 1 page
parent: store a.0 "old"
parent: fork child
child: vmsplice a.0 -> p
child: munmap a
parent: store a.0 "secret"
child: read p -> got
`);

test('every reference of a folio has a name', () => {
  boot(leak, V5_7);
  runTo(1, 'vmsplice.fill');
  expect(holders(1)).toEqual([
    { kind: 'pte', key: 'pte:0:0', mm: 0, va: 0 },
    { kind: 'pte', key: 'pte:1:0', mm: 1, va: 0 },
    { kind: 'kernel', key: 'kernel:1:vmsplice', thread: 1, label: 'vmsplice' },
  ]);
  runTo(1, '__do_munmap.lock');
  expect(holders(1).at(-1)).toEqual({ kind: 'pipe', key: 'pipe:0', pipe: 0, index: 0, mm: 1 });
  expect(pipeBuffers(0)).toEqual([{ folio: 1, from: 1 }]);
  runTo(1, 'zap_pte_range.flush');
  expect(kinds(1)).toEqual(['pte', 'pipe', 'kernel']);
  expect(allHolders().map((h) => h.length)).toEqual([
    0,
    3,
    ...new Array<number>(allHolders().length - 2).fill(0),
  ]);
});

test('running code holds what its row says, and only while it stands there', () => {
  boot(leak, modelById('v5.9')!);
  runTo(1, 'pipe_read.copy');
  boot(leak, modelById('v5.9')!);
  runTo(0, 'do_anonymous_page.map');
  expect(holders(1)).toEqual([{ kind: 'kernel', key: 'kernel:0:new page', thread: 0, label: 'new page' }]);
  step(0);
  expect(holders(1).map((h) => h.key)).toEqual(['pte:0:0', 'batch:0']);
});

test('views count no access and wake no observer', () => {
  boot(leak, V5_7);
  runTo(1, 'zap_pte_range.flush');
  let heard = 0;
  const listener = {
    touched: () => {
      heard += 1;
    },
    effect: () => {
      heard += 1;
    },
    decided: () => {
      heard += 1;
    },
  };
  observe(listener);
  allHolders();
  locksHeld();
  expect(heard).toBe(0);
  step(1);
  observe(null);
  expect(heard).toBeGreaterThan(0);
});

test('who holds which lock', () => {
  boot(leak, V6_18);
  runTo(0, 'dup_mmap.copy_pte');
  expect(locksHeld().map(({ lock, mm }) => `${lock} of ${mm}`)).toEqual([
    'mmap_lock:write of 0',
    'mmap_lock:child of 1',
    'vma_lock:write of 0',
    'ptl:child of 1',
    'ptl of 0',
  ]);
  expect(mmAt(0)).toMatchObject({ mmapLock: -1, ptl: 0, state: 'alive' });
  expect(mmAt(1).state).toBe('unborn');
});

test('a folio lock names its folio', () => {
  boot(leak, V5_7);
  runTo(0, 'dup_mmap.lock');
  runTo(1, 'pipe_read.copy');
  expect(locksHeld()).toEqual([]);
  boot(leak, V5_7);
  for (
    let t = 0;
    locksHeld().every((l) => l.lock !== 'folio_lock');
    t = status(t).kind === 'enabled' ? t : 1 - t
  )
    step(t);
  expect(locksHeld().find((l) => l.lock === 'folio_lock')).toMatchObject({ thread: 0, folio: 1 });
});

test('entries, TLBs, VMAs, holds and observations', () => {
  const plan = planOf(`process parent
region a anon 1 page
parent: store a.0 "old"
parent: pin a.0 read as h
parent: load a.0 -> seen
parent: release h -> saw
`);
  boot(plan, V6_18);
  expect([pteAt(0, 0), tlbAt(0, 0), holdAt(0).folio]).toEqual([0, 0, -1]);
  runTo(0, 'unpin_user_page.begin');
  expect(pteAt(0, 0) >> 8).toBe(1);
  expect(tlbAt(0, 0) >> 8).toBe(1);
  expect(vmaAt(0, 0)).not.toBe(0);
  expect(holdAt(0)).toEqual({
    folio: 1,
    pin: true,
    write: false,
    live: true,
    promised: true,
    process: 0,
    va: 0,
  });
  expect(kinds(1)).toEqual(['pte', 'pin']);
  expect(observationAt(0)).toMatchObject({ seen: true, stored: 1, stale: false, foreign: false });
  expect(observationAt(1).seen).toBe(false);
  expect(cells[hold.at]).toBe(2);
});
