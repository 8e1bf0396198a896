/** After a change of kernel: the step at which the two rules part, in words. */
import type { ReactNode } from 'react';
import { IconFlag } from '../icons.tsx';
import { session, useSession } from '../live.ts';
import { pretty } from '../words.ts';
import { Section } from './Section.tsx';

export function Difference(): ReactNode {
  const difference = useSession((state) => state.difference);
  const at = useSession((state) => state.at);
  if (!difference) return null;
  const { model, versus, says } = difference;
  return (
    <Section
      title={
        <>
          Where does <span className="mono">{model}</span> part from <span className="mono">{versus}</span>?
        </>
      }
    >
      <p>{pretty(says)}</p>
      {difference.at > 0 && difference.at !== at && (
        <button type="button" className="button section-do" onClick={() => void session.goto(difference.at)}>
          <IconFlag />
          Show it, step {difference.at}
        </button>
      )}
    </Section>
  );
}
