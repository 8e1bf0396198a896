/** The text of the scenario: a plain field with line numbers, mistakes marked where they are. */
import { useRef, type ReactNode } from 'react';
import type { Diagnostic } from '../../../worker/protocol.ts';
import { IconTick } from '../../icons.tsx';
import { session, useSession } from '../../live.ts';
import { hasErrors, isEdited } from '../../session/state.ts';
import { PanelHead } from '../PanelHead.tsx';
import { Editor, type EditorHandle } from './Editor.tsx';
import { formatted } from './formatted.ts';
import './source.css';

export default function Source(): ReactNode {
  const editor = useRef<EditorHandle>(null);
  const edited = useSession(isEdited);
  const named = useSession((state) => state.scenario !== '');
  const broken = useSession(hasErrors);
  return (
    <>
      <PanelHead title="Source">
        <button
          type="button"
          className="button button-quiet"
          aria-disabled={!edited || !named}
          onClick={() => {
            if (edited && named) session.resetText();
          }}
        >
          Reset
        </button>
        <button
          type="button"
          className="button"
          aria-disabled={broken}
          onClick={() => {
            const { text } = session.store.getState();
            const better = broken ? text : formatted(text);
            if (better !== text) session.setText(better);
          }}
        >
          Format
        </button>
        <button
          type="button"
          className="button button-main"
          aria-disabled={broken}
          onClick={() => {
            if (broken) return;
            void session.settle().then(() => {
              session.show('check');
              return session.check();
            });
          }}
        >
          Check every order
        </button>
      </PanelHead>
      <Editor ref={editor} />
      <div className="panel-foot">
        <Mistakes go={(line, column, length) => editor.current?.go(line, column, length)} />
        <p className="small faint source-kept">
          Esc, then Tab, leaves the editor. What you type is kept in this browser.
        </p>
      </div>
    </>
  );
}

interface MistakesProps {
  readonly go: (line: number, column: number, length: number) => void;
}

function Mistakes({ go }: MistakesProps): ReactNode {
  const diagnostics = useSession((state) => state.diagnostics);
  const line = useSession((state) => lineOfStep(state.run, state.at));
  const broken = useSession(hasErrors);
  if (diagnostics.length === 0) {
    return (
      <p className="source-fine row" aria-live="polite">
        <IconTick />
        <span>No mistakes.{line > 0 && ` Line ${line} is the step on the screen.`}</span>
      </p>
    );
  }
  return (
    <div aria-live="polite">
      {broken && <p className="small quiet">The picture shows the last text without mistakes.</p>}
      <ul className="mistakes">
        {diagnostics.map((one) => (
          <Mistake key={`${one.line} ${one.column} ${one.message}`} one={one} go={go} />
        ))}
      </ul>
    </div>
  );
}

function Mistake({ one, go }: { readonly one: Diagnostic } & MistakesProps): ReactNode {
  return (
    <li>
      <button
        type="button"
        className="mistake"
        data-severity={one.severity}
        onClick={() => go(one.line, one.column, one.length)}
      >
        <span className="small strong mistake-where">
          Line {one.line}, column {one.column}
        </span>
        <span>{one.message}</span>
        {one.hint !== '' && <span className="small quiet">{one.hint}</span>}
      </button>
    </li>
  );
}

function lineOfStep(run: ReturnType<typeof session.store.getState>['run'], at: number): number {
  const step = run?.steps[at - 1];
  const op = run?.ops.find(
    (one) =>
      one.thread === step?.thread && one.first > 0 && one.first <= at && (one.last === 0 || at <= one.last),
  );
  return op?.line ?? 0;
}
