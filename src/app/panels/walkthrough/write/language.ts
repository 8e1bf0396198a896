/** The language of lessons in the editor: titles and keys stand out, and keys and names are suggested. */
import { autocompletion, type CompletionContext, type CompletionResult } from '@codemirror/autocomplete';
import { RangeSetBuilder, type Extension, type Text } from '@codemirror/state';
import { Decoration, EditorView, ViewPlugin, type DecorationSet, type ViewUpdate } from '@codemirror/view';
import { PREDICTIONS } from '../../../../lessons/predictions.ts';
import { BEAT_KEYS, HEAD_KEYS } from '../../../../lessons/syntax.ts';

/** Names that a lesson may say. */
export interface Names {
  readonly models: readonly string[];
  readonly scenarios: readonly string[];
  readonly invariants: readonly string[];
}

const KEY = /^[A-Za-z][A-Za-z-]*:/;
const strong = Decoration.mark({ class: 'cm-keyword' });
const quiet = Decoration.mark({ class: 'cm-prose' });

function drawn({ state, visibleRanges }: EditorView): DecorationSet {
  const marks = new RangeSetBuilder<Decoration>();
  for (const { from, to } of visibleRanges) {
    const last = state.doc.lineAt(to).number;
    for (let n = state.doc.lineAt(from).number; n <= last; n++) {
      const { from: start, to: end, text } = state.doc.line(n);
      const key = KEY.exec(text)?.[0] ?? '';
      if (text.startsWith('##')) marks.add(start, end, strong);
      else if (key !== '') {
        marks.add(start, start + key.length, strong);
        if (end > start + key.length) marks.add(start + key.length, end, quiet);
      }
    }
  }
  return marks.finish();
}

const colours = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet;
    constructor(view: EditorView) {
      this.decorations = drawn(view);
    }
    update(update: ViewUpdate): void {
      if (update.docChanged || update.viewportChanged) this.decorations = drawn(update.view);
    }
  },
  { decorations: (plugin) => plugin.decorations },
);

/** Above the first `##` stand the keys of the head. */
function inHead(doc: Text, line: number): boolean {
  for (let n = line; n > 0; n--) if (doc.line(n).text.startsWith('##')) return false;
  return true;
}

function valuesOf(key: string, names: Names, head: boolean): readonly string[] {
  if (key === 'model' || key === 'compare') return names.models;
  if (key === 'scenario') return head ? names.scenarios : [];
  if (key === 'predict') return PREDICTIONS.split(', ');
  if (key === 'challenge') return ['mend', ...names.invariants.map((one) => `find ${one}`)];
  return [];
}

function offered(names: () => Names) {
  return ({ state, pos, explicit }: CompletionContext): CompletionResult | null => {
    const line = state.doc.lineAt(pos);
    const before = line.text.slice(0, pos - line.from);
    const head = inHead(state.doc, line.number);
    const [, key = '', value = ''] = /^([a-z]+):\s*(.*)$/.exec(before) ?? [];
    if (key !== '') {
      const options = valuesOf(key, names(), head).map((label) => ({ label }));
      return options.length === 0 ? null : { from: pos - value.length, options };
    }
    // Prose begins with a capital; whoever types a small word at the start of a line may mean a key.
    if (!/^[a-z]+$/.test(before) && !(explicit && before === '')) return null;
    const keys: readonly string[] = head ? HEAD_KEYS : BEAT_KEYS;
    return { from: line.from, options: keys.map((label) => ({ label: `${label}: `, displayLabel: label })) };
  };
}

export const lessonLanguage = (names: () => Names): Extension => [
  colours,
  EditorView.lineWrapping,
  autocompletion({ override: [offered(names)], icons: false, selectOnOpen: false, interactionDelay: 0 }),
];
