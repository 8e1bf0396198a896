// What the proposals of the mails break and hold, in all orders; and docs/proposals.md says the same.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { finish, newRun } from '../debugger/run.ts';
import { invariantById, invariants } from '../invariants/index.ts';
import { boot } from '../kernel/machine.ts';
import { modelById, proposals } from '../kernel/models/index.ts';
import type { Model } from '../kernel/rules.ts';
import { check } from './check.ts';
import { planOf } from './plan-of.ts';
import { proposalBase, proposalChecks, textOfCheck } from '../scenario/proposal-checks.ts';

const planOfCheck = (id: string) => planOf(textOfCheck(proposalChecks.find((c) => c.id === id)!));
const short = (id: string): string => invariantById(id)!.alias.find((a) => !a.startsWith('INV-')) ?? id;

/** Short names of what breaks, in the order of the registry. */
function broken(id: string, model: Model): string[] {
  const machine = boot(planOfCheck(id), model);
  if (check(machine, { fewest: false }).verdict === 'holds') return [];
  return invariants
    .filter((i) => check(machine, { invariants: [i], fewest: false }).verdict !== 'holds')
    .map((i) => short(i.id));
}
const columns = [modelById(proposalBase)!, ...proposals];
const found = new Map(
  columns.map((m) => [m.id, new Map(proposalChecks.map((c) => [c.id, broken(c.id, m)]))]),
);
const cell = (model: string, id: string): readonly string[] => found.get(model)!.get(id)!;

describe('docs/proposals.md', () => {
  // Tables as the formatter leaves them, without its padding.
  const text = readFileSync(new URL('../../docs/proposals.md', import.meta.url), 'utf8')
    .replace(/ +\|/g, ' |')
    .replace(/-{3,}/g, '---');
  test('says what each check is about', () => {
    for (const { id, about } of proposalChecks) expect(text).toContain(`| \`${id}\` | ${about} |`);
  });
  test('has the verdicts that the checker finds', () => {
    const rows = columns.map((m) => {
      const cells = proposalChecks.map((c) => cell(m.id, c.id).join(' ') || 'holds');
      return `| \`${m.id}\` | ${cells.join(' | ')} |`;
    });
    const head = `| model | ${proposalChecks.map((c) => `\`${c.id}\``).join(' | ')} |`;
    const dashes = `| --- |${' --- |'.repeat(proposalChecks.length)}`;
    expect(text).toContain([head, dashes, ...rows].join('\n'));
  });
  test('has a section for each proposal', () => {
    for (const { id } of proposals) expect(text).toMatch(new RegExp(`^## .*\`${id}\``, 'm'));
  });
});

// The verdicts of the step lists, one by one. What they leave open is not here.
describe.each<[string, Readonly<Record<string, readonly string[]>>]>([
  ['unshare-mapcount', { leak: [], reverse: ['ISO'], 'pin-fork': [], 'there-and-back': [], 'read-pin': [] }],
  ['unshare-mapcount', { 'zap-gap': ['ISO'], 'two-looks': ['PIN'], mprotect: [], 'uffd-wp': [] }],
  ['count-strict-skip', { leak: [], reverse: [], 'pin-fork': [], mprotect: ['MPROT'], 'there-and-back': [] }],
  ['count-strict-copy', { leak: [], reverse: [], 'pin-fork': [], mprotect: ['PIN'] }],
  ['count-strict-fail', { leak: [], reverse: [], 'pin-fork': [], mprotect: [], 'there-and-back': [] }],
  ['gup-owner-min', { leak: [], reverse: [], 'pin-fork': ['PIN'], mprotect: [], 'zap-gap': [] }],
  ['gup-owner-full', { leak: [], reverse: [], 'pin-fork': [], mprotect: [], 'zap-gap': [] }],
  ['gup-break-cow-flag', { leak: [], reverse: ['ISO'], zeros: ['PIN'] }],
  ['spf', { leak: [], 'fault-fork': ['LOST'], 'uffd-wp': ['LOST'], mprotect: [] }],
  ['spf-flush-under-ptl', { 'fault-fork': [], 'uffd-wp': [] }],
  ['copy-under-ptl', { 'fault-fork': [], 'uffd-wp': [] }],
  ['range-lock', { 'fault-fork': [], 'uffd-wp': [], mprotect: [] }],
  ['uffdwp-mmap-write', { 'uffd-wp': [] }],
  ['uffdwp-flush-under-ptl', { 'uffd-wp': [] }],
  ['v5.11', { 'uffd-wp': ['LOST'], 'fault-fork': [] }],
])('%s', (model, must) => {
  test.each(Object.entries(must))('%s: %j', (id, breaks) => {
    expect(cell(model, id)).toEqual(breaks);
  });
});

describe('what a device writes after fork', () => {
  test.each(['gup-owner-min', 'gup-owner-full'])('is seen by the child on %s', (model) => {
    expect(cell(model, 'device-fork')).toContain('ISO');
  });
});

