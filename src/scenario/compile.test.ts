import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  FOLL_FAST_PATH,
  FOLL_GET,
  FOLL_PIN,
  FOLL_WRITE,
  MAP_SHARED,
  PROT_READ,
  PROT_WRITE,
} from '../kernel/flags.ts';
import { boot } from '../kernel/machine.ts';
import { models } from '../kernel/models/index.ts';
import type { Op, Plan } from '../kernel/plan.ts';
import { compileText } from './compile.ts';
import { isNotModelled } from './diagnostic.ts';
import { gallery } from './gallery/index.ts';
import { parse } from './parser.ts';
import { print } from './printer.ts';

const known = {
  models: ['v5.7', 'v5.8', 'v5.9', 'v6.18', 'spf'],
  invariants: ['ISO', 'private-writes-stay-private'],
};
const planOf = (text: string): Plan => {
  const { plan, diagnostics } = compileText(text, known);
  expect(diagnostics).toEqual([]);
  return plan!;
};
const complaints = (text: string): string[] => {
  const { plan, diagnostics } = compileText(text, known);
  expect(plan === null).toBe(diagnostics.some((d) => d.severity === 'error'));
  return diagnostics.map((d) => `${d.line}:${d.column}+${d.length} ${d.message} | ${d.hint}`);
};
const told = ({ thread, phase, name, text }: Op): string => `${phase} ${thread} ${name}: ${text}`;

test('the leak, whole', () => {
  const leak = gallery.find((e) => e.id === 'vmsplice-leak')!;
  const rest = { va: -1, pages: 0, region: -1, stored: 0, child: -1, slot: -1, observed: -1, flags: 0 };
  const page = { ...rest, va: 0, pages: 1, region: 0 };
  const models = ['v4.8', 'v5.7', 'v5.8', 'v5.9', 'v7.2'],
    apart = ['v5.4-gup-breaks-cow', 'unshare-mapcount', 'count-strict-skip'];
  const plan: Plan = {
    title: 'The child keeps a reference',
    mapped: [{ process: 0, region: 0, kind: 'anon', flags: PROT_READ | PROT_WRITE }],
    questions: [{ kind: 'never', terms: [{ observed: 0, equals: 'secret' }], line: 18 }],
    expectations: [
      {
        models: models.slice(0, 2),
        verdict: 'breaks',
        invariant: 'private-writes-stay-private',
        line: 19,
      },
      { models: models.slice(2), verdict: 'holds', invariant: '', line: 20 },
      { models: apart, verdict: 'holds', invariant: '', line: 21 },
    ],
    schedule: '',
    regions: [{ name: 'a', at: 0, pages: 1, kind: 'anon' }],
    processes: [
      { name: 'parent', parent: null },
      { name: 'child', parent: 0 },
    ],
    threads: [
      { name: 'parent', process: 0, cpu: 0, ops: [0, 1, 4] },
      { name: 'child', process: 1, cpu: 1, ops: [2, 3, 5] },
    ],
    ops: [
      {
        ...page,
        syscall: 'store',
        thread: 0,
        phase: 0,
        stored: 1,
        name: 'store',
        text: 'store a.0 "old"',
        line: 11,
      },
      { ...rest, syscall: 'fork', thread: 0, phase: 1, child: 1, name: 'fork', text: 'fork child', line: 12 },
      {
        ...page,
        syscall: 'vmsplice',
        thread: 1,
        phase: 2,
        slot: 0,
        flags: FOLL_GET | FOLL_FAST_PATH,
        name: 'vmsplice',
        text: 'vmsplice a.0 -> p',
        line: 13,
      },
      { ...page, syscall: 'munmap', thread: 1, phase: 3, name: 'munmap', text: 'munmap a', line: 14 },
      {
        ...page,
        syscall: 'store',
        thread: 0,
        phase: 4,
        stored: 2,
        name: 'store~2',
        text: 'store a.0 "secret"',
        line: 15,
      },
      {
        ...rest,
        syscall: 'pipe_read',
        thread: 1,
        phase: 5,
        slot: 0,
        observed: 0,
        name: 'read',
        text: 'read p -> got',
        line: 16,
      },
    ],
    stored: [
      { text: '00', hex: true, process: -1 },
      { text: 'old', hex: false, process: 0 },
      { text: 'secret', hex: false, process: 0 },
    ],
    observed: [{ name: 'got', op: 5, thread: 1 }],
    pipes: [{ name: 'p', slots: 1 }],
    holds: [],
    switches: { lru: 'drained', counter: 0 },
    pages: 1,
    folios: 3,
  };
  expect(compileText(leak.text, { models, apart })).toEqual({ plan, diagnostics: [] });
});

