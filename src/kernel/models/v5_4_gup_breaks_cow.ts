/** Stable kernels of 2020 and 2021 that took the rule of 5.8 into 4.x and 5.4. Mail of 12 October 2021. */
import type { Model } from '../rules.ts';
import { v5_6 } from './v5_6.ts';

export const v5_4_gup_breaks_cow: Model = {
  ...v5_6,
  id: 'v5.4-gup-breaks-cow',
  title: 'Linux 4.x and 5.4 stable with the rule of 5.8',
  rule:
    'The map count decides, and GUP of a copy-on-write mapping acts as a write; a pin is a plain ' +
    'reference.',
  since: 'The backport of 17839856fd58 to 4.4.y ... 5.4.y.',
  replaces: 'v5.6, in kernels that were released after v5.8.',
  breaks: 'What v5.8 breaks: leaks through references taken before fork; every read reference copies.',
  looksAt: 'mapcount, after GUP has copied',
  // Newer than v5.8 by date and older by its base: in a row of kernels it would be out of order anywhere.
  composed: true,
  rules: { ...v5_6.rules, gupBreaksCow: true, splitLocksFolio: true },
};
