/** Words or a condition, over the whole run; and a run to the next place, both ways. */
import { useEffect, useId, useMemo, useState, type ReactNode } from 'react';
import type { RunView } from '../../../worker/protocol.ts';
import type { FoundView } from '../../../worker/protocol/debug.ts';
import { IconNext, IconPrev } from '../../icons.tsx';
import { session, useSession } from '../../live.ts';
import { debug } from '../../debug/start.ts';
import { count } from '../../words.ts';
import { MistakeLine, StepRow, Words } from './parts.tsx';

const SHOWN = 200;
const TYPING_MS = 150;

export function Find(): ReactNode {
  const run = useSession((state) => state.run);
  const at = useSession((state) => state.at);
  const [text, setText] = useState('');
  const asked = useFound(text, run);
  const worded = useMemo(() => (run && text.trim() !== '' ? withWords(run, text.trim()) : []), [run, text]);
  const condition = asked !== null && asked.mistake === null;
  const hits = condition ? asked.hits : worded;
  const id = useId();
  const next = hits.find((hit) => hit > at);
  const before = hits.findLast((hit) => hit < at);
  return (
    <>
      <label htmlFor={id} className="quiet">
        Words of the steps, or a condition such as <code>f0.mapcount = 1</code>
      </label>
      <input
        id={id}
        className="debug-field debug-search"
        type="search"
        list={`${id}-words`}
        autoComplete="off"
        spellCheck={false}
        maxLength={500}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          const to = event.shiftKey ? before : next;
          if (event.key === 'Enter' && to !== undefined) void session.goto(to);
        }}
      />
      <Words id={`${id}-words`} text={text} />
      <div className="panel-do">
        <button
          type="button"
          className="button"
          aria-disabled={before === undefined}
          onClick={() => before !== undefined && void session.goto(before)}
        >
          <IconPrev />
          Back to it
        </button>
        <button
          type="button"
          className="button button-main"
          aria-disabled={next === undefined}
          onClick={() => next !== undefined && void session.goto(next)}
        >
          On to it
          <IconNext />
        </button>
        {condition && (
          <button type="button" className="button" onClick={() => debug.addBreakpoint(text.trim())}>
            Break at it
          </button>
        )}
      </div>
      {text.trim() !== '' && (
        <output className="debug-found small quiet">
          {hits.length === 0
            ? 'No step of this run.'
            : `${count(hits.length, 'step')}${condition ? ' where it is so, or comes to be' : ''}.`}
        </output>
      )}
      {!condition && worded.length === 0 && looksAsked(text) && (
        <MistakeLine mistake={asked?.mistake ?? null} />
      )}
      <ol className="debug-steps">
        {hits.slice(0, SHOWN).map((hit) => (
          <li key={hit}>
            <StepRow at={hit} />
          </li>
        ))}
      </ol>
      {hits.length > SHOWN && (
        <p className="small quiet">The first {SHOWN} are listed; the arrows go to all.</p>
      )}
    </>
  );
}

/** Not words, then: somebody tries to ask. */
const looksAsked = (text: string): boolean => /[.=<>()]|^(changes|not|broken)\b/.test(text.trim());

function useFound(text: string, run: RunView | null): FoundView | null {
  const asked = text.trim();
  const [got, setGot] = useState<{ readonly run: RunView; readonly found: FoundView } | null>(null);
  useEffect(() => {
    if (asked === '' || run === null) return;
    let old = false;
    const timer = setTimeout(() => {
      void debug
        .find([asked])
        .then(([found]) => {
          if (!old && found) setGot({ run, found });
        })
        // The words are still looked for.
        .catch(() => undefined);
    }, TYPING_MS);
    return () => {
      old = true;
      clearTimeout(timer);
    };
  }, [asked, run]);
  return got !== null && got.run === run && got.found.text === asked ? got.found : null;
}

/** Steps that say all of the words somewhere. */
export function withWords(run: RunView, text: string): readonly number[] {
  const words = text.toLowerCase().split(/\s+/);
  return run.steps.flatMap((step) => {
    const all = [
      step.says,
      ...step.changes,
      step.routine,
      step.label.replaceAll('_', ' '),
      run.lanes[step.thread]?.name ?? '',
      run.ops[step.op]?.text ?? '',
      step.decision ? `${step.decision.asks} ${step.decision.answer}` : '',
    ]
      .join('\n')
      .toLowerCase();
    return words.every((word) => all.includes(word)) ? [step.at] : [];
  });
}
