/** Linux v5.8: 5.7, but looking a page up breaks copy-on-write. */
import type { Model } from '../rules.ts';
import { names5_8 } from './names.ts';
import { v5_7 } from './v5_7.ts';

export const v5_8: Model = {
  ...v5_7,
  id: 'v5.8',
  title: 'Linux 5.8: GUP breaks copy-on-write early',
  rule:
    'A reference to a page of a copy-on-write mapping, even for reading, is taken as for a write: ' +
    'its taker gets a copy first.',
  since: '17839856fd58, and the stable kernels that carry it.',
  replaces: 'v5.7: the look-up accepted read-only entries.',
  breaks:
    'Leaks stay for references taken before fork. Monitors that read by GUP wait for themselves; ' +
    'every read reference copies. Pins part from their process when fork shares the page.',
  notHere: 'Files on disks.',
  looksAt: 'mapcount, after GUP has copied',
  rules: {
    ...v5_7.rules,
    names: names5_8,
    mmapLockName: 'mmap_lock',
    gupBreaksCow: true,
    hugeCopies: false,
    hugeZeroAllocates: false,
    splitLocksFolio: true,
  },
};
