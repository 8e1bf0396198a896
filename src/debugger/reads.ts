/** Which number a rule reads when it asks, and which holders that number is made of. */
import type { Holder } from '../kernel/view.ts';

/** `bit`: a mark on the page, which counts nobody. */
export type Reads = 'mapcount' | 'refcount' | 'pins' | 'bit';

/** Of the question of a decision, `mapcount 1?`, or of what a model looks at, `exclusive, else refcount`. */
export function readsOf(asks: string): Reads {
  if (asks.startsWith('mapcount')) return 'mapcount';
  // Asked together with the mapcount it is the owner's turn; alone the owner turns everybody else away.
  if (asks.startsWith('gup_owner')) return asks.includes('mapcount') ? 'mapcount' : 'bit';
  if (/^refcount|^references|^other references/.test(asks)) return 'refcount';
  return asks.startsWith('pinned') ? 'pins' : 'bit';
}

/** Whether a holder adds to the number. */
export function counts(reads: Reads, { kind }: Pick<Holder, 'kind'>): boolean {
  if (reads === 'mapcount') return kind === 'pte';
  if (reads === 'pins') return kind === 'pin';
  return reads === 'refcount';
}
