import { useId, type ReactNode } from 'react';

interface Props {
  readonly title: ReactNode;
  /** Small, at the right of the heading. */
  readonly aside?: ReactNode;
  readonly children: ReactNode;
  /** The tab of the narrow inspector that leads here. */
  readonly tab?: 'changed' | 'why' | 'rule' | 'code';
  /** The key for "why?" puts the focus here. */
  readonly explains?: boolean;
}

/** A question and its answer. */
export function Section({ title, aside, children, tab, explains = false }: Props): ReactNode {
  const id = useId();
  return (
    <section
      className="section"
      aria-labelledby={id}
      data-tab={tab}
      {...(explains ? { 'data-explains': '', tabIndex: -1 } : {})}
    >
      <div className="section-head">
        <h2 id={id}>{title}</h2>
        {aside !== undefined && <span className="small faint">{aside}</span>}
      </div>
      {children}
    </section>
  );
}
