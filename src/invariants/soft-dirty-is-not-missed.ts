/** INV-SD: a store after clear_refs has returned leaves its page soft-dirty. */
import { MISSED_SOFT_DIRTY } from '../kernel/verbs/uffd.ts';
import { VM_MAPPED, VM_SHARED, VM_SOFTDIRTY } from '../kernel/verbs/vma.ts';
import { vmaAt } from '../kernel/view.ts';
import { missed, now, pages, vm_flags, vm_flags_more } from '../kernel/world.ts';
import type { Invariant } from './invariant.ts';
import { isWatched, missedStore } from './missed.ts';

const TRACKED = VM_MAPPED | VM_SHARED | VM_SOFTDIRTY;

export const soft_dirty_is_not_missed: Invariant = {
  id: 'soft-dirty-is-not-missed',
  alias: ['INV-SD', 'SD'],
  says: 'A store after the soft-dirty bits were cleared sets the bit of its page again.',
  word: 'missed',
  cite: '912efa17e512, Documentation/admin-guide/mm/soft-dirty.rst',
  reads: [missed, vm_flags, vm_flags_more],
  broken: () => (missed.size === 0 ? null : missedStore(MISSED_SOFT_DIRTY, 'and left no soft-dirty bit')),
  applies: () =>
    now.counts.softDirty !== 0 && isWatched((m, va) => (vmaAt(m, va) & TRACKED) === VM_MAPPED, pages),
};
