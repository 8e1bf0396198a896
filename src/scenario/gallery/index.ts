/** The gallery, in the order in which it is shown. One line for each file. */
import { abaCopy } from './aba-copy.ts';
import { anyTwo } from './any-two.ts';
import { breakpointInFile } from './breakpoint-in-file.ts';
import { cardAnyTime } from './card-any-time.ts';
import { childExitReuse } from './child-exit-reuse.ts';
import { collapseUnderPin } from './collapse-under-pin.ts';
import { compactionAnyTime } from './compaction-any-time.ts';
import { copyWhileChildExits } from './copy-while-child-exits.ts';
import { debuggerLooks } from './debugger-looks.ts';
import { directReadAcrossFork } from './direct-read-across-fork.ts';
import { directReadMprotect } from './direct-read-mprotect.ts';
import { directWriteOldBytes } from './direct-write-old-bytes.ts';
import { dirtyCowShmem } from './dirty-cow-shmem.ts';
import { dirtyCow } from './dirty-cow.ts';
import { diskAnyTime } from './disk-any-time.ts';
import { dontforkDirectIo } from './dontfork-direct-io.ts';
import type { Entry } from './entry.ts';
import { fastPinFork } from './fast-pin-fork.ts';
import { fastPinUnmap } from './fast-pin-unmap.ts';
import { fileComesBack } from './file-comes-back.ts';
import { filePagesAtFork } from './file-pages-at-fork.ts';
import { fixedBuffer } from './fixed-buffer.ts';
import { forcedWriteReadOnly } from './forced-write-read-only.ts';
import { forcedWriteZeroPage } from './forced-write-zero-page.ts';
import { forkTwoMoments } from './fork-two-moments.ts';
import { forkVmaLock } from './fork-vma-lock.ts';
import { getForkIo } from './get-fork-io.ts';
import { hugePageGrandchild } from './huge-page-grandchild.ts';
import { hugePageLeakMirror } from './huge-page-leak-mirror.ts';
import { hugePageLeak } from './huge-page-leak.ts';
import { hugePagePinnedFork } from './huge-page-pinned-fork.ts';
import { hugePagePoolEmpty } from './huge-page-pool-empty.ts';
import { hugePageUnmapGap } from './huge-page-unmap-gap.ts';
import { hugeZeroPage } from './huge-zero-page.ts';
import { ioReachesSlot } from './io-reaches-slot.ts';
import { ksmStaleFlush } from './ksm-stale-flush.ts';
import { lazyFreeIo } from './lazy-free-io.ts';
import { lazyFreeStore } from './lazy-free-store.ts';
import { leakAnyOrder } from './leak-any-order.ts';
import { longtermFilePage } from './longterm-file-page.ts';
import { longtermZeroPage } from './longterm-zero-page.ts';
import { lookupLeak } from './lookup-leak.ts';
import { mergeUnderPin } from './merge-under-pin.ts';
import { mergedPagePinned } from './merged-page-pinned.ts';
import { mergedPageWritten } from './merged-page-written.ts';
import { migrationHidesPin } from './migration-hides-pin.ts';
import { migrationUnderIo } from './migration-under-io.ts';
import { mlockBreaksCow } from './mlock-breaks-cow.ts';
import { monitorWaitsForItself } from './monitor-waits-for-itself.ts';
import { moveUnderPin } from './move-under-pin.ts';
import { mprotectUnderPin } from './mprotect-under-pin.ts';
import { mthpLeak } from './mthp-leak.ts';
import { needlessCopy } from './needless-copy.ts';
import { numaHintUnderPin } from './numa-hint-under-pin.ts';
import { ownerAfterFork } from './owner-after-fork.ts';
import { ownerLeak } from './owner-leak.ts';
import { pageOfNobody } from './page-of-nobody.ts';
import { pinBehindSlot } from './pin-behind-slot.ts';
import { pinForkWrite } from './pin-fork-write.ts';
import { populateBeforePin } from './populate-before-pin.ts';
import { rangeLocks } from './range-locks.ts';
import { rdmaMprotect } from './rdma-mprotect.ts';
import { readCopiesFile } from './read-copies-file.ts';
import { readPinWrite } from './read-pin-write.ts';
import { refcountOverflow } from './refcount-overflow.ts';
import { remoteWriteShared } from './remote-write-shared.ts';
import { slotAfterUnmap } from './slot-after-unmap.ts';
import { slotReadTwice } from './slot-read-twice.ts';
import { softDirtyLostStore } from './soft-dirty-lost-store.ts';
import { softDirtyMissed } from './soft-dirty-missed.ts';
import { softDirtyPinned } from './soft-dirty-pinned.ts';
import { softDirtyUnderIo } from './soft-dirty-under-io.ts';
import { sourceGoesAway } from './source-goes-away.ts';
import { speculativeFault } from './speculative-fault.ts';
import { splitUnderIo } from './split-under-io.ts';
import { splitWhileCounting } from './split-while-counting.ts';
import { storeBesideReclaim } from './store-beside-reclaim.ts';
import { strictCounts } from './strict-counts.ts';
import { strictMprotect } from './strict-mprotect.ts';
import { swapLeak } from './swap-leak.ts';
import { swapUnderIo } from './swap-under-io.ts';
import { swapUnderPin } from './swap-under-pin.ts';
import { thpFastPin } from './thp-fast-pin.ts';
import { thpForcedWrite } from './thp-forced-write.ts';
import { thpGap } from './thp-gap.ts';
import { thpIoAcrossFork } from './thp-io-across-fork.ts';
import { thpLastSharer } from './thp-last-sharer.ts';
import { thpLeak } from './thp-leak.ts';
import { thpMirror } from './thp-mirror.ts';
import { thpMprotect } from './thp-mprotect.ts';
import { thpPart } from './thp-part.ts';
import { thpPartClearRefs } from './thp-part-clear-refs.ts';
import { thpPartLostStore } from './thp-part-lost-store.ts';
import { thpPinnedFork } from './thp-pinned-fork.ts';
import { thpReadPin } from './thp-read-pin.ts';
import { thpSameAgain } from './thp-same-again.ts';
import { thpSoftDirtyPinned } from './thp-soft-dirty-pinned.ts';
import { thpUffdUnderPin } from './thp-uffd-under-pin.ts';
import { threeOwners } from './three-owners.ts';
import { twoFirstStores } from './two-first-stores.ts';
import { twoLooks } from './two-looks.ts';
import { twoWriters } from './two-writers.ts';
import { uffdFill } from './uffd-fill.ts';
import { uffdLostWrite } from './uffd-lost-write.ts';
import { uffdRoundTrip } from './uffd-round-trip.ts';
import { uffdUnderPin } from './uffd-under-pin.ts';
import { unlockAfterUnmap } from './unlock-after-unmap.ts';
import { unmapGap } from './unmap-gap.ts';
import { unshareBehindMonitor } from './unshare-behind-monitor.ts';
import { vmspliceBeforeFork } from './vmsplice-before-fork.ts';
import { vmspliceLeak } from './vmsplice-leak.ts';
import { vmspliceMirror } from './vmsplice-mirror.ts';
import { wipeOnFork } from './wipe-on-fork.ts';
import { zeroPagePinned } from './zero-page-pinned.ts';
import { zeroPage } from './zero-page.ts';
import { zygoteExec } from './zygote-exec.ts';

