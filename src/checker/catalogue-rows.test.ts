// Both bug catalogues, row by row: for each the gallery scenario that shows it, the kernels that must fail,
// and, as all others do, those that must hold. The kernels come from the catalogues' own matrix and from the
// kernel commits that fixed them (a row on large folios from the rule that its size has in each kernel);
// never from what a check finds here. `gallery.test.ts` checks every `expect` line of these scenarios; what
// is left to check here is a kernel that breaks something else in them.
import { expect, test } from 'vitest';
import { invariantById } from '../invariants/index.ts';
import type { Invariant } from '../invariants/index.ts';
import { boot } from '../kernel/machine.ts';
import { modelById, modelIds } from '../kernel/models/index.ts';
import type { Plan } from '../kernel/plan.ts';
import { entryById } from '../scenario/gallery/index.ts';
import { check } from './check.ts';
import { planOf } from './plan-of.ts';

interface Row {
  /** In the catalogues: R1 to R16, I1 to I5, or a name of the counterexample library. */
  readonly row: string;
  readonly scenario: string;
  /** An invariant; '': a question of the scenario. */
  readonly breaks: string;
  /** Kernels and ranges of them, as in `expect` lines; '': none. Then proposals, one by one. */
  readonly fails: string;
  /** Kernels that lack what the row is about. */
  readonly lack: string;
}
const ISO = 'private-writes-stay-private',
  LOST = 'stores-are-not-lost',
  PIN = 'pins-stay-coherent',
  GET = 'gets-stay-coherent',
  FORK_IO = 'direct-io-survives-fork',
  SD = 'soft-dirty-is-not-missed',
  UAF = 'no-use-after-free',
  FILE = 'files-keep-their-bytes',
  ZERO = 'zero-page-stays-zero';
/** Pins are told from references, and userfaultfd write-protects, from 5.7 on. */
const NO_PINS = 'v4.8..v5.6';
const row = (name: string, scenario: string, breaks: string, fails: string, lack = ''): Row => ({
  row: name,
  scenario,
  breaks,
  fails,
  lack,
});

