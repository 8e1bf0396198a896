/** Linux v4.9 to v5.6: the map count decides, and a pin is a plain reference. */
import type { Model } from '../rules.ts';
import { v5_7 } from './v5_7.ts';

export const v5_6: Model = {
  ...v5_7,
  id: 'v5.6',
  title: 'Linux 5.6: the map count decides, pins do not count',
  rule:
    'As v5.7: a write fault reuses a page that one page table maps. A pin is a plain reference, which ' +
    'fork cannot tell from any other.',
  since: 'The rule is as old as 2.6; 4.9 is the first with FOLL_COW (19be0eaffa3a).',
  replaces: 'v4.8: forced writes forgot that they were writes.',
  breaks:
    'A child that keeps a reference and unmaps reads what its parent writes later: CVE-2020-29374. ' +
    'fork parts every reference for I/O from its process. clear_refs does not flush, so that stores ' +
    'leave no mark.',
  notHere: 'Files on disks. 5.6 has the FOLL_PIN calls, but no counting yet.',
  rules: { ...v5_7.rules, countsPins: false, hasUffdWp: false },
};
