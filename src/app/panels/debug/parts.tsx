/** What several tabs of the debugger show: a field for a condition, a step to go to, a mistake. */
import { useEffect, useId, useState, type ReactNode } from 'react';
import type { Diagnostic } from '../../../worker/protocol.ts';
import { IconClose } from '../../icons.tsx';
import { session, useSession } from '../../live.ts';
import { debug, useDebug } from '../../debug/start.ts';

interface FieldProps {
  readonly label: string;
  readonly placeholder: string;
  readonly action: string;
  readonly onTake: (text: string) => void;
}

/** Completes the words of the language: facts of whoever is in this scenario. */
export function ConditionField({ label, placeholder, action, onTake }: FieldProps): ReactNode {
  const [text, setText] = useState('');
  const id = useId();
  return (
    <form
      className="debug-add"
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim() === '') return;
        onTake(text.trim());
        setText('');
      }}
    >
      <label className="unseen" htmlFor={id}>
        {label}
      </label>
      <input
        id={id}
        className="debug-field mono"
        list={`${id}-words`}
        placeholder={placeholder}
        autoComplete="off"
        spellCheck={false}
        maxLength={500}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <Words id={`${id}-words`} text={text} />
      <button type="submit" className="button">
        {action}
      </button>
    </form>
  );
}

/** For the word that is being typed, behind what stands already. */
export function Words({ id, text }: { readonly id: string; readonly text: string }): ReactNode {
  const facts = useDebug((state) => state.facts);
  useEffect(() => debug.facts());
  const head = text.replace(/[^\s()!=<>]*$/, '');
  const word = text.slice(head.length);
  const fit = facts.filter((fact) => fact.path.startsWith(word)).slice(0, 40);
  return (
    <datalist id={id}>
      {fit.map((fact) => (
        <option key={fact.path} value={head + fact.path}>
          {fact.says}
        </option>
      ))}
    </datalist>
  );
}

/** A step with its sentence; goes there. */
export function StepRow({ at }: { readonly at: number }): ReactNode {
  const run = useSession((state) => state.run);
  const here = useSession((state) => state.at === at);
  const step = run?.steps[at - 1];
  return (
    <button
      type="button"
      className="debug-step"
      aria-current={here ? 'step' : undefined}
      onClick={() => void session.goto(at)}
    >
      <span className="debug-number mono">{at}</span>
      <span>
        <span className="quiet">{step ? (run?.lanes[step.thread]?.name ?? '') : 'start'}</span>{' '}
        {step?.says ?? 'Nothing has happened yet.'}
      </span>
    </button>
  );
}

export function MistakeLine({ mistake }: { readonly mistake: Diagnostic | null }): ReactNode {
  if (mistake === null) return null;
  const { message, hint } = mistake;
  return (
    <p className="small debug-mistake">
      {message.charAt(0).toUpperCase() + message.slice(1)}. {hint}
    </p>
  );
}

export function Remove({
  what,
  onClick,
}: {
  readonly what: string;
  readonly onClick: () => void;
}): ReactNode {
  return (
    <button
      type="button"
      className="button button-quiet button-icon"
      aria-label={`Remove ${what}`}
      title="Remove"
      onClick={onClick}
    >
      <IconClose />
    </button>
  );
}
