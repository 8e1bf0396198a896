/** The address space of each process: its VMAs as /proc has them, and a cell for each page. */
import { useState, type ReactNode } from 'react';
import type { AreaView, EntryView, SpaceView, StructureView } from '../../../worker/protocol/structure.ts';
import { session } from '../../live.ts';
import { hueClass, Swatch } from '../../parts/Swatch.tsx';
import { count } from '../../words.ts';
import { likeEntry, pagesIn, runsOf, type Found } from './group.ts';

interface Props {
  readonly view: StructureView;
  readonly chosen: Found | null;
}

export function Spaces({ view, chosen }: Props): ReactNode {
  return (
    <section aria-label="Address spaces">
      <h3>What does each process map?</h3>
      {view.spaces.map((space) => (
        <Space key={space.id} view={view} space={space} chosen={chosen} />
      ))}
    </section>
  );
}

const STATES = { alive: '', exited: 'has exited' } as const;
const born = ({ areas }: SpaceView): string => (areas.length > 0 ? 'just filled by fork' : 'not born yet');

function Space({ view, space, chosen }: Props & { readonly space: SpaceView }): ReactNode {
  return (
    <div className="memory-space">
      <h4>
        <Swatch who={space.who} /> {space.name}{' '}
        <span className="small faint">{space.state === 'unborn' ? born(space) : STATES[space.state]}</span>
      </h4>
      {space.areas.map((area) => (
        <Area key={area.entries[0]?.id} view={view} area={area} chosen={chosen} />
      ))}
    </div>
  );
}

function Area({ view, area, chosen }: Props & { readonly area: AreaView }): ReactNode {
  const [open, setOpen] = useState<readonly string[]>([]);
  const short = (address: string): string => address.replace('0x', '');
  return (
    <div className="memory-area" data-gone={area.may === ''}>
      <p className="memory-line small">
        <code>
          {short(area.from)}-{short(area.to)}
        </code>{' '}
        <code className="memory-may">{area.may === '' ? 'hole' : area.may}</code>{' '}
        <code className="strong">{area.name}</code>{' '}
        <span className="faint">
          {count(area.pages, 'page')}
          {area.pmd === 'huge' && ', mapped by its PMD entry'}
          {area.pmd === 'empty' && ', no table yet'}
        </span>
      </p>
      <ul className="memory-cells" aria-label={`Pages of ${area.name}`}>
        {runsOf(area.entries, likeEntry).map(({ of, folded }) => {
          const first = of[0]!;
          if (folded && !open.includes(first.id))
            return (
              <li key={first.id}>
                <Fold of={of} open={() => setOpen([...open, first.id])} />
              </li>
            );
          return of.map((entry) => (
            <li key={entry.id}>
              <Cell view={view} entry={entry} chosen={chosen?.entry.id === entry.id} />
            </li>
          ));
        })}
      </ul>
    </div>
  );
}

const ALIKE = { empty: 'empty', unmapped: 'not mapped' } as const;

function Fold({ of, open }: { readonly of: readonly EntryView[]; readonly open: () => void }): ReactNode {
  const { state } = of[0]!;
  const what = state === 'empty' || state === 'unmapped' ? ALIKE[state] : 'of one huge page';
  return (
    <button type="button" className="memory-cell memory-fold" aria-expanded={false} onClick={open}>
      {of[0]!.name} to {of.at(-1)!.name}: {count(pagesIn(of), 'page')}, {what}
    </button>
  );
}

interface CellProps {
  readonly view: StructureView;
  readonly entry: EntryView;
  readonly chosen: boolean;
}

function Cell({ view, entry, chosen }: CellProps): ReactNode {
  const page = view.physical.find(({ pfn }) => pfn === entry.leads);
  const says = `${entry.name}: ${wordsOf(entry, page?.name ?? '')}`;
  return (
    <button
      type="button"
      className={`memory-cell ${hueClass(page?.bytes?.who ?? -1)}`}
      data-state={entry.state}
      data-writable={entry.writable}
      aria-pressed={chosen}
      title={says}
      onClick={() => session.select(entry.id)}
    >
      <span className="unseen">{says}</span>
      <span className="memory-shown" aria-hidden="true">
        <span className="mono">{entry.name}</span>
        {entry.pages > 1 && <span className="small faint">× {entry.pages}</span>}
        <Arrow entry={entry} />
        <span className="mono">{page?.name === 'the page of zeros' ? 'zeros' : (page?.name ?? '')}</span>
      </span>
    </button>
  );
}

/** The edges of the picture, small: thick writes, thin reads, dots wait. */
function Arrow({ entry: { state, writable } }: { readonly entry: EntryView }): ReactNode {
  if (state === 'empty' || state === 'unmapped') return <span className="faint">{ALIKE[state]}</span>;
  return (
    <svg width="22" height="10" viewBox="0 0 22 10" className="memory-arrow" aria-hidden="true">
      <path
        d={writable ? 'M0 5h14' : 'M0 5h20'}
        strokeWidth={writable ? 4 : 1.5}
        strokeDasharray={state === 'page' ? undefined : '2 3'}
      />
      {writable ? (
        <path d="M13 0l8 5-8 5z" className="memory-tip" />
      ) : (
        <path d="M15 1l5 4-5 4" strokeWidth="1.5" />
      )}
    </svg>
  );
}

function wordsOf({ state, writable }: EntryView, page: string): string {
  switch (state) {
    case 'page':
      return `${writable ? 'writable' : 'read-only'}, ${page}`;
    case 'swapped':
      return `swapped out, ${page}`;
    case 'away':
      return `waits for ${page} to move`;
    case 'marker':
      return 'a userfaultfd marker';
    case 'empty':
      return 'empty';
    case 'unmapped':
      return 'not mapped';
  }
}
