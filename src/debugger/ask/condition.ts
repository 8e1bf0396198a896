/**
 * Conditions on a run: breakpoints, watches, search. A term such as `child.got = "secret"` is read by the
 * parser of the scenario's questions and answered by their evaluator; around it stand facts of a step and
 * of the world after it, `and`, `or`, `not`, brackets, and `changes X`.
 *
 *     condition  = all ( "or" all )*
 *     all        = one ( "and" one )*
 *     one        = "not" one | "(" condition ")" | "changes" path | "broken" | path [ how value ]
 *     how        = "=" | "!=" | "<" | "<=" | ">" | ">="
 *     path       = "step.FACT" | "f0.FACT" | "child.a.0.FACT" | "child.FACT" | "child.RESULT"
 */
import { isSo } from '../../invariants/questions.ts';
import type { Machine } from '../../kernel/machine.ts';
import type { Plan } from '../../kernel/plan.ts';
import { Cursor, Mistake } from '../../scenario/cursor.ts';
import type { Diagnostic } from '../../scenario/diagnostic.ts';
import { lex } from '../../scenario/lexer.ts';
import type { Token } from '../../scenario/lexer.ts';
import { didYouMean } from '../../scenario/nearest.ts';
import { term } from '../../scenario/questions.ts';
import type { Run } from '../run.ts';
import { goTo } from '../run.ts';
import { factNames, factOf, facts, read, valueText } from './facts.ts';
import type { Fact, Kind, Of, Subject, Value } from './facts.ts';

/** Is it so after step `at` of a run of the machine that it was read for? */
export type Test = (run: Run, at: number) => boolean;
export interface Condition {
  readonly test: Test;
  /** It speaks of what a step does, not only of how things stand after it. */
  readonly event: boolean;
}
export interface Watched {
  readonly kind: Kind;
  readonly value: (run: Run, at: number) => Value;
}
type Made<T> =
  { readonly made: T; readonly mistake: null } | { readonly made: null; readonly mistake: Diagnostic };

/** Longer ones are nobody's. */
export const CONDITION_MAX = 500;
const HINT = 'As in: f0.refcount > 1, child.a.0.writable, step.function = do_wp_page, child.got = "secret".';
const HOWS = ['=', '!=', '<', '<=', '>', '>='] as const;
type How = (typeof HOWS)[number];

/** Whether rules break with a step is the caller's to know. */
export interface Breaks {
  readonly at: number;
  readonly id: string;
}

export const conditionOf = (
  machine: Machine,
  text: string,
  breaks: readonly Breaks[] = [],
): Made<Condition> =>
  reading(text, (c) => {
    const made = new Reader(machine, breaks, c).either();
    c.end(HINT);
    return made;
  });

/** A watch is a path, or a condition. */
export const watchOf = (machine: Machine, text: string, breaks: readonly Breaks[] = []): Made<Watched> =>
  reading(text, (c) => {
    const reader = new Reader(machine, breaks, c),
      path = c.peek();
    if (c.tokens.length === 1 && path !== null && path.text.includes('.')) {
      const { fact, subject } = reader.path('with an entry or a folio as a whole');
      c.end(HINT);
      return { kind: fact.kind, value: (run, at) => read(run, at, fact, subject) };
    }
    const { test } = reader.either();
    c.end(HINT);
    return { kind: 'yes', value: test };
  });

function reading<T>(text: string, make: (c: Cursor) => T): Made<T> {
  const span = { line: 1, column: 1, length: 1 };
  const wrong = (at: typeof span, message: string, hint: string): Made<T> => ({
    made: null,
    mistake: { severity: 'error', ...at, message, hint },
  });
  if (text.length > CONDITION_MAX) return wrong(span, `at most ${CONDITION_MAX} letters`, HINT);
  const tokens = lex(text.replace(/[\r\n]/g, ' ')).tokens.flatMap(apart);
  if (tokens.length === 0) return wrong(span, 'there is nothing to ask', HINT);
  try {
    return { made: make(new Cursor(1, text, tokens)), mistake: null };
  } catch (problem) {
    if (!(problem instanceof Mistake)) throw problem;
    return wrong(problem.span, problem.message, problem.hint);
  }
}

/** Brackets and comparisons are tokens of their own here, as `:` is in a scenario. */
function apart(token: Token): Token[] {
  if (token.kind !== 'word') return [token];
  let column = token.column;
  return token.text.split(/([()<>!])/).flatMap((text): Token[] => {
    const part: Token = { kind: 'word', text, column, length: text.length };
    column += text.length;
    return text === '' ? [] : [part];
  });
}