test('operations are phases; a block is one, between barriers', () => {
  const plan = planOf(`process parent\nregion a anon 1 page
parent: store a.0 "old"
parent: fork child
parallel
  child:    vmsplice a.0 -> p
  child:    munmap a
  parent:   store a.0 "secret"
  parent/2: load a.0 -> seen
end
child: read p
child: read p -> again`);
  expect(plan.ops.map(told)).toEqual([
    '0 0 store: store a.0 "old"',
    '1 0 fork: fork child',
    '2 1 vmsplice: vmsplice a.0 -> p',
    '2 1 munmap: munmap a',
    '2 0 store~2: store a.0 "secret"',
    '2 2 load: load a.0 -> seen',
    '3 1 read: read p',
    '4 1 read~2: read p -> again',
  ]);
  expect(plan.threads).toEqual([
    { name: 'parent', process: 0, cpu: 0, ops: [0, 1, 4] },
    { name: 'child', process: 1, cpu: 1, ops: [2, 3, 6, 7] },
    { name: 'parent/2', process: 0, cpu: 2, ops: [5] },
  ]);
  expect(plan.observed.map((o) => o.name)).toEqual(['seen', 'read', 'again']);
  expect(plan.pipes).toEqual([{ name: 'p', slots: 1 }]);
});

test("flags are the kernel's", () => {
  const plan = planOf(`process p
p: mmap a anon 2
p: mmap s shared 1 ro
p: mprotect a.1 none
p: mprotect a ro
p: vmsplice a.0 -> q
p: pin a.0 read as h1
p: pin a.0 write fast as h2
p: get a.1 write as h3
p: madvise a.1 dontneed
p: munmap a`);
  expect(plan.ops.map((o) => [o.name, o.va, o.pages, o.region, o.flags])).toEqual([
    ['mmap', 0, 2, 0, PROT_READ | PROT_WRITE],
    ['mmap~2', 2, 1, 1, PROT_READ | MAP_SHARED],
    ['mprotect', 1, 1, 0, 0],
    ['mprotect~2', 0, 2, 0, PROT_READ],
    ['vmsplice', 0, 1, 0, FOLL_GET | FOLL_FAST_PATH],
    ['pin', 0, 1, 0, FOLL_PIN],
    ['pin~2', 0, 1, 0, FOLL_PIN | FOLL_WRITE | FOLL_FAST_PATH],
    ['get', 1, 1, 0, FOLL_GET | FOLL_WRITE],
    ['madvise', 1, 1, 0, 0],
    ['munmap', 0, 2, 0, 0],
  ]);
  expect(plan.holds).toEqual([
    { name: 'h1', op: 5 },
    { name: 'h2', op: 6 },
    { name: 'h3', op: 7 },
  ]);
});

test('a write hold stores for its owner, a read hold reports; the observer is no process', () => {
  const plan = planOf(`process p
region a anon 1 page
p: pin a.0 write as dma
p: pin a.0 read as tap
-: release tap -> saw
-: release "data"`);
  expect(plan.threads[1]).toEqual({ name: '-', process: -1, cpu: 1, ops: [2, 3] });
  expect(plan.ops[2]).toMatchObject({ syscall: 'release', slot: 1, observed: 0, stored: 0 });
  expect(plan.ops[3]).toMatchObject({ syscall: 'release', slot: 0, observed: -1, stored: 1 });
  expect(plan.stored[1]).toEqual({ text: 'data', hex: false, process: 0 });
});

