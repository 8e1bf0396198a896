/** The reference of the language: what lines there are, and every operation with an example that opens. */
import { useMemo, useState, type ReactNode } from 'react';
import reference from 'virtual:reference';
import type { Example, LinePage, OperationPage, Use } from '../../../scenario/reference.ts';
import { session } from '../../live.ts';
import { PanelHead } from '../PanelHead.tsx';
import './reference.css';

export default function Language(): ReactNode {
  const [query, setQuery] = useState('');
  const found = useMemo(() => search(query.trim().toLowerCase()), [query]);
  return (
    <>
      <PanelHead title="Language" />
      <div className="panel-body">
        <input
          type="search"
          className="find-field"
          aria-label="Find in the reference"
          placeholder="Find: madvise, device, FOLL_PIN"
          value={query}
          onChange={(event) => setQuery(event.target.value)}
        />
        <output className="small quiet">
          {found.operations.length} of {reference.operations.length} operations, {found.lines.length} kinds of
          line.
        </output>
        {found.lines.length > 0 && (
          <>
            <h3>Lines</h3>
            <dl className="reference-lines">
              {found.lines.map((one) => (
                <Line key={one.word} one={one} />
              ))}
            </dl>
          </>
        )}
        {found.operations.length > 0 && <h3>Operations</h3>}
        {found.operations.map((one) => (
          <Operation key={one.verb} one={one} open={query !== '' && found.operations.length < 4} />
        ))}
      </div>
    </>
  );
}

function search(query: string): { lines: readonly LinePage[]; operations: readonly OperationPage[] } {
  const has = (...texts: readonly string[]): boolean => texts.join(' ').toLowerCase().includes(query);
  // Words that share a line of the table are one entry.
  const lines = reference.lines.filter((one, i) => reference.lines[i - 1]?.form !== one.form);
  return {
    lines: lines.filter((one) => has(one.form, one.does)),
    operations: reference.operations.filter((one) =>
      has(
        one.form,
        ...one.uses.flatMap((use) => [
          use.does,
          ...use.recorder,
          ...use.examples.flatMap((e) => [e.text, ...e.path.map((p) => p.name)]),
        ]),
      ),
    ),
  };
}

function Line({ one }: { readonly one: LinePage }): ReactNode {
  return (
    <>
      <dt>
        <code>{one.form}</code>
      </dt>
      <dd className="quiet">{one.does}</dd>
    </>
  );
}

function Operation({ one, open }: { readonly one: OperationPage; readonly open: boolean }): ReactNode {
  return (
    <details className="reference-operation" key={String(open)} open={open}>
      <summary>
        <code className="strong">{one.verb}</code>
        <span className="quiet clip">{one.uses[0]?.does}</span>
      </summary>
      <p>
        <code>{one.form}</code>
      </p>
      {one.uses.map((use) => (
        <UseOf key={use.does} use={use} />
      ))}
    </details>
  );
}

function UseOf({ use }: { readonly use: Use }): ReactNode {
  return (
    <div className="reference-use">
      <p>{use.does}</p>
      {use.recorder.length > 0 && (
        <p className="small quiet">
          The recorder writes <code>{use.recorder.join(', ')}</code>.
        </p>
      )}
      <ul>
        {use.examples.map((one) => (
          <Way key={one.text} one={one} />
        ))}
      </ul>
    </div>
  );
}

function Way({ one }: { readonly one: Example }): ReactNode {
  return (
    <li className="reference-way">
      <code>{one.text}</code>
      <p className="small quiet">
        {one.unknownTo.length > 0 && `Not on ${one.unknownTo.join(', ')}. `}
        {one.path.length > 0 && 'Runs through '}
        <code>{one.path.map((p) => p.name).join(', ')}</code>
      </p>
      <button
        type="button"
        className="button"
        aria-label={`Open an example of ${one.text}`}
        onClick={() => void session.openText(one.scenario)}
      >
        Open an example
      </button>
    </li>
  );
}
