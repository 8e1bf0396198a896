/** What must be true of every text, however broken. Gives the first thing that is not, or ''. */
import { compile } from './compile.ts';
import type { Known } from './compile.ts';
import type { Diagnostic } from './diagnostic.ts';
import { linesOf } from './lexer.ts';
import { parse } from './parser.ts';
import { print } from './printer.ts';

export function wrongWith(text: string, known: Known): string {
  const { scenario, diagnostics } = parse(text);
  const printed = print(scenario),
    again = parse(printed);
  if (print(again.scenario) !== printed) return 'printing it twice changes it';
  if (again.diagnostics.length !== diagnostics.length) return 'printing it changes what is wrong with it';
  const lines = linesOf(text);
  const outside = diagnostics.find((d) => !isInside(d, lines));
  if (outside !== undefined) return `the parser points outside of the text: ${JSON.stringify(outside)}`;
  if (diagnostics.some((d) => d.severity === 'error')) return '';
  const compiled = compile(scenario, known);
  const beyond = compiled.diagnostics.find((d) => !isInside(d, lines));
  if (beyond !== undefined) return `the compiler points outside of the text: ${JSON.stringify(beyond)}`;
  const failed = compiled.diagnostics.some((d) => d.severity === 'error');
  return failed === (compiled.plan === null) ? '' : 'there is a plan, or a mistake, never both or neither';
}

/** On a line of the text, at one of its letters or right behind the last. */
function isInside({ line, column, length, message }: Diagnostic, lines: readonly string[]): boolean {
  const width = lines[line - 1]?.length ?? (line === 1 ? 0 : -1);
  return message !== '' && line >= 1 && column >= 1 && length >= 1 && column <= width + 1;
}
