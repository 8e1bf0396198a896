/**
 * What proposals of the mails ask of each entry at fork: who else holds a page. It is copied for the child
 * (counts that are strict, mail of 8 Jan 2021), or marked as its parent's (`gup_owner`, mail of 12 Jan 2021).
 */
import { rules } from '../rules.ts';
import type { Ref } from '../steps.ts';
import { folio_gup_owner, folio_mapcount, folio_set_gup_owner } from '../verbs/folio.ts';
import { is_vm_hugetlb_page } from '../verbs/hugetlb.ts';
import { PTE_WRITE, pte_folio, pte_offset, ptep_get, set_pte_at } from '../verbs/pte.ts';
import { refsBesideSwapCache } from '../verbs/swap.ts';
import { decided, mm } from '../world.ts';

/** Locals of fork: the entry that is copied, and the references that were counted. */
interface ForkLocals {
  readonly addr: number;
  readonly refs: { get(i: number): number; set(i: number, v: number): void };
}
interface Around<Both extends readonly string[]> {
  readonly both: Both;
  readonly ahead: Ref;
  readonly need_page: () => 'copy' | 'unlock_to_alloc';
}
export function proposal_rows<const Both extends readonly string[]>(
  fork: ForkLocals,
  { both, ahead, need_page }: Around<Both>,
) {
  const entry = (): number => ptep_get(pte_offset(fork.addr));
  const folio = (): number => pte_folio(entry());
  return {
    hide: {
      on: () => rules.forkCopiesReferenced,
      says: 'Take the write bit away first, so that a lockless look-up that comes now finds a change.',
      holds: both,
      keeps: [ahead],
      run: (): 'referenced' => {
        set_pte_at(pte_offset(fork.addr), entry() & ~PTE_WRITE);
        return 'referenced';
      },
    },
    referenced: {
      on: () => rules.forkCopiesReferenced,
      says: 'Does anybody but the entry of {me} hold {folio}?',
      holds: both,
      keeps: [ahead],
      run: (): 'get' | 'restore' => {
        const n = refsBesideSwapCache(folio());
        decided('refcount 1?', folio(), n, n === 1 ? 'share' : 'copy for the child');
        return n === 1 ? 'get' : 'restore';
      },
      so: {
        get: 'Nobody else holds {folio}: share it.',
        restore: '{folio} has {refcount} references: it must stay writable, so {child} gets a copy.',
      },
    },
    restore: {
      on: () => rules.forkCopiesReferenced,
      says: 'Give the write bit back: the page stays with {me} and whoever holds it.',
      holds: both,
      keeps: [ahead],
      run: (): 'copy' | 'unlock_to_alloc' | 'huge_get' => {
        set_pte_at(pte_offset(fork.addr), entry() | PTE_WRITE);
        return is_vm_hugetlb_page(fork.addr) ? 'huge_get' : need_page();
      },
    },
    owner_refs: {
      on: () => rules.forkMarksOwner,
      says: 'How many references has {folio}?',
      holds: both,
      keeps: [ahead],
      run: (): 'owner_maps' => {
        fork.refs.set(0, Math.min(255, refsBesideSwapCache(folio())));
        return 'owner_maps';
      },
    },
    owner_maps: {
      on: () => rules.forkMarksOwner,
      says: 'And how many of them are page tables?',
      holds: both,
      keeps: [ahead],
      run: (): 'owner_seen' | 'get' => {
        const extra = fork.refs.get(0) > folio_mapcount(folio());
        decided('other references?', folio(), extra ? 1 : 0, extra ? 'mark the owner' : 'share');
        fork.refs.set(0, 0);
        return extra ? 'owner_seen' : 'get';
      },
      so: { owner_seen: 'Somebody else holds {folio}, outside of all page tables.' },
    },
    owner_seen: {
      on: () => rules.forkMarksOwner,
      says: 'Is {folio} marked already, from an earlier fork?',
      holds: both,
      keeps: [ahead],
      run: (): 'get' | 'mark_owner' => (folio_gup_owner(folio()) >= 0 ? 'get' : 'mark_owner'),
    },
    mark_owner: {
      on: () => rules.forkMarksOwner,
      says: 'Mark {folio}: those references belong with {me}, and no child may reuse the page.',
      holds: both,
      keeps: [ahead],
      run: (): 'get' => {
        folio_set_gup_owner(folio(), mm);
        return 'get';
      },
    },
  } as const;
}
