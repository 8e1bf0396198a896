/**
 * The walk from the top of a process's page tables to each of its tables of PTEs: nine bits of the address
 * select an entry at each of four levels (p4d is folded), twelve a byte in the page. The lock of the entries
 * lives in the page of the table itself (`ptlock_ptr`), so one table is what one PTL covers.
 */
import { splitTables, tableAt, tableCount, walkAt } from '../kernel/view.ts';
import type { TableView } from '../kernel/view.ts';
import type { Moment } from './moment.ts';
import { walkId } from './places.ts';
import type { LockBadge, Walk, WalkLevel } from './scene.ts';
import { regionsOf } from './tables.ts';

export function walks(m: Moment, process: number, locks: readonly LockBadge[]): Walk[] {
  const { plan } = m.run.machine,
    name = plan.processes[process]!.name,
    out: Walk[] = [];
  for (let i = 0; i < tableCount(); i++) {
    const table = tableAt(process, i);
    const mine = regionsOf(table.regions, m.facts.mapped[process]!).map((r) => plan.regions[r]!);
    const first = mine[0],
      last = mine.at(-1);
    if (first === undefined || last === undefined) continue;
    const from = walkAt(process, first.at),
      to = walkAt(process, last.at + last.pages - 1);
    const levels: WalkLevel[] = [
      { level: 'pgd', bits: '47–39', index: String(from.pgd), leads: 'pud table' },
      { level: 'pud', bits: '38–30', index: String(from.pud), leads: 'pmd table' },
      { level: 'pmd', bits: '29–21', index: String(from.pmd), leads: pmdLeads(table) },
      {
        level: 'pte',
        bits: '20–12',
        index: from.pte === to.pte ? String(from.pte) : `${from.pte}–${to.pte}`,
        leads: table.huge ? 'inside it' : from.pte === to.pte ? 'the page' : 'the pages',
      },
      { level: '', bits: '11–0', index: '', leads: 'byte in the page' },
    ];
    const held = [table.ptl, table.newPtl].find((t) => t >= 0) ?? -1;
    const holder = plan.threads[held];
    out.push({
      id: `${walkId(name)}:${i}`,
      covers: mine.map((r) => r.name).join(', '),
      address: from.text,
      levels,
      lock: splitTables()
        ? (locks.find((one) => one.id.endsWith(`:${first.name}`)) ?? null)
        : (locks[0] ?? null),
      says:
        holder === undefined
          ? table.exists
            ? 'Nobody holds its PTL.'
            : table.huge
              ? 'A huge page, so no PTL.'
              : 'No table, so no PTL.'
          : `PTL held by ${holder.name}, CPU ${holder.cpu}.`,
      held: holder !== undefined,
    });
  }
  return out;
}

const pmdLeads = ({ exists, huge }: TableView): string =>
  huge ? (exists ? 'huge page, split now' : 'huge page') : exists ? 'PTE table' : 'empty';
