/** How far one has come: a dot for each beat. */
import type { ReactNode } from 'react';

export function Dots({ count: total, here }: { readonly count: number; readonly here: number }): ReactNode {
  return (
    <div className="dots" aria-hidden="true">
      {[...Array(total).keys()].map((place) => (
        <i key={place} data-state={place === here ? 'here' : place < here ? 'done' : 'ahead'} />
      ))}
    </div>
  );
}
