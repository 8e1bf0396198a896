/** One virtual address: its bits, what they select at each level, the entry at the end, and who shares it. */
import { useId, useState, type ReactNode } from 'react';
import type { EntryView, StructureView } from '../../../worker/protocol/structure.ts';
import type { PteRow } from '../../../scene/scene.ts';
import { session, useSession } from '../../live.ts';
import { Swatch } from '../../parts/Swatch.tsx';
import { entryAt, sharersOf, type Found } from './group.ts';

interface Props {
  readonly view: StructureView;
  readonly chosen: Found | null;
}

export function Walk({ view, chosen }: Props): ReactNode {
  const space = view.spaces.find(({ areas }) => chosen !== null && areas.includes(chosen.area));
  return (
    <section className="memory-walk" aria-label="Page-table walk">
      <h3>How is an address found?</h3>
      <Ask view={view} process={space?.id ?? view.spaces[0]?.id ?? ''} />
      {chosen && space ? (
        <>
          <h4 className="memory-address">
            <Swatch who={space.who} /> {space.name} <span className="mono">{chosen.entry.name}</span>
          </h4>
          <Bits entry={chosen.entry} />
          <Levels found={chosen} />
          <End view={view} found={chosen} />
        </>
      ) : (
        <p className="quiet">No process has memory at this step.</p>
      )}
    </section>
  );
}

/** An address by hand: in hex, or a page by its name. */
function Ask({ view, process }: { readonly view: StructureView; readonly process: string }): ReactNode {
  const id = useId();
  const [said, say] = useState('');
  const [whose, setWhose] = useState(process);
  const here = view.spaces.some((one) => one.id === whose) ? whose : process;
  const submit = (event: React.SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const text = new FormData(event.currentTarget).get('address');
    const wanted = typeof text === 'string' ? text : '';
    const found = entryAt(view, here, wanted);
    if (found) session.select(found.entry.id);
    const name = view.spaces.find((one) => one.id === here)?.name ?? '';
    say(
      found
        ? ''
        : `${name} has nothing at “${wanted}”. An address is hex, as 7f5a40400000, or a page, as a.0.`,
    );
  };
  return (
    <>
      <form className="memory-ask" onSubmit={submit}>
        <label className="unseen" htmlFor={`${id}p`}>
          Process
        </label>
        <select
          id={`${id}p`}
          className="button"
          value={here}
          onChange={(event) => setWhose(event.target.value)}
        >
          {view.spaces.map((one) => (
            <option key={one.id} value={one.id}>
              {one.name}
            </option>
          ))}
        </select>
        <label className="unseen" htmlFor={`${id}a`}>
          Address
        </label>
        <input
          id={`${id}a`}
          name="address"
          className="memory-field mono"
          placeholder="7f5a40400000 or a.0"
          autoComplete="off"
          spellCheck={false}
        />
        <button type="submit" className="button">
          Walk
        </button>
      </form>
      <output className="small bad memory-said">{said}</output>
    </>
  );
}

const NAMES = ['PGD', 'PUD', 'PMD', 'PTE'] as const;
const RANGES = ['47–39', '38–30', '29–21', '20–12'] as const;

/** The address as the hardware cuts it. */
function Bits({ entry }: { readonly entry: EntryView }): ReactNode {
  return (
    <div className="memory-bits" aria-hidden="true">
      {entry.index.map((index, level) => (
        <span key={NAMES[level]} className="memory-bit" data-inside={entry.huge && level === 3}>
          <b className="small">{NAMES[level]}</b>
          <code>{index.toString(2).padStart(9, '0')}</code>
          <span className="small faint">{RANGES[level]}</span>
        </span>
      ))}
      <span className="memory-bit" data-inside="true">
        <b className="small">byte</b>
        <code>0…0</code>
        <span className="small faint">11–0</span>
      </span>
    </div>
  );
}

