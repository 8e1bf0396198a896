/** What a beat points at, by the names that people use, as an id of the picture. */
import type { Machine } from '../kernel/machine.ts';

/** `f0`, `parent`, `parent.a.0`, `pipe p`, `hold dma`; null: nothing is called so. */
export function lookId(text: string): string | null {
  if (/^f\d{1,3}$/.test(text)) return `folio:${text}`;
  const [, kind, name] = /^(pipe|hold) ([\w-]+)$/.exec(text) ?? [];
  if (kind !== undefined) return `${kind}:${name}`;
  const [, process, page] = /^([A-Za-z][\w-]*)\.([\w-]+\.\d+)$/.exec(text) ?? [];
  if (process !== undefined) return `pte:${process}:${page}`;
  return /^[A-Za-z][\w-]*$/.test(text) ? `mm:${text}` : null;
}

/** Whether a scenario has such a thing at all; at which steps it is there, the picture shows. */
export function isThere({ plan, counts }: Machine, id: string): boolean {
  const [kind = '', name = '', page = ''] = id.split(':');
  const process = plan.processes.some((p) => p.name === name);
  switch (kind) {
    case 'folio':
      // The page of zeros comes before f0.
      return Number(name.slice(1)) + 1 < counts.folios;
    case 'pipe':
      return plan.pipes.some((p) => p.name === name);
    case 'hold':
      return plan.holds.some((h) => h.name === name);
    case 'pte':
      return process && plan.regions.some((r) => page.startsWith(`${r.name}.`));
    default:
      return process;
  }
}
