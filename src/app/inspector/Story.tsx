/** How a broken rule came about: the steps that touched the folio it was decided on, newest first. */
import type { ReactNode } from 'react';
import type { RunView, StepView, ViolationView } from '../../worker/protocol.ts';
import { session, useSession } from '../live.ts';
import { Swatch } from '../parts/Swatch.tsx';
import { Section } from './Section.tsx';

const LINES = 8;

export function Story({ broken }: { readonly broken: ViolationView }): ReactNode {
  const run = useSession((state) => state.run);
  const at = useSession((state) => state.at);
  if (!run) return null;
  const decided = run.steps[broken.decidedAt - 1];
  return (
    <Section title="How did it come to this?" tab="changed">
      <ol className="story">
        {slice(run, broken).map((step) => (
          <li key={step.at}>
            <button
              type="button"
              className="story-step"
              data-decided={step.at === broken.decidedAt}
              aria-current={step.at === at ? 'step' : undefined}
              onClick={() => void session.goto(step.at)}
            >
              <span className="mono faint">{step.at}</span>
              <Swatch who={run.lanes[step.thread]?.who ?? -1} size={10} />
              <span>{told(step)}</span>
            </button>
          </li>
        ))}
      </ol>
      {decided && (
        <p className="small faint">
          Step {decided.at} decided it:{' '}
          {decided.decision ? `${run.model} answered ${decided.decision.answer}.` : decided.says}
        </p>
      )}
    </Section>
  );
}

/** The counts say more in fewer words than the sentence. */
const told = (step: StepView): string => step.says.replace(/\.$/, '');

function slice(run: RunView, broken: ViolationView): readonly StepView[] {
  const folio = run.steps[broken.decidedAt - 1]?.decision?.folio ?? '';
  const touches = (step: StepView): boolean =>
    folio !== '' && step.changes.some((phrase) => new RegExp(`\\b${folio}\\b`).test(phrase));
  const before = run.steps.slice(0, broken.at);
  const told = before.filter(
    (step) => step.at === broken.at || step.at === broken.decidedAt || touches(step),
  );
  const newest = told.slice(-LINES);
  const decided = run.steps[broken.decidedAt - 1];
  if (decided && !newest.includes(decided)) newest.splice(0, 1, decided);
  return newest.toReversed();
}