function Levels({ found: { area, entry } }: { readonly found: Found }): ReactNode {
  const leads = [
    'a PUD table',
    'a PMD table',
    area.pmd === 'table' ? 'a table of PTEs' : area.pmd === 'huge' ? 'a huge page of 2 MB' : 'nothing yet',
    area.pmd === 'table' ? endOf(entry) : area.pmd === 'huge' ? `page ${entry.index[3]} inside it` : '',
  ];
  return (
    <table className="memory-table">
      <caption className="unseen">Levels of the walk to {entry.address}</caption>
      <thead>
        <tr className="small faint">
          <th scope="col">Level</th>
          <th scope="col">Bits</th>
          <th scope="col">Entry</th>
          <th scope="col">leads to</th>
        </tr>
      </thead>
      <tbody>
        {NAMES.map((name, level) => (
          <tr key={name} data-empty={leads[level] === ''}>
            <th scope="row" className="mono">
              {name}
            </th>
            <td className="mono">{RANGES[level]}</td>
            <td className="mono">
              {entry.index[level]}
              {level === 3 && entry.pages > 1 && `–${(entry.index[3] + entry.pages - 1) % 512}`}
            </td>
            <td>{leads[level] === '' ? 'not reached' : leads[level]}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const endOf = ({ state, leads }: EntryView): string =>
  ({
    page: `page number ${leads}`,
    swapped: 'a swap slot',
    away: `page number ${leads}, which moves`,
    marker: 'nothing: a userfaultfd marker',
    empty: 'nothing yet',
    unmapped: 'nothing: no VMA',
  })[state];

/** What the last entry says, in words, bits and hex; and everybody else who leads there. */
function End({
  view,
  found: { area, entry },
}: {
  readonly view: StructureView;
  readonly found: Found;
}): ReactNode {
  const row = useSession((state) =>
    state.frame?.scene.tables.flatMap(({ rows }) => rows).find(({ id }) => id === entry.id),
  );
  const page = view.physical.find(({ pfn }) => pfn === entry.leads);
  const sharers = sharersOf(view, entry);
  return (
    <dl className="memory-end">
      <div>
        <dt className="small faint">{area.pmd === 'huge' ? 'PMD entry' : 'Entry'}</dt>
        <dd>
          {entry.value === '' ? 'not present' : <code className="memory-value">{entry.value}</code>}
          {row && <Flags row={row} />}
        </dd>
      </div>
      {page && (
        <div>
          <dt className="small faint">Page</dt>
          <dd>
            <span className="mono">{page.name}</span>, mapcount {page.mapcount}, refcount {page.refcount}
            {page.exclusive !== null && (page.exclusive ? ', exclusive' : ', not exclusive')}
          </dd>
        </div>
      )}
      <div>
        <dt className="small faint">Who shares it</dt>
        <dd>
          {sharers.length === 0 ? (
            'No other entry leads there.'
          ) : (
            <ul className="memory-sharers">
              {sharers.map(({ space, entry: other }) => (
                <li key={other.id}>
                  <button type="button" className="button" onClick={() => session.select(other.id)}>
                    <Swatch who={space.who} /> {space.name} <span className="mono">{other.name}</span>
                    <span className="small quiet">{other.writable ? 'writable' : 'read-only'}</span>
                  </button>
                </li>
              ))}
            </ul>
          )}
        </dd>
      </div>
      {row?.tlbs.some(({ stale }) => stale) && (
        <div>
          <dt className="small faint">Stale in</dt>
          <dd>
            {row.tlbs
              .filter(({ stale }) => stale)
              .map((tlb) => `the TLB of CPU ${tlb.cpu}: ${tlb.words}`)
              .join('; ')}
          </dd>
        </div>
      )}
    </dl>
  );
}

function Flags({ row }: { readonly row: PteRow }): ReactNode {
  return (
    <span className="memory-flags">
      {row.bits.map(({ letter, name, on, changed }) => (
        <span key={letter} className="memory-flag" data-on={on} data-changed={changed} title={name}>
          <span aria-hidden="true">{letter}</span>
          <span className="unseen">{on ? name : `not ${name}`}, </span>
        </span>
      ))}
      <span>{row.words}</span>
    </span>
  );
}
