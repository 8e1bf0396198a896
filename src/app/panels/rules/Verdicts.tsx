/** The table of verdicts: these rules, and the base beside them. A broken one opens its shortest run. */
import type { ReactNode } from 'react';
import { session } from '../../live.ts';
import { signWords, VerdictSign } from '../../strip/VerdictSign.tsx';
import { signOf } from '../../strip/sentence.ts';
import { cellOf } from './judged.ts';
import type { Asked } from './store.ts';

interface Section {
  readonly title: string;
  readonly rows: readonly Asked[];
}
interface Props {
  readonly sections: readonly Section[];
  /** The composed one, and its base where that is another one. */
  readonly models: readonly string[];
}

export function Verdicts({ sections, models }: Props): ReactNode {
  const [mine = '', base] = models;
  const rows = sections.flatMap((one) => one.rows);
  const waiting = rows.filter((one) => signOf(cellOf(mine, one)) === 'running').length;
  const broken = rows.filter((one) => signOf(cellOf(mine, one)) === 'broken').length;
  return (
    <section className="rules-right" aria-label="Verdicts">
      <p className="small quiet" aria-live="polite">
        {waiting > 0
          ? `Trying every order: ${rows.length - waiting} of ${rows.length} scenarios`
          : `Every order of ${rows.length} scenarios was tried; ${broken} of them break`}
      </p>
      <table className="rules-table">
        <thead>
          <tr>
            <th scope="col">Scenario</th>
            <th scope="col">These rules</th>
            {base !== undefined && (
              <th scope="col" className="mono">
                {base}
              </th>
            )}
          </tr>
        </thead>
        {sections.map(({ title, rows: some }) => (
          <tbody key={title}>
            <tr>
              <th scope="rowgroup" colSpan={models.length + 1} className="rules-section">
                {title}
              </th>
            </tr>
            {some.map((asked) => (
              <tr key={asked.id}>
                <th scope="row">{asked.says}</th>
                {models.map((model, place) => (
                  <td key={place} data-sign={signOf(cellOf(model, asked))}>
                    <Sign model={model} asked={asked} whose={place === 0 ? 'these rules' : model} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        ))}
      </table>
    </section>
  );
}

interface SignProps {
  readonly model: string;
  readonly asked: Asked;
  readonly whose: string;
}

function Sign({ model, asked, whose }: SignProps): ReactNode {
  const cell = cellOf(model, asked),
    { view } = cell;
  if (view?.verdict !== 'violated')
    return (
      <span className="rules-sign" title={cell.why === '' ? signWords(cell) : cell.why}>
        <VerdictSign cell={cell} />
        <span className="unseen">{cell.why === '' ? signWords(cell) : cell.why}</span>
      </span>
    );
  const word = view.word === '' ? 'broken' : view.word;
  const open = (): void => {
    const { scenario, text } = asked,
      { schedule, steps } = view;
    void session.openRun({ scenario, text, model, without: [], schedule, steps });
    session.show(null);
  };
  return (
    <button
      type="button"
      className="button rules-sign bad"
      title={view.reason}
      aria-label={`${word} on ${whose}: ${view.reason} Open the shortest run.`}
      onClick={open}
    >
      <VerdictSign cell={cell} />
      {word}
    </button>
  );
}
