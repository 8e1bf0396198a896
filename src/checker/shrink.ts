/**
 * The smallest scenario that still breaks the same rule on the same model: fewer operations, processes,
 * pages and switches of threads. Lines are taken out as long as a check still finds the rule broken, large
 * pieces first; what depends on a line that is gone goes with it. The result breaks the rule, and does not
 * any more if any one of its operations is taken out. Nothing here depends on a clock.
 */
import { boot } from '../kernel/machine.ts';
import type { Model } from '../kernel/rules.ts';
import { invariantsFor, questionsOf } from '../invariants/index.ts';
import { compileText } from '../scenario/compile.ts';
import type { Known } from '../scenario/compile.ts';
import { linesOf } from '../scenario/lexer.ts';
import { parse } from '../scenario/parser.ts';
import { print } from '../scenario/printer.ts';
import type { Statement } from '../scenario/syntax.ts';
import { check } from './check.ts';
import { reductionNames } from './reduce/reduction.ts';

export interface ShrinkOptions {
  /** Id of the rule; absent: the first one that a check finds broken. */
  readonly invariant?: string;
  /** Guards to leave out. */
  readonly without?: readonly string[];
  /** Most states of one check; a candidate that needs more is not taken. */
  readonly states?: number;
  /** Most checks. */
  readonly checks?: number;
}
export interface Shrunk {
  readonly text: string;
  readonly invariant: string;
  readonly operations: { readonly before: number; readonly after: number };
  readonly checks: number;
  /** False: the bound on checks ended it, and a smaller one may be left. */
  readonly complete: boolean;
}
export type ShrinkResult = Shrunk | { readonly why: string };

const STATES_MAX = 500_000,
  CHECKS_MAX = 3_000;

/** What a small scenario does not need to break a rule; expectations are about the one that was written. */
const DROPPED: ReadonlySet<Statement['kind']> = new Set([
  'about',
  'source',
  'blank',
  'comment',
  'expect',
  'schedule',
]);

interface Shrinking {
  readonly model: Model;
  readonly known: Known;
  readonly options: ShrinkOptions;
  readonly invariant: string;
  readonly checksMax: number;
  checks: number;
  /** The best so far, a statement a line. */
  lines: readonly string[];
  /** Candidates that were judged already. */
  readonly judged: Set<string>;
}

export function shrink(text: string, model: Model, known: Known, options: ShrinkOptions = {}): ShrinkResult {
  const { statements } = parse(text).scenario;
  const lines = linesOf(print({ statements: statements.filter((s) => !DROPPED.has(s.kind)) }));
  const invariant = ruleOf(lines, model, known, options);
  if (typeof invariant !== 'string') return invariant;
  const s: Shrinking = {
    model,
    known,
    options,
    invariant,
    checksMax: options.checks ?? CHECKS_MAX,
    checks: 0,
    lines,
    judged: new Set(),
  };
  const before = operationsIn(lines);
  // Each kind of cut may make room for another one.
  for (let known_ = ''; known_ !== s.lines.join('\n');) {
    known_ = s.lines.join('\n');
    cutQuestions(s);
    cutProcesses(s);
    cutLines(s);
    cutBlocks(s);
    cutPages(s);
  }
  return {
    text: s.lines.map((l) => `${l}\n`).join(''),
    invariant,
    operations: { before, after: operationsIn(s.lines) },
    checks: s.checks,
    complete: s.checks < s.checksMax,
  };
}

/** Which rule is to stay broken: the one asked for, if it is broken at all. */
function ruleOf(
  lines: readonly string[],
  model: Model,
  known: Known,
  { invariant, without = [], states = STATES_MAX }: ShrinkOptions,
): string | { readonly why: string } {
  const { plan, diagnostics } = compileText(lines.join('\n'), known);
  if (plan === null) return { why: diagnostics[0]?.message ?? 'the scenario has no operations' };
  const all = [...invariantsFor(plan), ...questionsOf(plan).invariants];
  const wanted = invariant === undefined ? undefined : all.find((i) => i.id === invariant);
  if (invariant !== undefined && wanted === undefined)
    return { why: `${invariant} is not looked for in this scenario` };
  const found = check(boot(plan, model, without), {
    ...(wanted === undefined ? {} : { invariants: [wanted] }),
    states,
    reduce: reductionNames,
  });
  if (found.verdict === 'incomplete') return { why: `the check met a bound: ${found.bound}` };
  return found.invariant ?? { why: `${invariant ?? 'every rule'} holds on ${model.id}` };
}

const kindsOf = (lines: readonly string[]): readonly Statement['kind'][] =>
  parse(lines.join('\n')).scenario.statements.map((x) => x.kind);
const isOperation = (kind: Statement['kind'] | undefined): boolean => kind === 'op' || kind === 'any';
const operationsIn = (lines: readonly string[]): number => kindsOf(lines).filter(isOperation).length;

/** Whether the lines still break the rule; then they are the best so far. */
function take(s: Shrinking, candidate: readonly string[]): boolean {
  const whole = mended(s, candidate);
  if (whole === null) return false;
  const lines = linesOf(print(parse(whole.join('\n')).scenario));
  const text = lines.join('\n');
  if (s.judged.has(text) || s.checks >= s.checksMax) return false;
  s.judged.add(text);
  const { plan } = compileText(text, s.known);
  if (plan === null) return false;
  const rule = [...invariantsFor(plan), ...questionsOf(plan).invariants].find((i) => i.id === s.invariant);
  if (rule === undefined) return false;
  s.checks += 1;
  const { verdict } = check(boot(plan, s.model, s.options.without ?? []), {
    invariants: [rule],
    states: s.options.states ?? STATES_MAX,
    reduce: reductionNames,
    fewest: false,
  });
  if (verdict !== 'violated') return false;
  s.lines = lines;
  return true;
}

