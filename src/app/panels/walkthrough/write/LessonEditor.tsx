/** The editor of scenarios, for the text of a lesson. */
import type { EditorView } from '@codemirror/view';
import { useEffect, useImperativeHandle, useRef, type ReactNode, type Ref } from 'react';
import type { Diagnostic } from '../../../../scenario/diagnostic.ts';
import { session } from '../../../live.ts';
import { marked } from '../../source/code/mistakes.ts';
import { goTo, openEditor, tell } from '../../source/code/open.ts';
import { lessonLanguage } from './language.ts';

export interface LessonEditorHandle {
  go(line: number, column: number, length: number): void;
}

interface Props {
  readonly ref: Ref<LessonEditorHandle>;
  readonly text: string;
  readonly diagnostics: readonly Diagnostic[];
  readonly onText: (text: string) => void;
  /** The cursor stands in this line now, from 1. */
  readonly onLine: (line: number) => void;
}

const language = lessonLanguage(() => {
  const { info } = session.store.getState();
  const ids = (all: readonly { readonly id: string }[] = []): string[] => all.map((one) => one.id);
  return { models: ids(info?.models), scenarios: ids(info?.scenarios), invariants: ids(info?.invariants) };
});

export function LessonEditor({ ref, text, diagnostics, onText, onLine }: Props): ReactNode {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const first = useRef(text);
  useEffect(() => {
    if (!host.current) return;
    const made = openEditor(host.current, {
      text: first.current,
      readonly: false,
      label: 'Lesson text',
      language,
      onText,
      onPlace: (_line, _column, number) => onLine(number),
    });
    view.current = made;
    return () => {
      view.current = null;
      made.destroy();
    };
  }, [onText, onLine]);
  useEffect(() => {
    if (view.current) tell(view.current, text);
  }, [text]);
  useEffect(() => {
    const editor = view.current;
    if (!editor) return;
    editor.dispatch(marked(editor.state, diagnostics, null));
    const wrong = diagnostics.some((one) => one.severity === 'error');
    editor.contentDOM.setAttribute('aria-invalid', String(wrong));
  }, [diagnostics]);
  useImperativeHandle(ref, () => ({
    go(line, column, length) {
      if (view.current) goTo(view.current, line, column, length);
    },
  }));
  return <div className="editor-frame write-editor" ref={host} />;
}
