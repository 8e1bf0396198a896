/**
 * Who points where. A counted edge ends on a token; a stale TLB entry and the page of zeros end on the
 * card: nobody counts them.
 */
import { isStale } from '../debugger/stale.ts';
import { holdingAt } from '../debugger/history.ts';
import { pageName, placeOfPte } from '../debugger/words.ts';
import { headOf } from '../kernel/verbs/large.ts';
import {
  is_migration_entry,
  is_swap_entry,
  pte_folio,
  PTE_PRESENT,
  PTE_SPECIAL,
  PTE_WRITE,
  swp_slot,
} from '../kernel/verbs/pte.ts';
import { pteAt, tlbAt } from '../kernel/view.ts';
import { holdRowId, pipeRowId } from './build-holders.ts';
import { tokenId } from './build-folios.ts';
import { folioId, pteId, threadsOf } from './facts.ts';
import { folioName } from './moment.ts';
import type { Moment } from './moment.ts';
import type { Edge, FolioCard } from './scene.ts';

export function edgesOf(m: Moment, cards: readonly FolioCard[]): Edge[] {
  const { plan } = m.run.machine,
    out: Edge[] = [];
  const shown = new Set(cards.map((c) => c.id));
  const now = (from: number): boolean => from === m.at && m.at > 0;
  plan.processes.forEach((p, i) => {
    plan.regions.forEach((r, k) => {
      const first = m.facts.mapped[i]![k]!;
      if (first < 0 || first > m.at) return;
      out.push({
        id: `edge:vma:${p.name}:${r.name}`,
        from: `vma:${p.name}:${r.name}`,
        to: pteId(plan, i, r.at),
        kind: 'belongs',
        changed: false,
        says: `Memory ${r.name} of ${p.name} is described by its page table.`,
      });
    });
    for (let va = 0; va < plan.pages; va++) {
      const e = pteAt(i, va),
        from = pteId(plan, i, va),
        page = pageName(plan, va);
      if ((e & PTE_PRESENT) !== 0) {
        // Who maps a page of a large folio holds the folio.
        const f = headOf(pte_folio(e)),
          zero = (e & PTE_SPECIAL) !== 0;
        const tenure = m.facts.history.find(
          (t) =>
            t.holder.key === `pte:${i}:${va}` &&
            t.folio === f &&
            t.from <= m.at &&
            (t.to === 0 || t.to > m.at),
        );
        // Behind the first entry of a huge page there is only the one PMD entry, which has its edge already.
        if (!zero && tenure === undefined && f !== pte_folio(e)) continue;
        const to = zero || tenure === undefined ? folioId(f) : tokenId(m, tenure);
        const writable = (e & PTE_WRITE) !== 0;
        if (!shown.has(folioId(f))) continue;
        out.push({
          id: `edge:${from}`,
          from,
          to,
          kind: writable ? 'writable' : 'read-only',
          changed: touched(m, i, va),
          says: `Entry ${page} of ${p.name} maps ${folioName(f)}, ${writable ? 'writable' : 'read-only'}.`,
        });
      }
      if (is_migration_entry(e) && shown.has(folioId(pte_folio(e)))) {
        const folio = folioName(pte_folio(e));
        out.push({
          id: `edge:${from}`,
          from,
          to: folioId(pte_folio(e)),
          kind: 'away',
          changed: touched(m, i, va),
          says: `Entry ${page} of ${p.name} is not present: it waits until ${folio} has moved.`,
        });
      }
      if (is_swap_entry(e) && shown.has(folioId(swp_slot(e)))) {
        out.push({
          id: `edge:${from}`,
          from,
          to: folioId(swp_slot(e)),
          kind: 'away',
          changed: touched(m, i, va),
          says: `Entry ${page} of ${p.name} is not present: its page is in swap ${folioName(swp_slot(e))}.`,
        });
      }
      for (const t of threadsOf(plan, i)) {
        const tlb = tlbAt(t, va),
          name = plan.threads[t]!.name;
        if (!isStale(tlb, e) || !shown.has(folioId(tlb >> 8))) continue;
        out.push({
          id: `edge:tlb:${name}:${page}`,
          from: `tlb:${name}:${page}`,
          to: folioId(tlb >> 8),
          kind: 'stale',
          changed: false,
          says: `The TLB of ${name} still maps ${page} to ${folioName(tlb >> 8)}.`,
        });
      }
    }
  });
  for (const t of holdingAt(m.facts.history, m.at)) {
    const { holder } = t;
    if (holder.kind === 'pipe') {
      const name = plan.pipes[holder.pipe]!.name;
      out.push({
        id: `edge:${pipeRowId(name, holder.index)}`,
        from: pipeRowId(name, holder.index),
        to: tokenId(m, t),
        kind: 'get',
        changed: now(t.from),
        says: `The pipe holds ${folioName(t.folio)}.`,
      });
    }
    if (holder.kind === 'pin' || holder.kind === 'get') {
      const name = plan.holds[holder.hold]!.name;
      out.push({
        id: `edge:${holdRowId(name)}`,
        from: holdRowId(name),
        to: tokenId(m, t),
        kind: holder.kind,
        changed: now(t.from),
        says: `${name} holds ${folioName(t.folio)}${holder.kind === 'pin' ? ' pinned' : ''}.`,
      });
    }
  }
  return out;
}
const touched = (m: Moment, process: number, va: number): boolean =>
  m.step?.effects.some(
    (e) => e.name === 'set_pte_at' && placeOfPte(e.a).process === process && placeOfPte(e.a).va === va,
  ) ?? false;
