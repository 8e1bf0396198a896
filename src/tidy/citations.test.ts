// Every routine names a function, and a file, that the kernels of its model have: fixtures/kernel-symbols
// holds the names of functions and macros of real trees, one list for each.
import { describe, expect, test } from 'vitest';
import { NOT_IN_LINUX, citationOf } from '../kernel/citations.ts';
import { models } from '../kernel/models/index.ts';
import type { Model } from '../kernel/rules.ts';
import { isCall, isTail } from '../kernel/steps.ts';
import type { Hook, Routine } from '../kernel/steps.ts';
import { syscalls } from '../kernel/syscalls/index.ts';
import { readText, textFiles } from './source-files.ts';

/** The tree that is nearest to each model. */
const TREES: Readonly<Record<string, string>> = {
  'v4.8': 'v4.8',
  'v5.6': 'v5.7',
  'v5.7': 'v5.7',
  'v5.8': 'v5.8',
  'v5.9': 'v5.10',
  'v5.11': 'v5.10',
  'v5.12': 'v5.17',
  'v5.18': 'v5.17',
  'v5.19': 'v5.19',
  'v6.1': 'v6.1',
  'v6.4.0': 'v6.4',
  'v6.12': 'v6.12',
  'v6.18': 'v6.18',
  'v7.2': 'v6.18',
};
/** What a kernel did not have yet: its model has the operation all the same. */
const NOT_YET: Readonly<Record<string, readonly string[]>> = {
  'v4.8': ['io_import_fixed', 'io_sqe_buffer_register', 'io_buffer_unmap', 'mwriteprotect_range'],
};

type Symbols = ReadonlyMap<string, ReadonlySet<string>>;
const symbolsOf = (tree: string): Symbols =>
  new Map(
    readText(`fixtures/kernel-symbols/${tree}.txt`)
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => {
        const [file = '', names = ''] = line.split(': ');
        return [file, new Set(names.split(' '))];
      }),
  );
const trees = new Map([...new Set(Object.values(TREES))].map((tree) => [tree, symbolsOf(tree)]));

function routinesOf(model: Model): Routine[] {
  const seen = new Set<Routine>();
  const visit = (x: Routine | Hook): void => {
    const r = 'hook' in x ? model.routines[x.hook] : x;
    if (r === undefined || seen.has(r)) return;
    seen.add(r);
    for (const row of Object.values(r.rows)) {
      if (isCall(row)) visit(row.call);
      if (isTail(row)) visit(row.tail);
    }
  };
  for (const r of Object.values(syscalls)) visit(r);
  return [...seen];
}
const kernels = models.filter((m) => !m.composed && !m.proposal);
/** What is not one kernel stands on one: the long-term kernel of its name, or the base of a proposal. */
const BASES: Readonly<Record<string, string>> = {
  'v5.4-gup-breaks-cow': 'v5.7',
  'v5.10-lts': 'v5.10',
  'v5.10-lts+mapcount': 'v5.10',
  'v5.10-lts+gup-breaks-cow': 'v5.10',
  'gup-break-cow-flag': 'v5.8',
};
const treeOf = (model: Model): string =>
  TREES[model.id] ?? BASES[model.id] ?? (model.proposal ? 'v5.10' : '');

test('every kernel has a tree to be compared with, and every tree a kernel', () => {
  expect(Object.keys(TREES).sort()).toEqual(kernels.map((m) => m.id).sort());
  const lists = textFiles('fixtures/kernel-symbols').map((path) => path.replace(/^.*\/|\.txt$/g, ''));
  expect(lists.sort()).toEqual([...trees.keys()].sort());
});

describe.each(models.map((m) => [m.id, m] as const))('%s', (id, model) => {
  const symbols = trees.get(treeOf(model))!;

  test('cites something for every row', () => {
    const isPath = /^(?:arch|block|drivers|fs|include|io_uring|kernel|lib|mm)\/.+\.[ch]$/;
    const wrong = routinesOf(model).filter((routine) => {
      const { name, file } = citationOf(routine, model);
      const isWhere = NOT_IN_LINUX.has(file) || isPath.test(file);
      return !/^[a-z_]\w+$/.test(name) || !isWhere || !/^(?:[\da-f]{12})?$/.test(routine.commit);
    });
    expect(wrong.map((r) => r.name)).toEqual([]);
  });

  test('has every function that its routines are named after', () => {
    const wrong = routinesOf(model).flatMap((routine) => {
      const { name, file } = citationOf(routine, model);
      if (NOT_IN_LINUX.has(file) || NOT_YET[id]?.includes(routine.name)) return [];
      if (symbols.get(file)?.has(name)) return [];
      const elsewhere = [...symbols].flatMap(([path, names]) => (names.has(name) ? [path] : []));
      return [`${name} is not in ${file}${elsewhere.length > 0 ? `, but in ${elsewhere.join(', ')}` : ''}`];
    });
    expect(wrong, 'name it in src/kernel/models/names.ts as this era does').toEqual([]);
  });

  test('renames only what its routines are called', () => {
    const names = new Set(routinesOf(model).map((r) => r.name));
    expect(Object.keys(model.rules.names).filter((name) => !names.has(name))).toEqual([]);
  });
});

