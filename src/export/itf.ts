/**
 * A run as a trace in the Informal Trace Format (ITF, Apalache ADR 015), which TLA+ and Quint tools read: one
 * state for each world, with what a specification would call its variables.
 */
import { goTo } from '../debugger/run.ts';
import { insideOf } from '../evidence/inside.ts';
import { observationAt } from '../kernel/view.ts';
import { operationText } from './subject.ts';
import type { Subject } from './subject.ts';

type Value =
  | boolean
  | string
  | { readonly '#bigint': string }
  | { readonly '#set': readonly Value[] }
  | { readonly '#map': readonly (readonly [Value, Value])[] }
  | { readonly [field: string]: Value };

const int = (n: number): Value => ({ '#bigint': String(n) });
const map = <T>(from: Readonly<Record<string, T>>, value: (of: T) => Value): Value => ({
  '#map': Object.entries(from).map(([key, of]) => [key, value(of)]),
});

/** A set has nothing twice: two locks may have one name. */
const distinct = (values: readonly Value[]): readonly Value[] => [
  ...new Map(values.map((v) => [JSON.stringify(v), v])).values(),
];

/** Types as Apalache writes them. */
const TYPES = {
  thread: 'Str',
  operation: 'Str',
  row: 'Str',
  folios:
    'Str -> { refcount: Int, pins: Int, mapcount: Int, exclusive: Bool, bytes: Str, holders: Set(Str) }',
  ptes: 'Str -> (Str -> Str)',
  tlbs: 'Str -> (Str -> Str)',
  locks: 'Set({ thread: Str, lock: Str })',
  seen: 'Str -> Str',
  broken: 'Set(Str)',
} as const;

export function itfText(subject: Subject): string {
  const { run, name, broken } = subject,
    { plan, model, program } = run.machine;
  const states = Array.from({ length: run.steps.length + 1 }, (_, at): Record<string, unknown> => {
    const step = run.steps[at - 1];
    const row = step === undefined ? undefined : program.rows[step.pc];
    goTo(run, at);
    const inside = insideOf(plan, () => null);
    const seen = plan.observed.flatMap((o, i): [string, string][] => {
      const saw = observationAt(i);
      return saw.seen ? [[`${plan.threads[o.thread]!.name}.${o.name}`, plan.stored[saw.stored]!.text]] : [];
    });
    const state: Record<keyof typeof TYPES, Value> = {
      thread: step === undefined ? '' : plan.threads[step.thread]!.name,
      operation: step === undefined ? '' : operationText(run, step.op),
      row: row === undefined ? '' : `${row.routine.name}.${row.label}`,
      folios: {
        '#map': inside.folios.map((f) => [
          f.folio,
          {
            refcount: int(f.refcount),
            pins: int(f.pins),
            mapcount: int(f.mapcount),
            exclusive: f.exclusive,
            bytes: f.bytes,
            holders: { '#set': [...new Set(f.holders)] },
          },
        ]),
      },
      ptes: map(inside.ptes, (pages) => map(pages, (words) => words)),
      tlbs: map(inside.tlb, (pages) => map(pages, (words) => words)),
      locks: { '#set': distinct(inside.locks.map(({ thread, lock }) => ({ thread, lock }))) },
      seen: { '#map': seen },
      broken: { '#set': broken.filter((b) => b.at <= at).map((b) => b.invariant.id) },
    };
    return { '#meta': { index: at }, ...state };
  });
  const meta = {
    format: 'ITF',
    'format-description': 'https://apalache-mc.org/docs/adr/015adr-trace.html',
    source: name,
    description: `${plan.title || name}, by the rules of ${model.id}`,
    status: broken.length === 0 ? 'ok' : 'violation',
    varTypes: TYPES,
  };
  const lines = states.map((s) => JSON.stringify(s)).join(',\n');
  const head = JSON.stringify({ '#meta': meta, params: [], vars: Object.keys(TYPES) });
  return `${head.slice(0, -1)},"states":[\n${lines}\n]}\n`;
}
