/** What a scenario claims about its runs: questions, expected verdicts, and the schedule. */
import type { Expectation, Note, Question, Term } from '../kernel/plan.ts';
import type { Span } from './diagnostic.ts';
import type { Draft } from './draft.ts';
import { didYouMean } from './nearest.ts';
import type { ExpectStatement, Models, Name, QuestionStatement, Statement, TermSyntax } from './syntax.ts';

/** null after a mistake. */
export function questionOf(draft: Draft, asked: QuestionStatement): Question | null {
  const terms = asked.terms.map((t) => termOf(draft, t));
  if (terms.includes(null)) return null;
  return { kind: asked.quantifier, terms: terms.flatMap((t) => t ?? []), line: asked.span.line };
}

function termOf(draft: Draft, asked: TermSyntax): Term | null {
  const { problems, strands, observed } = draft;
  const { thread, result, value } = asked;
  const strand = strands.get(thread.text);
  if (strand === undefined) {
    problems.error(thread.span, `no thread is called ${thread.text}`, threadHint(draft, thread.text));
    return null;
  }
  const index = observed.findIndex((o) => o.thread === strand.index && o.name === result.text);
  if (index < 0) {
    const names = [...strand.results].join(', ');
    const otherwise = names === '' ? `${thread.text} loads and reads nothing.` : `It has: ${names}.`;
    problems.error(
      result.span,
      `${thread.text} has no result ${result.text}`,
      didYouMean(result.text, strand.results, otherwise),
    );
    return null;
  }
  if (value !== null && !draft.stored.some((s) => s.text === value.text && s.hex === value.hex)) {
    const texts = new Set(draft.stored.filter((s) => s.hex === value.hex).map((s) => s.text));
    problems.warning(
      value.span,
      `nothing ever writes ${value.hex ? value.text : `"${value.text}"`}`,
      didYouMean(value.text, texts),
    );
  }
  return { observed: index, equals: value?.text ?? '' };
}

/** null after a mistake. */
export function expectationOf(draft: Draft, said: ExpectStatement): Expectation | null {
  const { known, problems } = draft;
  const models: string[] = [];
  for (const range of said.models) models.push(...idsOf(draft, range));
  const { invariant } = said;
  if (invariant !== null && known.invariants !== undefined && !known.invariants.includes(invariant.text)) {
    const hint = didYouMean(invariant.text, known.invariants, 'folioscope invariants lists them.');
    problems.error(invariant.span, `no invariant is called ${invariant.text}`, hint);
  }
  if (models.length === 0) return null;
  return {
    models: [...new Set(models)],
    verdict: said.verdict,
    invariant: invariant?.text ?? '',
    line: said.span.line,
  };
}

function idsOf(draft: Draft, { from, to }: Models): readonly string[] {
  const { models, apart = [] } = draft.known;
  if (from !== null && from === to && apart.includes(from.text)) return [from.text];
  if (from !== null && from === to && from.text.includes('~')) {
    const why = draft.known.whyNotMade?.(from.text) ?? null;
    if (why === null) return [from.text];
    draft.problems.error(from.span, why.message, why.hint);
    return [];
  }
  const first = from === null ? 0 : positionOf(draft, from);
  const last = to === null ? models.length - 1 : to === from ? first : positionOf(draft, to);
  if (first < 0 || last < 0) return [];
  if (first > last && from !== null && to !== null) {
    draft.problems.error(from.span, `${from.text} comes after ${to.text}`, `Write ${to.text}..${from.text}.`);
  }
  return models.slice(first, last + 1);
}

function positionOf(draft: Draft, { text, span }: Name): number {
  const { models, apart = [] } = draft.known;
  const at = models.indexOf(text);
  if (at < 0)
    draft.problems.error(
      span,
      `no model is called ${text}`,
      didYouMean(text, [...models, ...apart], 'folioscope models lists them.'),
    );
  return at;
}

/** A model cannot both hold and break. */
export function checkExpectations(draft: Draft, said: readonly Expectation[]): void {
  for (const [i, { models, verdict, invariant, line }] of said.entries()) {
    const against = said
      .slice(0, i)
      .find(
        (e) =>
          e.verdict !== verdict &&
          e.models.some((m) => models.includes(m)) &&
          (e.invariant === invariant || wholly(e) || wholly({ verdict, invariant })),
      );
    if (against === undefined) continue;
    const model = against.models.find((m) => models.includes(m)) ?? '';
    const span = { line, column: 1, length: 6 };
    draft.problems.error(span, `line ${against.line} expects the opposite of ${model}`, 'Keep one of them.');
  }
}

/** `holds` without an invariant speaks of all of them. */
function wholly({ verdict, invariant }: Pick<Expectation, 'verdict' | 'invariant'>): boolean {
  return verdict === 'holds' && invariant === '';
}

/** The schedule's own grammar is the debugger's; here only its threads are looked up. */
export function checkSchedule(draft: Draft, text: string, at: Span): void {
  for (const entry of text.split(',')) {
    const thread = /^\s*([^@\s]+)@/.exec(entry)?.[1];
    if (thread === undefined || draft.strands.has(thread)) continue;
    draft.problems.warning(at, `no thread is called ${thread}`, threadHint(draft, thread));
  }
}

/** A guard that the scenario does without, or an extra one that it has. */
export function guardLine(draft: Draft, kind: 'without' | 'with', { text, span }: Name): void {
  const { problems, without, known } = draft,
    isExtra = (id: string): boolean => id.startsWith('+');
  const id = kind === 'with' ? `+${text}` : text;
  const all = known.guards
    ?.filter((one) => isExtra(one) === (kind === 'with'))
    .map((one) => one.replace('+', ''));
  if (all !== undefined && !all.includes(text)) {
    const hint = didYouMean(text, all, 'folioscope guards lists them.');
    problems.error(span, `no ${kind === 'with' ? 'extra step' : 'guard'} is called ${text}`, hint);
  } else if (without.has(id)) problems.error(span, `${text} is named twice`, 'Keep one of them.');
  without.add(id);
}

const NOTE_FORM = 'note POSITION: TEXT, as in: note child@munmap.end: The page is gone here.';
const PLACE = /^(?:start|end|\d{1,6}|([^@*,\s]+)@[^.,\s]+\.[^#,\s]+(?:#\d{1,4})?)$/;

/** null after a mistake. Whether a run comes there, only the run knows. */
export function noteOf(draft: Draft, said: Extract<Statement, { kind: 'note' }>): Note | null {
  const { problems, strands } = draft,
    { at, text, span } = said;
  const place = PLACE.exec(at);
  if (place === null) {
    problems.error(span, at === '' ? 'a position is missing' : `\`${at}\` is not a position`, NOTE_FORM);
    return null;
  }
  if (text === '') {
    problems.error(span, 'the note says nothing', NOTE_FORM);
    return null;
  }
  const thread = place[1];
  if (thread !== undefined && !strands.has(thread))
    problems.warning(span, `no thread is called ${thread}`, threadHint(draft, thread));
  return { at, text, line: span.line };
}

function threadHint({ strands }: Draft, wrong: string): string {
  return didYouMean(wrong, strands.keys(), `There are: ${[...strands.keys()].join(', ')}.`);
}
