/** Mistakes where they are, each with what to do about it. */
import { setDiagnostics, type Diagnostic as Marked } from '@codemirror/lint';
import type { EditorState, Text, TransactionSpec } from '@codemirror/state';
import { fixOf } from '../../../../scenario/fix.ts';
import type { Diagnostic } from '../../../../worker/protocol.ts';

/** Places beyond the text are at its end: somebody goes on typing while the answer is under way. */
function placeOf(doc: Text, { line, column, length }: Diagnostic): { from: number; to: number } {
  if (line > doc.lines) return { from: doc.length, to: doc.length };
  const { from, to } = doc.line(line);
  const start = Math.min(to, from + column - 1);
  return { from: start, to: Math.min(to, start + length) };
}

export function marked(
  state: EditorState,
  diagnostics: readonly Diagnostic[],
  /** null: nothing may be changed. */
  mend: ((one: Diagnostic) => void) | null,
): TransactionSpec {
  const text = state.doc.toString();
  const all = diagnostics.map((one): Marked => {
    const fix = mend && fixOf(text, one);
    const actions = mend && fix ? { actions: [{ name: fix.label, apply: () => mend(one) }] } : {};
    const message = one.hint === '' ? one.message : `${one.message}. ${one.hint}`;
    return { ...placeOf(state.doc, one), severity: one.severity, message, ...actions };
  });
  return setDiagnostics(state, all);
}
