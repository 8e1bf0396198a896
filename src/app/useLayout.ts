/** The four widths of the page. Components that differ in kind, not in size, ask here; the rest is CSS. */
import { useSyncExternalStore } from 'react';
import { useSession } from './live.ts';

export interface Layout {
  /** Back and Next in thumb reach, no page tables, no lanes. */
  readonly phone: boolean;
  /** The page tables stand inside the process cards. */
  readonly folded: boolean;
  /** The inspector is a row of tabs that opens over the picture. */
  readonly narrow: boolean;
  /** The verdict strip is a sentence. */
  readonly brief: boolean;
}

const queries = {
  phone: '(max-width: 639.98px)',
  folded: '(max-width: 1099.98px)',
  narrow: '(max-width: 1279.98px)',
  brief: '(max-width: 899.98px)',
} as const;

const lists = Object.values(queries).map((query) => window.matchMedia(query));

function subscribe(changed: () => void): () => void {
  for (const one of lists) one.addEventListener('change', changed);
  return () => {
    for (const one of lists) one.removeEventListener('change', changed);
  };
}

const LAYOUTS: readonly Layout[] = [...Array(16).keys()].map((bits) => ({
  phone: (bits & 1) !== 0,
  folded: (bits & 2) !== 0,
  narrow: (bits & 4) !== 0,
  brief: (bits & 8) !== 0,
}));

/** One object per combination, so that React sees no change where there is none. */
const snapshot = (): Layout | undefined =>
  LAYOUTS[lists.reduce((bits, one, place) => bits | (one.matches ? 1 << place : 0), 0)];

const WIDE: Layout = { phone: false, folded: false, narrow: false, brief: false };

/** What there is room for, and what somebody has set. */
export function useLayout(): Layout {
  const room = useSyncExternalStore(subscribe, snapshot) ?? WIDE;
  const { tables, inspector, strip } = useSession((state) => state.settings);
  return {
    phone: room.phone,
    folded: room.folded || tables === 'folded',
    narrow: room.narrow || inspector === 'tabs',
    brief: room.brief || strip === 'sentence',
  };
}