class Reader {
  private readonly machine: Machine;
  private readonly breaks: readonly Breaks[];
  private readonly c: Cursor;
  private depth = 0;
  constructor(machine: Machine, breaks: readonly Breaks[], c: Cursor) {
    this.machine = machine;
    this.breaks = breaks;
    this.c = c;
  }

  either(): Condition {
    const all = [this.all()];
    while (this.c.takeWord('or') !== '') all.push(this.all());
    if (all.length === 1) return all[0]!;
    return { test: (run, at) => all.some((o) => o.test(run, at)), event: all.some((o) => o.event) };
  }
  private all(): Condition {
    const all = [this.one()];
    while (this.c.takeWord('and') !== '') all.push(this.one());
    if (all.length === 1) return all[0]!;
    return { test: (run, at) => all.every((o) => o.test(run, at)), event: all.some((o) => o.event) };
  }
  private one(): Condition {
    const { c } = this;
    if (++this.depth > 50) c.fail('too many brackets and nots', HINT);
    if (c.takeWord('not') !== '') {
      const { test, event } = this.one();
      return { test: (run, at) => !test(run, at), event };
    }
    if (c.takeWord('(') !== '') {
      const inner = this.either();
      if (c.takeWord(')') === '') c.fail('a ) is missing', HINT);
      return inner;
    }
    if (c.takeWord('broken') !== '') return this.broken();
    if (c.takeWord('changes') !== '') return this.changes();
    return this.comparison();
  }

  private broken(): Condition {
    const { breaks } = this;
    return { test: (_, at) => breaks.some((b) => b.at === at), event: true };
  }

  /** Its value after the step is not what it was before. */
  private changes(): Condition {
    const token = this.c.peek();
    const subject = token === null ? null : this.subjectOf(token.text);
    const of =
      subject === null || subject.of === 'thread' || subject.of === 'process'
        ? [this.path('after changes')]
        : (this.c.take('word'), facts.filter((f) => f.of === subject.of).map((f) => ({ fact: f, subject })));
    const shown = (run: Run, at: number): string =>
      of.map(({ fact, subject: s }) => valueText(read(run, at, fact, s), fact.kind)).join('\n');
    return { test: (run, at) => at > 0 && shown(run, at) !== shown(run, at - 1), event: true };
  }

  private comparison(): Condition {
    const { c } = this,
      token = c.peek();
    if (token !== null && this.isTerm(token)) return this.asTerm();
    const { fact, subject, token: written } = this.path('to ask about');
    const event = fact.of === 'step';
    const how = this.how();
    if (how === null) {
      if (fact.kind === 'bytes')
        throw new Mistake(c.span(written), `\`${written.text}\` needs a value`, `${written.text} = "secret"`);
      return { event, test: (run, at) => isThere(read(run, at, fact, subject)) };
    }
    const wanted = this.operand(fact, how);
    return { event, test: (run, at) => compares(read(run, at, fact, subject), how, wanted) };
  }

  /** `child.got = "secret"`: the word is a result of a thread, and `=` follows. */
  private isTerm(token: Token): boolean {
    return this.resultOf(token.text) >= 0 && this.c.peek(1)?.kind === '=';
  }
  private asTerm(): Condition {
    const { thread, result, value } = term(this.c, HINT);
    const observed = this.resultOf(`${thread.text}.${result.text}`);
    const asked = { observed, equals: value?.text ?? '' };
    return {
      event: false,
      test: (run, at) => {
        goTo(run, at);
        return isSo(asked);
      },
    };
  }
  private resultOf(path: string): number {
    const { threads, observed } = this.machine.plan;
    return observed.findIndex((o) => `${threads[o.thread]!.name}.${o.name}` === path);
  }

  private how(): How | null {
    const { c } = this,
      sign = c.takeWord('<', '>', '!');
    const equal = c.take('=') !== null;
    if (sign === '!' && !equal) c.fail('`!` alone compares nothing', 'Write != or not.');
    if (sign === '' && !equal) return null;
    return `${sign}${equal ? '=' : ''}` as How;
  }

