/** What the two counts of a card are called: a swap slot has no mappings, and no references. */
import type { FolioCard } from './scene.ts';

export type Counted = 'mapcount' | 'refcount';

const OF_SLOT = { mapcount: 'entries', refcount: 'uses' } as const;

export const isSlot = ({ kind }: Pick<FolioCard, 'kind'>): boolean => kind === 'swap slot';
export const nounOf = (card: Pick<FolioCard, 'kind'>, which: Counted): string =>
  isSlot(card) ? OF_SLOT[which] : which;
