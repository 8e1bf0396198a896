/** All physical pages by their numbers: who uses them, and where else the kernel keeps them in mind. */
import { useState, type ReactNode } from 'react';
import type { PhysicalView, StructureView } from '../../../worker/protocol/structure.ts';
import { session, useSession } from '../../live.ts';
import { hueClass } from '../../parts/Swatch.tsx';
import { count } from '../../words.ts';
import { likePage, pagesIn, runsOf, type Found } from './group.ts';

interface Props {
  readonly view: StructureView;
  readonly chosen: Found | null;
}

export function Physical({ view, chosen }: Props): ReactNode {
  const slots = view.physical.filter(({ kind }) => kind === 'slot');
  const pages = view.physical.filter(({ kind }) => kind !== 'slot');
  const free = pages.filter(({ kind }) => kind === 'free');
  const large = pages.filter(({ kind }) => kind === 'large' || kind === 'huge');
  const { pool } = view;
  return (
    <section aria-label="Physical memory">
      <h3>What is in physical memory?</h3>
      <p className="small quiet">
        {count(pagesIn(pages) - pagesIn(free), 'page')} in use, {pagesIn(free)} free
        {large.length > 0 && `, ${new Set(large.map(({ head }) => head)).size} of more than one page`}.
        {pool && ` Pool of 2 MB pages: ${pool.size}, ${pool.free} free, ${pool.reserved} of them promised.`}
      </p>
      <Pages of={pages} label="Pages by number" chosen={chosen} />
      {slots.length > 0 && (
        <>
          <h4>Swap slots</h4>
          <Pages of={slots} label="Swap slots" chosen={chosen} />
        </>
      )}
    </section>
  );
}

interface PagesProps {
  readonly of: readonly PhysicalView[];
  readonly label: string;
  readonly chosen: Found | null;
}

function Pages({ of, label, chosen }: PagesProps): ReactNode {
  const [open, setOpen] = useState<readonly number[]>([]);
  return (
    <ul className="memory-cells" aria-label={label}>
      {runsOf(of, likePage).map(({ of: run, folded }) => {
        const first = run[0]!;
        if (folded && !open.includes(first.pfn))
          return (
            <li key={first.pfn}>
              <button
                type="button"
                className="memory-cell memory-fold"
                aria-expanded={false}
                onClick={() => setOpen([...open, first.pfn])}
              >
                {first.pfn} to {run.at(-1)!.pfn}: free
              </button>
            </li>
          );
        return run.map((page) => (
          <li key={page.pfn}>
            <Page page={page} lit={chosen?.entry.leads === page.pfn} />
          </li>
        ));
      })}
    </ul>
  );
}

const KINDS = {
  zero: 'page of zeros',
  free: 'free',
  page: 'one page',
  large: 'of a large folio',
  huge: 'of 2 MB',
  slot: 'swap slot',
} as const;

function Page({ page, lit }: { readonly page: PhysicalView; readonly lit: boolean }): ReactNode {
  const selected = useSession((state) => state.selection === page.id && page.id !== '');
  const { pfn, id, name, kind, head, pages, bytes, mapcount, refcount, also } = page;
  const used = kind !== 'free' && (kind !== 'slot' || refcount > 0);
  const counts = used && kind !== 'zero' ? `, mapcount ${mapcount}, refcount ${refcount}` : '';
  const holds = bytes && used ? `, holds “${bytes.text}”` : '';
  const part = head === pfn ? '' : ', not the first';
  const more = also.map((one) => `, ${one}`).join('');
  const says = `Number ${pfn}, ${name}: ${KINDS[kind]}${part}${counts}${holds}${more}`;
  return (
    <button
      type="button"
      className={`memory-cell memory-page ${hueClass(bytes?.who ?? -1)}`}
      data-kind={used ? kind : 'free'}
      data-inside={head !== pfn}
      data-lit={lit}
      aria-pressed={selected}
      aria-disabled={id === ''}
      title={says}
      onClick={() => id !== '' && session.select(id)}
    >
      <span className="unseen">{says}</span>
      <span className="memory-shown" aria-hidden="true">
        <span className="small faint">{pfn}</span>
        <span className="mono">{kind === 'zero' ? 'zeros' : name}</span>
        {pages > 1 && <span className="small faint">× {pages}</span>}
        {used && kind !== 'zero' && (
          <span className="small">
            map {mapcount} / ref {refcount}
          </span>
        )}
        {bytes && used && (
          <i className={`memory-band pattern ${hueClass(bytes.who)}`} data-pale={!bytes.fresh} />
        )}
      </span>
    </button>
  );
}
