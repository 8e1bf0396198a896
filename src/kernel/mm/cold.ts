/**
 * MADV_COLD and MADV_PAGEOUT: the pages of a range that nobody else maps count as not used lately, or go to
 * reclaim. A large folio of which only a part is meant is split first. madvise_cold_or_pageout_pte_range(),
 * mm/madvise.c.
 */
import { SPLIT_LOCKS_FOLIO, guarded } from '../guards.ts';
import { rules } from '../rules.ts';
import { routine } from '../steps.ts';
import { folio_deactivate, folio_get, folio_mapcount, lru_add_drain } from '../verbs/folio.ts';
import { ZERO_PAGE, folio_test_anon } from '../verbs/folio.ts';
import { is_vm_hugetlb_page } from '../verbs/hugetlb.ts';
import { folio_test_large } from '../verbs/large.ts';
import { change_huge_pmd, coversHuge, hugeFolio, isHugeHere, pmdp_get, splitOf } from '../verbs/pmd.ts';
import { PTE_ACCESSED, pte_counted, pte_folio, pte_offset, ptep_get, set_pte_at } from '../verbs/pte.ts';
import { folio_isolate_lru } from '../verbs/swap.ts';
import { every_cpu_answers, flush_tlb_range } from '../verbs/tlb.ts';
import { VM_LOCKED, vma_of } from '../verbs/vma.ts';
import { now, op } from '../world.ts';
import { askAdvice, lockForAdvice } from './advice.ts';
import { aged, listed } from './aged.ts';
import { range } from './mmap.ts';
import { batchFrom, behindLarge, fateOfLarge, isHugeShared, isMappedOnce } from './parts.ts';
import { lockForSplit, split_rows, splitting } from './parts.ts';
import { shrink_rows } from './shrink-list.ts';

const HOLE = 1,
  REFUSED = 2;
const knows = (): boolean => !rules.adviceMissing.includes('cold');
const entry = (): number => ptep_get(pte_offset(aged.addr));
const isYoung = (pte: number): boolean => (pte & PTE_ACCESSED) !== 0;
const isPrivate = (pte: number): boolean => pte_counted(pte) && folio_test_anon(pte_folio(pte));
const inMm = ['mmap_lock:read'] as const;
const inPmd = ['mmap_lock:read', 'pmd_lock'] as const;
const inTable = ['mmap_lock:read', 'ptl'] as const;
/** Of a large folio all entries of the range that map it, else one. */
const here = (): number => (folio_test_large(pte_folio(entry())) ? batchFrom(aged.addr, aged.end) : 1);

/** The entries count as not used; the walk goes behind them. */
function ages(n: number): void {
  for (let i = 0; i < n; i++, aged.addr += 1) {
    const pte = entry();
    if (!isYoung(pte)) continue;
    set_pte_at(pte_offset(aged.addr), pte & ~PTE_ACCESSED);
    aged.young = 1;
  }
}

