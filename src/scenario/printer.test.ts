import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ADVICE_WORDS } from './advice.ts';
import { DETACHABLE } from './operations.ts';
import { parse } from './parser.ts';
import { operationText, print } from './printer.ts';
import type { Actor, Models, Name, Operation, Place, Statement, Value } from './syntax.ts';
import { FOREIGN_VERBS, OPERATIONS, isKeyword } from './words.ts';

describe('the printed form', () => {
  test('is the preferred spelling, actors in a column, blocks indented, comments kept', () => {
    const text = [
      'scenario   The child keeps a reference   # title',
      'about  One paragraph,',
      '    continued.',
      '',
      '# cast',
      'process parent',
      'region  a anon 1',
      'parent: store a.0 “old”',
      'parent: fork child',
      'parallel   # all orders',
      'child vms a.0 p',
      '# the window',
      'parent st a.0 99; child unmap a  # now',
      'end',
      'never child.got="secret"',
      'expect v5.8 , v5.9 .. broken',
      'schedule child@vmsplice.end',
      '',
    ].join('\n');
    expect(print(parse(text).scenario)).toBe(
      [
        'scenario The child keeps a reference  # title',
        'about One paragraph,',
        '  continued.',
        '',
        '# cast',
        'process parent',
        'region a anon 1 page',
        'parent: store a.0 "old"',
        'parent: fork child',
        'parallel  # all orders',
        '  child:  vmsplice a.0 -> p',
        '  # the window',
        '  parent: store a.0 99',
        '  child:  munmap a  # now',
        'end',
        'never child.got = "secret"',
        'expect v5.8 v5.9.. breaks',
        'schedule child@vmsplice.end',
        '',
      ].join('\n'),
    );
  });

  test('of a block without an end stops at the first line that cannot be in it', () => {
    expect(print(parse('parallel\nA exit\n\nprocess B\nA exit').scenario)).toBe(
      'parallel\n  A: exit\n\nprocess B\nA: exit\n',
    );
  });

  test('of nothing is nothing', () => {
    expect(print(parse('').scenario)).toBe('');
    expect(print(parse('\n\n').scenario)).toBe('\n\n');
  });

  test('of an operation is what the table of words shows', () => {
    for (const { example } of OPERATIONS) {
      const [s] = parse(`parent: ${example}`).scenario.statements;
      expect(s?.kind === 'op' && operationText(s.op)).toBe(example);
    }
  });
});

