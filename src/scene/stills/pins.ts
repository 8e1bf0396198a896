/** Pins, the exclusive mark, holders of every kind, somebody who waits. */
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

/** A pinned page: a biased counter, the exclusive bit, holders of every kind, a waiter. */
export const pins: Scene = {
  at: 17,
  processes: [
    process('db', 0, {
      locks: [lock('mmap_lock write', true, 'db', 0, ['backup'])],
      threads: [thread('db', 0, 'in copy_present_page', true)],
      views: [loads('db', 'a.0', bytes('row 17', 0, true))],
    }),
    process('backup', 1, {
      threads: [thread('backup', 1, 'waits for mmap_lock, held by db')],
      views: [loads('backup', 'a.0', bytes('row 16', 0, false))],
    }),
  ],
  tables: [
    table(
      'db',
      0,
      [
        pte('db', 'a.0', 'P D A UW', 'read-only → f0', [tlb('db', 'a.0', 0, 'same as PTE')], 'W UW', [
          'P',
          'W',
          'D',
          'A',
          'UW',
          'SD',
        ]),
      ],
      { locks: [lock('PTL', true, 'db', 0, ['backup'])] },
    ),
    table('backup', 1, [
      pte('backup', 'a.0', 'P A', 'read-only → f1', [tlb('backup', 'a.0', 1, 'no entry')], '', [
        'P',
        'W',
        'D',
        'A',
        'UW',
        'SD',
      ]),
    ]),
  ],
  folios: [
    folio(0, {
      bytes: bytes('row 17', 0, true),
      mapped: [token(0, 'pte', 'db a.0', 0, 'db:a.0')],
      held: [
        token(0, 'pin', 'io_uring h1', 0, 'h1', true),
        token(0, 'lru', 'LRU batch', -1, 'lru'),
        token(0, 'get', 'direct I/O h2', 0, 'h2'),
        token(0, 'cache', 'swap cache', -1, 'swap'),
        token(0, 'get', 'ptrace h3', 1, 'h3'),
        token(0, 'get', 'vmsplice h4', 1, 'h4'),
      ],
      exclusive: true,
      eye: 'exclusive',
      lock: lock('folio lock', true, 'db', 0),
      changed: ['refcount'],
    }),
    folio(1, {
      bytes: bytes('row 16', 0, false),
      mapped: [token(1, 'pte', 'backup a.0', 1, 'backup:a.0')],
      exclusive: false,
    }),
    folio(2, { state: 'freed', note: 'freed at step 12' }),
  ],
  holders: [
    holder('hold:h1', 'hold', 'pin h1', {
      sub: 'write pin of db a.0',
      rows: [{ id: 'hold:h1:0', label: 'f0', words: 'pins f0, for writing', changed: true }],
    }),
    holder('hold:h2', 'hold', 'direct I/O h2', {
      sub: 'reads into db a.0',
      rows: [{ id: 'hold:h2:0', label: 'f0', words: 'holds f0', changed: false }],
    }),
    holder('lru:0', 'lru', 'LRU batch', {
      sub: 'of CPU 0',
      rows: [{ id: 'lru:0:0', label: 'f0', words: 'not drained yet', changed: false }],
    }),
    holder('pipe:0', 'pipe', 'pipe', { state: 'unborn', note: 'Filled at step 30.' }),
  ],
  edges: [
    belongs('db'),
    belongs('backup'),
    edge('pte:db:a.0', 'token:folio:0:pte:db:a.0', 'read-only', 'a.0 of db maps f0, read-only.', true),
    edge('pte:backup:a.0', 'token:folio:1:pte:backup:a.0', 'read-only', 'a.0 of backup maps f1, read-only.'),
    edge('hold:h1:0', 'token:folio:0:pin:h1', 'pin', 'io_uring pins f0.', true),
    edge('hold:h2:0', 'token:folio:0:get:h2', 'get', 'Direct I/O holds f0.'),
    edge('lru:0:0', 'token:folio:0:lru:lru', 'get', 'The LRU batch holds f0.'),
  ],
  legend: ['read-only', 'writable', 'reference', 'pin', 'pale', 'solid', 'bits', 'exclusive'],
};

export const pinsExtent: Extent = {
  folios: [
    { id: 'folio:0', mapped: 1, held: 6 },
    { id: 'folio:1', mapped: 1, held: 0 },
    { id: 'folio:2', mapped: 1, held: 0 },
  ],
  holders: [
    { id: 'hold:h1', rows: 1, folio: 'folio:0' },
    { id: 'hold:h2', rows: 1, folio: 'folio:0' },
    { id: 'lru:0', rows: 1, folio: 'folio:0' },
    { id: 'pipe:0', rows: 1, folio: null },
  ],
  processes: [
    { id: 'mm:db', threads: 1, vmas: 1, views: 1, ptes: 1, tlbs: 1, walks: 1 },
    { id: 'mm:backup', threads: 1, vmas: 1, views: 1, ptes: 1, tlbs: 1, walks: 1 },
  ],
};
