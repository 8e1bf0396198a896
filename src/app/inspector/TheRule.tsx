/** The rule that is broken here, in all its words: the banner has room for them only on wide pages. */
import type { ReactNode } from 'react';
import type { ViolationView } from '../../worker/protocol.ts';
import { Section } from './Section.tsx';

export function TheRule({ broken }: { readonly broken: ViolationView }): ReactNode {
  return (
    <Section title="Which rule is broken?" aside={<code>{broken.alias}</code>}>
      <p className="quiet">
        <b className="strong">{broken.invariant.replaceAll('-', ' ')}</b>: {broken.reason}
      </p>
    </Section>
  );
}