const span = { line: 1, column: 1, length: 1 };
const named = (text: string): Name => ({ text, span });
const word = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,5}(-[A-Za-z0-9_]{1,3})?$/);
const name = word.filter((w) => !/^[0-9a-fA-F]{2}$/.test(w)).map(named);
const process = word.filter((w) => !isKeyword(w)).map(named);
const maybe = <T>(some: fc.Arbitrary<T>) => fc.option(some, { nil: null });
const number = fc.integer({ min: 1, max: 999 });
const page: fc.Arbitrary<Place> = fc.record({
  region: name,
  page: fc.nat({ max: 99 }),
  span: fc.constant(span),
});
const whole: fc.Arbitrary<Place> = name.map((region) => ({ region, page: null, span }));
const value: fc.Arbitrary<Value> = fc.oneof(
  fc.stringMatching(/^[0-9a-f]{2}$/).map((text) => ({ text, hex: true, span })),
  fc.string({ minLength: 1, maxLength: 24 }).map((text) => ({ text, hex: false, span })),
);
const taken = {
  place: page,
  access: fc.constantFrom('read' as const, 'write' as const),
  fast: fc.boolean(),
  hold: maybe(name),
};
const is = <V extends string>(verb: V) => fc.constant(verb);
const some: fc.Arbitrary<Operation> = fc.oneof(
  fc.record({
    verb: is('mmap'),
    region: name,
    kind: fc.constantFrom('anon' as const, 'shanon' as const),
    pages: number,
    readonly: fc.boolean(),
    populate: fc.boolean(),
  }),
  fc.record({ verb: is('munmap'), place: page, pages: maybe(number) }),
  fc.record({ verb: is('munmap'), place: whole, pages: fc.constant(null) }),
  fc.record({ verb: is('load'), place: page, result: maybe(name) }),
  fc.record({ verb: is('store'), place: page, value }),
  fc.record({ verb: is('fork'), child: process }),
  fc.record({ verb: fc.constantFrom('exit' as const, 'exec' as const, 'nodrain' as const) }),
  fc.record({
    verb: is('madvise'),
    place: page,
    advice: fc.constantFrom(...ADVICE_WORDS.values()),
    pages: maybe(number),
  }),
  fc.record({
    verb: is('uffd_register'),
    region: name,
    mode: fc.constantFrom('wp' as const, 'missing' as const),
  }),
  fc.record({ verb: is('uffd_writeprotect'), place: fc.oneof(page, whole), on: fc.boolean() }),
  fc.record({ verb: is('uffd_copy'), place: page, value }),
  fc.record({ verb: is('uffd_wait'), place: fc.oneof(page, whole) }),
  fc.record({
    verb: fc.constantFrom('clear_refs' as const, 'ksm' as const, 'ksm_unmerge' as const, 'join' as const),
  }),
  fc.record({ verb: is('mremap'), region: name }),
  fc.record({
    verb: fc.constantFrom('mlock' as const, 'munlock' as const, 'numa_hint' as const),
    place: fc.oneof(page, whole),
  }),
  fc.record({
    verb: is('mprotect'),
    place: fc.oneof(page, whole),
    protection: fc.constantFrom('ro' as const, 'rw' as const, 'none' as const),
  }),
  fc.record({
    verb: is('vmsplice'),
    place: page,
    pipe: fc.oneof(
      name,
      number.map((n) => named(String(n))),
    ),
    times: fc.constantFrom(1, 1, 2, 64),
  }),
  fc.record({ verb: is('read'), pipe: name, result: maybe(name) }),
  fc.record({ verb: is('pin'), ...taken, longterm: fc.boolean() }),
  fc.record({
    verb: fc.constantFrom('unpin' as const, 'rdma_deregister' as const),
    hold: maybe(name),
  }),
  fc.record({ verb: is('lookup'), place: page, result: maybe(name) }),
  fc.record({ verb: is('dio'), place: page, value }),
  fc.record({
    verb: fc.constantFrom('dio_read' as const, 'dio_write' as const, 'uring_register' as const),
    place: page,
    hold: maybe(name),
  }),
  fc.record({ verb: is('complete'), hold: maybe(name), value: maybe(value), result: maybe(name) }),
  fc.record({ verb: is('uring_write'), buffer: name, place: fc.constant(null), result: maybe(name) }),
  fc.record({ verb: is('uring_read'), buffer: fc.constant(null), place: page, value }),
  fc.record({ verb: is('uring_unregister'), buffer: fc.constant(null), place: maybe(page) }),
  fc.record({ verb: is('rdma_register'), place: page, readonly: fc.boolean(), hold: maybe(name) }),
  fc.record({ verb: is('device_write'), hold: name, value }),
  fc.record({ verb: is('device_read'), hold: maybe(name), result: maybe(name) }),
  fc.record({ verb: is('fopen'), place: maybe(fc.oneof(page, whole)) }),
  fc.record({ verb: is('get'), ...taken }),
  fc.record({ verb: is('release'), hold: maybe(name), value: maybe(value), result: maybe(name) }),
  fc.constantFrom(...FOREIGN_VERBS).map((text) => ({ verb: 'foreign' as const, what: text, text, maps: '' })),
);
const actor: fc.Arbitrary<Actor> = fc.oneof(
  fc.record({ name: process, thread: fc.constantFrom(1, 1, 2, 30) }),
  fc.constant({ name: named('-'), thread: 1 }),
);
const model = fc.constantFrom('v5.7', 'v6.4.0', 'spf-flush-under-ptl').map(named);
const models: fc.Arbitrary<Models[]> = fc
  .tuple(
    maybe(model),
    fc.array(
      fc.oneof(
        model.map((m) => ({ from: m, to: m })),
        fc.record({ from: model, to: model }),
      ),
      { minLength: 1, maxLength: 3 },
    ),
    maybe(model),
  )
  .map(([first, middle, last]) => [
    ...(first ? [{ from: null, to: first }] : []),
    ...middle,
    ...(last ? [{ from: last, to: null }] : []),
  ]);
