import type { ReactNode } from 'react';
import { session, useSession } from '../live.ts';

export function SingleKeys(): ReactNode {
  const on = useSession((state) => state.singleKeys);
  return (
    <label className="help-switch">
      <input type="checkbox" checked={on} onChange={(event) => session.setSingleKeys(event.target.checked)} />
      Keys of one letter, digit or sign work. Switch them off for speech input.
    </label>
  );
}
