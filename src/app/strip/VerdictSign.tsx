/** Tick, red cross, dots or dash; the word beside it or in the accessible name says the same. */
import type { ReactNode } from 'react';
import { IconBroken, IconDash, IconDots, IconTick } from '../icons.tsx';
import { signOf, type Signed } from './sentence.ts';

const WORDS = {
  ok: 'holds in every order',
  broken: 'broken',
  open: 'too large to try every order',
  running: 'being checked',
  none: 'not defined',
} as const;

export const signWords = (cell: Signed | undefined): string => WORDS[signOf(cell)];

export function VerdictSign({ cell }: { readonly cell: Signed | undefined }): ReactNode {
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
