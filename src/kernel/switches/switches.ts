/**
 * Switches: the questions that the mails argue about, each with the answers that kernels and proposals gave.
 * A rule set that is put together by hand is a base and some of these, as `v5.9~reuse.mapcount~fork.share`
 * (`compose.ts`). An answer is never written here again: it is taken from the model that has it. What the
 * switches are called for people is in `words.ts`.
 */
import type { Rules } from '../rules.ts';

export interface Position {
  /** The model whose answer it is. */
  readonly from: string;
  /** Where no model has quite this one. */
  readonly besides?: Partial<Rules>;
  /** Positions of other switches that it cannot be without: `fork: 'copy-pinned'`. */
  readonly needs?: Readonly<Record<string, string>>;
}
export interface Switch {
  /** The rules that only make sense together. */
  readonly rules: readonly (keyof Rules)[];
  /** The hooks that go with them. */
  readonly hooks?: readonly string[];
  readonly positions: Readonly<Record<string, Position>>;
  /** Where it goes if what it needs is taken away. Needs nothing itself. */
  readonly otherwise?: string;
}

const MARKED = { reuse: 'exclusive' },
  OWNED = { fork: 'mark-owner' };

export const switches: Readonly<Record<string, Switch>> = {
  reuse: {
    rules: ['hasExclusive', 'swapMarksExclusive'],
    hooks: ['reuse_anon'],
    positions: {
      mapcount: { from: 'v5.7' },
      refcount: { from: 'v5.9' },
      'late-refcount': { from: 'v5.18' },
      exclusive: {
        from: 'v5.19',
        needs: { pins: 'counted', fork: 'copy-pinned', huge: 'exclusive', swapin: 'refcount' },
      },
      owner: { from: 'gup-owner-min', needs: OWNED },
      'owner-full': { from: 'gup-owner-full', needs: OWNED },
    },
    otherwise: 'refcount',
  },
  huge: {
    rules: ['hugeReuse'],
    positions: {
      mapcount: { from: 'v5.7' },
      refcount: { from: 'v5.18' },
      exclusive: { from: 'v5.19', needs: MARKED },
    },
    otherwise: 'refcount',
  },
  swapin: {
    rules: ['swapinReuses'],
    positions: { mapcount: { from: 'v5.7' }, refcount: { from: 'v5.18' } },
  },
  forced: {
    rules: ['forcedWrites'],
    positions: {
      forgets: { from: 'v4.8' },
      dirty: { from: 'v5.7' },
      exclusive: { from: 'v6.1', needs: MARKED },
    },
    otherwise: 'dirty',
  },
  lookup: {
    rules: [
      'gupBreaksCow',
      'gupSparesZeroPage',
      'unsharesReadPins',
      'unsharesReadGets',
      'unsharesNonAnonLongterm',
      'sharedIf',
    ],
    positions: {
      take: { from: 'v5.7' },
      break: { from: 'v5.8' },
      'break-not-zeros': { from: 'gup-break-cow-flag' },
      'unshare-mapped': { from: 'unshare-mapcount' },
      unshare: { from: 'v5.19', needs: MARKED },
      'unshare-longterm': { from: 'v6.12', needs: MARKED },
    },
    otherwise: 'take',
  },
  pins: {
    rules: ['countsPins'],
    positions: { plain: { from: 'v5.6' }, counted: { from: 'v5.7' } },
  },
  fork: {
    rules: [
      'forkCopiesPinned',
      'forkSplitsPinnedHuge',
      'marksPinned',
      'forkCopiesReferenced',
      'forkMarksOwner',
    ],
    positions: {
      share: { from: 'v5.8' },
      'copy-pinned': { from: 'v5.9', needs: { pins: 'counted' } },
      'copy-held': { from: 'count-strict-skip' },
      'mark-owner': { from: 'gup-owner-min' },
    },
    otherwise: 'share',
  },
  seq: {
    rules: ['hasWriteProtectSeq'],
    positions: { off: { from: 'v5.9' }, on: { from: 'v5.11' } },
  },
  protect: {
    rules: ['protectsReferenced'],
    positions: {
      always: { from: 'v5.11' },
      skip: { from: 'count-strict-skip' },
      copy: { from: 'count-strict-copy' },
      fail: { from: 'count-strict-fail' },
    },
  },
  reclaim: {
    rules: ['reclaimSkipsPinned'],
    positions: { takes: { from: 'v5.9' }, skips: { from: 'v5.11' } },
  },
  copy: {
    rules: ['copiesUnderPtl'],
    positions: { unlocked: { from: 'v5.11' }, locked: { from: 'copy-under-ptl' } },
  },
  drop: {
    rules: ['dropsMappingRefLate'],
    positions: { early: { from: 'v5.11' }, late: { from: 'v6.12' } },
  },
  pending: {
    rules: ['wpFlushesIfPending'],
    positions: { ignored: { from: 'v5.11' }, flushed: { from: 'v5.12' } },
  },
  'uffd-lock': {
    rules: ['uffdWpLock'],
    positions: { read: { from: 'v5.11' }, write: { from: 'uffdwp-mmap-write' } },
  },
  'uffd-flush': {
    rules: ['uffdWpFlush'],
    positions: { late: { from: 'v5.11' }, 'under-ptl': { from: 'uffdwp-flush-under-ptl' } },
  },
  'clear-lock': {
    rules: ['clearRefsLock'],
    positions: { read: { from: 'v5.9' }, write: { from: 'v5.11' } },
  },
  'clear-flush': {
    rules: ['clearRefsFlushes'],
    positions: { never: { from: 'v5.9' }, last: { from: 'v5.12' } },
  },
  faults: {
    rules: [
      'hasVmaLocks',
      'forkLocksVmas',
      'speculatesFaults',
      'spfCoversFork',
      'spfCoversUffdwp',
      'locksRanges',
    ],
    positions: {
      'mmap-lock': { from: 'v5.11' },
      'vma-lock-alone': { from: 'v6.4.0' },
      'vma-lock': { from: 'v6.12' },
      speculative: { from: 'spf' },
      'speculative-told': { from: 'spf', besides: { spfCoversFork: true, spfCoversUffdwp: true } },
      'range-lock': { from: 'range-lock' },
    },
  },
};
