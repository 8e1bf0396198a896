/** Glisse's alternative, mail of 12 Jan 2021: fork shares, and remembers whose references a page has. */
import { reuse_by_owner_full, reuse_by_owner_min } from '../mm/owner.ts';
import type { Model } from '../rules.ts';
import { v5_11 } from './v5_11.ts';

export const gup_owner_min: Model = {
  ...v5_11,
  id: 'gup-owner-min',
  title: 'Proposal: fork shares, the child never reuses',
  rule:
    'fork write-protects a referenced page like any other and marks it as its parent’s. A child that ' +
    'writes copies, always; the parent copies while somebody else maps the page, and reuses it when alone.',
  since: 'Never merged. Mail of 12 Jan 2021.',
  replaces: 'v5.9: fork copies pinned pages at once.',
  breaks:
    'A parent that writes after fork leaves its pin behind. What a device writes after fork, the child ' +
    'sees. And the parent, once alone, does not ask whose the other references are.',
  notHere: 'Files on disks.',
  looksAt: 'gup_owner, else refcount',
  proposal: true,
  mailSays:
    'Glisse, 12 Jan 2021: protect the page on the CPU instead of copying at fork, but forbid the child to ' +
    'reuse it; if the child inherits the page it must copy, and the reference may be left on a page that ' +
    'belongs to no process. fork stays fast.',
  ours:
    'The mark gup_owner, set when the reference count exceeds the map count; what the parent may do; the ' +
    'mark is taken off by the write fault that finds nothing but its own entry.',
  rules: {
    ...v5_11.rules,
    forkCopiesPinned: false,
    forkSplitsPinnedHuge: false,
    forkMarksOwner: true,
  },
  routines: { ...v5_11.routines, reuse_anon: reuse_by_owner_min },
};

export const gup_owner_full: Model = {
  ...gup_owner_min,
  id: 'gup-owner-full',
  title: 'Proposal: the owner takes the page back from its children',
  rule:
    'As gup-owner-min, but a parent that writes first gives every other process a copy, through the ' +
    'mappings of the page, and then writes in place.',
  breaks:
    'What a device writes after fork, the child sees until the parent writes. References that the child ' +
    'took are left on the parent’s page.',
  ours:
    gup_owner_min.ours +
    ' The walk over the mappings: one page-table lock at a time, under the folio lock, with a page ' +
    'allocated for each process.',
  routines: { ...gup_owner_min.routines, reuse_anon: reuse_by_owner_full },
};
