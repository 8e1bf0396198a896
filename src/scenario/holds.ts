/** Holds: references that an operation takes, others use, and one gives back. */
import type { Span } from './diagnostic.ts';
import type { Draft, HoldDraft, HoldUser, Strand } from './draft.ts';
import { didYouMean } from './nearest.ts';
import type { Name } from './syntax.ts';

export interface Taken {
  readonly user: HoldUser;
  /** As the text names it, or what to call it. */
  readonly name: Name | null;
  readonly unnamed: string;
  readonly access: 'read' | 'write';
  readonly flags: number;
  readonly va: number;
  /** Taken at once, each a hold of its own: the later ones are `buffer.1`, `buffer.2`. Absent: 1. */
  readonly pages?: number;
}

/** Number of the new hold. A name is used once, so that the picture and the links can tell holds apart. */
export function take(draft: Draft, taken: Taken, strand: Strand, span: Span): number {
  const { holds, problems } = draft;
  const name = taken.name?.text ?? unused(taken.unnamed, holds);
  const earlier = holds.find((h) => h.name === name);
  if (earlier !== undefined) {
    problems.error(
      taken.name?.span ?? span,
      `${name} is a hold since line ${earlier.line}`,
      'Give this hold another name.',
    );
  }
  const { process, index: thread } = strand;
  const { user, access, flags, va, pages = 1 } = taken;
  const hold: HoldDraft = {
    name,
    user,
    access,
    flags,
    va,
    process,
    thread,
    op: draft.ops.length,
    phase: draft.phase,
    line: span.line,
    named: taken.name !== null,
    pages,
    released: 0,
    releasedIn: null,
  };
  holds.push(hold);
  const first = holds.length - 1;
  for (let page = 1; page < pages; page++)
    holds.push({ ...hold, name: `${name}.${page}`, va: va + page, pages: 1, page });
  return first;
}

/** A hold that lasts one call: nobody can name it, and nobody has to release it. */
export function takeBriefly(draft: Draft, taken: Taken, strand: Strand, span: Span): number {
  const slot = take(draft, taken, strand, span);
  const hold = draft.holds[slot]!;
  hold.released = span.line;
  hold.releasedIn = { phase: draft.phase, thread: strand.index };
  return slot;
}

/** `pin`, then `pin~2`. */
function unused(name: string, holds: readonly HoldDraft[]): string {
  const taken = new Set(holds.map((h) => h.name));
  let free = name;
  for (let n = 2; taken.has(free); n++) free = `${name}~${n}`;
  return free;
}

export interface Sought {
  /** Without a name: a hold of such a user, ... */
  readonly users: readonly HoldUser[];
  /** ... and of this process. */
  readonly process?: number;
  /** The operation gives it back; else it only uses it. */
  readonly ends: boolean;
  readonly at: Span;
}

const EXAMPLES: Readonly<Record<HoldUser, string>> = {
  named: 'pin a.0 write as h',
  dio: 'dio_read a.0 as io',
  uring: 'uring_register a.0 as b',
  rdma: 'rdma_register a.0 as mr',
};

/**
 * Number of the hold that an operation means (without a name: the only one that is held), -1 after a
 * mistake.
 */
export function holdFor(draft: Draft, name: Name | null, strand: Strand, sought: Sought): number {
  const { holds, problems } = draft;
  const { at, users } = sought;
  // A ring stays when its buffer is given back, and says itself that there is none.
  const isRing = users.includes('uring');
  const mine = holds.filter(
    (h) => users.includes(h.user) && (sought.process ?? h.process) === h.process && h.page === undefined,
  );
  const held = mine.filter((h) => h.released === 0);
  // A recorder holds one thing at a time: what it took before and did not give back, it never got.
  const onlyLast = isRing && held.length === 0 ? mine : draft.recorded && !held.some(isNamed) ? held : null;
  const likely = onlyLast?.slice(-1) ?? held;
  if (name === null && likely.length !== 1) {
    const names = likely.map((h) => h.name).join(' or ');
    const example = EXAMPLES[users[0] ?? 'named'];
    if (likely.length === 0) problems.error(at, 'nothing is held here', `Take a hold first: ${example}.`);
    else problems.error(at, `${likely.length} holds are open`, `Say which: ${names}.`);
    return -1;
  }
  const hold = name === null ? likely[0] : holds.find((h) => h.name === name.text);
  if (hold === undefined) {
    const text = name?.text ?? '';
    const hint = didYouMean(
      text,
      holds.map((h) => h.name),
      `Take it first: ${EXAMPLES[users[0] ?? 'named'].replace(/\S+$/, text)}.`,
    );
    problems.error(at, `no hold is called ${text} here`, hint);
    return -1;
  }
  if (hold.released !== 0 && !isRing && !inParallel(draft, hold, strand, sought)) {
    problems.error(at, `${hold.name} was released in line ${hold.released}`, 'Take another hold.');
    return -1;
  }
  if (hold.phase === draft.phase && hold.thread !== strand.index) {
    const hint = 'End the block first, or release it in that thread.';
    problems.error(at, `${hold.name} is taken by another thread of this block`, hint);
  }
  const first = holds.indexOf(hold);
  if (sought.ends) {
    if (hold.page !== undefined)
      problems.error(at, `${hold.name} is one page of a hold of several`, 'They are released together.');
    for (const h of holds.slice(first, first + hold.pages)) {
      h.released = at.line;
      h.releasedIn = { phase: draft.phase, thread: strand.index };
    }
  }
  return first;
}

/** By the text, not by us. */
const isNamed = (hold: HoldDraft): boolean => hold.named;

/** A device may use a hold while another thread of the block gives it back. */
function inParallel(draft: Draft, { releasedIn }: HoldDraft, strand: Strand, { ends }: Sought): boolean {
  return !ends && releasedIn?.phase === draft.phase && releasedIn.thread !== strand.index;
}
