/** What the selected thing is, in sentences, with what it leads to and who holds it. */
import type { ReactNode } from 'react';
import type { Scene } from '../../scene/scene.ts';
import { Next } from '../build/Next.tsx';
import { useExplained } from '../glossary/glossary.ts';
import { IconClose } from '../icons.tsx';
import { session, useSession } from '../live.ts';
import { describe } from './describe.ts';
import { Section } from './Section.tsx';

export function Selected({ id }: { readonly id: string }): ReactNode {
  const scene = useSession((state) => state.frame?.scene ?? null);
  const found = scene && describe(scene, id);
  if (!scene || !found) return null;
  return (
    <Section
      title={found.title}
      aside={
        <button
          type="button"
          className="button button-quiet button-icon section-close"
          aria-label="Clear the selection"
          onClick={() => session.select(null)}
        >
          <IconClose />
        </button>
      }
    >
      <Facts facts={found.facts} />
      <Links scene={scene} id={id} />
      <Next />
    </Section>
  );
}

function Facts({ facts }: { readonly facts: readonly string[] }): ReactNode {
  const explained = useExplained(facts);
  return (
    <ul className="facts">
      {facts.map((fact, i) => (
        <li key={fact}>{explained[i]}</li>
      ))}
    </ul>
  );
}

function Links({ scene, id }: { readonly scene: Scene; readonly id: string }): ReactNode {
  const near = scene.edges.filter(
    (edge) => edge.from === id || edge.to === id || edge.to.startsWith(`token:${id}:`),
  );
  if (near.length === 0) return null;
  return (
    <ul className="facts">
      {near.map((edge) => (
        <li key={edge.id}>
          <button
            type="button"
            className="link"
            onClick={() => session.select(edge.from === id ? edge.to : edge.from)}
          >
            {edge.says}
          </button>
        </li>
      ))}
    </ul>
  );
}
