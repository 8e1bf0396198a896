/**
 * The reference of the language, worked out from the registries: what there is, how it is written, which
 * function of the kernel does it, which kernels know it. What each does in words, and in which ways it is
 * written, is the table of `docs/language.md`.
 */
import { opSpans } from '../debugger/lanes.ts';
import { finish, newRun } from '../debugger/run.ts';
import type { Run } from '../debugger/run.ts';
import { NOT_IN_LINUX, citationOf } from '../kernel/citations.ts';
import type { Citation } from '../kernel/citations.ts';
import { RESULTS } from '../kernel/compile.ts';
import { boot } from '../kernel/machine.ts';
import { kernels } from '../kernel/models/index.ts';
import type { Model } from '../kernel/rules.ts';
import { compileText } from '../scenario/compile.ts';
import { parse } from '../scenario/parser.ts';
import { stageOf } from '../scenario/stage.ts';
import type { Verb } from '../scenario/syntax.ts';
import type { Example, LinePage, OperationPage, Reference, Use } from '../scenario/reference.ts';
import { OPERATIONS, isKeyword } from '../scenario/words.ts';
import { known } from './local.ts';

interface Row {
  readonly preferred: readonly string[];
  readonly recorder: readonly string[];
  readonly does: string;
}

const snippets = (cell: string): string[] =>
  [...cell.matchAll(/`([^`]+)`/g)].map((m) => (m[1] ?? '').replaceAll('\\|', '|'));

const tableOf = (page: string, title: string): string[][] =>
  (page.split(/^## /m).find((s) => s.startsWith(title)) ?? '')
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) =>
      line
        .split(/(?<!\\)\|/)
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );

/** The rows of the table of operations. */
const rowsOf = (page: string): Row[] =>
  tableOf(page, 'Operations').map(([preferred = '', recorder = '', does = '']) => {
    return { preferred: snippets(preferred), recorder: snippets(recorder), does };
  });

/** The table of lines, by their first words. */
const linesOf = (page: string): LinePage[] =>
  tableOf(page, 'Lines').flatMap(([forms = '', does = '']) => {
    const form = snippets(forms).join(' ... ');
    const words = form.split(/[ |]/).filter((word) => isKeyword(word));
    // A form begins with its word, or with several of them.
    const first = words.filter((_, i) => i === 0 || form.startsWith(words.slice(0, i + 1).join('|')));
    const both = form.includes(' ... end') ? ['parallel', 'end'] : first;
    return both.map((word) => ({ word, form, does: does.replaceAll('\\|', '|').replaceAll('`', '') }));
  });

/** `page`: docs/language.md. Takes a second or so: every example is run on every kernel. */
export function referenceOf(page: string): Reference {
  const rows = rowsOf(page);
  const operations = OPERATIONS.map(({ verb, form }): OperationPage => {
    const uses = rows.flatMap(({ preferred, recorder, does }): Use[] => {
      const mine = preferred.filter((text) => verbOf(text) === verb);
      if (mine.length === 0) return [];
      return [
        { examples: mine.map(exampleOf), recorder: recorder.filter((text) => verbOf(text) === verb), does },
      ];
    });
    return { verb, form, uses };
  });
  return { lines: linesOf(page), operations, kernels: kernels.map((m) => m.id) };
}

function verbOf(text: string): Verb | null {
  const said = parse(text.startsWith('-') ? text : `A: ${text}`).scenario.statements[0];
  return said?.kind === 'op' ? said.op.verb : null;
}

function exampleOf(text: string): Example {
  const scenario = stageOf(text) ?? '';
  const { plan, diagnostics } = compileText(scenario, known);
  if (plan === null) {
    const why = diagnostics.map((d) => `line ${d.line}: ${d.message}`).join('; ');
    throw new Error(
      `The example \`${text}\` cannot be run (${why}). src/scenario/stage.ts makes it:\n${scenario}`,
    );
  }
  const spoken = parse(scenario).scenario.statements.filter((s) => s.kind === 'op').length;
  // What does nothing to memory is no operation of the plan.
  const op = plan.ops.length < spoken ? -1 : plan.ops.length - 1;
  const runs = kernels.map((model) => ({ model, run: finished(newRun(boot(plan, model))) }));
  const refused = ({ run }: { run: Run }): boolean =>
    opSpans(run).some((span) => RESULTS[span.exit] === 'EINVAL');
  const { model, run } = runs.findLast((r) => !refused(r)) ?? runs.at(-1)!;
  return {
    text,
    scenario,
    path: pathOf(run, op, model),
    unknownTo: runs.filter(refused).map((r) => r.model.id),
    result: op < 0 ? 'end' : RESULTS[opSpans(run)[op]!.exit]!,
  };
}

function finished(run: Run): Run {
  finish(run, -1);
  return run;
}

/** Functions in the order in which they are come to. */
function pathOf({ machine, steps }: Run, op: number, model: Model): Citation[] {
  const path = new Map<string, Citation>();
  for (const step of steps) {
    if (step.op !== op) continue;
    const cited = citationOf(machine.program.rows[step.pc]!.routine, model);
    if (!NOT_IN_LINUX.has(cited.file)) path.set(cited.name, cited);
  }
  return [...path.values()];
}
