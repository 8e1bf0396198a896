/** Three threads of one process, a stale TLB entry, a copy in flight. */
import {
  bytes,
  lock,
  thread,
  loads,
  process,
  pte,
  tlb,
  table,
  token,
  folio,
  holder,
  edge,
  belongs,
} from './builders.ts';
import type { Extent, Scene } from '../scene.ts';

/** Three threads of one process, a stale TLB entry, a copy in flight. */
export const threads: Scene = {
  at: 9,
  processes: [
    process('A', 0, {
      locks: [lock('mmap_lock read', false, 'T0', 0)],
      threads: [
        thread('T0', 0, 'uffd un-protect'),
        thread('T1', 1, 'wp_page_copy'),
        thread('T2', 2, 'store "new"', true),
      ],
      views: [loads('A', 'a.0', bytes('new', 0, true))],
    }),
  ],
  tables: [
    table('A', 0, [
      pte('A', 'a.0', 'P D A', 'read-only → f0', [
        tlb('A', 'a.0', 0, 'no entry'),
        tlb('A', 'a.0', 1, 'no entry'),
        tlb('A', 'a.0', 2, 'writable → f0', true),
      ]),
    ]),
  ],
  folios: [
    folio(0, {
      bytes: bytes('new', 0, true),
      mapped: [token(0, 'pte', 'A a.0', 0, 'A:a.0')],
      held: [token(0, 'copy', 'T1’s copy', 0, 'T1'), token(0, 'lru', 'LRU batch', -1, 'lru')],
      eye: 'refcount',
      changed: ['bytes'],
    }),
    folio(1, { bytes: bytes('old', 0, true), held: [token(1, 'copy', 'T1’s copy', 0, 'T1')] }),
  ],
  holders: [
    holder('copy:T1', 'copy', 'T1’s copy', {
      sub: 'kernel, unlocked',
      rows: [
        { id: 'copy:T1:from', label: 'from f0', words: 'read at step 7', changed: false },
        { id: 'copy:T1:to', label: 'to f1', words: 'done', changed: false },
      ],
    }),
  ],
  edges: [
    belongs('A'),
    edge('pte:A:a.0', 'token:folio:0:pte:A:a.0', 'read-only', 'a.0 of A maps f0, read-only.'),
    edge(
      'tlb:A:a.0:2',
      'folio:0',
      'stale',
      'CPU 2 still writes f0 through a stale TLB entry. Nobody counts it.',
    ),
    edge('copy:T1:from', 'token:folio:0:copy:T1', 'get', 'T1’s copy holds f0.'),
    edge('copy:T1:to', 'token:folio:1:copy:T1', 'get', 'T1’s copy holds f1.'),
  ],
  legend: ['read-only', 'writable', 'stale', 'reference', 'solid', 'bits'],
};

export const threadsExtent: Extent = {
  folios: [
    { id: 'folio:0', mapped: 1, held: 2 },
    { id: 'folio:1', mapped: 1, held: 1 },
  ],
  holders: [{ id: 'copy:T1', rows: 2, folio: 'folio:0' }],
  processes: [{ id: 'mm:A', threads: 3, vmas: 1, views: 1, ptes: 1, tlbs: 3, walks: 1 }],
};
