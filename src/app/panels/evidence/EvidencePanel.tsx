/**
 * What real kernels did, and whether the models say the same: by family and kernel, each experiment a
 * scenario.
 */
import { Fragment, useEffect, useState, type ReactNode } from 'react';
import type { StoredEvidence } from '../../../worker/protocol.ts';
import { IconBroken, IconDash, IconDots, IconTick } from '../../icons.tsx';
import { session } from '../../live.ts';
import { PanelHead } from '../PanelHead.tsx';
import './evidence.css';

type Known = StoredEvidence | null | 'waiting';

export default function EvidencePanel(): ReactNode {
  const [known, learn] = useState<Known>('waiting');
  useEffect(() => {
    let here = true;
    void import('virtual:evidence').then(({ default: stored }) => here && learn(stored));
    return () => {
      here = false;
    };
  }, []);
  return (
    <>
      <PanelHead title="Evidence" />
      <div className="panel-body evidence">
        {known === 'waiting' ? null : known === null ? (
          <p className="quiet">
            This copy was built without recordings. <span className="mono">folioscope evidence</span> compares
            the models with them.
          </p>
        ) : (
          <Table {...known} />
        )}
      </div>
    </>
  );
}

const WORDS: Readonly<Record<string, string>> = {
  c: 'confirmed',
  f: 'the same bytes, other frames',
  v: 'contradicted',
  n: 'not modelled',
  '-': 'not run there',
};

function Table({ kernels, families, experiments, contradictions }: StoredEvidence): ReactNode {
  const [open, show] = useState('');
  return (
    <>
      <p className="quiet evidence-lead">
        {experiments.length.toLocaleString('en')} small experiments were recorded on real kernels: every byte,
        error and page frame after every operation. A number is how many of them the model confirms. Open a
        family, then an experiment.
      </p>
      <div className="evidence-scroll" tabIndex={-1}>
        <table className="evidence-table">
          <thead>
            <tr>
              <th scope="col" className="evidence-corner small">
                ABOUT
              </th>
              {kernels.map(({ kernel, model }) => (
                <th
                  key={kernel}
                  scope="col"
                  className="evidence-kernel"
                  title={`judged by ${model ?? 'no model'}`}
                >
                  <span className="mono small">{kernel}</span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {families.map(({ name, counts }) => (
              <Fragment key={name}>
                <tr>
                  <th scope="row" className="evidence-name">
                    <button
                      type="button"
                      className="evidence-family"
                      aria-expanded={open === name}
                      onClick={() => show(open === name ? '' : name)}
                    >
                      {name}
                    </button>
                  </th>
                  {counts.map(({ text, contradicted, notModelled }, i) => (
                    <td
                      key={kernels[i]!.kernel}
                      className="evidence-count"
                      data-sign={contradicted > 0 ? 'v' : notModelled > 0 ? 'n' : 'c'}
                    >
                      {text}
                    </td>
                  ))}
                </tr>
                {open === name &&
                  experiments
                    .filter((e) => e.family === name)
                    .map((e) => <Experiment key={e.name} {...e} kernels={kernels} />)}
              </Fragment>
            ))}
          </tbody>
        </table>
      </div>
      <ul className="evidence-legend small quiet">
        {Object.entries(WORDS).map(([sign, words]) => (
          <li key={sign}>
            <Mark sign={sign} /> {words}
          </li>
        ))}
      </ul>
      {contradictions.map((c) => (
        <p key={`${c.kernel} ${c.name}`} className="small evidence-wrong">
          <b>
            {c.name} on {c.kernel}
          </b>
          : <span className="mono">{c.op}</span> showed <span className="mono">{c.recorded}</span>, the model
          says <span className="mono">{c.predicted}</span>.
        </p>
      ))}
    </>
  );
}

type ExperimentProps = StoredEvidence['experiments'][number] & Pick<StoredEvidence, 'kernels'>;

function Experiment({ name, text, signs, kernels }: ExperimentProps): ReactNode {
  const models = kernels.map((k) => k.model);
  return (
    <tr className="evidence-experiment">
      <th scope="row" className="evidence-name">
        <button type="button" className="evidence-open mono small" onClick={() => start(text, models.at(-1))}>
          {name}
        </button>
      </th>
      {[...signs].map((sign, i) => (
        <td key={kernels[i]!.kernel}>
          <button
            type="button"
            className="evidence-sign"
            data-sign={sign}
            disabled={sign === 'n' || sign === '-'}
            aria-label={`${name} on ${kernels[i]!.kernel}: ${WORDS[sign] ?? ''}`}
            onClick={() => start(text, models[i])}
          >
            <Mark sign={sign} />
          </button>
        </td>
      ))}
    </tr>
  );
}

function Mark({ sign }: { readonly sign: string }): ReactNode {
  if (sign === 'c') return <IconTick />;
  if (sign === 'v' || sign === 'f') return <IconBroken />;
  return sign === 'n' ? <IconDots /> : <IconDash />;
}

/** As a scenario, on the model that stands for the kernel. */
function start(text: string, model: string | null | undefined): void {
  session.show(null);
  const place = { schedule: '', without: [], position: '', turn: true, tell: false };
  void session.open({ scenario: '', text, model: model ?? session.store.getState().model, ...place });
}
