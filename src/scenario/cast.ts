/** Who acts: processes and their threads, born and gone in the order of the text. */
import type { Span } from './diagnostic.ts';
import type { Draft, Member, Strand } from './draft.ts';
import { PROCESSES_MAX, THREADS_MAX } from './limits.ts';
import { didYouMean } from './nearest.ts';
import type { Actor, Name } from './syntax.ts';

/** A process comes to life, and with it its first thread. `parent` null: before the first step. */
export function bear(draft: Draft, name: Name, parent: Member | null): Member {
  const { members, problems, phase } = draft;
  if (members.size === PROCESSES_MAX) {
    problems.error(name.span, `more than ${PROCESSES_MAX} processes`, 'Leave out those that do nothing new.');
  }
  const member: Member = {
    name: name.text,
    index: members.size,
    parent: parent?.index ?? null,
    born: parent === null ? -1 : phase,
    exit: null,
    maps: new Map(parent?.maps),
    ever: new Set(parent?.ever),
  };
  members.set(name.text, member);
  strand(draft, name.text, member.index, name.span);
  return member;
}

/** The process of a number; undefined for the observer's -1. */
export function memberAt(draft: Draft, index: number): Member | undefined {
  return [...draft.members.values()][index];
}

function strand(draft: Draft, name: string, process: number, at: Span): Strand {
  const { strands, problems } = draft;
  const known = strands.get(name);
  if (known !== undefined) return known;
  if (strands.size === THREADS_MAX) {
    problems.error(at, `more than ${THREADS_MAX} threads`, 'Give the work of some to others.');
  }
  const made: Strand = {
    name,
    index: strands.size,
    process,
    ops: [],
    counts: new Map(),
    results: new Set(),
    lastPhase: -1,
  };
  strands.set(name, made);
  return made;
}

/** The thread that an operation names, or null after saying why it cannot act here. */
export function strandOf(draft: Draft, { name, thread }: Actor): Strand | null {
  if (name.text === '-') return strand(draft, '-', -1, name.span);
  const member = draft.members.get(name.text);
  if (member === undefined) return absent(draft, name);
  const { problems, phase } = draft;
  const threadName = thread === 1 ? name.text : `${name.text}/${thread}`;
  const acting = strand(draft, threadName, member.index, name.span);
  if (member.born === phase) {
    const hint = 'End the block before its first operation.';
    problems.error(name.span, `${name.text} is forked in this very block`, hint);
  } else if (member.exit !== null) {
    const hint =
      member.exit.phase === phase
        ? 'An exit ends all threads: put it after the block.'
        : 'Move this above the exit.';
    problems.error(name.span, `${name.text} exits in line ${member.exit.line}`, hint);
  }
  return acting;
}

function absent(draft: Draft, { text, span }: Name): null {
  const { problems, members, forks, reported, first } = draft;
  const fork = forks.get(text);
  if (fork !== undefined && fork.line >= span.line) {
    problems.error(span, `${text} acts before its fork in line ${fork.line}`, 'Move the fork up.');
  } else if (!reported.has(text)) {
    reported.add(text);
    const otherwise = `Add \`process ${text}\`, or let ${first[0]?.text ?? 'a process'} fork it.`;
    problems.error(
      span,
      `no process is called ${text}`,
      didYouMean(text, [...members.keys(), ...forks.keys()], otherwise),
    );
  }
  return null;
}

/** Ends a process with all its threads. */
export function exit(draft: Draft, member: Member, acting: Strand, at: Span): void {
  othersRest(draft, member, acting, at, 'exit');
  member.exit = { phase: draft.phase, thread: acting.index, line: at.line };
}

/** The process goes on with nothing mapped. Threads that act later are new ones. */
export function exec(draft: Draft, member: Member, acting: Strand, at: Span): void {
  othersRest(draft, member, acting, at, 'exec');
  member.maps.clear();
}

function othersRest(draft: Draft, member: Member, acting: Strand, at: Span, what: 'exit' | 'exec'): void {
  const other = [...draft.strands.values()].find(
    (s) => s.process === member.index && s !== acting && s.lastPhase === draft.phase,
  );
  if (other !== undefined) {
    const hint = `An ${what} ends all threads: put it after the block.`;
    draft.problems.error(at, `${other.name} still works in this block`, hint);
  }
}
