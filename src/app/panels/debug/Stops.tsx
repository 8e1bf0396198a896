/** Breakpoints: each is a condition. The menu writes the common ones. */
import { useMemo, type ReactNode } from 'react';
import type { RunView } from '../../../worker/protocol.ts';
import type { FoundView } from '../../../worker/protocol/debug.ts';
import { IconNext, IconPrev } from '../../icons.tsx';
import { session, useSession } from '../../live.ts';
import { debug, useDebug } from '../../debug/start.ts';
import { count } from '../../words.ts';
import { ConditionField, MistakeLine, Remove } from './parts.tsx';

export function Stops(): ReactNode {
  const breakpoints = useDebug((state) => state.breakpoints);
  const found = useDebug((state) => state.found);
  const stops = useSession((state) => state.stops.length);
  return (
    <>
      <p className="quiet">
        Playing stops where one of these is so. What a step does stops at each such step; how things stand, at
        the step with which it comes to be so.
      </p>
      <div className="panel-do">
        <button type="button" className="button" onClick={() => void session.runOn(-1)}>
          <IconPrev />
          Run back
        </button>
        <button type="button" className="button button-main" onClick={() => void session.runOn(1)}>
          Run on
          <IconNext />
        </button>
        <span className="small faint debug-count">
          {stops === 0 ? 'no stop in this run' : count(stops, 'stop')}
        </span>
      </div>
      <Quick />
      <ConditionField
        label="Condition of a new breakpoint"
        placeholder="f0.refcount > 1 and step.thread = child"
        action="Add"
        onTake={debug.addBreakpoint}
      />
      {breakpoints.length === 0 ? (
        <p className="debug-none quiet">
          No breakpoint yet. <kbd className="key">B</kbd> sets one at steps like the one on the screen.
        </p>
      ) : (
        <ul className="debug-list">
          {breakpoints.map(({ text, on }) => (
            <li key={text}>
              <label className="debug-switch">
                <input
                  type="checkbox"
                  checked={on}
                  onChange={(event) => debug.switchBreakpoint(text, event.target.checked)}
                />
                <code>{text}</code>
              </label>
              <Remove what={`breakpoint ${text}`} onClick={() => debug.removeBreakpoint(text)} />
              {on && <Hits found={found[text]} />}
            </li>
          ))}
        </ul>
      )}
      <Reference />
    </>
  );
}

const SHOWN = 12;

function Hits({ found }: { readonly found: FoundView | undefined }): ReactNode {
  const at = useSession((state) => state.at);
  if (!found) return null;
  if (found.mistake) return <MistakeLine mistake={found.mistake} />;
  const { hits } = found;
  return (
    <p className="small quiet debug-hits">
      {hits.length === 0 ? 'Never in this run.' : `${count(hits.length, 'step')}:`}
      {hits.slice(0, SHOWN).map((hit) => (
        <button
          key={hit}
          type="button"
          className="debug-hit mono"
          aria-current={hit === at ? 'step' : undefined}
          onClick={() => void session.goto(hit)}
        >
          {hit}
        </button>
      ))}
      {hits.length > SHOWN && ` and ${hits.length - SHOWN} more`}
    </p>
  );
}

interface Group {
  readonly label: string;
  readonly items: readonly (readonly [text: string, words: string])[];
}

/** What this run has: its functions, locks, folios, entries and decisions. */
function Quick(): ReactNode {
  const run = useSession((state) => state.run);
  const at = useSession((state) => state.at);
  const facts = useDebug((state) => state.facts);
  const groups = useMemo(
    () =>
      run
        ? groupsOf(
            run,
            at,
            facts.map((fact) => fact.path),
          )
        : [],
    [run, at, facts],
  );
  return (
    <label className="debug-quick">
      <span className="unseen">Add a common breakpoint</span>
      <select
        className="button"
        value=""
        onChange={(event) => {
          if (event.target.value !== '') debug.addBreakpoint(event.target.value);
        }}
      >
        <option value="">Add a common one…</option>
        {groups.map(({ label, items }) => (
          <optgroup key={label} label={label}>
            {items.map(([text, words]) => (
              <option key={text} value={text}>
                {words}
              </option>
            ))}
          </optgroup>
        ))}
      </select>
    </label>
  );
}

function groupsOf(run: RunView, at: number, paths: readonly string[]): readonly Group[] {
  const step = run.steps[Math.max(0, at - 1)];
  const names = (pattern: RegExp): readonly string[] =>
    paths.flatMap((path) => pattern.exec(path)?.[1] ?? []);
  const functions = [...new Set(run.steps.map((one) => one.routine))].sort();
  const locks = new Set(run.locks.map((bar) => bar.label));
  const lock = (label: string, text: string): readonly [string, string][] =>
    [...locks].some((one) => one.startsWith(label)) ? [[text, `${label} is taken`]] : [];
  return [
    {
      label: 'Rules',
      items: [
        ['step.decides', 'a rule decides'],
        ['step.mark = copy', 'a page is copied'],
        ['step.mark = fault', 'a page fault'],
        ['step.flushes', 'TLBs are flushed'],
        ['broken', 'a rule breaks'],
      ],
    },
    {
      label: 'This step',
      items: step
        ? [
            [
              `step.row = ${step.routine}.${step.label}`,
              `${step.routine}, ${step.label.replaceAll('_', ' ')}`,
            ],
          ]
        : [],
    },
    { label: 'Function', items: functions.map((name) => [`step.function = ${name}`, name]) },
    {
      label: 'Lock',
      items: [
        ...lock('mmap_sem', 'step.takes = mmap_lock'),
        ...lock('mmap_lock', 'step.takes = mmap_lock'),
        ...lock('VMA lock', 'step.takes = vma_lock'),
        ...lock('PTL', 'step.takes = ptl'),
        ...lock('folio lock', 'step.takes = folio_lock'),
        ...run.lanes
          .filter((lane) => lane.who >= 0)
          .map(({ name }): [string, string] => [`${name}.waits`, `${name} has to wait`]),
      ],
    },
    {
      label: 'Folio',
      items: names(/^(f\d+)\.refcount$/).flatMap((f): [string, string][] => [
        [`changes ${f}.refcount`, `${f}: its references change`],
        [`changes ${f}.bytes`, `${f}: its bytes change`],
        [`step.touches = ${f}`, `${f}: anything`],
      ]),
    },
    {
      label: 'Page-table entry',
      items: names(/^(.+)\.writable$/).map((entry) => [
        `step.writes = ${entry}`,
        `${entry} is set or cleared`,
      ]),
    },
  ];
}

/** The words of the language, from the registry. */
function Reference(): ReactNode {
  const facts = useDebug((state) => state.facts);
  const seen = new Set<string>();
  const one = facts.filter(({ path, says }) => {
    const kind = `${path.startsWith('step.') ? path : path.replace(/^.*\./, '')} ${says}`;
    return !seen.has(kind) && seen.add(kind);
  });
  return (
    <details className="debug-reference">
      <summary>What can be asked</summary>
      <p className="small quiet">
        Compare with <code>= != &lt; &lt;= &gt; &gt;=</code>, join with <code>and or not ( )</code>;{' '}
        <code>changes</code> before a fact or an entry: not what it was a step ago; <code>broken</code>: a
        rule breaks.
      </p>
      <dl className="debug-facts">
        {one.map(({ path, says }) => (
          <div key={path}>
            <dt>
              <code>{path}</code>
            </dt>
            <dd className="small quiet">{says}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
