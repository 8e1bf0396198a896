/** Holds: references that a `pin` or `get` takes and a `release` gives back. */
import type { Span } from './diagnostic.ts';
import type { Draft, HoldDraft, Strand } from './draft.ts';
import { didYouMean } from './nearest.ts';
import type { Name, Operation } from './syntax.ts';

type Take = Extract<Operation, { verb: 'pin' | 'get' }>;

/** Number of the new hold. A name is used once, so that the picture and the links can tell holds apart. */
export function take(draft: Draft, op: Take, strand: Strand, flags: number, span: Span): number {
  const { holds, problems } = draft;
  const name = op.hold?.text ?? unnamed(op.verb, holds);
  const earlier = holds.find((h) => h.name === name);
  if (earlier !== undefined) {
    problems.error(
      op.hold?.span ?? span,
      `${name} is a hold since line ${earlier.line}`,
      'Give this hold another name.',
    );
  }
  const { process, index: thread } = strand;
  const taken: HoldDraft = {
    name,
    op: draft.ops.length,
    access: op.access,
    flags,
    process,
    thread,
    phase: draft.phase,
    line: span.line,
    released: 0,
  };
  holds.push(taken);
  return holds.length - 1;
}

/** `pin`, then `pin~2`. */
function unnamed(verb: string, holds: readonly HoldDraft[]): string {
  const taken = new Set(holds.map((h) => h.name));
  let name = verb;
  for (let n = 2; taken.has(name); n++) name = `${verb}~${n}`;
  return name;
}

/**
 * Number of the hold that a release means (without a name: the only one that is held), -1 after a mistake.
 */
export function holdFor(draft: Draft, name: Name | null, strand: Strand, span: Span): number {
  const { holds, problems } = draft;
  const held = holds.filter((h) => h.released === 0);
  const at = name?.span ?? span;
  if (name === null && held.length !== 1) {
    const names = held.map((h) => h.name).join(' or ');
    if (held.length === 0)
      problems.error(at, 'nothing is held here', 'Take a hold first: pin a.0 write as h.');
    else problems.error(at, `${held.length} holds are open`, `Say which: release ${names}.`);
    return -1;
  }
  const hold = name === null ? held[0] : holds.find((h) => h.name === name.text);
  if (hold === undefined) {
    const text = name?.text ?? '';
    const hint = didYouMean(
      text,
      holds.map((h) => h.name),
      `Take it first: pin a.0 write as ${text}.`,
    );
    problems.error(at, `no hold is called ${text} here`, hint);
    return -1;
  }
  if (hold.released !== 0) {
    problems.error(at, `${hold.name} was released in line ${hold.released}`, 'Take another hold.');
    return -1;
  }
  if (hold.phase === draft.phase && hold.thread !== strand.index) {
    const hint = 'End the block first, or release it in that thread.';
    problems.error(at, `${hold.name} is taken by another thread of this block`, hint);
  }
  hold.released = at.line;
  return holds.indexOf(hold);
}
