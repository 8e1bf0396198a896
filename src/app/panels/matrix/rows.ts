/** Verdicts as rows and cells: what stands in the table, and what its sentence says. */
import type { FoundRun } from '../../session.ts';
import type {
  AblationView,
  ColumnView,
  GuardInfo,
  Info,
  InvariantInfo,
  ScenarioInfo,
  Witness,
} from '../../../worker/protocol.ts';
import { count } from '../../words.ts';

export type Sign = 'ok' | 'broken' | 'open' | 'none' | 'running';
export interface CellOf {
  readonly sign: Sign;
  /** One sentence about it, without what it is about. */
  readonly says: string;
  /** What a click opens. */
  readonly run: FoundRun | null;
}
export interface RowOf {
  readonly id: string;
  readonly name: string;
  /** Small, beside the name: `ISO`, `wp_page_copy`. */
  readonly short: string;
  /** A longer sentence about the row. */
  readonly says: string;
  readonly cells: readonly CellOf[];
}

/** Columns and guards by `key()`. */
export interface Verdicts {
  readonly columns: ReadonlyMap<string, ColumnView>;
  readonly ablations: ReadonlyMap<string, readonly AblationView[]>;
}
export const key = (text: string, model: string): string => `${model} ${text}`;

const WAITING: CellOf = { sign: 'running', says: 'is being worked out.', run: null },
  NEVER: CellOf = { sign: 'none', says: 'is never asked here.', run: null };

export const plainWords = (id: string): string =>
  id.charAt(0).toUpperCase() + id.slice(1).replaceAll('-', ' ');
export const size = ({ steps, preemptions }: Witness): string =>
  `${count(steps, 'step')}, ${count(preemptions, 'switch', 'switches')} of thread`;
const runOf = (
  scenario: Pick<ScenarioInfo, 'id' | 'text'>,
  model: string,
  without: readonly string[],
  { schedule, steps }: Witness,
): FoundRun => ({ scenario: scenario.id, text: scenario.text, model, without, schedule, steps });

const shorter = <T extends { readonly witness: Witness }>(a: T, b: T): number =>
  a.witness.steps - b.witness.steps || a.witness.preemptions - b.witness.preemptions;

/** A row for each invariant, over the whole gallery. */
export function ruleRows(
  { invariants, scenarios }: Info,
  models: readonly string[],
  known: Verdicts,
): RowOf[] {
  return invariants.map((rule) => ({
    ...ruleName(rule),
    cells: models.map((model) => ruleCell(rule.id, scenarios, model, known)),
  }));
}
const ruleName = ({ id, alias, says }: InvariantInfo): Omit<RowOf, 'cells'> => ({
  id,
  name: plainWords(id),
  short: alias.replace(/^INV-/, ''),
  says,
});

function ruleCell(id: string, scenarios: readonly ScenarioInfo[], model: string, known: Verdicts): CellOf {
  const columns = scenarios.map((s) => ({ scenario: s, column: known.columns.get(key(s.text, model)) }));
  const found = columns.flatMap(({ scenario, column }) => {
    const cell = column?.cells.find((c) => c.row === id);
    const witness = cell?.verdict === 'violated' ? cell.witness : null;
    return witness === null ? [] : [{ scenario, witness }];
  });
  if (found.length > 0) {
    const best = found.toSorted(shorter)[0]!;
    const where = `“${best.scenario.title}”, ${size(best.witness)}`;
    const says = `is broken by ${count(found.length, 'scenario')}. Shortest: ${where}.`;
    return { sign: 'broken', says, run: runOf(best.scenario, model, [], best.witness) };
  }
  if (columns.some(({ column }) => column === undefined)) return WAITING;
  const judged = columns.flatMap(({ column }) => column!.cells.filter((c) => c.row === id));
  if (judged.length === 0) return { sign: 'none', says: 'is looked for by no scenario.', run: null };
  if (judged.some((c) => c.verdict === 'incomplete'))
    return { sign: 'open', says: 'is not decided: some search ended at its bound.', run: null };
  if (judged.every((c) => c.vacuous))
    return { sign: 'none', says: 'has nothing to say: what it speaks of never happens there.', run: null };
  return { sign: 'ok', says: `holds in every order of ${count(judged.length, 'scenario')}.`, run: null };
}

/** A row for each scenario. */
export function scenarioRows({ scenarios }: Info, models: readonly string[], known: Verdicts): RowOf[] {
  return scenarios.map((s) => ({
    id: s.id,
    name: s.title,
    short: '',
    says: s.about,
    cells: models.map((model) => scenarioCell(s, model, known.columns.get(key(s.text, model)))),
  }));
}
/** What nobody claims cannot break. */
export const isClaim = (row: string): boolean => !/^(exists|sometimes) /.test(row);

