/** Linux v6.1: 5.19, and forced writes and mprotect ask for exclusive pages. */
import type { Model } from '../rules.ts';
import { names6_1 } from './names.ts';
import { v5_19 } from './v5_19.ts';

export const v6_1: Model = {
  ...v5_19,
  id: 'v6.1',
  title: 'Linux 6.1: exclusive pages for forced writes and mprotect',
  rule:
    'As in 5.19. A forced write takes a page only if it is exclusive; mprotect makes the dirty entry of ' +
    'an exclusive page writable itself.',
  since: '5535be309971 (6.0, CVE-2022-2590), 64fe24a3e05e (6.1).',
  replaces: 'v5.19: a dirty entry was proof enough that copy-on-write had been broken.',
  notHere: 'Files on disks. As 6.1.y: it does not count pins of the page of zeros (c8070b787519).',
  rules: {
    ...v5_19.rules,
    names: names6_1,
    forcedWrites: 'exclusive',
    mprotectMakesWritable: true,
    mprotectWantsDirty: true,
    zeroPagePinsCounted: false,
    migrationKeepsAccessed: true,
    hasCollapse: true,
    freeSplits: 'folio',
    swapinPinsSlot: true,
    dontneedHugetlb: 'rounds down',
    hugetlbForcedWrites: 'refused',
  },
};
