/** A file of the recorder holds many experiments; each is a scenario. */
import { linesOf } from './lexer.ts';

export interface Experiment {
  /** `vmsplice-zero-page` */
  readonly name: string;
  readonly about: string;
  /** Its operations, as written. */
  readonly text: string;
  /** Line of the file on which `text` begins: line `n` of the text is line `line + n - 1` of the file. */
  readonly line: number;
}

/**
 * Splits a `.litmus` file at its `@name description` lines. Comments between two experiments belong to
 * none.
 */
export function experiments(text: string): Experiment[] {
  const found: { name: string; about: string; lines: string[]; line: number }[] = [];
  for (const [i, line] of linesOf(text).entries()) {
    const head = /^@(\S*)(?:\s+(.*))?$/.exec(line);
    if (head !== null)
      found.push({ name: head[1] ?? '', about: (head[2] ?? '').trim(), lines: [], line: i + 2 });
    else found.at(-1)?.lines.push(line);
  }
  return found.map(({ name, about, lines, line }) => {
    while (/^\s*(?:#.*)?$/.test(lines.at(-1) ?? 'x')) lines.pop();
    return { name, about, text: lines.map((l) => `${l}\n`).join(''), line };
  });
}
