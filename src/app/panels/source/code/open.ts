/**
 * The editor itself. It lives in a shadow tree: there its style sheets are constructed ones, which the page's
 * content policy allows.
 */
import { defaultKeymap, history, historyKeymap, isolateHistory } from '@codemirror/commands';
import { search, searchKeymap } from '@codemirror/search';
import { Annotation, Compartment, EditorState, type Extension } from '@codemirror/state';
import { EditorView, keymap, lineNumbers } from '@codemirror/view';
import { changeBetween } from './change.ts';
import { look } from './look.ts';
import { lineNow } from './now.ts';

export interface Desk {
  readonly text: string;
  readonly readonly: boolean;
  /** What readers of screens call it. */
  readonly label: string;
  /** Colours, suggestions and help for what is written here. */
  readonly language: Extension;
  /** Somebody typed. */
  readonly onText: (text: string) => void;
  /** The cursor stands in this line now, at this column from 0; `number` counts lines from 1. */
  readonly onPlace: (line: string, column: number, number: number) => void;
}

/** A change that comes from the session, and need not be told to it. */
const told = Annotation.define<true>();

/** As the editor keeps it. */
const plain = (text: string): string => text.replace(/\r\n?/g, '\n');

/**
 * What is typed over a selection goes straight into the state. The browser would carry the style of what it
 * replaces over as an inline style, which the page's policy refuses, with a complaint in the console.
 */
const typeOver = EditorView.domEventHandlers({
  beforeinput(event, view) {
    const { data, inputType, isComposing } = event;
    if (inputType !== 'insertText' || data === null || isComposing) return false;
    if (view.state.selection.main.empty || view.state.readOnly) return false;
    view.dispatch(view.state.replaceSelection(data), { userEvent: 'input.type', scrollIntoView: true });
    return true;
  },
});

/** A text that is only to be read keeps its cursor: it can be walked through, searched and copied. */
const access = new Compartment();
const accessOf = (readonly: boolean): Extension => EditorState.readOnly.of(readonly);

export const allow = (view: EditorView, readonly: boolean): void =>
  view.dispatch({ effects: access.reconfigure(accessOf(readonly)) });

export function openEditor(host: HTMLElement, desk: Desk): EditorView {
  const root = host.shadowRoot ?? host.attachShadow({ mode: 'open' });
  const state = EditorState.create({
    doc: plain(desk.text),
    extensions: [
      access.of(accessOf(desk.readonly)),
      lineNumbers(),
      history(),
      search({ top: true }),
      desk.language,
      lineNow,
      typeOver,
      look,
      keymap.of([...searchKeymap, ...historyKeymap, ...defaultKeymap]),
      EditorView.contentAttributes.of({
        'aria-label': desk.label,
        tabindex: '0',
        spellcheck: 'false',
        autocapitalize: 'off',
        autocorrect: 'off',
        translate: 'no',
      }),
      EditorView.updateListener.of((update) => {
        const mine = update.transactions.some((t) => t.docChanged && t.annotation(told) !== true);
        if (mine) desk.onText(update.state.doc.toString());
        if (!update.docChanged && !update.selectionSet) return;
        const { head } = update.state.selection.main,
          line = update.state.doc.lineAt(head);
        desk.onPlace(line.text, head - line.from, line.number);
      }),
    ],
  });
  return new EditorView({ state, parent: root, root });
}

/** Brings a text that was changed elsewhere into the editor; one step for undo. */
export function tell(view: EditorView, text: string): void {
  const before = view.state.doc.toString(),
    after = plain(text);
  if (before === after) return;
  view.dispatch({
    changes: changeBetween(before, after),
    annotations: [told.of(true), isolateHistory.of('full')],
  });
}

/** Selects a place of the text, and the editor has the keyboard. */
export function goTo(view: EditorView, line: number, column: number, length: number): void {
  const { doc } = view.state;
  const at = doc.line(Math.max(1, Math.min(line, doc.lines)));
  const anchor = Math.min(at.to, at.from + column - 1);
  const head = Math.min(at.to, anchor + length);
  view.dispatch({ selection: { anchor, head }, scrollIntoView: true });
  view.focus();
}
