/** INV-UFFD: once UFFDIO_WRITEPROTECT has returned, no store lands before the monitor has heard of it. */
import { MISSED_BY_MONITOR, userfaultfd_wp } from '../kernel/verbs/uffd.ts';
import { vmaAt } from '../kernel/view.ts';
import { missed, now, pages, vm_flags, vm_flags_more } from '../kernel/world.ts';
import type { Invariant } from './invariant.ts';
import { isWatched, missedStore } from './missed.ts';

export const writes_are_reported: Invariant = {
  id: 'writes-are-reported',
  alias: ['INV-UFFD', 'UFFD'],
  says: 'A store to a page that userfaultfd protects waits until the monitor has been told.',
  word: 'missed',
  cite: 'Documentation/admin-guide/mm/userfaultfd.rst',
  reads: [missed, vm_flags, vm_flags_more],
  broken: () =>
    missed.size === 0
      ? null
      : missedStore(MISSED_BY_MONITOR, 'and the monitor of the userfaultfd was not told'),
  applies: () => now.counts.uffd !== 0 && isWatched((m, va) => userfaultfd_wp(vmaAt(m, va)), pages),
};
