/** The table: names to the left, kernels above, a sign in each cell, and the sentence of the chosen one. */
import { useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import type { ModelInfo } from '../../../worker/protocol.ts';
import { IconBroken, IconDash, IconDots, IconTick } from '../../icons.tsx';
import { session, useSession } from '../../live.ts';
import type { CellOf, RowOf, Sign } from './rows.ts';

interface Props {
  readonly rows: readonly RowOf[];
  readonly models: readonly ModelInfo[];
  readonly head: string;
}
interface Place {
  readonly row: number;
  readonly column: number;
}

const WORDS: Readonly<Record<Sign, string>> = {
  ok: 'holds',
  broken: 'broken',
  open: 'not decided',
  none: 'nothing to judge',
  running: 'being worked out',
};
const ARROWS: Readonly<Record<string, Place>> = {
  ArrowUp: { row: -1, column: 0 },
  ArrowDown: { row: 1, column: 0 },
  ArrowLeft: { row: 0, column: -1 },
  ArrowRight: { row: 0, column: 1 },
};

export function Grid({ rows, models, head }: Props): ReactNode {
  const [chosen, choose] = useState<Place | null>(null);
  const table = useRef<HTMLTableElement>(null);
  const current = useSession((state) => state.model);
  const stop = chosen ?? { row: 0, column: 0 };

  function keys(event: KeyboardEvent): void {
    const by = ARROWS[event.key];
    if (by === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    const row = Math.max(0, Math.min(rows.length - 1, stop.row + by.row)),
      column = Math.max(0, Math.min(models.length - 1, stop.column + by.column));
    choose({ row, column });
    table.current?.querySelector<HTMLElement>(`[data-place="${row} ${column}"]`)?.focus();
  }

  return (
    <>
      <div className="matrix-scroll" tabIndex={-1}>
        <table className="matrix-table" ref={table}>
          <thead>
            <Eras models={models} />
            <tr>
              <th scope="col" className="matrix-corner small">
                {head}
              </th>
              {models.map((m, i) => (
                <th
                  key={m.id}
                  scope="col"
                  className="matrix-model"
                  data-current={m.id === current}
                  data-first={startsEra(models, i)}
                >
                  <span className="mono small">{m.id}</span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, r) => (
              <tr key={row.id}>
                <th scope="row" className="matrix-name" title={row.says}>
                  <span className="matrix-row">
                    <span className="clip">{row.name}</span>
                    {row.short !== '' && <span className="mono small faint clip">{row.short}</span>}
                  </span>
                </th>
                {row.cells.map((cell, c) => (
                  <td
                    key={models[c]!.id}
                    data-current={models[c]!.id === current}
                    data-first={startsEra(models, c)}
                  >
                    <button
                      type="button"
                      className="matrix-cell"
                      data-place={`${r} ${c}`}
                      data-sign={cell.sign}
                      tabIndex={stop.row === r && stop.column === c ? 0 : -1}
                      aria-pressed={chosen?.row === r && chosen.column === c}
                      aria-label={`${row.name}, ${models[c]!.id}: ${WORDS[cell.sign]}`}
                      onKeyDown={keys}
                      onClick={() => choose({ row: r, column: c })}
                      onDoubleClick={() => open(cell)}
                    >
                      <CellSign sign={cell.sign} />
                    </button>
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <Chosen rows={rows} models={models} place={chosen} />
    </>
  );
}

function open({ run }: CellOf): void {
  if (run === null) return;
  session.show(null);
  void session.openRun(run);
}

function CellSign({ sign }: { readonly sign: Sign }): ReactNode {
  if (sign === 'ok') return <IconTick />;
  if (sign === 'broken') return <IconBroken />;
  return sign === 'none' ? <IconDash /> : <IconDots />;
}

/** What decides reuse there; the proposals are one group. */
const eraOf = (m: ModelInfo): string => (m.proposal ? 'proposals from the mails' : m.looksAt.split(',')[0]!);
const startsEra = (models: readonly ModelInfo[], i: number): boolean =>
  i === 0 || eraOf(models[i]!) !== eraOf(models[i - 1]!);

function Eras({ models }: { readonly models: readonly ModelInfo[] }): ReactNode {
  const groups: { name: string; span: number }[] = [];
  models.forEach((m, i) => {
    if (startsEra(models, i)) groups.push({ name: eraOf(m), span: 1 });
    else groups.at(-1)!.span += 1;
  });
  return (
    <tr>
      <td className="matrix-corner">&nbsp;</td>
      {groups.map(({ name, span }, i) => (
        <th key={`${name} ${i}`} scope="colgroup" colSpan={span} className="matrix-era small">
          <span className="clip">{name}</span>
        </th>
      ))}
    </tr>
  );
}

/** The sentence of a cell, and the way into its run. */
function Chosen({
  rows,
  models,
  place,
}: Pick<Props, 'rows' | 'models'> & { readonly place: Place | null }): ReactNode {
  const row = place === null ? undefined : rows[place.row],
    cell = place === null ? undefined : row?.cells[place.column];
  if (place === null || row === undefined || cell === undefined)
    return <p className="matrix-chosen quiet">Choose a sign to read what it says.</p>;
  return (
    <div className="matrix-chosen" aria-live="polite">
      <CellSign sign={cell.sign} />
      <p>
        <b>
          {row.name.replace(/\.$/, '')} on {models[place.column]!.id}
        </b>{' '}
        {cell.says} {row.short !== 'question' && <span className="quiet">{row.says}</span>}
      </p>
      {cell.run !== null && (
        <button type="button" className="button button-main" onClick={() => open(cell)}>
          Open
        </button>
      )}
    </div>
  );
}
