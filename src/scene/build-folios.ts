/** Column three: folios with one token for each holder. */
import { actorName, lockLabel } from '../debugger/words.ts';
import type { Tenure } from '../debugger/history.ts';
import { holdingAt } from '../debugger/history.ts';
import { readsOf } from '../debugger/reads.ts';
import { goTo } from '../debugger/run.ts';
import { pagesIn, pagesOf } from '../kernel/verbs/large.ts';
import { PTE_PRESENT, PTE_SPECIAL, pte_folio } from '../kernel/verbs/pte.ts';
import { isHuge, region_of } from '../kernel/verbs/region.ts';
import { now } from '../kernel/world.ts';
import { ZERO_PAGE } from '../kernel/verbs/folio.ts';
import type { Plan } from '../kernel/plan.ts';
import { fileSlotOf, folioAt, isFree, pteAt } from '../kernel/view.ts';
import type { FolioView } from '../kernel/view.ts';
import { folioId, pteId } from './facts.ts';
import { bytesOf, folioName, sinceWords } from './moment.ts';
import type { Moment } from './moment.ts';
import { pageName } from '../debugger/words.ts';
import type { FolioCard, Mappers, SubPage, Token } from './scene.ts';

/** How a holder is called on its token. Shared with the answer to "why?". */
export function holderLabel(m: Pick<Moment, 'run'>, { holder }: Tenure): string {
  const { plan } = m.run.machine;
  switch (holder.kind) {
    case 'pte':
      return `${plan.processes[holder.mm]!.name} ${entryName(plan, holder)}${timesWord(holder.refs)}`;
    case 'swap':
      return `${plan.processes[holder.mm]!.name} ${pageName(plan, holder.va)}`;
    case 'swap-cache':
      return 'swap cache';
    case 'cache':
      return 'page cache';
    case 'batch':
      return 'LRU batch';
    case 'pipe':
      return `${plan.pipes.length > 1 ? plan.pipes[holder.pipe]!.name : 'pipe'} slot ${holder.index}`;
    case 'pin':
      return `pin ${plan.holds[holder.hold]!.name}`;
    case 'get':
      return `reference ${plan.holds[holder.hold]!.name}`;
    case 'kernel': {
      const actor = actorName(plan, holder.thread);
      return holder.label.startsWith(actor) ? holder.label : `${actor}’s ${holder.label}`;
    }
  }
}
/** One PMD entry maps all pages of its region. */
function entryName(plan: Plan, { mm, va }: { readonly mm: number; readonly va: number }): string {
  return now.counts.thp !== 0 && isHuge(mm, region_of(va)) ? 'PMD' : pageName(plan, va);
}

/** An entry that stands for several pages of a large folio is as many references. */
const timesWord = (refs = 1): string => (refs > 1 ? ` × ${refs}` : '');
export function tokenId(m: Pick<Moment, 'run'>, { folio, holder }: Tenure): string {
  const { plan } = m.run.machine;
  const isEntry = holder.kind === 'pte' || holder.kind === 'swap';
  return `token:${folioId(folio)}:${isEntry ? pteId(plan, holder.mm, holder.va) : holder.key}`;
}
const KINDS = {
  pte: 'pte',
  swap: 'pte',
  'swap-cache': 'cache',
  cache: 'cache',
  batch: 'lru',
  pipe: 'pipe',
  pin: 'pin',
  get: 'get',
  kernel: 'copy',
} as const;

export function folioCards(m: Moment): FolioCard[] {
  const here = holdingAt(m.facts.history, m.at);
  // No effect tells of what a large folio remembers: it is compared with what it was.
  const noted = (): string[] => m.facts.folios.map((f) => JSON.stringify(mappersOf(m, f)));
  const before = beforeStep(m, noted, []);
  const changed = noted();
  return m.facts.folios.map((f, i) =>
    cardOf(
      m,
      f,
      here.filter((t) => t.folio === f),
      before[i] !== undefined && before[i] !== changed[i],
    ),
  );
}

/** What was so one step earlier, for the rare things that no effect tells of. */
function beforeStep<T>({ run, at }: Moment, ask: () => T, atStart: T): T {
  if (at === 0 || run.machine.counts.owned === 0) return atStart;
  goTo(run, at - 1);
  const was = ask();
  goTo(run, at);
  return was;
}

function mappersOf(m: Moment, f: number): Mappers | null {
  const { plan, counts } = m.run.machine,
    { owners, maybeShared, page, head } = folioAt(f);
  if (counts.owned === 0 || isFree(f) || page < 0 || head !== f) return null;
  const known = owners.map(({ mm, maps }) => ({ name: plan.processes[mm]!.name, who: mm, maps }));
  return { id: `mappers:${folioId(f)}`, known, shared: maybeShared };
}

