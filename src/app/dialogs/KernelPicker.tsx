/** The kernels to choose from, each with the header of its rules: what, since when, what it broke. */
import { useState, type ReactNode } from 'react';
import type { CostView, ModelInfo } from '../../worker/protocol.ts';
import { session, useSession } from '../live.ts';
import { Dialog } from '../parts/Dialog.tsx';
import { signWords, VerdictSign } from '../strip/VerdictSign.tsx';
import { useCosts } from '../strip/useCosts.ts';
import { useKernels } from '../strip/useStrip.ts';
import { count, isMade } from '../words.ts';
import './dialogs.css';

export default function KernelPicker(): ReactNode {
  const models = useSession((state) => state.info?.models) ?? [];
  const { eras, proposals } = useKernels();
  const [shown, show] = useState(session.store.getState().model);
  const composed = (made: boolean): string[] =>
    models.filter((one) => one.composed && isMade(one.id) === made).map((one) => one.id);
  const model = models.find((one) => one.id === shown);
  const groups = [
    { title: 'Released', ids: eras },
    { title: 'Proposed in the mails', ids: proposals },
    { title: 'Composed, for recordings', ids: composed(false) },
    { title: 'Made by hand', ids: composed(true) },
  ];
  return (
    <Dialog title="Kernel" onClose={() => session.dialog(null)} wide>
      <div className="kernels">
        <div className="kernels-list">
          {groups
            .filter((group) => group.ids.length > 0)
            .map((group) => (
              <section key={group.title} aria-label={group.title}>
                <h3 className="small faint">{group.title}</h3>
                <ul>
                  {group.ids.map((id) => (
                    <Choice key={id} id={id} look={show} />
                  ))}
                </ul>
              </section>
            ))}
          <button
            type="button"
            className="button kernels-compose"
            onClick={() => {
              session.dialog(null);
              session.show('rules');
            }}
          >
            Compose a rule set
          </button>
        </div>
        {model && <Header model={model} />}
      </div>
    </Dialog>
  );
}

function Choice({ id, look }: { readonly id: string; readonly look: (id: string) => void }): ReactNode {
  const current = useSession((state) => state.model === id);
  const cell = useSession((state) => state.verdicts[id]);
  const known = useSession((state) => id in state.verdicts);
  return (
    <li>
      <button
        type="button"
        className="kernel-choice"
        aria-current={current ? 'true' : undefined}
        aria-label={known ? `${id}, ${signWords(cell)}` : id}
        onFocus={() => look(id)}
        onPointerEnter={() => look(id)}
        onClick={() => {
          session.dialog(null);
          void session.setModel(id);
        }}
      >
        {known ? <VerdictSign cell={cell} /> : <span className="kernel-nosign" />}
        <span className="mono">{id}</span>
      </button>
    </li>
  );
}

function Header({ model }: { readonly model: ModelInfo }): ReactNode {
  const cost = useCosts()?.find((one) => one.model === model.id);
  const rows = [
    ['Rule', model.rule],
    ['Since', model.since],
    ['Replaces', model.replaces],
    ['Breaks', model.breaks],
    ['The mail says', model.mailSays],
    ['Our completion', model.ours],
    ['Not here', model.notHere],
    ['This run costs', cost ? costWords(cost) : ''],
  ] as const;
  return (
    <section className="kernel-header" aria-live="polite" aria-label={`About ${model.id}`}>
      <h3>
        <span className="mono">{model.id}</span>
        {model.title !== '' && model.title !== model.id && (
          <span className="quiet kernel-title">{model.title}</span>
        )}
      </h3>
      <dl>
        {rows
          .filter(([, value]) => value !== '')
          .map(([name, value]) => (
            <div key={name}>
              <dt className="small faint">{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
      </dl>
    </section>
  );
}

function costWords({ faults, copies, spurious, flushes }: CostView): string {
  const vain = spurious === 0 ? '' : `, ${spurious} of them for nothing`;
  const made = `${count(faults, 'fault')}, ${count(copies, 'copy', 'copies')}${vain}`;
  return `${made}, ${count(flushes, 'flush', 'flushes')}`;
}
