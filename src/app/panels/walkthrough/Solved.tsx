/** Under a task: whether it is solved, and a hint for whoever asks for one. */
import type { ReactNode } from 'react';
import { IconTick } from '../../icons.tsx';

interface Props {
  readonly done: boolean;
  /** '' = there is none. */
  readonly hint: string;
}

export function Solved({ done, hint }: Props): ReactNode {
  return (
    <>
      <output className="beat-verdict">
        {done && (
          <>
            <IconTick /> <span className="strong">Solved.</span>
          </>
        )}
      </output>
      {hint !== '' && (
        <details className="beat-hint">
          <summary>A hint</summary>
          <p>{hint}</p>
        </details>
      )}
    </>
  );
}
