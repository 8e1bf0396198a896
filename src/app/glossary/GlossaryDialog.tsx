/* oxlint-disable jsx-a11y/no-autofocus -- whoever opens it looks for a word */
/** All words of the field, found by any of their names. */
import { useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import terms from 'virtual:glossary';
import type { Term } from '../../glossary/vocabulary.ts';
import { session } from '../live.ts';
import { Dialog } from '../parts/Dialog.tsx';
import { count } from '../words.ts';
import { Names } from './Names.tsx';
import { openAt, useOpenedAt } from './opened.ts';
import './glossary.css';

const parts = [...new Set(terms.map(({ part }) => part))];
const wordOf = new Map(terms.map(({ id, word }) => [id, word]));

/** Everything that a word may be looked for by; a word itself counts before what is said about it. */
const allOf = ({ word, also, kernel, means }: Term): string =>
  [word, ...also, ...kernel.map(({ name }) => name), means].join('\n').toLowerCase();

export default function GlossaryDialog(): ReactNode {
  const asked = useOpenedAt();
  const [{ query, at }, show] = useState({ query: '', at: asked });
  const wanted = query.trim().toLowerCase();
  const found = useMemo(() => terms.filter((term) => allOf(term).includes(wanted)), [wanted]);
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (at === '' || query !== '') return;
    const entry = list.current?.querySelector<HTMLElement>(`[data-word="${CSS.escape(at)}"]`);
    entry?.scrollIntoView({ block: 'center' });
    entry?.focus({ preventScroll: true });
  }, [at, query]);
  const leap = (id: string): void => show({ query: '', at: id });
  const close = (): void => {
    openAt('');
    session.dialog(null);
  };
  return (
    <Dialog title="Glossary" onClose={close} wide>
      <div className="glossary-find">
        <input
          autoFocus={asked === ''}
          type="search"
          className="palette-field"
          aria-label="Find a word"
          placeholder="Find a word, or a name of the kernel"
          value={query}
          onChange={(event) => show({ query: event.target.value, at: '' })}
        />
        <p className="small quiet" aria-live="polite">
          {found.length === 0 ? 'Nothing here is called that.' : count(found.length, 'word')}
        </p>
      </div>
      <div ref={list}>
        {parts.map((part) => {
          const here = found.filter((term) => term.part === part);
          return here.length === 0 ? null : (
            <section key={part} aria-label={part}>
              <h3 className="glossary-part">{part}</h3>
              <ul className="glossary-words">
                {here.map((term) => (
                  <Entry key={term.id} term={term} chosen={term.id === at} leap={leap} />
                ))}
              </ul>
            </section>
          );
        })}
      </div>
    </Dialog>
  );
}

interface EntryProps {
  readonly term: Term;
  readonly chosen: boolean;
  readonly leap: (id: string) => void;
}

function Entry({ term, chosen, leap }: EntryProps): ReactNode {
  const { id, word, means, kernel, see } = term;
  return (
    <li className="glossary-word" data-word={id} data-chosen={chosen} tabIndex={-1}>
      <h4 className="strong">{word}</h4>
      <p>{means}</p>
      <Names names={kernel} />
      {see.length > 0 && (
        <p className="small quiet">
          See{' '}
          {see.map((other, i) => (
            <span key={other}>
              {i > 0 && ', '}
              <button type="button" className="link" onClick={() => leap(other)}>
                {wordOf.get(other)}
              </button>
            </span>
          ))}
        </p>
      )}
    </li>
  );
}
