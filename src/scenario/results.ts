/** What operations write and what they report. */
import type { Draft, Strand } from './draft.ts';
import type { Name, OpStatement, Value } from './syntax.ts';

/** Every operation that writes has an entry of its own, so that equal strings of two stores stay apart. */
export function store(draft: Draft, value: Value, process: number): number {
  draft.stored.push({ text: value.text, hex: value.hex, process });
  return draft.stored.length - 1;
}

export function observe(
  draft: Draft,
  strand: Strand,
  result: Name | null,
  name: string,
  { span }: OpStatement,
): number {
  const text = result?.text ?? name;
  if (strand.results.has(text)) {
    const hint = 'Give each result of a thread a name of its own.';
    draft.problems.error(result?.span ?? span, `${strand.name} has a result ${text} already`, hint);
  }
  strand.results.add(text);
  draft.observed.push({ name: text, op: draft.ops.length, thread: strand.index });
  return draft.observed.length - 1;
}
