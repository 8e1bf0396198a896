/** Names that a text gives to things: for completion, and for whoever adds a line to it. */
import type { Operation, Scenario } from './syntax.ts';

export interface Names {
  readonly processes: readonly string[];
  /** With the most pages that each is mapped with. */
  readonly regions: ReadonlyMap<string, number>;
  readonly holds: readonly string[];
  readonly pipes: readonly string[];
  /** `child.got` */
  readonly results: readonly string[];
  /** Stored strings, without quotes. */
  readonly values: readonly string[];
}

export function namesOf({ statements }: Scenario): Names {
  const processes = new Set<string>(),
    regions = new Map<string, number>(),
    holds = new Set<string>(),
    pipes = new Set<string>(),
    results = new Set<string>(),
    values = new Set<string>();
  const map = (name: string, pages: number): void =>
    void regions.set(name, Math.max(pages, regions.get(name) ?? 0));
  const look = (actor: string, op: Operation): void => {
    if (op.verb === 'mmap') map(op.region.text, op.pages);
    if (op.verb === 'fork') processes.add(op.child.text);
    if ('hold' in op && op.hold) holds.add(op.hold.text);
    if ('pipe' in op) pipes.add(op.pipe.text);
    if ('result' in op && op.result) results.add(`${actor}.${op.result.text}`);
    if ('value' in op && op.value && !op.value.hex) values.add(op.value.text);
  };
  for (const s of statements) {
    if (s.kind === 'process') for (const name of s.names) processes.add(name.text);
    else if (s.kind === 'region') map(s.region.text, s.pages);
    else if (s.kind === 'op' || s.kind === 'any') {
      const { name, thread } = s.actor;
      if (name.text !== '-') processes.add(name.text);
      // `&` starts it on the second thread.
      const strand = s.kind === 'op' && s.detached && thread === 1 ? 2 : thread;
      const actor = strand === 1 ? name.text : `${name.text}/${strand}`;
      for (const op of s.kind === 'op' ? [s.op] : s.ops) look(actor, op);
    }
  }
  return {
    processes: [...processes],
    regions,
    holds: [...holds],
    pipes: [...pipes],
    results: [...results],
    values: [...values],
  };
}

/** The first of `base`, `base2`, `base3` that is free. */
export function freshName(base: string, taken: ReadonlySet<string>): string {
  for (let n = 1; ; n++) {
    const name = n === 1 ? base : `${base}${n}`;
    if (!taken.has(name)) return name;
  }
}
