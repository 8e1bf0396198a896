/** The line of the step that the picture shows. */
import { StateEffect, StateField } from '@codemirror/state';
import { Decoration, EditorView, type DecorationSet } from '@codemirror/view';

/** Its number, from 1; 0 = none. */
export const showLine = StateEffect.define<number>();

const mark = Decoration.line({ class: 'cm-now' });

export const lineNow = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(before, transaction) {
    let now = before.map(transaction.changes);
    for (const effect of transaction.effects) {
      if (!effect.is(showLine)) continue;
      const { doc } = transaction.state;
      const there = effect.value > 0 && effect.value <= doc.lines;
      now = there ? Decoration.set(mark.range(doc.line(effect.value).from)) : Decoration.none;
    }
    return now;
  },
  provide: (field) => EditorView.decorations.from(field),
});
