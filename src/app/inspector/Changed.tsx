/** What the last step did, a phrase each. */
import type { ReactNode } from 'react';
import { useExplained } from '../glossary/glossary.ts';
import { useSession } from '../live.ts';
import { Section } from './Section.tsx';

export function Changed(): ReactNode {
  const step = useSession((state) => state.run?.steps[state.at - 1] ?? null);
  const explained = useExplained(step?.changes ?? []);
  if (!step) return null;
  return (
    <Section title="What changed?" aside={`step ${step.at}`} tab="changed">
      <ul className="changed">
        {step.changes.length === 0 && (
          <li className="quiet">Nothing that is drawn. The thread only looked.</li>
        )}
        {step.changes.map((phrase, i) => (
          <li key={phrase}>{explained[i]}</li>
        ))}
      </ul>
    </Section>
  );
}
