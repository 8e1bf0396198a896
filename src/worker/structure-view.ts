/** A world by its addresses: `protocol/structure.ts`. Reads the kernel's own views, after the step. */
import { goTo } from '../debugger/run.ts';
import type { Run } from '../debugger/run.ts';
import { folioName, pageName } from '../debugger/words.ts';
import type { Plan } from '../kernel/plan.ts';
import { ZERO_PAGE, folio_test_hugetlb } from '../kernel/verbs/folio.ts';
import { pagesOf } from '../kernel/verbs/large.ts';
import {
  PTE_ACCESSED,
  PTE_DIRTY,
  PTE_PRESENT,
  PTE_PROTNONE,
  PTE_SOFT_DIRTY,
  PTE_SPECIAL,
  PTE_UFFD_WP,
  PTE_WRITE,
  is_migration_entry,
  is_pte_marker,
  is_swap_entry,
  pte_folio,
  swp_slot,
} from '../kernel/verbs/pte.ts';
import { VM_READ, VM_SHARED, VM_WRITE } from '../kernel/verbs/vma.ts';
import { cachedAt, folioAt, hugePool, isFree, mmAt, pteAt, tableAt, vmaAt, walkAt } from '../kernel/view.ts';
import { slotPages } from '../kernel/world.ts';
import { folioId, processId, pteId } from '../scene/facts.ts';
import type { Facts } from '../scene/facts.ts';
import { bytesOf } from '../scene/moment.ts';
import type { AreaView, EntryView, PhysicalView, SpaceView, StructureView } from './protocol/structure.ts';

export function structureView(run: Run, facts: Facts, at: number): StructureView {
  goTo(run, at);
  const { plan, counts, model } = run.machine;
  return {
    at,
    spaces: plan.processes.map((_, m) => spaceOf(plan, m)),
    physical: Array.from({ length: counts.folios }, (_, f) =>
      physicalOf(plan, f, facts.folios.includes(folioAt(f).head), model.rules.hasExclusive),
    ),
    pool: hugePool(),
  };
}

function spaceOf(plan: Plan, m: number): SpaceView {
  const { state } = mmAt(m);
  // fork fills the child's before it is born.
  const filled = Array.from({ length: plan.pages }, (_, va) => va).some((va) => pteAt(m, va) !== 0);
  const has = state === 'alive' || (state === 'unborn' && filled);
  const areas = has ? plan.regions.flatMap((_, r) => areasOf(plan, m, r)) : [];
  return { id: processId(plan, m), name: plan.processes[m]!.name, who: m, state, areas };
}

/** Slots of a region, parted where their flags differ: what /proc/PID/maps would show as lines. */
function areasOf(plan: Plan, m: number, r: number): AreaView[] {
  const { at, pages: n } = plan.regions[r]!,
    out: AreaView[] = [];
  for (let va = at; va < at + n;) {
    let end = va + 1;
    while (end < at + n && vmaAt(m, end) === vmaAt(m, va)) end++;
    out.push(areaOf(plan, m, va, end));
    va = end;
  }
  return out;
}
const PAGE = 4096;
function areaOf(plan: Plan, m: number, from: number, end: number): AreaView {
  const entries = Array.from({ length: end - from }, (_, i) => entryOf(plan, m, from + i));
  const pages = entries.reduce((sum, one) => sum + one.pages, 0),
    first = walkAt(m, from),
    table = tableAt(m, first.table),
    region = plan.regions.find((r) => from >= r.at && from < r.at + r.pages)!;
  return {
    name: from === region.at ? region.name : pageName(plan, from),
    from: first.text,
    to: `0x${(first.address + pages * PAGE).toString(16)}`,
    may: mayOf(vmaAt(m, from)),
    pages,
    pmd: table.huge || isHugetlb(m, from) ? 'huge' : table.exists ? 'table' : 'empty',
    entries,
  };
}
function mayOf(flags: number): string {
  if (flags === 0) return '';
  const read = (flags & VM_READ) !== 0 ? 'r' : '-',
    write = (flags & VM_WRITE) !== 0 ? 'w' : '-';
  return `${read}${write}-${(flags & VM_SHARED) !== 0 ? 's' : 'p'}`;
}
/** A page of hugetlbfs is mapped where a table of PTEs would be. */
const isHugetlb = (m: number, va: number): boolean => {
  const e = pteAt(m, va);
  return (e & PTE_PRESENT) !== 0 && folio_test_hugetlb(pte_folio(e));
};

