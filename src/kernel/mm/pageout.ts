/** Memory is short: whatever page it is goes to reclaim. mm/vmscan.c. */
import { call, routine } from '../steps.ts';
import { folio_put } from '../verbs/folio.ts';
import {
  is_swap_entry,
  mk_pte,
  pte_counted,
  pte_folio,
  pte_offset,
  ptep_get,
  swp_slot,
} from '../verbs/pte.ts';
import { folio_isolate_lru, folio_putback_lru, folio_swap } from '../verbs/swap.ts';
import { vmf } from '../vmf.ts';
import { now, op } from '../world.ts';
import { listed_taken, nextListed, taken } from './aged.ts';
import { shrink_folio } from './reclaim.ts';

const kept = (): void => {
  taken.page = pte_folio(vmf.orig_pte);
};

/**
 * Memory is short: kswapd takes a page, whoever maps it. No process is asked, and no mmap_lock taken; the
 * page is found on the LRU. That it was not used lately is taken for granted.
 */
export const reclaim = routine(
  'shrink_inactive_list',
  { file: 'mm/vmscan.c', exits: ['end'], locals: taken },
  {
    find: {
      says: 'Memory is short: take the page that is at the end of the LRU list.',
      run: () => {
        const e = ptep_get(pte_offset(op.va));
        taken.page = is_swap_entry(e) ? folio_swap(swp_slot(e)) : pte_counted(e) ? pte_folio(e) : 0;
        return taken.page === 0 ? 'end' : 'isolate';
      },
      so: { end: 'There is no page.' },
    },
    isolate: {
      says: 'Take {folio} off the LRU, with a reference.',
      run: () => {
        const f = taken.page;
        taken.page = 0;
        if (!folio_isolate_lru(f)) return 'end';
        vmf.orig_pte = mk_pte(f, 0);
        return now.counts.splits === 0 ? 'shrink' : 'shrink_large';
      },
      so: { end: '{folio} is not there any more.' },
    },
    shrink: call(shrink_folio, { gone: 'end', kept: 'putback' }, kept),
    shrink_large: {
      where: 'splits',
      ...call(shrink_folio, { gone: 'pick', kept: 'putback' }, kept),
      keeps: [listed_taken],
    },
    pick: {
      where: 'splits',
      says: 'Is there another page, that was split off?',
      keeps: [listed_taken],
      run: () => {
        const f = nextListed(taken.list);
        if (f === 0) return 'end';
        vmf.orig_pte = mk_pte(f, 0);
        return 'shrink_large';
      },
      so: { end: 'No more pages.' },
    },
    putback: {
      says: 'Put {folio} back on the LRU, and drop the reference of reclaim.',
      keeps: [listed_taken],
      run: () => {
        const f = taken.page;
        taken.page = 0;
        folio_putback_lru(f);
        folio_put(f);
        return now.counts.splits === 0 ? 'end' : 'pick';
      },
    },
  },
);