const rows: readonly Row[] = [
  row('R1 Dirty COW', 'dirty-cow', FILE, 'v4.8'),
  row('R1, the page of zeros', 'forced-write-zero-page', ZERO, 'v4.8'),
  // CVE-2017-1000405 (R1b) is of 4.9 to 4.14, which no model stands for.
  row('R1 and R1b, huge pages', 'thp-forced-write', ZERO, 'v4.8'),
  row('R2 vmsplice leak, CVE-2020-29374', 'vmsplice-leak', ISO, 'v4.8..v5.7'),
  row('R2, all orders', 'leak-any-order', ISO, 'v4.8..v5.7'),
  row('R2, the child stores', 'vmsplice-mirror', ISO, 'v4.8..v5.7'),
  row('reverse vmsplice', 'vmsplice-before-fork', ISO, 'v4.8..v5.8 unshare-mapcount'),
  row('R2b through swap', 'swap-leak', ISO, 'v4.8..v5.7 v5.9..v5.12'),
  row('R2c huge page by a PMD entry', 'thp-leak', ISO, 'v4.8..v5.7 v5.9..v5.12'),
  row('R2c, reverse', 'thp-mirror', ISO, 'v4.8..v5.12'),
  row('R2d hugetlb', 'huge-page-leak', ISO, 'v4.8..v5.7 v5.9..v7.2'),
  row('R2d, reverse', 'huge-page-leak-mirror', ISO, 'v4.8..v7.2'),
  row('R2, folio of 64 kB', 'mthp-leak', ISO, 'v4.8..v5.7'),
  row('R3 map counts and a split, CVE-2020-29368', 'split-while-counting', ISO, 'v4.8..v5.7'),
  row('R4 FOLL_GET', 'get-fork-io', FORK_IO, 'v4.8..v7.2'),
  row('R4 FOLL_GET, the child writes first', 'strict-counts', FORK_IO, 'v5.9..v7.2'),
  row('R4 FOLL_GET, huge page', 'thp-io-across-fork', FORK_IO, 'v4.8..v7.2'),
  row('O_DIRECT and fork, as the kernel does it', 'direct-read-across-fork', FORK_IO, 'v4.8..v6.1'),
  row('R4 FOLL_PIN', 'pin-fork-write', PIN, 'v5.7..v5.8', NO_PINS),
  row('R4 FOLL_PIN, huge page', 'thp-pinned-fork', PIN, 'v5.7..v5.8', NO_PINS),
  row('R4 FOLL_PIN, hugetlb', 'huge-page-pinned-fork', PIN, 'v5.7..v5.11', NO_PINS),
  row('R5 userfaultfd loses a store, seed 004', 'uffd-lost-write', LOST, 'v5.9..v5.11 spf', NO_PINS),
  row('R5, huge page that PTEs map', 'thp-part-lost-store', LOST, 'v5.9..v5.11', NO_PINS),
  row('R5b clear_refs loses a store', 'soft-dirty-lost-store', LOST, 'v5.9..v5.11'),
  row('R5b, huge page that PTEs map', 'thp-part-clear-refs', LOST, 'v5.9..v5.11'),
  row('R5b clear_refs misses a store', 'soft-dirty-missed', SD, 'v5.6..v5.11'),
  row('R5b misses, huge page that PTEs map', 'thp-part-clear-refs', SD, 'v5.6..v5.11'),
  // pmdp_invalidate() flushes under the lock: no kernel misses a store to a PMD entry.
  row('R5b misses, huge page by a PMD entry', 'thp-soft-dirty-pinned', SD, ''),
  row('R6a read pin, then a store', 'read-pin-write', PIN, 'v5.9..v5.18', NO_PINS),
  row('R6a, huge page', 'thp-read-pin', PIN, 'v5.18', NO_PINS),
  row('R6b mprotect there and back, FOLL_PIN', 'mprotect-under-pin', PIN, 'v5.9..v5.18', NO_PINS),
  row('R6b FOLL_GET', 'direct-read-mprotect', GET, 'v5.9..v5.18'),
  row('R6b, huge page by a PMD entry', 'thp-mprotect', PIN, 'v5.18', NO_PINS),
  row('R6b, huge page that PTEs map', 'thp-part', PIN, 'v5.9..v5.18', NO_PINS),
  row('R6c userfaultfd round trip', 'uffd-under-pin', PIN, 'v5.9..v5.18', NO_PINS),
  row('R6c, huge page by a PMD entry', 'thp-uffd-under-pin', PIN, 'v5.18', NO_PINS),
  row('R6d clear_refs, FOLL_PIN', 'soft-dirty-pinned', PIN, 'v5.9', NO_PINS),
  row('R6d clear_refs, FOLL_GET', 'soft-dirty-under-io', GET, 'v5.9..v5.18'),
  row('R6d, huge page by a PMD entry', 'thp-soft-dirty-pinned', PIN, 'v5.18', NO_PINS),
  row('R6e swap, FOLL_PIN', 'swap-under-pin', PIN, 'v5.9', NO_PINS),
  row('R6e swap, FOLL_GET', 'swap-under-io', GET, 'v5.9..v5.18'),
  // 5.7 and 5.8 part any pin from its process at fork: R4.
  row('R7 GUP-fast and fork', 'fast-pin-fork', PIN, 'v5.7..v5.9', NO_PINS),
  row('R7, huge page', 'thp-fast-pin', PIN, 'v5.7..v5.9', NO_PINS),
  // Of 5.9-rc4 to -rc6; `guards.test.ts` switches the fix off.
  row('R8 unlocked after it was unmapped', 'unlock-after-unmap', UAF, ''),
  row(
    'R9 the monitor waits for itself',
    'monitor-waits-for-itself',
    'no-deadlock',
    'v5.8 gup-break-cow-flag',
  ),
  row('R9 a look parts a page from its file', 'read-copies-file', '', 'v5.8'),
  row('R10 the entry is the same again', 'aba-copy', LOST, 'v4.8..v5.8'),
  row('R10, huge page', 'thp-same-again', LOST, 'v4.8..v5.8'),
  row('R11 a migration entry hides a pin', 'migration-hides-pin', PIN, 'v5.7..v5.18', NO_PINS),
  row('R11 a swap entry hides a pin', 'pin-behind-slot', PIN, 'v5.7..v5.9', NO_PINS),
  row('R12 unmapped, not flushed', 'unmap-gap', ISO, 'v4.8..v5.8 unshare-mapcount'),
  row('R12, huge page', 'thp-gap', ISO, 'v4.8..v5.12'),
  row('R12, hugetlb', 'huge-page-unmap-gap', ISO, 'v4.8..v7.2'),
  row('R13 KSM and a flush to come', 'ksm-stale-flush', 'merged-pages-stay-equal', 'v4.8'),
  row('R14 MADV_FREE and direct I/O', 'lazy-free-io', LOST, 'v4.8..v5.12'),
  // Which kernels copy for nothing: `needless-copies.test.ts`. No rule is broken by it.
  row('R15 needless copies', 'needless-copy', LOST, ''),
  row('R16 a page that was pinned once', 'dontfork-direct-io', FORK_IO, ''),
  row('CVE-2022-2590', 'dirty-cow-shmem', FILE, 'v4.8 v5.18..v5.19'),
  row('I1 two copies', 'copy-while-child-exits', LOST, ''),
  // Without the reference: `guards.test.ts`.
  row('I2 the source is gone', 'source-goes-away', UAF, ''),
  row('I3 two looks', 'two-looks', PIN, 'v5.9..v5.18 unshare-mapcount', NO_PINS),
  row(
    'I4 and I5, entries as before',
    'unshare-behind-monitor',
    PIN,
    'v5.7 v5.9..v5.18 unshare-mapcount',
    NO_PINS,
  ),
  row('fork and a fault under the VMA lock', 'fork-vma-lock', LOST, 'v6.4.0 spf'),
  row('... and fork is two moments', 'fork-two-moments', '', 'v6.4.0'),
  row('speculative faults', 'speculative-fault', LOST, 'v6.4.0 spf'),
  row('mprotect that skips', 'strict-mprotect', 'stores-need-permission', 'count-strict-skip'),
  row('swap slot read twice', 'slot-read-twice', LOST, 'v5.6..v5.19 v6.4.0'),
  row('... and unmapped meanwhile', 'slot-after-unmap', LOST, 'v5.6..v5.19 v6.4.0'),
];

