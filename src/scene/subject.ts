/** What "why?" is about, from the id of something in the picture. */
import type { Subject } from '../debugger/answer.ts';
import type { Plan } from '../kernel/plan.ts';
import { actorName, pageName } from '../debugger/words.ts';
import { folioId } from './facts.ts';

/** null: nothing that has more of an answer than who holds it. */
export function subjectOf(plan: Plan, folios: readonly number[], id: string): Subject | null {
  const [, kind = '', rest = ''] = /^(?:edge:)?(\w+):(.*)$/.exec(id) ?? [];
  const page = (name: string): number =>
    plan.regions
      .flatMap((r) => Array.from({ length: r.pages }, (_, i) => r.at + i))
      .find((va) => pageName(plan, va) === name) ?? -1;
  /** `parent:a.0`; a name may have colons in it. */
  const cut = rest.lastIndexOf(':');
  const [name, last] = [rest.slice(0, cut), rest.slice(cut + 1)];
  switch (kind) {
    case 'view':
    case 'pte': {
      const mm = plan.processes.findIndex((p) => p.name === name),
        va = page(last);
      if (mm < 0 || va < 0) return null;
      return { kind: kind === 'view' ? 'page' : 'pte', mm, va };
    }
    case 'tlb': {
      const thread = plan.threads.findIndex((t) => t.name === name),
        va = page(last);
      return thread < 0 || va < 0 ? null : { kind: 'tlb', thread, va };
    }
    case 'result':
      return plan.observed[Number(last)] === undefined ? null : { kind: 'result', observed: Number(last) };
    case 'thread': {
      const thread = plan.threads.findIndex((t, i) => t.name === rest || actorName(plan, i) === rest);
      return thread < 0 ? null : { kind: 'thread', thread };
    }
    case 'hold': {
      const hold = plan.holds.findIndex((h) => h.name === rest || h.name === name);
      return hold < 0 ? null : { kind: 'hold', hold };
    }
    case 'folio': {
      const folio = folios.find((f) => folioId(f) === id);
      return folio === undefined ? null : { kind: 'folio', folio };
    }
    default:
      return null;
  }
}
