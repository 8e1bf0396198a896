/**
 * What a scenario needs beyond plain private memory. A field that nobody needs has no cells, so a small
 * scenario has a small
 * world: each feature is 0 or 1, and a factor in the size of its fields (`world.ts`).
 */
import { MAP_SHARED } from './flags.ts';
import type { Plan } from './plan.ts';
import type { Model } from './rules.ts';

export interface Features {
  /** Shared memory, or a file: a page cache. */
  readonly shared: number;
  /** Files, whose pages are in the page cache from the start. */
  readonly files: number;
  /** The model's per-VMA locks. */
  readonly vmaLocks: number;
  /** VMA flags beyond the first eight. */
  readonly vmaMore: number;
  /** Operations on the memory of another process. */
  readonly remote: number;
  /** Operations that fault in one page of their range after the other. */
  readonly walks: number;
  /** Pages that are used twice move to another LRU list, by way of a batch that has a reference. */
  readonly ages: number;
  /** Of proposals: speculative faults, owners of pages at fork, range locks. */
  readonly spf: number;
  readonly owners: number;
  readonly rangeLocks: number;
  /** userfaultfd; and soft-dirty bits. */
  readonly uffd: number;
  readonly softDirty: number;
  /** Each region has a page table of its own. */
  readonly tables: number;
  /** Pages may be swapped out; or lazily freed, too. */
  readonly swap: number;
  readonly lazy: number;
  /** Kernel threads that go from one address space to the next. */
  readonly visits: number;
  /** Equal pages are merged; pages move to other nodes. */
  readonly ksm: number;
  readonly migrate: number;
  /** Entries become migration entries; large folios are split. */
  readonly moves: number;
  readonly splits: number;
  /** Folios of several pages; those that a PMD entry maps as a whole; which processes map them. */
  readonly large: number;
  readonly thp: number;
  readonly owned: number;
  /** Pages of 2 MB out of a pool. */
  readonly huge: number;
}

/** Operations whose VMA flags do not fit into the first cell. One line for each group. */
const VMA_MORE: readonly string[] = ['madvise_hint', 'uffd_register', 'clear_refs'];
/** userfaultfd. */
const UFFD: readonly string[] = [
  'uffd_register',
  'uffd_writeprotect',
  'uffd_copy',
  'uffd_continue',
  'uffd_wait',
];
/** ksmd, and what takes its work back; migration. */
const KSM: readonly string[] = ['ksm', 'ksm_unmerge'];
const MIGRATE: readonly string[] = ['move_pages', 'compact'];
/** What takes pages away from memory that is short. */
const SWAP: readonly string[] = ['madvise_pageout', 'madvise_free', 'reclaim'];
/** What takes large folios apart. */
const SPLIT: readonly string[] = [...SWAP, ...KSM, 'madvise_cold'];
/** Operations that fault pages in, one after the other. */
const WALKS: readonly string[] = ['mmap_populate', 'mlock', 'madvise_populate'];

/**
 * What looks pages up under the page-table lock, and so may move them to another LRU list. Where batches are
 * drained after every operation, only one that looks twice can meet what it has left in a batch.
 */
const LOOKS_TWICE: readonly string[] = ['ptpoke'];
const LOOK_UPS: readonly string[] = [
  ...LOOKS_TWICE,
  ...WALKS,
  'poke',
  'peek',
  'process_vm_readv',
  'process_vm_writev',
  'pin',
  'get',
  'uring_register',
];

export function featuresOf(plan: Plan, model: Model): Features {
  const uses = (names: readonly string[]): number =>
    plan.ops.some((o) => names.includes(o.syscall)) ? 1 : 0;
  const files = plan.regions.some((r) => r.file !== undefined);
  const shared =
    files ||
    plan.mapped.some((m) => m.kind === 'shanon') ||
    plan.regions.some((r) => r.kind === 'shanon') ||
    plan.ops.some((o) => o.syscall.startsWith('mmap') && (o.flags & MAP_SHARED) !== 0);
  const { hasVmaLocks, speculatesFaults, forkMarksOwner, locksRanges } = model.rules;
  const large = plan.regions.some((r) => r.sizes !== undefined),
    thp = plan.regions.some((r) => r.kind === 'thp'),
    splits = large ? uses(SPLIT) : 0;
  return {
    shared: shared ? 1 : 0,
    vmaLocks: hasVmaLocks ? 1 : 0,
    files: files ? 1 : 0,
    // Faults around a page stop where a VMA ends, and locking parts VMAs.
    vmaMore: files || large || (shared && uses(['mlock']) !== 0) ? 1 : uses(VMA_MORE),
    remote: plan.ops.some((o) => o.target !== undefined) ? 1 : uses(KSM),
    ages: plan.switches.lru === 'batched' ? uses(LOOK_UPS) : uses(LOOKS_TWICE),
    walks: plan.holds.some((h) => h.page !== undefined) ? 1 : uses(WALKS),
    spf: speculatesFaults ? 1 : 0,
    owners: forkMarksOwner ? 1 : 0,
    rangeLocks: locksRanges ? 1 : 0,
    uffd: uses(UFFD),
    softDirty: plan.switches.softDirty === 'absent' ? 0 : uses(['clear_refs']),
    // Huge pages are aligned: no other region lies in the same page table.
    tables: thp || plan.switches.tables === 'apart' ? 1 : 0,
    swap: uses(SWAP),
    lazy: uses(['madvise_free']),
    visits: Math.max(uses([...KSM, ...MIGRATE]), splits),
    ksm: uses(KSM),
    migrate: uses(MIGRATE),
    moves: Math.max(uses(MIGRATE), splits),
    splits,
    huge: plan.regions.some((r) => r.kind === 'huge') ? 1 : 0,
    large: large ? 1 : 0,
    thp: thp ? 1 : 0,
    owned: large && model.rules.largeReuse === 'owner' ? 1 : 0,
  };
}