/** `v5.9..v5.12 v6.1 spf` as ids. */
const idsIn = (words: string): string[] =>
  words
    .split(' ')
    .filter((word) => word !== '')
    .flatMap((word) => {
      const [from = '', to = from] = word.split('..');
      if (modelById(from)?.proposal === true) return [from];
      const ids = [from, to].map((id) => modelIds.indexOf(id));
      if (ids.includes(-1)) throw new Error(`no kernel ${word}`);
      return modelIds.slice(ids[0], ids[1]! + 1);
    });

/** What the lines say of a kernel; of one that breaks something else first, what a check says. */
function breaksOn(plan: Plan, invariant: Invariant | null, id: string): boolean {
  const said = plan.expectations.find((e) => e.models.includes(id));
  if (said === undefined) throw new Error(`${plan.title} says nothing of ${id}`);
  if (said.verdict === 'holds') return false;
  if (invariant === null || invariantById(said.invariant) === invariant) return true;
  return check(boot(plan, modelById(id)!), { invariants: [invariant], fewest: false }).verdict === 'violated';
}

test.each(rows.map((r) => [r.row, r] as const))('%s', (_, { scenario, breaks, fails, lack }) => {
  const plan = planOf(entryById(scenario)!.text),
    invariant = breaks === '' ? null : invariantById(breaks)!,
    failing = idsIn(fails),
    lacking = idsIn(lack);
  const asked = [...new Set([...modelIds, ...failing])].filter((id) => !lacking.includes(id));
  expect(asked.filter((id) => breaksOn(plan, invariant, id)).sort()).toEqual([...failing].sort());
});

test('every row of the catalogues is here', () => {
  const numbered = new Set(rows.flatMap((r) => r.row.match(/\b[RI]\d+[a-e]?/g) ?? []));
  const wanted = `
    R1 R1b R2 R2b R2c R2d R3 R4 R5 R5b R6a R6b R6c R6d R6e R7 R8 R9 R10 R11 R12 R13 R14 R15 R16
    I1 I2 I3 I4 I5`;
  expect([...numbered].sort()).toEqual(wanted.trim().split(/\s+/).sort());
});
