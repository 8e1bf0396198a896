/**
 * A race table that was written by hand: thread names over a row of dashes, and below, from top to bottom,
 * what each thread does. A cell is an operation of the language, or, below one, a step of it: the name of a
 * kernel function as the models have it, with or without the label of the step. Lines of the language above
 * and below the table belong to the scenario, anything else in the mail does not.
 */
import { extend, finish, goTo, natural, newRun } from '../debugger/run.ts';
import type { Run } from '../debugger/run.ts';
import { printSchedule } from '../debugger/schedule.ts';
import { firstWay, status } from '../kernel/engine.ts';
import { boot } from '../kernel/machine.ts';
import { modelById } from '../kernel/models/index.ts';
import type { Plan } from '../kernel/plan.ts';
import { hasEnded } from '../kernel/view.ts';
import { compileText } from '../scenario/compile.ts';
import type { Known } from '../scenario/compile.ts';
import { parse } from '../scenario/parser.ts';
import { print } from '../scenario/printer.ts';

export interface Table {
  /** Its line of names; the dashes are in the next one. */
  readonly head: number;
  readonly names: readonly string[];
  /** Where each column begins. */
  readonly starts: readonly number[];
}

/** A run that a table tells is no longer than that. */
const STEPS_MOST = 5000;
const THREAD = /^[A-Za-z_][\w-]*(?:\/\d{1,2})?$/;

/** The first row of at least two thread names (or one) over dashes; null: there is none. */
export function findTable(lines: readonly string[]): Table | null {
  for (let i = 0; i + 1 < lines.length; i++) {
    const rule = lines[i + 1]!;
    if (!/-{3}/.test(rule) || /[^-=+| ]/.test(rule)) continue;
    const cells = [...lines[i]!.matchAll(/[^\s|](?:[^|]*?[^\s|])??(?=\s{2,}|\s*\||\s*$)/g)];
    const names = cells.map((c) => c[0].split(/\s/)[0]!.replace(/:$/, ''));
    if (names.length === 0 || !names.every((n) => THREAD.test(n)) || new Set(names).size < names.length)
      continue;
    return { head: i, names, starts: cells.map((c) => c.index) };
  }
  return null;
}

interface Cell {
  readonly column: number;
  readonly text: string;
  /** Of the mail, from 1. */
  readonly line: number;
}

/** An operation of a thread, its row, and the steps of it that the table names. */
interface TableOp {
  readonly column: number;
  readonly text: string;
  readonly first: number;
  last: number;
}
type Row = { readonly op: TableOp; readonly step: string; readonly line: number };

export interface TableScenario {
  readonly text: string;
  readonly schedule: string;
  readonly notes: readonly string[];
}

export function scenarioOfTable(
  lines: readonly string[],
  table: Table,
  known: Known,
  model: string,
): TableScenario {
  const notes: string[] = [];
  const { cells, end } = cellsOf(lines, table);
  const { ops, rows } = rowsOf(cells, table, notes);
  const before = statementsOf(lines.slice(0, table.head)),
    after = statementsOf(lines.slice(end));
  const text = textOf(before, ops, table, after);
  const { plan, diagnostics } = compileText(text, known);
  const wrong = diagnostics.find((d) => d.severity === 'error');
  if (plan === null) {
    if (wrong !== undefined)
      notes.push(`The scenario that the table describes cannot run, line ${wrong.line}: ${wrong.message}.`);
    return { text, schedule: '', notes };
  }
  return { text, schedule: scheduleOf(plan, rows, table, model, notes), notes };
}

/** Ends with the first empty line behind which there is something else than cells, or with a question. */
function cellsOf(lines: readonly string[], table: Table): { cells: Cell[]; end: number } {
  const cells: Cell[] = [];
  let at = table.head + 2;
  for (; at < lines.length; at++) {
    const line = lines[at]!;
    if (line.trim() === '' && !goesOn(lines, at, table)) break;
    if (/^[-=+| ]*$/.test(line)) continue;
    if (QUESTION.test(line)) break;
    cells.push(...cellsIn(line, at + 1, table));
  }
  return { cells, end: at };
}
const QUESTION = /^\s*(?:exists|never|always|sometimes|expect|schedule)\s/;

