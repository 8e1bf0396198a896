/** Tree to plan: names become numbers, sequence becomes phases, and what cannot run is said in words. */
import { MAP_POPULATE, MAP_SHARED, PROT_READ, PROT_WRITE } from '../kernel/flags.ts';
import type { Mapped, Note, Op, Plan, Stored } from '../kernel/plan.ts';
import { act } from './act.ts';
import { actAny } from './choice.ts';
import { checkActors, withActors } from './actors.ts';
import { bear } from './cast.ts';
import { checkExpectations, checkSchedule, expectationOf, noteOf, guardLine, questionOf } from './claims.ts';
import { notModelled } from './diagnostic.ts';
import type { Diagnostic, Span } from './diagnostic.ts';
import { draftOf, isHuge, isLargeKind, isSharedKind, sizesOf } from './draft.ts';
import type { Draft, Known } from './draft.ts';
import { folioBound, slotBound } from './folios.ts';
import { checkPages, map } from './memory.ts';
import { didYouMean } from './nearest.ts';
import { parse } from './parser.ts';
import { checkPipes } from './pipes.ts';
import { headingOf } from './syntax.ts';
import type { RegionStatement, Scenario, Statement } from './syntax.ts';

export type { Known } from './draft.ts';

export interface Compiled {
  /** null if any diagnostic is an error. */
  readonly plan: Plan | null;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Text to plan. Lines that are not understood keep the rest from being judged, so that one slip is one
 * diagnostic.
 */
export function compileText(text: string, known: Known): Compiled {
  const { scenario, diagnostics } = parse(text);
  if (diagnostics.some((d) => d.severity === 'error')) return { plan: null, diagnostics };
  return compile(scenario, known);
}

/** Never throws. The world that the plan needs fits into bytes; see `limits.ts`. */
export function compile(scenario: Scenario, known: Known): Compiled {
  const draft = draftOf(scenario, known);
  const { problems } = draft;
  for (const name of draft.first) {
    if (draft.members.has(name.text))
      problems.error(name.span, `${name.text} is declared twice`, 'Keep one of them.');
    else bear(draft, name, null);
  }
  checkPages(draft);
  const lines = walk(draft, scenario.statements);
  closeBlock(draft, null);
  checkHuge(draft);
  checkPipes(draft);
  checkActors(draft);
  const questions = lines.asked.flatMap((s) => questionOf(draft, s) ?? []);
  const notes = lines.notes.flatMap((s) => noteOf(draft, s) ?? []);
  const expectations = lines.expected.flatMap((s) => expectationOf(draft, s) ?? []);
  checkExpectations(draft, expectations);
  if (draft.ops.length === 0 && !problems.failed()) {
    problems.error(START, 'the scenario has no operations', 'Write one: `parent: store a.0 "old"`.');
  }
  if (problems.failed()) return { plan: null, diagnostics: problems.sorted() };
  const plan = planOf(draft, { title: headingOf(scenario).title, ...lines, questions, expectations, notes });
  return { plan, diagnostics: problems.sorted() };
}

/** A huge page is mapped by an entry one level above the page tables, which can then not lie apart. */
function checkHuge(draft: Draft): void {
  const huge = [...draft.areas.values()].find(isHuge);
  if (huge !== undefined && draft.apart)
    draft.problems.error(
      huge.span,
      notModelled('huge pages with tables apart'),
      'Leave the tables line out.',
    );
}

const START: Span = { line: 1, column: 1, length: 1 };

interface Lines {
  readonly mapped: Mapped[];
  readonly asked: Extract<Statement, { kind: 'question' }>[];
  readonly expected: Extract<Statement, { kind: 'expect' }>[];
  readonly notes: Extract<Statement, { kind: 'note' }>[];
  schedule: string;
}

function walk(draft: Draft, statements: readonly Statement[]): Lines {
  const { problems } = draft;
  const lines: Lines = { mapped: [], asked: [], expected: [], notes: [], schedule: '' };
  const seen = new Map<string, number>();
  for (const s of statements) {
    if (!belongsInBlock(s)) closeBlock(draft, s.span);
    switch (s.kind) {
      case 'blank':
      case 'comment':
      case 'about':
      case 'source':
      case 'process':
        break;
      case 'raw':
        if (s.broken) problems.error(s.span, 'this line is not understood');
        break;
      case 'scenario':
      case 'experiment':
      case 'schedule': {
        const kind = s.kind === 'schedule' ? 'schedule' : 'scenario';
        const earlier = seen.get(kind);
        if (earlier !== undefined) {
          const hint = s.kind === 'experiment' ? 'Open one experiment of the file.' : 'Keep one of them.';
          problems.error(s.span, `line ${earlier} has the ${kind} already`, hint);
        }
        seen.set(kind, s.span.line);
        if (s.kind !== 'schedule') break;
        lines.schedule = s.text.replace(/\s+/g, ' ');
        break;
      }
      case 'region':
        regionLine(draft, s, lines.mapped);
        break;
      case 'lru':
        if (s.mode === 'batched') draft.batched = true;
        break;
      case 'flush':
        draft.broadcast = s.how === 'broadcast';
        break;
      case 'tables':
        draft.apart = s.how === 'apart';
        break;
      case 'hugepages':
        draft.hugepages = s.pages;
        break;
      case 'actors':
        for (const name of s.names) draft.actors.add(name);
        break;
      case 'counter':
        draft.counter = s.bits;
        break;
      case 'without':
      case 'with':
        for (const name of s.names) guardLine(draft, s.kind, name);
        break;
      case 'note':
        lines.notes.push(s);
        break;
      case 'parallel':
        if (draft.block !== null)
          problems.error(
            s.span,
            'a parallel block in a parallel block',
            'Threads of one block are parallel already.',
          );
        draft.block ??= { at: s.span, ops: 0, maps: new Map() };
        break;
      case 'end':
        endBlock(draft, s.span);
        break;
      case 'op':
        act(draft, s);
        break;
      case 'any':
        actAny(draft, s);
        break;
      case 'question':
        lines.asked.push(s);
        break;
      case 'expect':
        lines.expected.push(s);
        break;
    }
  }
  // Now that all threads are known.
  for (const s of statements) {
    if (s.kind === 'schedule') checkSchedule(draft, s.text, s.span);
  }
  return lines;
}

function belongsInBlock(s: Statement): boolean {
  return ['op', 'any', 'parallel', 'end', 'raw', 'blank', 'comment'].includes(s.kind);
}

/** Closes a block that has no `end`, because a line that cannot be in it (or the end of the text) follows. */
function closeBlock(draft: Draft, next: Span | null): void {
  const { block, problems } = draft;
  if (block === null) return;
  const hint = next === null ? 'Add `end`.' : `Add \`end\` before line ${next.line}.`;
  problems.error(block.at, 'this parallel block has no end', hint);
  leave(draft);
}

function endBlock(draft: Draft, at: Span): void {
  const { block, problems } = draft;
  if (block === null) {
    problems.error(at, 'no parallel block is open here', 'Remove the line.');
    return;
  }
  if (block.ops === 0)
    problems.error(block.at, 'this parallel block is empty', 'Write operations between parallel and end.');
  leave(draft);
}

function leave(draft: Draft): void {
  draft.block = null;
  draft.phase += 1;
}

function regionLine(draft: Draft, s: RegionStatement, mapped: Mapped[]): void {
  const { problems, members, first } = draft;
  const owner = s.process ?? first[0];
  const member = owner && members.get(owner.text);
  if (owner === undefined || member === undefined || member.parent !== null) {
    const text = owner?.text ?? '';
    const born = draft.forks.has(text)
      ? `${text} does not exist before the first step`
      : `no process is called ${text}`;
    const hint = draft.forks.has(text)
      ? `Map it in an operation: ${text}: mmap ${s.region.text} anon 1.`
      : `Add a line: process ${text || 'parent'}.`;
    problems.error(
      owner === undefined ? s.span : owner.span,
      born,
      didYouMean(
        text,
        first.map((n) => n.text),
        hint,
      ),
    );
    return;
  }
  const area = map(draft, member, { region: s.region, kind: s.type, pages: s.pages });
  if (area === null) return;
  if (area.length !== s.pages && !isLargeKind(area.kind)) {
    const hint = `Write ${area.pages} pages here; an mmap may map fewer.`;
    problems.error(s.region.span, `${area.name} has ${area.pages} pages elsewhere`, hint);
  }
  const flags = PROT_READ | (s.readonly ? 0 : PROT_WRITE) | (isSharedKind(s.type) ? MAP_SHARED : 0);
  mapped.push({ process: member.index, region: area.index, kind: s.type, flags });
}

/**
 * Mappings are populated, and memory is locked, in few scenarios: only there are mmap and mprotect the
 * routines that look for it, so that the others have smaller worlds.
 */
function special(ops: readonly Op[]): readonly Op[] {
  const populates = ops.some((o) => (o.flags & MAP_POPULATE) !== 0 && o.syscall === 'mmap'),
    locks = ops.some((o) => o.syscall === 'mlock');
  return ops.map((o) => {
    if (populates && o.syscall === 'mmap') return { ...o, syscall: 'mmap_populate' };
    return locks && o.syscall === 'mprotect' ? { ...o, syscall: 'mprotect_locked' } : o;
  });
}

/**
 * What KSM merges is nobody's own from then on: an entry for each text, as for the zeros of fresh memory
 * (`kernel/verbs/ksm.ts`).
 */
function withMerged(draft: Draft): readonly Stored[] {
  if (!draft.ops.some((o) => o.syscall === 'ksm')) return draft.stored;
  const texts = new Map(draft.stored.map((s) => [s.text, s]));
  for (const s of draft.stored) if (s.process < 0) texts.delete(s.text);
  return [...draft.stored, ...[...texts.values()].map((s) => ({ ...s, process: -1 }))];
}

type Claims = Pick<Plan, 'title' | 'mapped' | 'questions' | 'expectations' | 'schedule'> & {
  readonly notes: readonly Note[];
};

function planOf(draft: Draft, claims: Claims): Plan {
  const areas = [...draft.areas.values()],
    strands = [...draft.strands.values()];
  const folios = folioBound(draft),
    slots = slotBound(draft, folios);
  // Recordings ran pinned to one CPU; elsewhere every thread has its own, so that all orders are possible.
  const threads = strands.map(({ name, process, index, ops }) => ({
    name,
    process,
    cpu: draft.recorded ? 0 : index,
    ops,
  }));
  return {
    title: claims.title,
    mapped: claims.mapped,
    questions: claims.questions,
    expectations: claims.expectations,
    schedule: claims.schedule,
    regions: areas.map((area) => {
      const { name, at, pages, kind, file } = area,
        region = isLargeKind(kind)
          ? { name, at, pages, kind, sizes: sizesOf(area) }
          : { name, at, pages, kind };
      return file < 0 ? region : { ...region, file };
    }),
    processes: [...draft.members.values()].map(({ name, parent }) => ({ name, parent })),
    ...withActors(draft, threads, special(draft.ops)),
    stored: withMerged(draft),
    observed: draft.observed,
    pipes: [...draft.pipes.values()].map(({ name, slots }) => ({ name, slots })),
    holds: draft.holds.map(({ name, op, page }) => (page === undefined ? { name, op } : { name, op, page })),
    ...(draft.picks.length === 0 ? {} : { picks: draft.picks }),
    ...(draft.without.size === 0 ? {} : { without: [...draft.without] }),
    ...(claims.notes.length === 0 ? {} : { notes: claims.notes }),
    switches: {
      lru: draft.batched ? 'batched' : 'drained',
      counter: draft.counter,
      ...(draft.broadcast ? { flush: 'broadcast' } : {}),
      ...(draft.apart ? { tables: 'apart' } : {}),
      ...(draft.hugepages === 0 ? {} : { hugepages: draft.hugepages }),
    },
    pages: areas.reduce((sum, area) => sum + area.pages, 0),
    folios,
    ...(slots === 0 ? {} : { swapSlots: slots }),
  };
}