test('a region line maps before the first step, in the first process or another', () => {
  const plan = planOf('process p q\nregion a anon 1 page\nregion s shared 2 pages ro in q\np: load a.0');
  expect(plan.mapped).toEqual([
    { process: 0, region: 0, kind: 'anon', flags: PROT_READ | PROT_WRITE },
    { process: 1, region: 1, kind: 'shanon', flags: PROT_READ | MAP_SHARED },
  ]);
  expect(plan.pages).toBe(3);
});

test('a region has the slots of its largest mapping; a whole region is what the process has of it', () => {
  const plan = planOf('process p q\np: mmap a anon 1\nq: mmap a anon 3\np: munmap a\nq: munmap a');
  expect(plan.regions).toEqual([{ name: 'a', at: 0, pages: 3, kind: 'anon' }]);
  expect(plan.ops.map((o) => o.pages)).toEqual([1, 3, 1, 3]);
});

describe('a recording', () => {
  const text =
    'A map a anon 1; A st a.0 11; A fork B; B hro a.0; B unmap a; A st a.0 99; - hrel 00; A nodrain';

  test('runs on one CPU; its first actor is the first process', () => {
    const plan = planOf(text);
    expect(plan.threads.map((t) => [t.name, t.process, t.cpu])).toEqual([
      ['A', 0, 0],
      ['B', 1, 0],
      ['-', -1, 0],
    ]);
    expect(plan.processes).toEqual([
      { name: 'A', parent: null },
      { name: 'B', parent: 0 },
    ]);
    expect(plan.holds).toEqual([{ name: 'pin', op: 3 }]);
    expect(plan.ops.map((o) => o.phase)).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(plan.switches.lru).toBe('batched');
  });

  test('page tables lie together unless a line keeps them apart; the last line counts', () => {
    const tables = (line: string): unknown =>
      planOf(`process p\nregion a anon 1 page\n${line}\np: load a.0\n`).switches.tables;
    expect(['', 'tables together', 'tables apart', 'tables apart; tables together'].map(tables)).toEqual([
      undefined,
      undefined,
      'apart',
      undefined,
    ]);
  });

  test('means the same once it is printed in the preferred spelling', () => {
    const printed = print(parse(text).scenario);
    const lines = (plan: Plan) => ({ ...plan, ops: plan.ops.map((o) => ({ ...o, line: 0 })) });
    expect(lines(planOf(printed))).toEqual(lines(planOf(text)));
  });

  test('may take a hold again after a release', () => {
    const plan = planOf('A map a anon 1; A hro a.0; - hrel 00; A hrw a.0; - hrel 77');
    expect(plan.holds.map((h) => h.name)).toEqual(['pin', 'pin~2']);
    expect(plan.stored.map((s) => s.text)).toEqual(['00', '77']);
  });

  test('may have its name with it', () => {
    expect(planOf('@anon-write first write\nA map a anon 1; A st a.0 11').title).toBe('anon-write');
  });
});

test('what is not modelled is one diagnostic for each operation, and nothing follows from it', () => {
  const { plan, diagnostics } = compileText(
    'A map a shthp; A st a.1 11; - sleep 1; A adv a.0 collapse; A sleep 2; B exit',
    known,
  );
  expect(plan).toBeNull();
  expect(diagnostics.filter(isNotModelled).map((d) => d.message)).toEqual([
    'not modelled yet: memory of kind shthp',
    'not modelled yet: sleep',
    'not modelled yet: madvise collapse of other memory',
    'not modelled yet: sleep',
  ]);
  expect(diagnostics.filter((d) => !isNotModelled(d)).map((d) => d.message)).toEqual([
    'no process is called B',
  ]);
});

