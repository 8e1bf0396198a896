/** The text of the scenario as an editor: what the session says, and what somebody types. */
import { EditorState } from '@codemirror/state';
import { EditorView as View, type EditorView } from '@codemirror/view';
import { useEffect, useImperativeHandle, useRef, type ReactNode, type Ref } from 'react';
import { session, useSession } from '../../live.ts';
import { opOf } from '../../session/moves.ts';
import { hasErrors, knownOf } from '../../session/state.ts';
import { colours, recolour } from './code/colours.ts';
import { hover, loadHelp } from './code/help.ts';
import { marked } from './code/mistakes.ts';
import { showLine } from './code/now.ts';
import { allow, goTo, openEditor, tell } from './code/open.ts';
import { suggestions } from './code/suggest.ts';
import { mend } from './mend.ts';

const language = [
  suggestions(() => knownOf(session.store.getState())),
  hover,
  colours,
  EditorState.languageData.of(() => [{ commentTokens: { line: '#' } }]),
];

export interface EditorHandle {
  go(line: number, column: number, length: number): void;
}

interface Props {
  readonly ref: Ref<EditorHandle>;
  readonly onPlace: (line: string, column: number) => void;
}

export function Editor({ ref, onPlace }: Props): ReactNode {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const text = useSession((state) => state.text);
  const lanes = useSession((state) => state.run?.lanes);
  const diagnostics = useSession((state) => state.diagnostics);
  const broken = useSession(hasErrors);
  const readonly = useSession((state) => state.carried.readonly);
  const current = useSession((state) => {
    const step = state.text === state.openText ? state.run?.steps[state.at - 1] : undefined;
    return step && state.run ? (opOf(state.run, step)?.line ?? 0) : 0;
  });

  useEffect(() => {
    if (!host.current) return;
    const made = openEditor(host.current, {
      text: session.store.getState().text,
      readonly: session.store.getState().carried.readonly,
      label: 'Scenario text',
      language,
      onText: (typed) => session.setText(typed),
      onPlace,
    });
    view.current = made;
    void loadHelp();
    // Mistakes below take room from the text: what is being written must not go out of sight.
    const resized = new ResizeObserver(() => {
      if (made.hasFocus) made.dispatch({ effects: View.scrollIntoView(made.state.selection.main.head) });
    });
    resized.observe(host.current);
    return () => {
      resized.disconnect();
      view.current = null;
      made.destroy();
    };
  }, [onPlace]);

  useEffect(() => {
    if (view.current) tell(view.current, text);
  }, [text]);
  useEffect(() => {
    view.current?.dispatch({ effects: showLine.of(current) });
  }, [current]);
  useEffect(() => {
    view.current?.dispatch({ effects: recolour.of(lanes ?? []) });
  }, [lanes]);
  useEffect(() => {
    if (view.current) view.current.dispatch(marked(view.current.state, diagnostics, readonly ? null : mend));
  }, [diagnostics, readonly]);
  useEffect(() => {
    if (view.current) allow(view.current, readonly);
  }, [readonly]);
  useEffect(() => {
    view.current?.contentDOM.setAttribute('aria-invalid', String(broken));
  }, [broken]);

  useImperativeHandle(ref, () => ({
    go(line, column, length) {
      if (view.current) goTo(view.current, line, column, length);
    },
  }));

  return <div className="editor-frame" ref={host} />;
}
