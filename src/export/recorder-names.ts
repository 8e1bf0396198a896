/** Names of a scenario and what the recorder calls them: letters, numbers, bytes. */
import type { Name, OpStatement, Operation, Place, Scenario, Value } from '../scenario/syntax.ts';

const LETTERS = ['A', 'B', 'C', 'D', 'E'] as const,
  REGIONS = ['a', 'b', 'c', 'd'] as const,
  PIPES = 4;

/** The scenario has something that the recorder has not; the line is 0 for the whole. */
export class Refusal extends Error {
  readonly line: number;
  constructor(why: string, line: number) {
    super(why);
    this.line = line;
  }
}

export interface Naming {
  readonly process: ReadonlyMap<string, string>;
  readonly region: ReadonlyMap<string, string>;
  readonly pipe: ReadonlyMap<string, string>;
  readonly value: ReadonlyMap<string, string>;
  readonly said: readonly (readonly [string, string])[];
  /** Processes that are there from the start. */
  readonly first: readonly string[];
}

export function namingOf(scenario: Scenario, ops: readonly OpStatement[]): Naming {
  const children = ops.flatMap(({ op }) => (op.verb === 'fork' ? [op.child.text] : []));
  const listed = scenario.statements.flatMap((s) => (s.kind === 'process' ? s.names.map((n) => n.text) : []));
  const acting = ops.map((s) => s.actor.name.text).filter((n) => n !== '-');
  const first = [...new Set([...listed, ...acting])].filter((n) => !children.includes(n));
  const process = numbered('processes', [...first, ...children], LETTERS);
  const regions = scenario.statements.flatMap((s) => (s.kind === 'region' ? [s.region.text] : []));
  const region = numbered(
    'regions',
    [...regions, ...ops.flatMap(({ op }) => (op.verb === 'mmap' ? [op.region.text] : []))],
    REGIONS,
  );
  const pipe = numbered(
    'pipes',
    ops.flatMap(({ op }) => (op.verb === 'vmsplice' || op.verb === 'read' ? [op.pipe.text] : [])),
    Array.from({ length: PIPES }, (_, i) => String(i)),
  );
  const values = ops.flatMap(({ op }) => ('value' in op && op.value !== null ? [op.value] : []));
  const value = bytesFor(values);
  const changed = [...process, ...region, ...pipe, ...value].filter(([a, b]) => a !== b);
  return { process, region, pipe, value, said: changed, first };
}

function numbered(what: string, names: readonly string[], as: readonly string[]): Map<string, string> {
  const unique = [...new Set(names)];
  if (unique.length > as.length)
    throw new Refusal(`the recorder has ${as.length} ${what}, the scenario ${unique.length}`, 0);
  // Names that are the recorder's already stay.
  if (unique.every((n) => as.includes(n))) return new Map(unique.map((n) => [n, n]));
  return new Map(unique.map((n, i) => [n, as[i]!]));
}

/** Each string has a byte of its own, from 11 on; bytes stay. Fresh memory is 00, files are 50 to 53. */
function bytesFor(values: readonly Value[]): Map<string, string> {
  const taken = new Set(['00', '50', '51', '52', '53', ...values.filter((v) => v.hex).map((v) => v.text)]);
  const out = new Map<string, string>();
  let next = 0x11;
  for (const v of values) {
    if (v.hex || out.has(`"${v.text}"`)) continue;
    while (taken.has(next.toString(16).padStart(2, '0'))) next++;
    if (next > 0xff) throw new Refusal('there are more strings than bytes', 0);
    out.set(`"${v.text}"`, (next++).toString(16).padStart(2, '0'));
  }
  return out;
}

/** The same operation with the recorder's names; what it has no names for is left out. */
export function renamed(op: Operation, naming: Naming): Operation {
  const name = (n: Name, table: ReadonlyMap<string, string>): Name => ({
    ...n,
    text: table.get(n.text) ?? n.text,
  });
  const fields = Object.entries(op).map(([key, field]: [string, unknown]): [string, unknown] => {
    if (field === null || typeof field !== 'object') return [key, field];
    switch (key) {
      case 'place': {
        const place = field as Place;
        return [key, { ...place, region: name(place.region, naming.region) }];
      }
      case 'region':
        return [key, name(field as Name, naming.region)];
      case 'child':
      case 'target':
        return [key, name(field as Name, naming.process)];
      case 'pipe':
        return [key, name(field as Name, naming.pipe)];
      case 'value': {
        const value = field as Value;
        return [key, value.hex ? value : { ...value, hex: true, text: naming.value.get(`"${value.text}"`)! }];
      }
      case 'result':
      case 'hold':
        return [key, null];
      default:
        return [key, field];
    }
  });
  return Object.fromEntries(fields) as Operation;
}