function cellsIn(line: string, number: number, { starts }: Table): Cell[] {
  const cuts = starts.flatMap((start, column) => {
    const at = column === 0 ? 0 : cutAt(line, start);
    return at < 0 ? [] : [{ column, at }];
  });
  return cuts.flatMap(({ column, at }, i) => {
    const text = line.slice(at, cuts[i + 1]?.at).replace(/^[\s|]+|[\s|]+$/g, '');
    return text === '' ? [] : [{ column, text, line: number }];
  });
}

/** Whether the table goes on behind an empty line: prose looks like no cell. */
function goesOn(lines: readonly string[], at: number, table: Table): boolean {
  const next = lines[at + 1] ?? '';
  const cells = cellsIn(next, at + 2, table);
  return (
    cells.length > 0 &&
    !QUESTION.test(next) &&
    cells.every(({ column, text }) => STEP.test(text) || isOperation(table.names[column]!, text))
  );
}

/**
 * Where the cell of a column begins: behind a bar or two spaces, and perhaps a little left of its column.
 * -1: the cell before it goes on, because one of its words stands there.
 */
function cutAt(line: string, start: number): number {
  for (const at of [start, start - 1, start - 2, start - 3]) {
    if (at <= 0 || at >= line.length || /\s/.test(line[at]!)) continue;
    if (/(?:^\s*|\s\s|\|\s*)$/.test(line.slice(Math.max(0, at - 80), at))) return at;
  }
  return /[\s|]/.test(line[start - 1] ?? ' ') && /[\s|]/.test(line[start] ?? ' ') ? start : -1;
}

const isOperation = (actor: string, text: string): boolean => {
  const { scenario, diagnostics } = parse(`${actor}: ${text}`);
  const [first] = scenario.statements;
  return (
    scenario.statements.length === 1 &&
    diagnostics.length === 0 &&
    first?.kind === 'op' &&
    first.op.verb !== 'foreign'
  );
};