describe('expectations and questions', () => {
  const run = 'process p\nregion a anon 1 page\np: store a.0 "x"\np: load a.0 -> got\n';

  test('ranges follow the order of the models; open ones reach the end', () => {
    const plan = planOf(
      `${run}expect ..v5.8 breaks ISO\nexpect v5.9.. holds\nexpect v5.7 breaks private-writes-stay-private`,
    );
    expect(plan.expectations.map((e) => [e.models, e.verdict, e.invariant])).toEqual([
      [['v5.7', 'v5.8'], 'breaks', 'ISO'],
      [['v5.9', 'v6.18', 'spf'], 'holds', ''],
      [['v5.7'], 'breaks', 'private-writes-stay-private'],
    ]);
  });

  test('a question names a thread and a result of it', () => {
    const plan = planOf(`${run}always p.got = "x"\nnever p.got = none\nexists p.got = 00 and p.got = "x"`);
    const termsOf = (q: Plan['questions'][number]) => q.terms.map((t) => [t.observed, t.equals]);
    expect(plan.questions.map((q) => [q.kind, termsOf(q)])).toEqual([
      ['always', [[0, 'x']]],
      ['never', [[0, '']]],
      [
        'exists',
        [
          [0, '00'],
          [0, 'x'],
        ],
      ],
    ]);
  });

  test.each([
    ['expect v5.6 holds', '5:8+4 no model is called v5.6 | Did you mean v5.7?'],
    ['expect v5.9..v5.7 holds', '5:8+4 v5.9 comes after v5.7 | Write v5.7..v5.9.'],
    [
      'expect v5.7 breaks no-leaks',
      '5:20+8 no invariant is called no-leaks | folioscope invariants lists them.',
    ],
    [
      'expect v5.7 holds\nexpect v5.7 breaks ISO',
      '6:1+6 line 5 expects the opposite of v5.7 | Keep one of them.',
    ],
    ['never q.got = "x"', '5:7+1 no thread is called q | There are: p.'],
    ['never p.gto = "x"', '5:9+3 p has no result gto | Did you mean got?'],
    ['never p.seen = "x"', '5:9+4 p has no result seen | It has: got.'],
    ['never p.got = "y"', '5:15+3 nothing ever writes "y" | '],
    ['schedule q@store.end', '5:1+20 no thread is called q | There are: p.'],
  ])('%s', (line, complaint) => {
    expect(complaints(run + line)).toEqual([complaint]);
  });
});

test('any text compiles without a throw, and every plan can be booted', () => {
  const actor = fc.constantFrom('A', 'A', 'B', 'A/2', '-', 'C');
  const word = fc.constantFrom(
    'a',
    'a.0',
    'a.1',
    'b.0',
    'read',
    'write',
    'h',
    'p',
    '->',
    'as',
    '11',
    '"x"',
    'anon',
    'shared',
    'ro',
    '2',
    'B',
    'C',
  );
  const verb = fc.constantFrom(
    'mmap',
    'munmap',
    'load',
    'store',
    'fork',
    'exit',
    'madvise',
    'mprotect',
    'vmsplice',
    'read',
    'pin',
    'get',
    'release',
  );
  const good = fc.constantFrom(
    'store a.0 "x"',
    'load a.0',
    'load a.1 -> r',
    'fork B',
    'fork C',
    'exit',
    'mmap b shared 1',
    'mmap a anon 2',
    'munmap a',
    'munmap a.1',
    'vmsplice a.0 -> p',
    'read p',
    'pin a.0 read as h',
    'pin a.1 write',
    'release h',
    'release 11',
    'release',
    'mprotect a ro',
    'nodrain',
  );
  const operation = fc.oneof(
    { arbitrary: good, weight: 9 },
    fc.tuple(verb, fc.array(word, { maxLength: 4 })).map(([v, w]) => [v, ...w].join(' ')),
  );
  const line = fc.oneof(
    { arbitrary: fc.tuple(actor, operation).map((p) => p.join(': ')), weight: 12 },
    fc.constantFrom(
      'parallel',
      'end',
      'region a anon 2 pages',
      'region b shared 1 page in B',
      'process A',
      'lru batched',
      'tables apart',
      '',
      '# x',
    ),
    fc.constantFrom('never A.load = "x"', 'always B.r = none', 'expect v5.7.. holds', 'schedule A@load.end'),
  );
  let plans = 0;
  fc.assert(
    fc.property(fc.array(line, { maxLength: 12 }), (lines) => {
      const { plan, diagnostics } = compileText(
        ['process A', 'region a anon 2 pages', ...lines].join('\n'),
        known,
      );
      expect(plan === null).toBe(diagnostics.some((d) => d.severity === 'error'));
      if (plan === null) return;
      plans += 1;
      boot(plan, models[0]!);
    }),
    { numRuns: 3000, seed: 12 },
  );
  expect(plans).toBeGreaterThan(100);
});
