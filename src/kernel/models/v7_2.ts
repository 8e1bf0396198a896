/** Linux v7.2: on small anonymous memory the rules of 6.18. */
import type { Model } from '../rules.ts';
import { v6_18 } from './v6_18.ts';

export const v7_2: Model = {
  ...v6_18,
  id: 'v7.2',
  title: 'Linux 7.2: as 6.18 on small pages',
  rule: 'As in 6.18: recordings of 7.2 and 7.3-rc7 show no other rule for small anonymous memory.',
  since: '7.0.',
  replaces: 'v6.18, which read a slot of one user without the swap cache.',
  rules: {
    ...v6_18.rules,
    swapinSkipsCache: false,
    swapinPinsSlot: false,
    swapinFreesCache: true,
    swapinLarge: 'cached',
  },
};
