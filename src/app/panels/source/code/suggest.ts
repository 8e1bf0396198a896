/** Completion: what the parser looks for at the cursor. */
import {
  acceptCompletion,
  autocompletion,
  completionKeymap,
  completionStatus,
  moveCompletionSelection,
  selectedCompletion,
  type Completion,
  type CompletionContext,
  type CompletionResult,
} from '@codemirror/autocomplete';
import type { Extension } from '@codemirror/state';
import { keymap, type Command } from '@codemirror/view';
import { completionAt, type Option } from '../../../../scenario/complete.ts';
import type { Known } from '../../../../scenario/compile.ts';
import { continues } from '../../../../scenario/highlight.ts';
import { doesOf } from './help.ts';

function offered(known: () => Known) {
  return ({ state, pos, explicit }: CompletionContext): CompletionResult | null => {
    const line = state.doc.lineAt(pos);
    if (continues((at) => state.doc.line(at + 1).text, line.number - 1)) return null;
    const head = line.text.slice(0, pos - line.from);
    // An empty line is a place to think, not to be asked.
    if (!explicit && head.trim() === '') return null;
    const found = completionAt(state.doc.toString(), head, known());
    if (found === null) return null;
    return {
      from: line.from + found.from,
      options: found.options.map((option, i) => asCompletion(option, found.options.length - i)),
      validFor: /^[^\s:;=,"“”]*$/,
    };
  };
}

function asCompletion({ label, kind, detail, insert }: Option, boost: number): Completion {
  const says = kind === 'operation' || kind === 'keyword' ? doesOf(label) : '';
  return {
    label,
    detail,
    // The order is the registry's, unless what was typed says otherwise.
    boost: Math.min(99, boost / 4),
    ...(insert === undefined ? {} : { apply: insert }),
    ...(says === '' ? {} : { info: says }),
  };
}

/** Tab takes the first suggestion, or the one that was chosen. Without any it leaves the editor. */
const take: Command = (view) => {
  if (completionStatus(view.state) !== 'active') return false;
  if (selectedCompletion(view.state) === null) moveCompletionSelection(true)(view);
  return acceptCompletion(view);
};

/** Enter ends the line unless a suggestion was chosen: who types a whole word means the word. */
export const suggestions = (known: () => Known): Extension => [
  autocompletion({
    override: [offered(known)],
    selectOnOpen: false,
    icons: false,
    defaultKeymap: false,
    interactionDelay: 0,
  }),
  keymap.of([{ key: 'Tab', run: take }, ...completionKeymap]),
];