function entryOf(plan: Plan, m: number, va: number): EntryView {
  const e = pteAt(m, va),
    { text, pgd, pud, pmd, pte, table } = walkAt(m, va),
    huge = tableAt(m, table).huge || isHugetlb(m, va);
  const state = stateOf(m, va, e);
  return {
    id: pteId(plan, m, va),
    name: pageName(plan, va),
    address: text,
    pages: slotPages[va]!,
    index: [pgd, pud, pmd, pte],
    huge,
    state,
    value: state === 'page' ? valueOf(e, huge) : '',
    writable: state === 'page' && (e & PTE_WRITE) !== 0,
    leads: state === 'page' || state === 'away' ? pte_folio(e) : state === 'swapped' ? swp_slot(e) : -1,
  };
}
function stateOf(m: number, va: number, e: number): EntryView['state'] {
  if ((e & PTE_PRESENT) !== 0) return 'page';
  if (is_swap_entry(e)) return 'swapped';
  if (is_migration_entry(e)) return 'away';
  if (is_pte_marker(e)) return 'marker';
  return vmaAt(m, va) === 0 ? 'unmapped' : 'empty';
}

/** Places of the bits in an entry of x86-64: arch/x86/include/asm/pgtable_types.h. */
const X86: readonly (readonly [bit: number, place: number])[] = [
  [PTE_WRITE, 1],
  [PTE_ACCESSED, 5],
  [PTE_DIRTY, 6],
  [PTE_SPECIAL, 9],
  [PTE_UFFD_WP, 10],
  [PTE_SOFT_DIRTY, 11],
];
const PRESENT = 0,
  USER = 2,
  PSE = 7,
  PROTNONE = 8,
  NX = 63;
function valueOf(e: number, huge: boolean): string {
  const none = (e & PTE_PROTNONE) !== 0;
  const places = [
    none ? PROTNONE : PRESENT,
    ...(none ? [] : [USER]),
    ...X86.flatMap(([bit, place]) => ((e & bit) !== 0 ? [place] : [])),
    ...(huge ? [PSE] : []),
    NX,
  ];
  const flags = places.reduce((sum, place) => sum | (1n << BigInt(place)), 0n);
  return `0x${(flags | (BigInt(pte_folio(e)) << 12n)).toString(16).padStart(16, '0')}`;
}

function physicalOf(plan: Plan, f: number, drawn: boolean, marks: boolean): PhysicalView {
  const v = folioAt(f),
    free = f !== ZERO_PAGE && isFree(f);
  const kind =
    v.slot >= 0
      ? 'slot'
      : f === ZERO_PAGE
        ? 'zero'
        : free
          ? 'free'
          : v.huge
            ? 'huge'
            : v.page >= 0
              ? 'large'
              : 'page';
  return {
    pfn: f,
    id: drawn ? folioId(v.head) : '',
    name: folioName(f),
    kind,
    head: v.head,
    pages: pagesOf(f),
    bytes: free || f === ZERO_PAGE ? null : bytesOf(plan, v.stored, v.epoch),
    mapcount: v.maps,
    refcount: v.refcount,
    exclusive: free || !marks || !v.anon ? null : v.exclusive,
    also: free ? [] : placesOf(plan, f),
  };
}
/** Where else the kernel keeps it in mind. */
function placesOf(plan: Plan, f: number): string[] {
  const { swap, batch, slot, lazy } = folioAt(f),
    cached = Array.from({ length: plan.pages }, (_, va) => va).find((va) => cachedAt(va) === f);
  return [
    ...(cached === undefined || f === ZERO_PAGE ? [] : [`page cache, ${pageName(plan, cached)}`]),
    ...(swap > 0 && slot < 0 ? [`swap cache, ${folioName(swap)}`] : []),
    ...(batch >= 0 ? [`LRU batch of CPU ${batch}`] : []),
    ...(lazy ? ['may be dropped: MADV_FREE'] : []),
  ];
}