function scenarioCell(scenario: ScenarioInfo, model: string, column: ColumnView | undefined): CellOf {
  if (column === undefined) return WAITING;
  const found = column.cells.flatMap((c) =>
    c.verdict === 'violated' && c.witness !== null && isClaim(c.row)
      ? [{ row: c.row, witness: c.witness }]
      : [],
  );
  if (found.length > 0) {
    const best = found.toSorted(shorter)[0]!,
      rules = found.map((f) => plainWords(f.row).toLowerCase()).join('; ');
    return {
      sign: 'broken',
      says: `breaks: ${rules}. Shortest: ${size(best.witness)}.`,
      run: runOf(scenario, model, [], best.witness),
    };
  }
  // There is no shortest run to show, so it is the order of the text.
  const run = runOf(scenario, model, [], { schedule: '', steps: 0, preemptions: 0 });
  if (column.bound !== '') return { sign: 'open', says: `is not decided, after ${column.bound}.`, run };
  return { sign: 'ok', says: `holds in every order: ${count(column.states, 'state')}.`, run };
}

/** One scenario: a row for each invariant that is looked for, and for each of its questions. */
export function ownRows(
  scenario: Pick<ScenarioInfo, 'id' | 'text'>,
  { invariants }: Info,
  models: readonly string[],
  known: Verdicts,
): RowOf[] {
  const columns = models.map((m) => known.columns.get(key(scenario.text, m)));
  const said = columns.find((c) => c !== undefined)?.cells ?? [];
  const names = [
    ...invariants.map((i) => i.id).filter((id) => said.some((c) => c.row === id)),
    ...said.filter((c) => c.kind === 'question').map((c) => c.row),
  ];
  return names.map((row) => {
    const rule = invariants.find((i) => i.id === row);
    const about = rule === undefined ? { id: row, name: row, short: 'question', says: '' } : ruleName(rule);
    return { ...about, cells: models.map((m, i) => ownCell(scenario, m, row, columns[i])) };
  });
}
function ownCell(
  scenario: Pick<ScenarioInfo, 'id' | 'text'>,
  model: string,
  row: string,
  column: ColumnView | undefined,
): CellOf {
  const cell = column?.cells.find((c) => c.row === row);
  if (cell === undefined) return WAITING;
  const { verdict, witness, vacuous } = cell,
    run = witness === null ? null : runOf(scenario, model, [], witness),
    way = witness === null ? '' : ` Shortest: ${size(witness)}.`;
  const own = runOf(scenario, model, [], { schedule: '', steps: 0, preemptions: 0 });
  if (verdict === 'incomplete')
    return { sign: 'open', says: `is not decided, after ${column!.bound}.`, run: run ?? own };
  if (!isClaim(row))
    return verdict === 'holds'
      ? { sign: 'ok', says: `is so in some run.${way}`, run }
      : { sign: row.startsWith('exists') ? 'none' : 'broken', says: 'is so in no run.', run };
  if (verdict === 'violated') return { sign: 'broken', says: `is broken.${way}`, run };
  if (vacuous)
    return { sign: 'none', says: 'has nothing to say: what it speaks of never happens.', run: null };
  return { sign: 'ok', says: 'holds in every order.', run: own };
}

/** A row for each guard: the shortest run, over the whole gallery, that breaks something without it. */
export function guardRows({ guards, scenarios }: Info, models: readonly string[], known: Verdicts): RowOf[] {
  return guards
    .filter((g) => !g.extra)
    .map((g) => ({
      id: g.id,
      name: g.title,
      short: g.where,
      says: `Without it: ${g.prevents}`,
      cells: models.map((model) => guardCell(g, scenarios, model, known)),
    }));
}
function guardCell(
  guard: GuardInfo,
  scenarios: readonly ScenarioInfo[],
  model: string,
  known: Verdicts,
): CellOf {
  const all = scenarios.map((s) => ({ scenario: s, views: known.ablations.get(key(s.text, model)) }));
  if (all.some(({ views }) => views === undefined)) return WAITING;
  const mine = all.flatMap(({ scenario, views }) => {
    const view = views!.find((v) => v.guard === guard.id);
    return view === undefined || view.verdict === 'never' ? [] : [{ scenario, view }];
  });
  const found = mine.flatMap(({ scenario, view }) =>
    view.breaks === null ? [] : [{ scenario, ...view.breaks }],
  );
  if (found.length > 0) {
    const best = found.toSorted(shorter)[0]!,
      more = found.length > 1 ? ` ${count(found.length, 'scenario')} break in all.` : '';
    const reason = best.reason.charAt(0).toUpperCase() + best.reason.slice(1);
    return {
      sign: 'broken',
      says: `is off: “${best.scenario.title}” breaks. ${reason} ${size(best.witness)}.${more}`,
      run: runOf(best.scenario, model, [guard.id], best.witness),
    };
  }
  if (mine.length === 0) return NEVER;
  if (mine.some(({ view }) => view.verdict === 'incomplete'))
    return { sign: 'open', says: 'is off: not decided.', run: null };
  return {
    sign: 'ok',
    says: `is off: nothing breaks, though ${count(mine.length, 'scenario')} come to it.`,
    run: null,
  };
}