  private operand({ kind, name }: Fact, how: How): string | number {
    const { c } = this;
    const ordered = how !== '=' && how !== '!=';
    if (ordered && kind !== 'number') c.fail(`${name} is no number`, `Compare it with = or !=.`);
    const token = c.peek();
    if (token === null || (token.kind !== 'word' && token.kind !== 'string'))
      return c.fail('a value is missing', HINT);
    c.take(token.kind);
    if (kind === 'number') {
      if (!/^\d{1,9}$/.test(token.text))
        throw new Mistake(c.span(token), `\`${token.text}\` is no number`, `${name} is a number.`);
      return Number(token.text);
    }
    if (kind === 'yes' && token.text !== 'yes' && token.text !== 'no')
      throw new Mistake(c.span(token), `${name} is yes or no`, `Write it alone, or: not, = yes, = no.`);
    return token.text;
  }

  /** A fact of somebody. */
  path(what: string): { fact: Fact; subject: Subject; token: Token } {
    const { c } = this,
      token = c.word(`a fact ${what}`, HINT);
    const { text } = token;
    const wrong = (message: string, hint: string): never => {
      throw new Mistake(c.span(token), message, hint);
    };
    const whole = this.subjectOf(text);
    if (whole !== null && whole.of === 'result')
      return { fact: factOf('result', '')!, subject: whole, token };
    if (whole !== null && whole.of === 'entry')
      return { fact: factOf('entry', 'words')!, subject: whole, token };
    const dot = text.lastIndexOf('.');
    const head = text.slice(0, Math.max(0, dot)),
      name = text.slice(dot + 1);
    const subject = dot < 0 ? null : this.subjectOf(head);
    if (subject === null) {
      const { plan, counts } = this.machine;
      const known = namesOf(plan, counts.folios);
      return wrong(
        dot < 0 ? `\`${text}\` is nobody’s fact` : `there is no ${head} here`,
        didYouMean(dot < 0 ? text : head, known, `There are step, ${known.slice(0, 8).join(', ')}.`),
      );
    }
    const kinds: readonly Of[] = subject.of === 'thread' ? ['thread', 'process'] : [subject.of];
    for (const of of kinds) {
      const fact = factOf(of, name);
      if (fact === undefined) continue;
      const process = of === 'process' && subject.of === 'thread';
      const id = process ? this.machine.plan.threads[subject.id]!.process : subject.id;
      if (id >= 0 || of === 'step') return { fact, subject: { ...subject, of, id }, token };
    }
    const names = kinds.flatMap(factNames);
    return wrong(`${head} has no ${name}`, didYouMean(name, names, `It has: ${names.join(', ')}.`));
  }

  /** null: nobody is called that. */
  private subjectOf(text: string): Subject | null {
    const { plan, counts } = this.machine;
    const make = (of: Of, id: number, va = -1): Subject => ({ of, name: text, id, va });
    if (text === 'step') return make('step', -1);
    const thread = plan.threads.findIndex((t) => t.name === text);
    if (thread >= 0) return make('thread', thread);
    const process = plan.processes.findIndex((p) => p.name === text);
    if (process >= 0) return make('process', process);
    const result = this.resultOf(text);
    if (result >= 0) return make('result', result);
    const folio = /^f(\d{1,4})$/.exec(text);
    if (folio !== null && Number(folio[1]) + 1 < counts.folios) return make('folio', Number(folio[1]) + 1);
    const place = /^(.+)\.([^.]+)\.(\d{1,4})$/.exec(text);
    if (place === null) return null;
    const m = plan.processes.findIndex((p) => p.name === place[1]),
      region = plan.regions.find((r) => r.name === place[2]),
      page = Number(place[3]);
    return m < 0 || region === undefined || page >= region.pages ? null : make('entry', m, region.at + page);
  }
}

const namesOf = (plan: Plan, folios: number): string[] => [
  ...plan.threads.map((t) => t.name),
  ...plan.processes.flatMap((p) => plan.regions.map((r) => `${p.name}.${r.name}.0`)),
  ...Array.from({ length: Math.max(0, folios - 1) }, (_, f) => `f${f}`),
  'step',
];

const isThere = (v: Value): boolean =>
  typeof v === 'boolean'
    ? v
    : typeof v === 'number'
      ? v !== 0
      : typeof v === 'string'
        ? v !== 'none'
        : v.length > 0;

function compares(is: Value, how: How, wanted: string | number): boolean {
  if (typeof is === 'number') {
    const to = Number(wanted);
    switch (how) {
      case '=':
        return is === to;
      case '!=':
        return is !== to;
      case '<':
        return is < to;
      case '<=':
        return is <= to;
      case '>':
        return is > to;
      case '>=':
        return is >= to;
    }
  }
  const same =
    typeof is === 'boolean'
      ? is === (wanted === 'yes')
      : typeof is === 'string'
        ? is === wanted
        : is.includes(String(wanted));
  return how === '=' ? same : !same;
}