/** Verbs in Linux spelling that no list has, and why. */
const OURS: Readonly<Record<string, readonly string[]>> = {
  'Linux has it as a macro that makes names, or as one function for each kind of page': [
    'folio_test_lru',
    'folio_add_rmap',
    'folio_remove_rmap',
    'folio_set_shmem',
    'raw_write_seqcount',
    'mm_has_pinned',
    'mm_set_has_pinned',
    'pte_folio',
    'pte_offset',
  ],
  'in files that no list has': ['folio_test_large', 'pmdp_invalidate', 'pmd_populate'],
  'what Linux does in line': [
    'folio_unmap',
    'pmd_restore',
    'fill_files',
    'pte_counted',
    'prot_none',
    'first_vma',
    'vma_of',
    'region_of',
    'vma_range',
    'vma_can_write_lock',
    'userfault_queue',
    'userfault_cancel',
    'userfault_over',
    'userfault_unread',
    'userfault_read',
    'free_folio',
    'has_free_folio',
  ],
  'the same in an address space that is not the own one': [
    'pte_offset_child',
    'pte_offset_of',
    'set_pte_at_other',
    'set_child_pte_at',
    'set_child_vma',
    'flush_tlb_page_of',
    'every_cpu_answers_of',
  ],
  hardware: ['folio_bytes', 'set_folio_bytes', 'tlb_lookup', 'page_walk', 'every_cpu_answers', 'is_cached'],
  'of mm/swapfile.c, mm/swap_state.c and mm/vmscan.c, which have no lists': [
    'is_swap_entry',
    'swp_slot',
    'mk_swap_pte',
    'is_slot',
    'swap_count',
    'swapcache_clear',
    'slot_pinned',
    'swap_read_folio',
    'folio_test_swapcache',
    'swap_cache_get_folio',
    'swap_cache_moves',
    'folio_isolated',
    'folio_test_lazy',
    'set_lazy',
    'folio_test_dirty',
    'folio_mark_dirty',
    'folio_clear_dirty',
    'folio_set_anon',
  ],
  'ghost state': [
    'may_go',
    'may_have_gone',
    'lazy_page_gone',
    'expected_bytes',
    'expect_bytes',
    'expect_anywhere',
    'forget_page',
    'races_end',
    'may_see',
    'observe_bytes',
    'still_mapped',
    'cached_by_others',
    'note_store',
  ],
  'what a scenario names': ['hold_begin', 'hold_live', 'hold_end', 'pipe_empty', 'pipe_first', 'pipe_shift'],
  'birth and end of processes': ['mm_born', 'mm_exited', 'mm_replaced', 'mm_ends', 'other_threads_idle'],
  proposals: ['folio_gup_owner', 'folio_set_gup_owner', 'vma_read_seq', 'vm_write_begin', 'vm_write_end_all'],
};

test('every verb in Linux spelling is a name of some kernel, or is known to be ours', () => {
  const known = new Set([...trees.values()].flatMap((s) => [...s.values()].flatMap((names) => [...names])));
  const ours = new Set(Object.values(OURS).flat());
  const verbs = textFiles('src/kernel/verbs').flatMap((path) =>
    [
      ...readText(path).matchAll(
        /^export (?:const|function) ((?:Set|Clear)?Page[A-Z]\w*|[a-z]+(?:_[a-z\d]+)+)\b/gm,
      ),
    ].map((found) => found[1] ?? ''),
  );
  expect(verbs.length).toBeGreaterThan(60);
  expect(verbs.filter((verb) => !known.has(verb) && !ours.has(verb))).toEqual([]);
  expect([...ours].filter((verb) => !verbs.includes(verb) || known.has(verb))).toEqual([]);
});
