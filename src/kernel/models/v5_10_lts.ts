/**
 * Late 5.10 stable kernels, as recorded: the rule of 5.9 with the fixes up to 5.12; and the same base with
 * two older rules.
 */
import { reuse_by_mapcount } from '../mm/reuse.ts';
import type { Model } from '../rules.ts';
import { names5_8 } from './names.ts';
import { v5_12 } from './v5_12.ts';

export const v5_10_lts: Model = {
  ...v5_12,
  id: 'v5.10-lts',
  title: 'Linux 5.10 stable: the rule of 5.9 with later fixes',
  rule:
    'As v5.9. GUP-fast pins notice a concurrent fork, clear_refs flushes and leaves pinned pages ' +
    'alone, and a fault in a userfaultfd area flushes before it copies.',
  since: '57efa1fe5957 and the fixes of 5.11 and 5.12 in 5.10.y.',
  replaces: 'v5.10.0, which was v5.9 in all this.',
  composed: true,
  rules: { ...v5_12.rules, names: names5_8, forkAsksChildUffdWp: true, forkCopiesPinnedHuge: false },
};

export const v5_10_lts_mapcount: Model = {
  ...v5_10_lts,
  id: 'v5.10-lts+mapcount',
  title: 'Linux 5.10 stable with the map count of 5.7',
  rule: 'The map count decides, and fork does not copy pinned pages: a what-if that was built and recorded.',
  since: 'Never released.',
  replaces: 'v5.10-lts: the reference count, and pins that fork copies.',
  breaks:
    'A child that keeps a reference and unmaps reads what its parent writes later: CVE-2020-29374. Pins ' +
    'part from their process when fork shares the page.',
  looksAt: 'mapcount',
  rules: { ...v5_10_lts.rules, forkCopiesPinned: false },
  routines: { ...v5_12.routines, reuse_anon: reuse_by_mapcount },
};

export const v5_10_lts_gup_breaks_cow: Model = {
  ...v5_10_lts_mapcount,
  id: 'v5.10-lts+gup-breaks-cow',
  title: 'Linux 5.10 stable with the rules of 5.8',
  rule:
    'The map count decides, and GUP of a copy-on-write mapping acts as a write: a what-if that was ' +
    'built and recorded.',
  replaces: 'v5.10-lts+mapcount: references for reading to pages that are shared.',
  breaks: 'Leaks stay for references taken before fork. Pins part from their process at fork.',
  looksAt: 'mapcount, after GUP has copied',
  // The patch that was built and recorded is for the page tables of small pages and of THP.
  rules: { ...v5_10_lts_mapcount.rules, gupBreaksCow: true, gupBreaksCowHuge: false },
};