/** Without the lines that cannot be without those that were taken out; null: nothing is left. */
function mended(s: Shrinking, candidate: readonly string[]): readonly string[] | null {
  let lines = withoutEmptyBlocks(candidate);
  for (let round = 0; round <= candidate.length; round++) {
    const { plan, diagnostics } = compileText(lines.join('\n'), s.known);
    if (plan !== null) return lines;
    const kinds = kindsOf(lines);
    const wrong = new Set(
      diagnostics
        .filter((d) => d.severity === 'error')
        .map((d) => d.line - 1)
        .filter((i) => isOperation(kinds[i]) || kinds[i] === 'region'),
    );
    if (wrong.size === 0) return null;
    lines = withoutEmptyBlocks(lines.filter((_, i) => !wrong.has(i)));
  }
  return null;
}

function withoutEmptyBlocks(lines: readonly string[]): readonly string[] {
  const kinds = kindsOf(lines);
  const empty = kinds.findIndex((k, i) => k === 'parallel' && kinds[i + 1] === 'end');
  return empty < 0 ? lines : withoutEmptyBlocks(lines.filter((_, i) => i !== empty && i !== empty + 1));
}

/** Halves, quarters, ... single lines; the last ones first, because others rarely depend on them. */
function cutLines(s: Shrinking): void {
  const cuttable = (): number[] => {
    const kinds = kindsOf(s.lines);
    return s.lines.flatMap((_, i) =>
      ['op', 'any', 'region', 'lru', 'flush', 'tables', 'actors', 'counter'].includes(kinds[i]!) ? [i] : [],
    );
  };
  for (let size = Math.ceil(cuttable().length / 2); size >= 1; size = size > 1 ? Math.ceil(size / 2) : 0) {
    for (let again = true; again;) {
      again = false;
      const at = cuttable();
      for (let from = at.length - size; from >= 0 && !again; from--) {
        const gone = new Set(at.slice(from, from + size));
        again = take(
          s,
          s.lines.filter((_, i) => !gone.has(i)),
        );
      }
    }
  }
}

/** Questions about something else are not asked any more. */
function cutQuestions(s: Shrinking): void {
  for (let i = s.lines.length - 1; i >= 0; i--)
    if (kindsOf(s.lines)[i] === 'question')
      take(
        s,
        s.lines.filter((_, j) => j !== i),
      );
}

/** A process with everything that it does, and its fork. */
function cutProcesses(s: Shrinking): void {
  const names = new Set(
    parse(s.lines.join('\n')).scenario.statements.flatMap((x) =>
      x.kind === 'op' ? [x.actor.name.text] : [],
    ),
  );
  for (const name of names) {
    const { statements } = parse(s.lines.join('\n')).scenario;
    const lines = s.lines.flatMap((line, i) => {
      const x = statements[i];
      if (x?.kind === 'process') {
        const left = x.names.filter((n) => n.text !== name);
        return left.length === 0 ? [] : [`process ${left.map((n) => n.text).join(' ')}`];
      }
      const its =
        ((x?.kind === 'op' || x?.kind === 'any') && x.actor.name.text === name) ||
        (x?.kind === 'op' && x.op.verb === 'fork' && x.op.child.text === name) ||
        (x?.kind === 'region' && x.process?.text === name);
      return its ? [] : [line];
    });
    if (lines.length < s.lines.length) take(s, lines);
  }
}

/** A block whose order does not matter is none: its operations follow one another, without any switch. */
function cutBlocks(s: Shrinking): void {
  for (let i = 0; i < s.lines.length; i++) {
    const kinds = kindsOf(s.lines);
    if (kinds[i] !== 'parallel') continue;
    const end = kinds.indexOf('end', i);
    if (end < 0) return;
    // The first, the last, or all of its operations leave the block.
    const without = s.lines.filter((_, j) => j !== i && j !== end);
    const inside = s.lines.slice(i + 1, end);
    const around = (block: readonly string[], before: readonly string[], after: readonly string[]) => [
      ...s.lines.slice(0, i),
      ...before,
      ...(block.length === 0 ? [] : ['parallel', ...block, 'end']),
      ...after,
      ...s.lines.slice(end + 1),
    ];
    if (
      take(s, without) ||
      take(s, around(inside.slice(1), inside.slice(0, 1), [])) ||
      take(s, around(inside.slice(0, -1), [], inside.slice(-1)))
    )
      i--;
  }
}

/** Fewer pages, in regions and in calls. */
function cutPages(s: Shrinking): void {
  for (let i = 0; i < s.lines.length; i++) {
    const line = s.lines[i]!,
      kind = kindsOf(s.lines)[i];
    const number = kind === 'region' ? /\b(\d+)(?= pages)/ : kind === 'op' ? /(?<=\smmap \S+ \S+ )\d+/ : null;
    const pages = Number(number?.exec(line)?.[0] ?? 1);
    for (let n = 1; n < pages; n++) {
      const smaller = s.lines.map((l, j) => (j === i ? l.replace(number!, String(n)) : l));
      if (take(s, smaller)) break;
    }
  }
}
