/** "Reuse or copy?": what the rule of this kernel asked, what it saw, what it answered. */
import { lazy, Suspense, type ReactNode } from 'react';
import type { RunView, StepView } from '../../worker/protocol.ts';
import { Explained } from '../glossary/glossary.ts';
import { useSession } from '../live.ts';
import { brokenBy } from '../session/moves.ts';
import { isMade } from '../words.ts';
import { Section } from './Section.tsx';
import { StepLink } from './StepLink.tsx';

export function Decided(): ReactNode {
  const run = useSession((state) => state.run);
  const at = useSession((state) => state.at);
  const step = run && deciding(run, at);
  if (!run || !step?.decision) return null;
  const { asks, sees, answer, folio } = step.decision;
  const isNow = step.at === at;
  return (
    <Section
      title={heading(answer)}
      aside={isNow ? 'decided by this step' : <StepLink at={step.at} />}
      tab="rule"
    >
      <dl className="decided" data-now={isNow}>
        <dt>{isMade(run.model) ? 'Your rules ask' : `${run.model} asks`}</dt>
        <dd>
          <Explained text={asks} />
        </dd>
        <dt>It sees</dt>
        <dd>{[sees, folio].filter(Boolean).join(', on ')}</dd>
        <dt>It answers</dt>
        <dd className="strong">{answer}</dd>
      </dl>
      {REUSES.test(answer) && (
        <Suspense>
          <Lens at={step.at} />
        </Suspense>
      )}
    </Section>
  );
}

/** Answers to "may it be written in place?", which the lens can ask of every rule. */
const REUSES = /^(reuse|copy|ask the refcount)$/;
const Lens = lazy(() => import('./Lens.tsx'));

const heading = (answer: string): string =>
  /reuse|copy|copied|in place/i.test(answer) ? 'Reuse or copy?' : 'What did the rule decide?';

/** This step's decision, else the one that led to what is broken, else the last one made. */
function deciding(run: RunView, at: number): StepView | undefined {
  const here = run.steps[at - 1];
  if (here?.decision) return here;
  const broken = brokenBy(run, at);
  const guilty = broken ? run.steps[broken.decidedAt - 1] : undefined;
  return guilty?.decision ? guilty : run.steps.slice(0, at).findLast((one) => one.decision !== null);
}
