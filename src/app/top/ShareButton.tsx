/** Copies a link to exactly this picture; says so in place, since a toast would cover something. */
import type { ReactNode } from 'react';
import { linkToHere } from '../address.ts';
import { IconShare, IconTick } from '../icons.tsx';
import { session } from '../live.ts';
import { useCopy } from './useCopy.ts';

export function ShareButton(): ReactNode {
  const { copied, copy } = useCopy(() => linkToHere(session.store.getState()));
  return (
    <button type="button" className="button button-main top-share" onClick={copy}>
      {copied ? <IconTick /> : <IconShare />}
      <span aria-live="polite">{copied ? 'Link copied' : 'Share link'}</span>
    </button>
  );
}
