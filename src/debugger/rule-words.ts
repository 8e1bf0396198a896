/**
 * What the rules of `kernel/rules.ts` say, in a few words each, and the commits that changed the answer. A
 * rule that is not here is called by its name.
 */
import type { Rules } from '../kernel/rules.ts';

interface Words {
  readonly says: string;
  readonly commits?: readonly string[];
}

const words: { readonly [K in keyof Rules]?: Words } = {
  hasExclusive: { says: 'pages may be marked PageAnonExclusive', commits: ['6c287605fd56'] },
  gupBreaksCow: {
    says: 'a read-only look-up breaks copy-on-write first',
    commits: ['17839856fd58', 'a308c71bf1e6'],
  },
  marksPinned: { says: 'a pin marks the address space', commits: ['008cfe4418b3'] },
  gupFastRechecksPte: { says: 'GUP-fast reads the entry again after it took the reference' },
  forcedWrites: {
    says: 'a forced write to a read-only mapping',
    commits: ['19be0eaffa3a', '5535be309971'],
  },
  forkCopiesPinned: { says: 'fork copies pinned pages', commits: ['70e806e4e645'] },
  forkSplitsPinnedHuge: { says: 'fork splits pinned huge pages', commits: ['d042035eaf5f'] },
  unsharesReadPins: { says: 'a read-only pin unshares first', commits: ['c89357e27f20'] },
  unsharesNonAnonLongterm: {
    says: 'a long-term pin unshares file pages and zeros, too',
    commits: ['84209e87c696'],
  },
  countsPins: { says: 'pins are told from other references', commits: ['3faa52c03f44'] },
  directIoPins: { says: 'direct I/O pins, instead of taking plain references' },
  rdmaAlwaysWrites: { says: 'RDMA registers as for writing' },
  refusesOverflow: { says: 'a counter that is half full is refused', commits: ['8fde12ca79af'] },
  hasWriteProtectSeq: { says: 'a fast pin notices a fork', commits: ['57efa1fe5957'] },
  hasVmaLocks: { says: 'faults try the lock of their VMA first' },
  forkLocksVmas: { says: 'fork write-locks the VMAs', commits: ['fb49c455323f'] },
  madviseUnderVmaLock: { says: 'MADV_DONTNEED needs the lock of its VMA only' },
  mprotectMakesWritable: {
    says: 'mprotect makes exclusive pages writable itself',
    commits: ['64fe24a3e05e'],
  },
  mprotectWantsDirty: { says: 'only where the entry is dirty' },
  zeroPagePinsCounted: { says: 'pins of the page of zeros are counted', commits: ['c8070b787519'] },
  mremapMovesManyVmas: { says: 'mremap moves several VMAs at once' },
  numaSkips: { says: 'the NUMA scan leaves alone what fails the test of' },
  numaKeepsWriteBit: { says: 'an entry with a NUMA hint keeps its write bit' },
  gupHonoursNumaHints: { says: 'GUP faults at NUMA hints' },
  dropsMappingRefLate: { says: 'the mapping’s reference is dropped after the page-table lock' },
  hasUffdWp: { says: 'userfaultfd can write-protect', commits: ['292924b26024'] },
  wpFlushesIfPending: {
    says: 'a write fault flushes what others have not flushed yet',
    commits: ['6ce64428d620'],
  },
  clearRefsLock: { says: 'clear_refs holds mmap_lock for', commits: ['29a951dfb3c3'] },
  clearRefsLocksVmas: { says: 'clear_refs write-locks the VMAs', commits: ['49b0638502da'] },
  clearRefsFlushes: { says: 'clear_refs flushes under mmap_lock', commits: ['912efa17e512'] },
  clearRefsFlushesHuge: { says: 'clear_refs flushes PMD entries at once', commits: ['ced108037c2a'] },
  clearRefsSkipsPinned: { says: 'clear_refs leaves pinned pages alone', commits: ['9348b73c2e1b'] },
  ksmReuses: { says: 'a KSM page of one owner is taken over', commits: ['1a0cf26323c8'] },
  ksmChecksFlushPending: { says: 'ksmd flushes what others have not', commits: ['b3a81d0841a9'] },
  ksmUnshares: { says: 'a KSM page is taken back by an unshare fault' },
  migrationKeepsAccessed: {
    says: 'a migration entry remembers accessed and dirty',
    commits: ['2e3468778dbe'],
  },
  uffdWpLock: { says: 'UFFDIO_WRITEPROTECT holds mmap_lock for' },
  uffdWpFlush: { says: 'UFFDIO_WRITEPROTECT flushes' },
  copiesUnderPtl: { says: 'the page is copied under the page-table lock' },
  speculatesFaults: { says: 'faults try without mmap_lock first' },
  locksRanges: { says: 'page ranges are locked instead of mmap_lock' },
};

const spelled = (name: string): string => name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

export const ruleWords = (name: string): string => words[name as keyof Rules]?.says ?? spelled(name);
export const ruleCommits = (name: string): readonly string[] => words[name as keyof Rules]?.commits ?? [];
/** `yes`, `read`, `wipeonfork, cold`. */
export function ruleAnswer(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'string') return value;
  return Array.isArray(value) ? value.join(', ') || 'none' : '';
}