function cardOf(m: Moment, f: number, here: readonly Tenure[], noted: boolean): FolioCard {
  const { plan, model, counts } = m.run.machine,
    v = folioAt(f),
    id = folioId(f);
  const born = m.facts.born.get(f) ?? Infinity;
  const used = f === ZERO_PAGE || (!isFree(f) && v.head === f);
  const state = used ? 'live' : !isFree(f) || born > m.at ? 'free' : 'freed';
  const tokens = here.map((t): Token => ({
    id: tokenId(m, t),
    kind: KINDS[t.holder.kind],
    label: holderLabel(m, t),
    who:
      'mm' in t.holder
        ? t.holder.mm
        : t.holder.kind === 'kernel'
          ? plan.threads[t.holder.thread]!.process
          : -1,
    changed: t.from === m.at && m.at > 0,
    since: sinceWords(m, t.from),
    line: m.facts.lines.get(t) ?? 0,
  }));
  const lock =
    v.lockedBy < 0
      ? null
      : {
          id: `${id}:lock`,
          label: lockLabel('folio_lock', model),
          exclusive: true,
          waiting: [],
          holders: [{ thread: plan.threads[v.lockedBy]!.name, who: plan.threads[v.lockedBy]!.process }],
        };
  return {
    id,
    name: f === ZERO_PAGE ? 'zero page' : folioName(f),
    kind: kindOf(plan, f, v),
    state,
    note:
      v.head !== f
        ? `a page of ${folioName(v.head)}`
        : state === 'free'
          ? freeWords(born)
          : state === 'freed'
            ? `freed at step ${freedAt(m, f)}`
            : '',
    bytes: state === 'live' && v.page < 0 ? bytesOf(plan, v.stored, v.epoch) : null,
    pages: state === 'live' && v.page >= 0 && v.head === f ? pagesIn(f).map((g) => subPage(m, g)) : [],
    mapped: tokens.filter((t) => t.kind === 'pte'),
    held: tokens.filter((t) => t.kind !== 'pte'),
    mapcount: mapsOf(v, tokens),
    refs: v.refs,
    pins: v.pins,
    refcount: v.refcount,
    eye: eyeOf(m, f),
    // Each page of a large folio has its own.
    exclusive: model.rules.hasExclusive && v.slot < 0 && v.page < 0 ? v.exclusive : null,
    owner: counts.owners === 0 ? null : { name: plan.processes[v.owner]?.name ?? '', who: v.owner },
    mappers: mappersOf(m, f),
    lock,
    changed: [...changedOf(m, f), ...(noted ? (['mappers'] as const) : [])],
  };
}

/** Of a slot, the entries that name it; of a large folio, all mappings of its pages. */
const mapsOf = (v: FolioView, tokens: readonly Token[]): number =>
  v.slot >= 0 ? tokens.filter((t) => t.kind === 'pte').length : v.page >= 0 ? v.large : v.maps;

const pagesOfFolio = (f: number): number => pagesIn(f).reduce((sum, g) => sum + pagesOf(g), 0);

/** One page of a large folio, with whoever maps it by an entry of its own or by a PMD entry. */
function subPage(m: Moment, g: number): SubPage {
  const { plan, model } = m.run.machine,
    { stored, epoch, page, maps, exclusive } = folioAt(g);
  const mappers = plan.processes.flatMap(({ name }, who) =>
    Array.from({ length: plan.pages }, (_, va) => pteAt(who, va)).some(
      (e) => (e & (PTE_PRESENT | PTE_SPECIAL)) === PTE_PRESENT && pte_folio(e) === g,
    )
      ? [{ name, who }]
      : [],
  );
  return {
    id: `page:${folioName(g)}`,
    name: pageName(plan, page),
    weight: pagesOf(g),
    bytes: bytesOf(plan, stored, epoch),
    maps,
    mappers,
    exclusive: model.rules.hasExclusive ? exclusive : null,
    changed: (m.step?.effects ?? []).some((e) => e.a === g && (e.name === 'store' || e.name === 'copy')),
  };
}

/** What the page is to the kernel, and of a file which page of it. */
function kindOf(plan: Plan, f: number, v: FolioView): FolioCard['kind'] {
  if (f === ZERO_PAGE) return 'zero page';
  if (v.slot >= 0) return 'swap slot';
  const { ksm, huge, shmem } = v;
  if (v.lazy) return 'lazily freed';
  if (v.page >= 0) return `${v.entire > 0 ? 'huge page' : 'large folio'}, ${pagesOfFolio(f)} pages`;
  if (ksm) return 'merged by KSM';
  if (huge) return 'huge page';
  if (!shmem) return 'anonymous';
  const slot = fileSlotOf(f);
  return slot < 0 ? 'shared' : `file, ${pageName(plan, slot)}`;
}

const freeWords = (born: number): string =>
  born === Infinity ? 'free, a copy would go here' : `free, comes into use at step ${born}`;

/** The last step at or before this one that freed it: of a slot, the one with which its last holder went. */
function freedAt(m: Moment, f: number): number {
  for (let i = m.at; i > 0; i--)
    if (m.run.steps[i - 1]!.effects.some((e) => e.name === 'freed' && e.a === f)) return i;
  return Math.max(0, ...m.facts.history.map((t) => (t.folio === f && t.to <= m.at ? t.to : 0)));
}

/** Which number the rule of this step has read. */
function eyeOf(m: Moment, f: number): FolioCard['eye'] {
  const d = m.step?.decided;
  if (d === null || d === undefined || d.folio !== f) return null;
  const reads = readsOf(d.asks);
  if (reads !== 'bit') return reads === 'mapcount' ? 'mapcount' : 'refcount';
  if (d.asks.endsWith('of one process?') || d.asks.endsWith('by one process?')) return 'mappers';
  return d.asks.startsWith('gup_owner') ? 'owner' : d.asks.startsWith('exclusive') ? 'exclusive' : null;
}

function changedOf(m: Moment, f: number): FolioCard['changed'] {
  const out = new Set<FolioCard['changed'][number]>();
  for (const e of m.step?.effects ?? []) {
    if (e.a !== f) continue;
    if (e.name === 'store' || e.name === 'copy' || e.name === 'swap_read') out.add('bytes');
    if (e.name === 'maps') out.add('mapcount');
    if (e.name === 'refs' || e.name === 'pins' || e.name === 'alloc') out.add('refcount');
    if (e.name === 'exclusive') out.add('exclusive');
    if (e.name === 'gup_owner') out.add('owner');
  }
  return [...out];
}
