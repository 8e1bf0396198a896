/** Linux v5.19: a bit on each anonymous page says whether it belongs to one process. */
import { reuse_by_exclusive } from '../mm/reuse.ts';
import type { Model } from '../rules.ts';
import { names5_19 } from './names.ts';
import { v5_18 } from './v5_18.ts';

export const v5_19: Model = {
  ...v5_18,
  id: 'v5.19',
  title: 'Linux 5.19: exclusive pages',
  rule:
    'A page marked exclusive is reused whatever its counts say; otherwise one reference decides. ' +
    'Only exclusive pages can be pinned.',
  since: '6c287605fd56 (PageAnonExclusive) and c89357e27f20 (unshare before read pins).',
  replaces: 'v5.9 to v5.18: the reference count alone.',
  breaks:
    'Plain references (FOLL_GET) may still go stale; short pins of the page of zeros do. ' +
    'UFFDIO_CONTINUE lets a forced write into a file (CVE-2022-2590, also in 5.16 to 5.18). A swap slot ' +
    'that two threads read at once may bring back old bytes (4.15 to 6.7).',
  notHere: 'Files on disks. Missing barriers (088b8aa537c2): memory is sequentially consistent here.',
  looksAt: 'exclusive, else refcount',
  rules: {
    ...v5_18.rules,
    names: names5_19,
    hasExclusive: true,
    unsharesReadPins: true,
    hugeReuse: 'exclusive',
    swapMarksExclusive: true,
  },
  routines: { ...v5_18.routines, reuse_anon: reuse_by_exclusive },
};