export type { Entry } from './entry.ts';

export const gallery: readonly Entry[] = [
  vmspliceLeak,
  vmspliceMirror,
  vmspliceBeforeFork,
  childExitReuse,
  pinForkWrite,
  readPinWrite,
  mprotectUnderPin,
  zeroPage,
  leakAnyOrder,
  anyTwo,
  fastPinFork,
  fastPinUnmap,
  twoWriters,
  getForkIo,
  needlessCopy,
  forcedWriteReadOnly,
  forcedWriteZeroPage,
  dirtyCow,
  dirtyCowShmem,
  breakpointInFile,
  debuggerLooks,
  remoteWriteShared,
  forkVmaLock,
  forkTwoMoments,
  directReadAcrossFork,
  diskAnyTime,
  cardAnyTime,
  directWriteOldBytes,
  directReadMprotect,
  fixedBuffer,
  rdmaMprotect,
  longtermZeroPage,
  longtermFilePage,
  readCopiesFile,
  filePagesAtFork,
  fileComesBack,
  twoFirstStores,
  lookupLeak,
  refcountOverflow,
  zygoteExec,
  dontforkDirectIo,
  wipeOnFork,
  populateBeforePin,
  mlockBreaksCow,
  moveUnderPin,
  numaHintUnderPin,
  strictCounts,
  strictMprotect,
  ownerAfterFork,
  pageOfNobody,
  ownerLeak,
  speculativeFault,
  rangeLocks,
  twoLooks,
  zeroPagePinned,
  uffdRoundTrip,
  uffdFill,
  uffdLostWrite,
  softDirtyLostStore,
  softDirtyMissed,
  softDirtyPinned,
  softDirtyUnderIo,
  monitorWaitsForItself,
  uffdUnderPin,
  copyWhileChildExits,
  unmapGap,
  sourceGoesAway,
  unlockAfterUnmap,
  unshareBehindMonitor,
  abaCopy,
  mergedPageWritten,
  mergeUnderPin,
  ksmStaleFlush,
  mergedPagePinned,
  migrationHidesPin,
  migrationUnderIo,
  compactionAnyTime,
  swapLeak,
  slotReadTwice,
  slotAfterUnmap,
  swapUnderPin,
  swapUnderIo,
  pinBehindSlot,
  lazyFreeIo,
  lazyFreeStore,
  storeBesideReclaim,
  ioReachesSlot,
  hugePageLeak,
  hugePageLeakMirror,
  hugePagePinnedFork,
  hugePagePoolEmpty,
  hugePageGrandchild,
  hugePageUnmapGap,
  thpLeak,
  thpMirror,
  splitUnderIo,
  splitWhileCounting,
  thpGap,
  thpPinnedFork,
  thpIoAcrossFork,
  thpFastPin,
  thpMprotect,
  thpReadPin,
  thpUffdUnderPin,
  thpSoftDirtyPinned,
  thpPart,
  thpPartLostStore,
  thpPartClearRefs,
  thpSameAgain,
  thpLastSharer,
  mthpLeak,
  threeOwners,
  hugeZeroPage,
  thpForcedWrite,
  collapseUnderPin,
];

export function entryById(id: string): Entry | undefined {
  return gallery.find((e) => e.id === id);
}
