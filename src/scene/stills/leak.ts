/** The leak: before it, at the decision, at the leak, and on a kernel that copies. */
import {
  bytes,
  lock,
  thread,
  view,
  loads,
  process,
  pte,
  tlb,
  table,
  token,
  folio,
  free,
  holder,
  edge,
  belongs,
} from './builders.ts';
import type { Extent, HolderCard, Scene } from '../scene.ts';

const OLD = bytes('old', 0, false);
const SECRET = bytes('secret', 0, true);

export const leakExtent: Extent = {
  folios: [
    { id: 'folio:0', mapped: 1, held: 1 },
    { id: 'folio:1', mapped: 1, held: 1 },
  ],
  holders: [{ id: 'pipe:0', rows: 1, folio: 'folio:0' }],
  processes: [
    { id: 'mm:parent', threads: 1, vmas: 1, views: 1, ptes: 1, tlbs: 1, walks: 1 },
    { id: 'mm:child', threads: 1, vmas: 1, views: 2, ptes: 1, tlbs: 1, walks: 1 },
  ],
};

const leakLegend: Scene['legend'] = ['read-only', 'writable', 'reference', 'pale', 'solid', 'bits'];

const pipe = (parts: Partial<HolderCard>): HolderCard =>
  holder('pipe:0', 'pipe', 'pipe', { sub: 'opened by child', ...parts });

const slot = (words: string, changed = false): HolderCard['rows'] => [
  { id: 'pipe:0:slot:0', label: 'slot 0', words, changed },
];

const parentToken = token(0, 'pte', 'parent a.0', 0, 'parent:a.0');
const pipeToken = token(0, 'pipe', 'pipe slot 0', 1, 'pipe:0:slot:0');
const pipeEdge = edge('pipe:0:slot:0', pipeToken.id, 'get', 'Slot 0 of the pipe holds a reference to f0.');

/** The leak before its first step. */
export const leakStart: Scene = {
  at: 0,
  processes: [
    process('parent', 0, {
      threads: [thread('parent', 0, 'about to store "old"')],
      views: [loads('parent', 'a.0', null, 'zeros, nothing is stored yet')],
    }),
    process('child', 1, {
      state: 'unborn',
      note: 'Born at step 6, by fork. It shares the parent’s page until somebody writes.',
    }),
  ],
  tables: [
    table('parent', 0, [
      pte('parent', 'a.0', '', 'empty, no page yet', [tlb('parent', 'a.0', 0, 'no entry')]),
    ]),
    table('child', 1, [], { state: 'unborn', note: 'Filled at step 8.' }),
  ],
  folios: [free(0, 'A page of memory. It arrives at step 2, when the parent first stores.'), free(1)],
  holders: [pipe({ state: 'unborn', note: 'Takes hold of the page at step 14.' })],
  edges: [belongs('parent')],
  legend: leakLegend,
};

/** The step at which v5.7 looks at the mapcount only. */
export const leakDecision: Scene = {
  at: 25,
  processes: [
    process('parent', 0, {
      locks: [lock('mmap_sem read', false, 'parent', 0)],
      threads: [thread('parent', 0, 'in do_wp_page', true)],
      views: [loads('parent', 'a.0', OLD)],
    }),
    process('child', 1, {
      vmas: [{ id: 'vma:child:a', name: 'a', what: 'anon rw', gone: true }],
      views: [
        loads('child', 'a.0', null, 'a fault'),
        view('child', 'Read from the pipe so far', null, 'nothing'),
      ],
    }),
  ],
  tables: [
    table(
      'parent',
      0,
      [pte('parent', 'a.0', 'P D A', 'read-only → f0', [tlb('parent', 'a.0', 0, 'same as PTE')])],
      {
        locks: [lock('PTL', true, 'parent', 0)],
      },
    ),
    table('child', 1, [
      pte('child', 'a.0', '', 'empty, cleared by munmap', [tlb('child', 'a.0', 1, 'no entry')]),
    ]),
  ],
  folios: [
    folio(0, {
      bytes: OLD,
      mapped: [parentToken],
      held: [pipeToken],
      eye: 'mapcount',
      lock: lock('folio lock', true, 'parent', 0),
    }),
    free(1),
  ],
  holders: [pipe({ rows: slot('f0, 3 bytes'), note: 'The child can read f0 later, at any time.' })],
  edges: [
    belongs('parent'),
    edge('pte:parent:a.0', parentToken.id, 'read-only', 'a.0 of parent maps f0, read-only.'),
    pipeEdge,
  ],
  legend: leakLegend,
};

export const leakEnd: Scene = {
  ...leakDecision,
  at: 31,
  processes: [
    process('parent', 0, { threads: [thread('parent', 0, 'done')], views: [loads('parent', 'a.0', SECRET)] }),
    process('child', 1, {
      vmas: [{ id: 'vma:child:a', name: 'a', what: 'anon rw', gone: true }],
      threads: [thread('child', 1, 'read returned', true)],
      views: [
        loads('child', 'a.0', null, 'a fault'),
        view('child', 'Read from the pipe', SECRET, '', 'written by parent', true),
      ],
      broken: 'The child has read the parent’s secret.',
    }),
  ],
  tables: [
    table('parent', 0, [
      pte('parent', 'a.0', 'P W D A', 'writable → f0', [tlb('parent', 'a.0', 0, 'same as PTE')]),
    ]),
    ...leakDecision.tables.slice(1),
  ],
  folios: [folio(0, { bytes: SECRET, mapped: [parentToken], held: [pipeToken] }), free(1)],
  holders: [pipe({ rows: slot('f0, 6 bytes'), note: 'Not released until the child closes it.' })],
  edges: [
    belongs('parent'),
    edge('pte:parent:a.0', parentToken.id, 'writable', 'a.0 of parent maps f0, writable.'),
    pipeEdge,
  ],
};

/** The same run on v5.9: the parent got a copy, so two folios live and an edge bends. */
export const leakCopied: Scene = {
  ...leakDecision,
  at: 29,
  processes: [
    process('parent', 0, {
      threads: [thread('parent', 0, 'in wp_page_copy', true)],
      views: [loads('parent', 'a.0', SECRET)],
    }),
    ...leakDecision.processes.slice(1),
  ],
  tables: [
    table('parent', 0, [
      pte('parent', 'a.0', 'P W D A', 'writable → f1', [tlb('parent', 'a.0', 0, 'no entry')], 'W D'),
    ]),
    ...leakDecision.tables.slice(1),
  ],
  folios: [
    folio(0, { bytes: OLD, held: [pipeToken], changed: ['mapcount'] }),
    folio(1, {
      bytes: SECRET,
      mapped: [token(1, 'pte', 'parent a.0', 0, 'parent:a.0', true)],
      exclusive: true,
      changed: ['bytes', 'mapcount', 'refcount'],
    }),
  ],
  edges: [
    belongs('parent'),
    edge(
      'pte:parent:a.0',
      'token:folio:1:pte:parent:a.0',
      'writable',
      'a.0 of parent maps f1, writable.',
      true,
    ),
    pipeEdge,
  ],
};
