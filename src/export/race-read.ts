/**
 * A race as somebody pasted it, back into a scenario and a place in a run of it. A mail that `race.ts` wrote
 * carries the scenario and gives it back as it was. Of a table that was written by hand the cells are read:
 * `race-table.ts`. Hostile text: sizes are bounded, nothing throws, and what could not be read is said.
 */
import type { Known } from '../scenario/compile.ts';
import { linesOf } from '../scenario/lexer.ts';
import { extras, guards, withExtra } from '../kernel/guards.ts';
import { modelById } from '../kernel/models/index.ts';
import { TEXT_MAX } from '../scenario/limits.ts';
import { utf8Length } from '../scenario/utf8.ts';
import { findTable, scenarioOfTable } from './race-table.ts';

/** '' and [] stand for what the mail does not say. */
export interface ReadRace {
  /** null: there is no race in the text. */
  readonly text: string | null;
  readonly model: string;
  readonly without: readonly string[];
  readonly schedule: string;
  readonly at: string;
  /** What could not be read, a sentence each. */
  readonly notes: readonly string[];
}

const NOTHING: ReadRace = { text: null, model: '', without: [], schedule: '', at: '', notes: [] };
const LINE_MAX = 2000,
  LINES_MOST = 20_000;

/** Whether a text is one of ours, or looks like a table of threads: else it is a scenario. */
export function isRace(text: string): boolean {
  const lines = unquoted(text);
  return lines !== null && (blockIn(lines) !== null || findTable(lines) !== null);
}

/** `known`: what a scenario may name; `model`: rules for the steps of a table by hand that names none. */
export function readRace(text: string, known: Known, model = ''): ReadRace {
  const refuse = (note: string): ReadRace => ({ ...NOTHING, notes: [note] });
  if (utf8Length(text) > 4 * TEXT_MAX) return refuse(`A mail has at most ${(4 * TEXT_MAX) / 1024} kB.`);
  const lines = unquoted(text);
  if (lines === null) return refuse(`A mail has at most ${LINES_MOST} lines of ${LINE_MAX} letters.`);
  const block = blockIn(lines);
  if (block !== null) {
    const fields = fieldsIn(lines.slice(0, block.from));
    const field = (name: string): string => fields.get(name) ?? '';
    if (utf8Length(block.text) > TEXT_MAX) return refuse(`A scenario has at most ${TEXT_MAX / 1024} kB.`);
    const asked = field('Without')
      .split(',')
      .map((g) => g.trim())
      .filter((g) => g !== '');
    return {
      text: block.text,
      model: rulesOf(field('Model')),
      without: asked.filter(isGuard),
      schedule: field('Schedule').replace(/\s+/g, ''),
      at: field('At'),
      notes: [...lacking(field('Model')), ...asked.flatMap((id) => (isGuard(id) ? [] : [noGuard(id)]))],
    };
  }
  const table = findTable(lines);
  if (table === null)
    return refuse('There is no race here: neither a line "Scenario:" nor a row of thread names over dashes.');
  const asked = fieldsIn(lines).get('Model') ?? '',
    named = rulesOf(asked) || model;
  const read = scenarioOfTable(lines, table, known, named);
  return { ...NOTHING, ...read, model: named, notes: [...lacking(asked), ...read.notes] };
}

const lacking = (model: string): string[] =>
  model === '' || modelById(model) !== undefined ? [] : [`There is no kernel ${model.slice(0, 40)} here.`];
const rulesOf = (model: string): string => (lacking(model).length === 0 ? model : '');

const noGuard = (id: string): string => `No guard is called ${id.slice(0, 40)}.`;
const isGuard = (id: string): boolean =>
  guards.some((g) => g.id === id) || extras.some((g) => withExtra(g.id) === id);

/** Lines without the marks of a reply and without tabs; null: too many, or too long. */
function unquoted(text: string): string[] | null {
  if (text.length > 8 * TEXT_MAX) return null;
  const lines = linesOf(text).map((line) => line.replace(/^(?:> ?)+/, ''));
  if (lines.length > LINES_MOST || lines.some((l) => l.length > LINE_MAX)) return null;
  return lines.map((line) => spaced(line).trimEnd());
}

/** Tabs stop at every eighth column, as where kernel people write. */
function spaced(line: string): string {
  if (!line.includes('\t')) return line;
  let out = '';
  for (const letter of line) out += letter === '\t' ? ' '.repeat(8 - (out.length % 8)) : letter;
  return out;
}

interface Block {
  readonly text: string;
  /** Its line `Scenario:`. */
  readonly from: number;
}

function blockIn(lines: readonly string[]): Block | null {
  const from = lines.findIndex((l, i) => l.trim() === 'Scenario:' && /^\s*\|/.test(lines[i + 1] ?? ''));
  if (from < 0) return null;
  const out: string[] = [];
  for (const line of lines.slice(from + 1)) {
    const part = /^\s*([|+])(?: (.*))?$/.exec(line);
    if (part === null) break;
    const [, mark, rest = ''] = part;
    if (mark === '|') out.push(rest);
    else out.push((out.pop() ?? '') + rest);
  }
  return { text: `${out.join('\n')}\n`, from };
}

const FIELDS = ['Model', 'Without', 'Schedule', 'At'];

/** `Model: v5.7`; a line that is indented below a field goes on with it. The last of a name counts. */
function fieldsIn(lines: readonly string[]): Map<string, string> {
  const found = new Map<string, string>();
  let open = '';
  for (const line of lines) {
    const field = /^([A-Z][a-z]+): +(\S.*)$/.exec(line);
    if (field !== null && FIELDS.includes(field[1]!)) {
      open = field[1]!;
      found.set(open, field[2]!);
    } else if (open !== '' && /^ {6,}\S/.test(line)) found.set(open, `${found.get(open)!}${line.trim()}`);
    else open = '';
  }
  return found;
}
