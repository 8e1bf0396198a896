/** The runs that were looked at, as a tree; bookmarks and notes of the open one. */
import { useMemo, useState, type ReactNode } from 'react';
import { session, useSession } from '../../live.ts';
import { rowsOf, type Branch } from '../../debug/tree.ts';
import { debug, useDebug } from '../../debug/start.ts';
import { pretty } from '../../words.ts';
import { Remove, StepRow } from './parts.tsx';

export function Branches(): ReactNode {
  return (
    <>
      <Tree />
      <Bookmarks />
      <Notes />
    </>
  );
}

const WIDTH = 88;

function Tree(): ReactNode {
  const tree = useDebug((state) => state.tree);
  const rows = useMemo(() => rowsOf(tree), [tree]);
  const longest = Math.max(1, ...rows.map(({ branch }) => branch.moves.length));
  return (
    <section aria-label="Branches">
      <p className="quiet">
        Let another thread move, and the run goes another way from there; both are kept here.
      </p>
      <ol className="debug-tree">
        {rows.map(({ branch, depth }) => (
          <li key={branch.id} style={{ paddingLeft: Math.min(depth, 5) * 12 }}>
            <Row branch={branch} here={branch.id === tree.here} longest={longest} />
            {branch.id !== tree.here && branch.parent !== null && (
              <Remove what={nameOf(branch)} onClick={() => debug.dropBranch(branch.id)} />
            )}
          </li>
        ))}
      </ol>
    </section>
  );
}

const nameOf = ({ parent, other, shared }: Branch): string =>
  parent === null ? 'the first run' : `branch at step ${shared + 1}, ${other}`;

interface RowProps {
  readonly branch: Branch;
  readonly here: boolean;
  readonly longest: number;
}

function Row({ branch, here, longest }: RowProps): ReactNode {
  const at = useSession((state) => state.at);
  const { parent, other, shared, moves, broken } = branch;
  const x = (step: number): number => 4 + ((WIDTH - 12) * step) / longest;
  const first = broken[0];
  const end = first ? `${first.word} at step ${first.at}` : 'no rule breaks';
  return (
    <button
      type="button"
      className="debug-branch"
      aria-current={here ? 'true' : undefined}
      onClick={() => (here ? undefined : debug.openBranch(branch, parent === null ? undefined : shared + 1))}
    >
      <svg width={WIDTH} height="20" aria-hidden="true" className="debug-bar">
        <line className="debug-shared" x1={x(0)} x2={x(shared)} y1="10" y2="10" />
        <line className="debug-own" x1={x(shared)} x2={x(moves.length)} y1="10" y2="10" />
        {parent !== null && <circle className="debug-fork" cx={x(shared)} cy="10" r="3" />}
        {first && (
          <path className="debug-broken" d="M0-5L5 0 0 5-5 0z" transform={`translate(${x(first.at)} 10)`} />
        )}
        {here && <line className="debug-here" x1={x(at)} x2={x(at)} y1="2" y2="18" />}
      </svg>
      <span className="debug-branch-words">
        <span className="clip">{parent === null ? 'First run' : `Step ${shared + 1}: ${pretty(other)}`}</span>
        <span className="small quiet">
          {moves.length} steps, {end}
        </span>
      </span>
    </button>
  );
}

function Bookmarks(): ReactNode {
  const bookmarks = useDebug((state) => state.bookmarks);
  return (
    <section aria-label="Bookmarks" className="debug-part">
      <h3>Bookmarks</h3>
      <div className="panel-do">
        <button type="button" className="button" onClick={debug.bookmarkHere}>
          Bookmark this step, or no longer
        </button>
      </div>
      <ul className="debug-list">
        {bookmarks.map(({ position, at }) => (
          <li key={position}>
            {at < 0 ? <code className="quiet">{position}: not in this run</code> : <StepRow at={at} />}
            <Remove what={`bookmark ${position}`} onClick={() => debug.removeBookmark(position)} />
          </li>
        ))}
      </ul>
    </section>
  );
}

const LONGEST = 300;

/** Notes are lines of the scenario: they go with its text, and with its links. */
function Notes(): ReactNode {
  const notes = useSession((state) => state.run?.notes) ?? [];
  const at = useSession((state) => state.at);
  const [text, setText] = useState('');

  function add(): void {
    const { text: scenario, frame } = session.store.getState();
    const words = text.replace(/\s+/g, ' ').trim();
    if (words === '' || !frame) return;
    const line = `note ${at === 0 ? 'start' : frame.position}: ${words.replace(/(^| )#(?= |$)/g, '$1No.')}`;
    session.setText(`${scenario.trimEnd()}\n${line}\n`);
    setText('');
  }

  return (
    <section aria-label="Notes" className="debug-part">
      <h3>Notes</h3>
      <p className="quiet">
        A note is a line of the scenario’s text, so it goes wherever the text or its link goes.
      </p>
      <form
        className="debug-add"
        onSubmit={(event) => {
          event.preventDefault();
          add();
        }}
      >
        <input
          className="debug-field"
          aria-label={`Note for step ${at}`}
          placeholder={`About step ${at}`}
          maxLength={LONGEST}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <button type="submit" className="button">
          Pin
        </button>
      </form>
      <ul className="debug-list">
        {notes.map((note) => (
          <li key={`${note.at} ${note.text}`}>
            <button type="button" className="debug-step" onClick={() => void session.goto(note.at)}>
              <span className="debug-number mono">{note.at}</span>
              <span>{note.text}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
