/** One group of radio buttons for each switch, with what it asks and whose answer each position is. */
import type { ReactNode } from 'react';
import type { PositionView, RulesView, SwitchView } from '../../../worker/protocol.ts';
import { useComposing } from './store.ts';

interface Props {
  readonly groups: RulesView['groups'];
  /** Only these, and what they have moved; none: all. */
  readonly free: readonly string[];
  readonly change: (name: string, at: string) => void;
}

export function Switches({ groups, free, change }: Props): ReactNode {
  const isShown = ({ id, at, usual }: SwitchView): boolean =>
    free.length === 0 || free.includes(id) || at !== usual;
  return groups
    .map(({ title, switches }) => ({ title, switches: switches.filter(isShown) }))
    .filter(({ switches }) => switches.length > 0)
    .map(({ title, switches }) => (
      <section key={title} aria-label={title}>
        <h3 className="rules-group">{title}</h3>
        {switches.map((one) => (
          <Switch key={one.id} one={one} change={change} />
        ))}
      </section>
    ));
}

function Switch({ one, change }: { readonly one: SwitchView; readonly change: Props['change'] }): ReactNode {
  const next = useComposing((state) => (state.next?.[0] === one.id ? state.next[1] : null));
  const { id, name, asks, usual, positions } = one,
    at = next ?? one.at;
  return (
    <fieldset className="rules-switch" data-changed={at !== usual}>
      <legend>
        <b>{name}</b> <span className="quiet">{asks}</span>
      </legend>
      {positions.map((position) => (
        <label key={position.id} className="rules-position">
          <input
            type="radio"
            name={`rules-${id}`}
            checked={at === position.id}
            onChange={() => change(id, position.id)}
          />
          <span>{position.says}</span>
          <span className="small quiet">{whoseWords(position, position.id === usual)}</span>
        </label>
      ))}
      {at === '' && <p className="small quiet">The base has a mix of its own here.</p>}
    </fieldset>
  );
}

const whoseWords = ({ from, since }: PositionView, usual: boolean): string =>
  `${from}${since === '' ? '' : `, ${since}`}${usual ? ' · as in the base' : ''}`;
