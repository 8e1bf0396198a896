/** The text of the scenario: an editor, its mistakes with what to do, and what the word at the cursor is. */
import { useCallback, useEffect, useRef, useState, type ReactNode } from 'react';
import { fixOf } from '../../../scenario/fix.ts';
import type { Diagnostic } from '../../../worker/protocol.ts';
import { Next } from '../../build/Next.tsx';
import { IconTick } from '../../icons.tsx';
import { session, useSession } from '../../live.ts';
import { hasErrors, isEdited } from '../../session/state.ts';
import { PanelHead } from '../PanelHead.tsx';
import { helpOf, loadHelp, topicOf } from './code/help.ts';
import { Editor, type EditorHandle } from './Editor.tsx';
import { formatted } from './formatted.ts';
import { mend } from './mend.ts';
import { MistakeButton, type Go } from './MistakeButton.tsx';
import './source.css';

export default function Source(): ReactNode {
  const editor = useRef<EditorHandle>(null);
  const [place, setPlace] = useState({ line: '', column: 0 });
  const onPlace = useCallback((line: string, column: number) => setPlace({ line, column }), []);
  const edited = useSession(isEdited);
  const named = useSession((state) => state.scenario !== '');
  const broken = useSession(hasErrors);
  const readonly = useSession((state) => state.carried.readonly);
  return (
    <>
      <PanelHead title="Source">
        {!readonly && (
          <>
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
          </>
        )}
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
      <Editor ref={editor} onPlace={onPlace} />
      <div className="panel-foot">
        <Mistakes go={(line, column, length) => editor.current?.go(line, column, length)} />
        <Topic {...place} />
        {readonly ? (
          <Locked />
        ) : (
          <>
            <Next asked />
            <More />
            <p className="small faint source-kept">
              Esc, then Tab, leaves the editor; Tab takes a suggestion. What you type is kept in this browser.
            </p>
          </>
        )}
      </div>
    </>
  );
}

/** Whoever made the link wanted the text to stay as it is; a copy is anybody's. */
function Locked(): ReactNode {
  return (
    <div className="panel-do">
      <p className="small quiet grow">The link that opened this text says that it is only to be read.</p>
      <button type="button" className="button" onClick={() => session.carry({ readonly: false })}>
        Edit a copy
      </button>
    </div>
  );
}

/** To begin anew, and to keep what was played. */
function More(): ReactNode {
  const order = useSession((state) => state.text === state.openText && (state.run?.schedule ?? '') !== '');
  return (
    <div className="panel-do">
      <button type="button" className="button" onClick={() => void session.begin()}>
        New scenario
      </button>
      <button
        type="button"
        className="button"
        aria-disabled={!order}
        title="Writes the order in which the threads moved into the text"
        onClick={() => {
          if (order) void session.record();
        }}
      >
        Record this order
      </button>
      <button type="button" className="button button-quiet" onClick={() => session.show('reference')}>
        Language
      </button>
    </div>
  );
}

/** Help for those who do not hover. */
function Topic({ line, column }: { readonly line: string; readonly column: number }): ReactNode {
  const [ready, setReady] = useState(false);
  useEffect(() => void loadHelp().then(() => setReady(true)), []);
  const help = ready ? helpOf(topicOf(line, column)) : null;
  return (
    <p className="small source-topic" aria-live="off">
      {help && (
        <>
          <code>{help.form}</code>
          <span className="quiet">{help.does}</span>
        </>
      )}
    </p>
  );
}

interface MistakesProps {
  readonly go: Go;
}

function Mistakes({ go }: MistakesProps): ReactNode {
  const diagnostics = useSession((state) => state.diagnostics);
  const text = useSession((state) => state.text);
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
          <Mistake key={`${one.line} ${one.column} ${one.message}`} one={one} text={text} go={go} />
        ))}
      </ul>
    </div>
  );
}

interface MistakeProps extends MistakesProps {
  readonly one: Diagnostic;
  readonly text: string;
}

function Mistake({ one, text, go }: MistakeProps): ReactNode {
  const readonly = useSession((state) => state.carried.readonly);
  const fix = readonly ? null : fixOf(text, one);
  return (
    <li className="mistake-row">
      <MistakeButton one={one} go={go} />
      {fix && (
        <button type="button" className="button mistake-fix" onClick={() => mend(one)}>
          {fix.label}
        </button>
      )}
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