const cold_or_pageout = (advice: 'madvise_cold' | 'madvise_pageout') => {
  const takes = advice === 'madvise_pageout',
    pageout = (): boolean => takes && knows(),
    cold = (): boolean => !takes && knows();
  /** Nothing to do: where pages have an age, the page of an old entry may be young. */
  const isDone = (pte: number): boolean =>
    !isPrivate(pte) ||
    (!takes && !isYoung(pte) && now.counts.ages === 0 && !folio_test_large(pte_folio(pte)));
  const after = (): 'flush' | 'pick' | 'unlock' => (aged.young !== 0 ? 'flush' : takes ? 'pick' : 'unlock');
  return routine(
    advice,
    { file: 'mm/madvise.c', exits: ['end', 'ENOMEM', 'EINVAL'], locals: aged },
    {
      begin: askAdvice(knows),
      lock: lockForAdvice(knows, 'check'),
      check: {
        on: knows,
        says: takes
          ? 'Empty the LRU batch of this CPU, and see which part of the range may go.'
          : 'Empty the LRU batch of this CPU, and see which part of the range may grow old.',
        holds: inMm,
        run: () => {
          const { from, to } = range();
          aged.addr = from;
          aged.end = to;
          for (let va = from; va < to; va++) {
            if (vma_of(va) === 0) aged.result = HOLE;
            if ((vma_of(va) & VM_LOCKED) === 0 && !(vma_of(va) !== 0 && is_vm_hugetlb_page(va))) continue;
            aged.result = REFUSED;
            aged.end = va;
            break;
          }
          if (aged.end > from) lru_add_drain();
          return 'lock_pte';
        },
      },
      pmd: {
        where: 'tables',
        before: 'lock_pte',
        says: 'Is there a page table? Where there is none, there is no page.',
        holds: inMm,
        run: () => {
          const kind = pmdp_get(op.va);
          if (kind === 'table') return 'lock_pte';
          return kind === 'huge' && aged.addr < aged.end ? 'lock_pmd' : 'unlock';
        },
        so: { lock_pmd: 'The PMD entry maps a huge page.' },
      },

      // ---- a huge page that a PMD entry maps ----

      lock_pmd: {
        where: 'thp',
        on: knows,
        says: 'Lock the PMD table: does anybody else map the huge page?',
        holds: inMm,
        takes: 'pmd_lock',
        run: () => {
          const f = isHugeHere() ? hugeFolio(op.region) : ZERO_PAGE;
          if (f === ZERO_PAGE || isHugeShared(f, rules.adviceSplits)) return 'unlock_pmd';
          return coversHuge(aged.addr, aged.end) ? 'age_huge' : 'hold_huge';
        },
        so: {
          unlock_pmd: 'Others map it, or it is that of zeros: leave it.',
          age_huge: 'Nobody else maps it, and all of it is meant.',
          hold_huge: 'Nobody else maps it, and only a part of it is meant: it is split first.',
        },
      },
      hold_huge: {
        where: 'thp',
        on: knows,
        says: 'Hold {folio}, and unlock the PMD table.',
        holds: inPmd,
        drops: ['pmd_lock'],
        run: () => {
          splitOf(hugeFolio(op.region));
          folio_get(hugeFolio(op.region));
          aged.skip.set(0, aged.end);
          return guarded(SPLIT_LOCKS_FOLIO) ? 'lock_huge' : 'split_folio';
        },
      },
      lock_huge: {
        where: 'thp',
        on: knows,
        says: 'Lock {folio}, and sleep for that if need be.',
        holds: inMm,
        takes: 'folio_lock',
        keeps: [splitting],
        next: 'split_folio',
      },
      age_huge: {
        where: 'thp',
        on: knows,
        says: takes ? 'Take {folio} off the LRU, for reclaim.' : 'Mark the PMD entry as not used.',
        holds: inPmd,
        run: () => {
          const f = hugeFolio(op.region);
          if (isYoung(ptep_get(pte_offset(op.va))) && !(takes && rules.adviceSplits === 'batch')) {
            change_huge_pmd(op.region, (was) => was & ~PTE_ACCESSED);
            aged.young = 1;
          }
          if (takes && folio_isolate_lru(f)) aged.list.set(aged.addr, f);
          return 'unlock_pmd';
        },
      },
      unlock_pmd: {
        where: 'thp',
        on: knows,
        says: 'Unlock the PMD table.',
        holds: inPmd,
        drops: ['pmd_lock'],
        keeps: [listed],
        run: after,
      },

      // ---- entries ----

      lock_pte: {
        on: knows,
        says: 'Take the page-table lock.',
        holds: inMm,
        takes: 'ptl',
        keeps: [listed],
        next: 'look',
      },
      look: {
        on: knows,
        says: 'Find the next entry that maps a page. Does anybody else map it?',
        holds: inTable,
        keeps: [listed],
        run: () => {
          while (aged.addr < aged.end && isDone(entry())) aged.addr += 1;
          if (aged.addr >= aged.end || isHugeHere()) return 'unlock_pte';
          if (folio_test_large(pte_folio(entry()))) return 'look_large';
          if (folio_mapcount(pte_folio(entry())) === 1) return 'age';
          aged.addr += 1;
          return 'look';
        },
        so: {
          look: 'Others map it: leave it.',
          look_large: 'It is a page of a large folio.',
          age: 'Nobody else maps it.',
          unlock_pte: 'No more entries.',
        },
      },
      look_large: {
        where: 'splits',
        on: knows,
        says: 'Who maps the folio, and is all of it meant?',
        holds: inTable,
        keeps: [listed],
        run: () => {
          const fate = fateOfLarge(rules.adviceSplits, aged.addr, aged.end);
          if (fate === 'whole' && isMappedOnce(pte_folio(entry()))) return 'age';
          aged.skip.set(0, behindLarge(rules.adviceSplits, aged.addr, aged.end));
          if (fate === 'split') return 'split_lock';
          aged.addr = aged.skip.get(0);
          return 'look';
        },
        so: {
          age: 'Nobody else maps it, and all of it is meant.',
          split_lock: 'Nobody else maps it, and only a part is meant: split it first.',
          look: 'Others map it: leave it.',
        },
      },
      split_lock: {
        where: 'splits',
        on: knows,
        says: 'Lock {folio}, but never sleep for it.',
        holds: inTable,
        keeps: [listed],
        run: () => {
          if (lockForSplit(pte_folio(entry()))) return 'split_hold';
          aged.addr = aged.skip.get(0);
          return 'look';
        },
        so: { look: 'Somebody has {folio} locked: leave it.' },
      },
      ...split_rows('lock_pte', {
        holds: inMm,
        keeps: [listed],
        on: knows,
        failed: () => {
          aged.addr = aged.skip.get(0);
        },
      }),
      age: {
        on: knows,
        says: takes
          ? 'Mark the entry as not used, and take the page off the LRU, for reclaim.'
          : 'Mark the entry as not used.',
        holds: inTable,
        keeps: [listed],
        run: () => {
          const at = aged.addr,
            f = pte_folio(entry());
          if (cold() && now.counts.ages !== 0) return 'deactivate';
          ages(here());
          if (takes && folio_isolate_lru(f)) aged.list.set(at, f);
          return 'look';
        },
      },
      deactivate: {
        on: cold,
        says: 'The page itself counts as not used, too.',
        holds: inTable,
        run: () => {
          folio_deactivate(pte_folio(entry()));
          ages(here());
          return 'look';
        },
      },
      unlock_pte: {
        on: knows,
        says: 'Let go of the page table.',
        holds: inTable,
        drops: ['ptl'],
        keeps: [listed],
        run: after,
      },
      flush: {
        on: knows,
        says: 'Flush the range on all CPUs of {me}, so that the next use is noticed.',
        holds: inMm,
        keeps: [listed],
        when: every_cpu_answers,
        awaits: 'waits for a CPU that has interrupts off',
        mark: 'flush',
        run: () => {
          flush_tlb_range(op.va, op.pages);
          return takes ? 'pick' : 'unlock';
        },
      },
      ...shrink_rows('unlock', { holds: inMm, on: pageout }),
      unlock: {
        on: knows,
        says: 'Let the mappings go.',
        holds: inMm,
        drops: inMm,
        run: () => (aged.result === REFUSED ? 'EINVAL' : aged.result === HOLE ? 'ENOMEM' : 'end'),
      },
    },
  );
};
/** The pages count as not used lately. 9c276cc65a58, 5.4. */
export const madvise_cold = cold_or_pageout('madvise_cold');
/** The pages that nobody else maps go to swap. 1a4e58cce84e, 5.4. */
export const madvise_pageout = cold_or_pageout('madvise_pageout');
