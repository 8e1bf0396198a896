/**
 * A textarea that grows with its text inside one scrolling box, with a gutter and a layer of marks at the
 * same line height: nothing has to be kept in step while scrolling, and undo and readers find a plain field.
 */
import { useImperativeHandle, useRef, type ReactNode, type Ref } from 'react';
import type { Diagnostic } from '../../../worker/protocol.ts';
import { session, useSession } from '../../live.ts';
import { opOf } from '../../session/moves.ts';

export interface EditorHandle {
  go(line: number, column: number, length: number): void;
}

const LINE = 24;
const WIDTH_OF_GUTTER = 56;

export function Editor({ ref }: { readonly ref: Ref<EditorHandle> }): ReactNode {
  const field = useRef<HTMLTextAreaElement>(null);
  const box = useRef<HTMLDivElement>(null);
  const text = useSession((state) => state.text);
  const diagnostics = useSession((state) => state.diagnostics);
  const current = useSession((state) => {
    const step = state.text === state.openText ? state.run?.steps[state.at - 1] : undefined;
    return step && state.run ? (opOf(state.run, step)?.line ?? 0) : 0;
  });
  const lines = text.split('\n');
  const columns = lines.reduce((most, one) => Math.max(most, one.length), 0);

  useImperativeHandle(ref, () => ({
    go(line, column, length) {
      const start = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0) + column - 1;
      field.current?.focus({ preventScroll: true });
      field.current?.setSelectionRange(start, start + length);
      box.current?.scrollTo({ top: Math.max(0, (line - 4) * LINE) });
    },
  }));

  return (
    <div className="editor-frame">
      <div className="editor" ref={box}>
        <div className="editor-sheet" style={{ minHeight: lines.length * LINE + 24 }}>
          <pre className="editor-gutter" aria-hidden="true">
            {lines.map((_, place) => place + 1).join('\n')}
          </pre>
          <div className="editor-text" style={{ minWidth: `calc(${columns + 2}ch + ${WIDTH_OF_GUTTER}px)` }}>
            {current > 0 && <i className="editor-current" style={{ top: (current - 1) * LINE }} />}
            {diagnostics.map((one) => (
              <Squiggle key={`${one.line} ${one.column} ${one.message}`} one={one} />
            ))}
            <textarea
              ref={field}
              className="editor-field"
              aria-label="Scenario text"
              aria-invalid={diagnostics.some((one) => one.severity === 'error')}
              value={text}
              wrap="off"
              spellCheck={false}
              autoCapitalize="off"
              autoComplete="off"
              onChange={(event) => session.setText(event.target.value)}
            />
          </div>
        </div>
      </div>
    </div>
  );
}

function Squiggle({ one }: { readonly one: Diagnostic }): ReactNode {
  return (
    <i
      className="editor-squiggle"
      data-severity={one.severity}
      title={one.message}
      style={{
        top: (one.line - 1) * LINE,
        left: `${one.column - 1}ch`,
        width: `${Math.min(200, one.length)}ch`,
      }}
    />
  );
}
