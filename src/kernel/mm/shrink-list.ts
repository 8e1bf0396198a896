/** Pages that were taken off the LRU, one after the other: reclaim_pages(), mm/vmscan.c. */
import { call } from '../steps.ts';
import type { Lock, Ref } from '../steps.ts';
import { folio_add_lru, folio_put } from '../verbs/folio.ts';
import { mk_pte, pte_folio } from '../verbs/pte.ts';
import { folio_putback_lru } from '../verbs/swap.ts';
import { vmf } from '../vmf.ts';
import { aged, listed, nextListed } from './aged.ts';
import { shrink_folio } from './reclaim.ts';

const kept: Ref = {
  label: 'reclaim, kept page',
  folios: () => (aged.kept.get(0) === 0 ? [] : [aged.kept.get(0)]),
};

/** Takes what is in `aged.list`, and goes on at `to`. */
export const shrink_rows = <To extends string>(
  to: To,
  { holds, on }: { readonly holds: readonly Lock[]; readonly on: () => boolean },
) =>
  ({
    pick: {
      on,
      says: 'Is there another page for reclaim?',
      holds,
      keeps: [listed],
      run: (): To | 'shrink' => {
        const f = nextListed(aged.list);
        if (f === 0) return to;
        vmf.orig_pte = mk_pte(f, 0);
        return 'shrink';
      },
      so: { [to]: 'No more pages.' } as Readonly<Record<string, string>>,
    },
    shrink: {
      ...call(shrink_folio, { gone: 'pick', kept: 'putback' }, () =>
        aged.kept.set(0, pte_folio(vmf.orig_pte)),
      ),
      on,
      keeps: [listed],
    },
    putback: {
      on,
      says: 'Put {folio} back on the LRU, by way of the batch of this CPU.',
      holds,
      keeps: [listed, kept],
      run: (): 'put' => {
        folio_putback_lru(aged.kept.get(0));
        folio_add_lru(aged.kept.get(0));
        return 'put';
      },
    },
    put: {
      on,
      says: 'Drop the reference of reclaim to {folio}.',
      holds,
      keeps: [listed, kept],
      run: (): 'pick' => {
        const f = aged.kept.get(0);
        aged.kept.set(0, 0);
        folio_put(f);
        return 'pick';
      },
    },
  }) as const;
