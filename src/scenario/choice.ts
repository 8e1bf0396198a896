/** A free choice (`any 2 of A | B | C`) on its way into the plan. */
import { named, perform } from './act.ts';
import { strandOf } from './cast.ts';
import type { Draft } from './draft.ts';
import { anyText } from './printer.ts';
import type { AnyStatement, OpStatement } from './syntax.ts';

/** The operation that chooses, and behind it what it chooses from. */
export function actAny(draft: Draft, s: AnyStatement): void {
  const strand = strandOf(draft, s.actor);
  if (strand !== null) {
    const pick = draft.picks.length;
    draft.picks.push({ thread: strand.index, at: strand.ops.length, count: s.count, ways: s.ops.length });
    strand.ops.push(draft.ops.length);
    draft.ops.push({
      syscall: 'pick',
      thread: strand.index,
      phase: draft.phase,
      va: -1,
      pages: 0,
      region: -1,
      stored: 0,
      child: -1,
      slot: pick,
      observed: -1,
      flags: 0,
      pick,
      name: named(strand, 'any'),
      text: anyText(s),
      line: s.span.line,
    });
    for (const op of s.ops) alternative(draft, { ...s, kind: 'op', op, detached: false }, pick);
  }
  if (draft.block === null) draft.phase += 1;
  else draft.block.ops += 1;
}

/** What one alternative unmaps, the others still find: who knows which comes first. */
function alternative(draft: Draft, statement: OpStatement, pick: number): void {
  const before = new Map([...draft.members].map(([name, m]) => [name, new Map(m.maps)]));
  perform(draft, statement);
  const last = draft.ops.length - 1;
  if (draft.ops[last]!.syscall !== 'pick') draft.ops[last] = { ...draft.ops[last]!, pick };
  for (const [name, maps] of before) {
    const now = draft.members.get(name)!.maps;
    now.clear();
    for (const [region, pages] of maps) now.set(region, pages);
  }
}
