/** Tick, red cross, dots or dash; the word beside it or in the accessible name says the same. */
import type { ReactNode } from 'react';
import type { Cell } from '../session/state.ts';
import { IconBroken, IconDash, IconDots, IconTick } from '../icons.tsx';
import { signOf } from './sentence.ts';

const WORDS = {
  ok: 'holds in every order',
  broken: 'broken',
  open: 'too large to try every order',
  running: 'being checked',
  none: 'not defined',
} as const;

export const signWords = (cell: Cell | undefined): string => WORDS[signOf(cell)];

export function VerdictSign({ cell }: { readonly cell: Cell | undefined }): ReactNode {
  switch (signOf(cell)) {
    case 'ok':
      return <IconTick />;
    case 'broken':
      return <IconBroken />;
    case 'none':
      return <IconDash />;
    default:
      return <IconDots />;
  }
}
