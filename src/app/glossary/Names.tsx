/** What kernels call it, the one on the screen in bold. */
import type { ReactNode } from 'react';
import { eraWords, type EraName } from '../../glossary/vocabulary.ts';

interface Props {
  readonly names: readonly EraName[];
  readonly here?: EraName | undefined;
}

export function Names({ names, here }: Props): ReactNode {
  if (names.length === 0) return null;
  return (
    <span className="term-names small quiet">
      {names.map((one, i) => (
        <span key={one.name}>
          {i > 0 && ', '}
          <span className={`mono ${one === here && names.length > 1 ? 'strong' : ''}`}>{one.name}</span>{' '}
          {eraWords(one)}
        </span>
      ))}
    </span>
  );
}