describe('variants', () => {
  const spf = modelById('spf')!;
  const variant = (base: Model, rules: Partial<Model['rules']>): Model => ({
    ...base,
    rules: { ...base.rules, ...rules },
  });

  test('speculative faults lose no store where fork announces itself', () => {
    expect(broken('fault-fork', variant(spf, { spfCoversFork: true }))).toEqual([]);
  });
  test('where UFFDIO_WRITEPROTECT does, they are left with what an ordinary fault of v5.11 does', () => {
    expect(broken('uffd-wp', variant(spf, { spfCoversUffdwp: true }))).toEqual(cell('v5.11', 'uffd-wp'));
  });
  test('the flush of v5.12 before the copy saves them from userfaultfd, but not from fork', () => {
    expect(broken('uffd-wp', variant(spf, { wpFlushesIfPending: true }))).toEqual([]);
    expect(broken('fault-fork', variant(spf, { wpFlushesIfPending: true }))).toEqual(['LOST']);
  });
  test('a range lock that UFFDIO_WRITEPROTECT takes for reading needs that flush', () => {
    const reads = variant(modelById('range-lock')!, { uffdWpLock: 'read' });
    expect(broken('uffd-wp', reads)).toEqual(['LOST']);
    expect(broken('uffd-wp', variant(reads, { wpFlushesIfPending: true }))).toEqual([]);
  });
  test('exclusive pages do not save speculative faults from fork', () => {
    const later = variant(modelById('v5.19')!, { speculatesFaults: true });
    expect(broken('fault-fork', later)).toEqual(['LOST']);
    expect(broken('uffd-wp', later)).toEqual([]);
  });
  test('the copy under the lock repairs v6.4.0, too', () => {
    const v6_4_0 = modelById('v6.4.0')!;
    expect(broken('fault-fork', v6_4_0)).toContain('LOST');
    expect(broken('fault-fork', variant(v6_4_0, { copiesUnderPtl: true }))).toEqual([]);
  });
});

test('mprotect on count-strict-fail is refused while somebody holds the page, and not after', () => {
  const script = [
    'process parent',
    'region a anon 1 page',
    'parent: store a.0 "old"',
    'parent: get a.0 write as h',
    'parent: mprotect a ro',
    'parent: store a.0 "new"',
    'parent: load a.0 -> held',
    'parent: release h',
    'parent: mprotect a ro',
    'parent: store a.0 "late"',
    'parent: load a.0 -> free',
    'always parent.held = "new"',
    'always parent.free = "new"',
    '',
  ].join('\n');
  expect(check(boot(planOf(script), modelById('count-strict-fail')!)).reason).toBe('');
});

describe('clear_refs obeys rule (c), too', () => {
  const script = [
    'process parent',
    'region a anon 1 page',
    'parent: store a.0 "old"',
    'parent: get a.0 write as h',
    'parent: clear_refs',
    'parent: store a.0 "new"',
    'parent: release h "data"',
    'parent: load a.0 -> seen',
    '',
  ].join('\n');
  // A page that stays writable keeps its mark, so that no store is missed.
  test.each([
    ['count-strict-skip', 'end', 'holds'],
    ['count-strict-copy', 'end', 'gets-stay-coherent'],
    ['count-strict-fail', 'EAGAIN', 'holds'],
  ])('%s ends with %s: %s', (id, exit, found) => {
    const machine = boot(planOf(script), modelById(id)!),
      { verdict, invariant } = check(machine, { fewest: false }),
      run = newRun(machine);
    finish(run);
    const last = run.steps.findLast((s) => machine.plan.ops[s.op]!.syscall === 'clear_refs');
    expect([last?.went, invariant ?? verdict]).toEqual([exit, found]);
  });
});

// INV-UFFD: the store of this script waits for a monitor that never answers, if it is reported at all.
test.each([
  ['v5.11', 'no-deadlock'],
  ['count-strict-skip', 'holds'],
])('write-protection by userfaultfd has a hole where referenced pages are skipped: %s', (id, found) => {
  const script = [
    'process parent',
    'region a anon 1 page',
    'parent: store a.0 "old"',
    'parent: get a.0 write as h',
    'parent: uffd_register a wp',
    'parent: uffd_writeprotect a.0 on',
    'parent: store a.0 "new"',
    'parent: load a.0 -> seen',
    'always parent.seen = "new"',
    '',
  ].join('\n');
  const { verdict, invariant } = check(boot(planOf(script), modelById(id)!));
  expect(invariant ?? verdict).toBe(found);
});

test('direct I/O over a fork, and a store: who keeps plain references?', () => {
  const script = [
    'process parent',
    'region a anon 1 page',
    'parent: store a.0 "old"',
    'parent: get a.0 write fast as io',
    'parent: fork child',
    'parent: store a.0 "new"',
    'parent: release io "data"',
    'parent: load a.0 -> seen',
    'always parent.seen = "data"',
    '',
  ].join('\n');
  const keeps = columns.filter((m) => check(boot(planOf(script), m)).verdict === 'holds').map((m) => m.id);
  expect(keeps).toEqual(['count-strict-skip', 'count-strict-copy', 'count-strict-fail', 'gup-owner-full']);
});
