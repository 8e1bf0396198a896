/**
 * The decision lens: every rule, asked with the numbers of this step. Change a number, and see which rules
 * change their answer.
 */
import { useEffect, useState, type ReactNode } from 'react';
import type { LensView, Supposed } from '../../worker/protocol.ts';
import { Explained } from '../glossary/glossary.ts';
import { IconCopy } from '../icons.tsx';
import { engine, session, useSession } from '../live.ts';
import { useKernels } from '../strip/useStrip.ts';
import { range } from './range.ts';
import './lens.css';

type Row = LensView['rows'][number];
type Answers = Readonly<Record<string, string>>;

export default function Lens({ at }: { readonly at: number }): ReactNode {
  const run = useSession((state) => state.run);
  const [supposed, suppose] = useState<{ readonly at: number; readonly page: Supposed } | null>(null);
  const page = supposed?.at === at ? supposed.page : null;
  const [real, setReal] = useState<LensView | null>(null);
  const [shown, setShown] = useState<LensView | null>(null);
  useEffect(() => {
    if (!run) return undefined;
    let wanted = true;
    engine.lens(at, null).then(
      (view) => wanted && setReal(view),
      () => wanted && setReal(null),
    );
    return () => {
      wanted = false;
    };
  }, [run, at]);
  useEffect(() => {
    if (page === null) return undefined;
    let wanted = true;
    engine.lens(at, page).then(
      (view) => wanted && setShown(view),
      () => undefined,
    );
    return () => {
      wanted = false;
    };
  }, [at, page]);
  if (!real) return null;
  const view = page !== null && shown ? shown : real;
  const before: Answers = Object.fromEntries(real.rows.map((row) => [row.model, row.answer]));
  return (
    <div className="lens">
      <p className="small faint">
        Every rule, asked with the numbers of {page === null ? 'this step' : 'your choice'}. Change one to see
        where the answer changes.
      </p>
      <Numbers page={page ?? real.page} real={real.page} set={(next) => suppose({ at, page: next })} />
      {page !== null && (
        <button type="button" className="link small" onClick={() => suppose(null)}>
          Back to the numbers of this step
        </button>
      )}
      <Answers rows={view.rows} before={before} />
    </div>
  );
}

/** `refcount 1? no, 2`. */
function seen({ asks, sees }: Row['asked'][number]): string {
  if (sees === 1) return `${asks} yes`;
  return asks.includes('1') ? `${asks} no, ${sees}` : `${asks} no`;
}

interface NumbersProps {
  readonly page: Supposed;
  readonly real: Supposed;
  readonly set: (page: Supposed) => void;
}

const COUNTS = [
  { id: 'mapcount', name: 'mapcount', one: 'mapping', least: 1, most: 4 },
  { id: 'others', name: 'other references', one: 'other reference', least: 0, most: 4 },
  { id: 'pins', name: 'pins', one: 'pin', least: 0, most: 3 },
] as const;

function Numbers({ page, real, set }: NumbersProps): ReactNode {
  return (
    <div className="lens-numbers">
      {COUNTS.map(({ id, name, one, least, most }) => (
        <fieldset key={id} className="lens-count" data-changed={page[id] !== real[id]}>
          <legend>
            <Explained text={name} />
          </legend>
          <button
            type="button"
            className="button button-icon lens-by"
            aria-label={`One ${one} less`}
            aria-disabled={page[id] <= least}
            onClick={() => page[id] > least && set({ ...page, [id]: page[id] - 1 })}
          >
            −
          </button>
          <output className="mono strong">{page[id]}</output>
          <button
            type="button"
            className="button button-icon lens-by"
            aria-label={`One ${one} more`}
            aria-disabled={page[id] >= most}
            onClick={() => page[id] < most && set({ ...page, [id]: page[id] + 1 })}
          >
            +
          </button>
        </fieldset>
      ))}
      {(['batched', 'exclusive'] as const).map((id) => (
        <label key={id} className="lens-mark" data-changed={page[id] !== real[id]}>
          <input
            type="checkbox"
            checked={page[id]}
            onChange={(event) => set({ ...page, [id]: event.target.checked })}
          />
          <span>
            <Explained text={id === 'batched' ? 'in the LRU batch' : 'marked exclusive'} />
          </span>
        </label>
      ))}
    </div>
  );
}

/** Neighbours that ask the same and answer the same share a row; so do proposals. */
function Answers({ rows, before }: { readonly rows: readonly Row[]; readonly before: Answers }): ReactNode {
  const { eras, proposals } = useKernels();
  const model = useSession((state) => state.model);
  const of = (ids: readonly string[]) => ids.flatMap((id) => rows.find((row) => row.model === id) ?? []);
  const key = (row: Row): string =>
    `${row.asked.map(({ asks }) => asks).join()} ${row.answer} ${before[row.model]}`;
  const groups: { readonly row: Row; readonly ids: string[]; readonly era: boolean }[] = [];
  for (const row of of(eras)) {
    const last = groups.at(-1);
    if (last && key(last.row) === key(row)) last.ids.push(row.model);
    else groups.push({ row, ids: [row.model], era: true });
  }
  for (const row of of(proposals)) {
    const same = groups.find((one) => !one.era && key(one.row) === key(row));
    if (same) same.ids.push(row.model);
    else groups.push({ row, ids: [row.model], era: false });
  }
  return (
    <table className="rules">
      <tbody>
        {groups.map(({ row, ids, era }) => {
          const last = row.asked.at(-1);
          const was = before[row.model];
          return (
            <tr key={ids.join()} data-current={ids.includes(model)} data-flipped={was !== row.answer}>
              <th scope="row" className={era ? 'mono' : ''} title={ids.join(', ')}>
                <button
                  type="button"
                  className="rules-go"
                  onClick={() => void session.setModel(ids.at(-1) ?? model)}
                >
                  {era ? range(ids) : ids.length === 1 ? ids[0] : `${ids.length} proposals`}
                </button>
              </th>
              <td>{last ? seen(last) : 'asks nothing'}</td>
              <td>
                <span className="rules-verdict">
                  {row.answer === 'copy' && <IconCopy size={14} />}
                  {row.answer}
                </span>
                {was !== row.answer && <span className="lens-was small">was {was}</span>}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