const prose = fc
  .stringMatching(/^[A-Za-z#][A-Za-z#;:", 0-9]{0,20}$/)
  .map((t) => t.trim())
  .filter((t) => !/(^|\s)#(\s|$)/.test(t));
const part = {
  span: fc.constant(span),
  comment: fc.oneof(
    fc.constant(''),
    prose.map((p) => `# ${p}`.trim()),
  ),
};
const silent = { span: fc.constant(span), comment: fc.constant('') };
const statement: fc.Arbitrary<Statement> = fc.oneof(
  {
    arbitrary: fc
      .record({ kind: is('op'), actor, op: some, detached: fc.boolean(), ...part })
      .map((s) => ({ ...s, detached: s.detached && DETACHABLE.has(s.op.verb) })),
    weight: 8,
  },
  fc.record({ kind: is('blank'), ...silent }),
  fc.record({ kind: is('comment'), span: fc.constant(span), comment: prose.map((p) => `#${p}`) }),
  fc.record({
    kind: fc.constantFrom('scenario' as const, 'source' as const, 'schedule' as const),
    text: fc.oneof(fc.constant(''), prose),
    ...part,
  }),
  fc.record({
    kind: is('about'),
    lines: fc
      .tuple(
        prose,
        fc.array(
          prose.filter((p) => !p.startsWith('#')),
          { maxLength: 2 },
        ),
      )
      .map(([a, b]) => [a, ...b]),
    ...silent,
  }),
  fc.record({ kind: is('experiment'), name: word, about: fc.oneof(fc.constant(''), prose), ...part }),
  fc.record({ kind: is('process'), names: fc.array(process, { minLength: 1, maxLength: 3 }), ...part }),
  fc.record({
    kind: is('region'),
    region: name,
    type: fc.constantFrom('anon' as const, 'shanon' as const),
    pages: number,
    readonly: fc.boolean(),
    process: maybe(name),
    ...part,
  }),
  fc.record({ kind: is('lru'), mode: fc.constantFrom('drained' as const, 'batched' as const), ...part }),
  fc.record({ kind: is('flush'), how: fc.constantFrom('ipi' as const, 'broadcast' as const), ...part }),
  fc.record({ kind: is('tables'), how: fc.constantFrom('together' as const, 'apart' as const), ...part }),
  fc.record({
    kind: fc.constantFrom('without' as const, 'with' as const),
    names: fc.array(process, { minLength: 1, maxLength: 3 }),
    ...part,
  }),
  fc.record({
    kind: is('note'),
    at: fc.constantFrom('start', '12', 'child@munmap.end', 'p/2@store~2.do_wp_page.copy#3'),
    text: fc.oneof(fc.constant(''), prose),
    ...part,
  }),
  fc.record({ kind: is('counter'), bits: fc.constantFrom(3, 7), ...part }),
  fc.record({ kind: fc.constantFrom('parallel' as const, 'end' as const), ...part }),
  fc.record({
    kind: is('question'),
    quantifier: fc.constantFrom('exists' as const, 'never' as const, 'always' as const),
    terms: fc.array(
      fc.record({ thread: process, result: word.map((w) => named(`${w}~2`)), value: maybe(value) }),
      { minLength: 1, maxLength: 3 },
    ),
    ...part,
  }),
  fc.record({
    kind: is('expect'),
    models,
    verdict: fc.constantFrom('holds' as const, 'breaks' as const),
    invariant: maybe(fc.constant(named('no-use-after-free'))),
    ...part,
  }),
);

test('any tree is read again as it was printed', () => {
  const shape = (statements: readonly Statement[]): unknown =>
    JSON.parse(JSON.stringify(statements, (key, v: unknown) => (key === 'span' ? undefined : v)));
  fc.assert(
    fc.property(fc.array(statement, { maxLength: 12 }), (statements) => {
      const text = print({ statements });
      const again = parse(text);
      expect(again.diagnostics).toEqual([]);
      expect(shape(again.scenario.statements)).toEqual(shape(statements));
      expect(print(again.scenario)).toBe(text);
    }),
    { numRuns: 1500, seed: 4 },
  );
});