/** `wp_page_copy()`, `wp_page_copy.copy +PTL`, `flush // a remark`: the name, perhaps the label of a step. */
const STEP = /^([a-z_]\w*(?:\.[\w-]+)?)(?:\(\))?(?:\s*(?:\/\/|[-+#(:]).*)?$/;

function rowsOf(cells: readonly Cell[], { names }: Table, notes: string[]): { ops: TableOp[]; rows: Row[] } {
  const ops: TableOp[] = [],
    rows: Row[] = [],
    open = new Map<number, TableOp>();
  let strange = 0;
  for (const { column, text, line } of cells) {
    // Our own tables write notes behind an operation: `store a.0 "x": f0 refs 1>2`.
    const bare = [text, text.replace(/: [^"]*$/, '')].find((t) => isOperation(names[column]!, t));
    const current = open.get(column);
    if (bare !== undefined) {
      const op: TableOp = { column, text: bare, first: rows.length, last: rows.length };
      ops.push(op);
      open.set(column, op);
      rows.push({ op, step: '', line });
      continue;
    }
    const step = STEP.exec(text)?.[1];
    if (current !== undefined && step !== undefined) {
      current.last = rows.length;
      rows.push({ op: current, step, line });
    } else if (++strange <= 10)
      notes.push(`Line ${line} is neither an operation nor a step of one: "${text.slice(0, 60)}".`);
  }
  if (strange > 10) notes.push(`So are ${strange - 10} more.`);
  return { ops, rows };
}

/** Lines of the language between the prose of a mail. */
function statementsOf(lines: readonly string[]): string[] {
  return lines
    .map((l) => l.trim())
    .filter((line) => {
      if (line === '' || /^(?:Model|Schedule|At|Without):/.test(line)) return false;
      const { scenario, diagnostics } = parse(line);
      const kind = scenario.statements[0]?.kind;
      return (
        diagnostics.length === 0 && kind !== undefined && !['blank', 'comment', 'raw', 'end'].includes(kind)
      );
    });
}

/**
 * Operations that nobody comes in between stay in sequence; those from the first to the last that somebody
 * does are parallel.
 */
function textOf(
  before: readonly string[],
  ops: readonly TableOp[],
  { names }: Table,
  after: readonly string[],
): string {
  const overlaps = ops.map((a) => ops.some((b) => b !== a && a.first < b.last && b.first < a.last));
  const from = overlaps.indexOf(true),
    to = overlaps.lastIndexOf(true);
  const line = (op: TableOp): string => `${names[op.column]}: ${op.text}`;
  const all = [
    ...before,
    ...ops.flatMap((op, i) => [...(i === from ? ['parallel'] : []), line(op), ...(i === to ? ['end'] : [])]),
    ...after,
  ];
  // Whoever acts and is never forked was there from the start.
  const forked = new Set(all.flatMap((l) => /\bfork (\S+)/.exec(l)?.[1] ?? []));
  const said = all.some((l) => /^process\s/.test(l));
  const first = [...new Set(names.map((n) => n.split('/')[0]!))].filter((n) => !forked.has(n));
  const cast = said || first.length === 0 ? [] : [`process ${first.join(' ')}`];
  return print(parse([...cast, ...all].join('\n')).scenario);
}

/** Makes the run that the rows tell, and prints its switches. */
function scheduleOf(plan: Plan, rows: readonly Row[], { names }: Table, id: string, notes: string[]): string {
  const model = modelById(id);
  if (model === undefined) {
    if (rows.some((r) => r.step !== ''))
      notes.push('Steps are followed on a model: write a line "Model: v5.9".');
    return '';
  }
  const run = newRun(boot(plan, model));
  const opOf = planOps(plan, rows, names);
  for (const row of rows) {
    const op = opOf.get(row.op);
    if (op === undefined) continue;
    if (row.step !== '') {
      if (!runToStep(run, op, row.step))
        notes.push(`Line ${row.line}: ${names[row.op.column]} does not come to ${row.step} here on ${id}.`);
    } else if (row.op.last > row.op.first) {
      // It begins with the first step that is named below.
      runToEnd(run, op, true);
    } else if (!runToEnd(run, op, false))
      notes.push(`Line ${row.line}: ${row.op.text} cannot end here on ${id}.`);
  }
  finish(run, run.steps.at(-1)?.thread ?? -1);
  return printSchedule(run);
}

/** Operations of the plan that the rows of a thread are, in its order; those of the prelude come first. */
function planOps(plan: Plan, rows: readonly Row[], names: readonly string[]): ReadonlyMap<TableOp, number> {
  const found = new Map<TableOp, number>();
  names.forEach((name, column) => {
    const thread = plan.threads.find((t) => t.name === name);
    const own = [...new Set(rows.map((r) => r.op))].filter((o) => o.column === column);
    const ops = thread?.ops ?? [];
    own.forEach((op, i) => {
      const at = ops[ops.length - own.length + i];
      if (at !== undefined) found.set(op, at);
    });
  });
  return found;
}

/**
 * One step of the thread; while its turn has not come, of whoever is next; while it waits for a lock, of who
 * holds that: a table names what matters, and not where its locks are dropped.
 */
function advance(run: Run, thread: number): boolean {
  if (run.steps.length >= STEPS_MOST) return false;
  goTo(run, run.steps.length);
  if (extend(run, thread, firstWay(thread))) return true;
  const now = status(thread);
  const last = run.steps.at(-1)?.thread ?? -1;
  const other =
    now.kind === 'later' || now.kind === 'absent'
      ? natural(last)
      : now.kind === 'locked'
        ? (now.holders[0] ?? -1)
        : -1;
  return other >= 0 && other !== thread && extend(run, other, firstWay(other));
}

/** `before`: only what its thread has to do before it. */
function runToEnd(run: Run, op: number, before: boolean): boolean {
  const { plan } = run.machine,
    { thread } = plan.ops[op]!;
  const { ops } = plan.threads[thread]!;
  const last = before ? ops[ops.indexOf(op) - 1] : op;
  for (;;) {
    goTo(run, run.steps.length);
    if (last === undefined || hasEnded(last)) return true;
    if (!advance(run, thread)) return false;
  }
}

/** Until its thread has made that step of it; a label may be left out. Else nothing has happened. */
function runToStep(run: Run, op: number, name: string): boolean {
  const { thread } = run.machine.plan.ops[op]!,
    from = run.steps.length;
  const [routine, label] = name.split('.');
  for (;;) {
    goTo(run, run.steps.length);
    if (hasEnded(op) || !advance(run, thread)) break;
    const step = run.steps.at(-1)!;
    const row = run.machine.program.rows[step.pc]!;
    if (step.op === op && row.routine.name === routine && (label === undefined || row.label === label))
      return true;
  }
  run.steps.length = from;
  return false;
}
