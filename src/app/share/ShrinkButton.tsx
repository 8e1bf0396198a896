/** Where a rule is broken: the way to the smallest scenario that still breaks it. */
import type { ReactNode } from 'react';
import { session, useSession } from '../live.ts';

export function ShrinkButton({ invariant }: { readonly invariant: string }): ReactNode {
  const busy = useSession((state) => state.shrinking);
  return (
    <button
      type="button"
      className="button"
      title="Takes out whatever the broken rule does not need"
      onClick={() => (busy ? session.stopShrinking() : void session.shrink(invariant))}
    >
      {busy ? 'Stop shrinking' : 'Shrink'}
    </button>
  );
}
