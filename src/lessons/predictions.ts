/** What a lesson may ask its reader to predict. The answers come from runs: `quiz.ts`. */

export const PREDICTIONS =
  'refcount f0, mapcount f0, pins f0, copy or reuse, who sees "VALUE", what THREAD.RESULT, who can move';

export type Prediction =
  | { readonly kind: 'count'; readonly count: 'refcount' | 'mapcount' | 'pins'; readonly folio: string }
  | { readonly kind: 'decision' }
  | { readonly kind: 'seers'; readonly value: string }
  | { readonly kind: 'result'; readonly result: string }
  | { readonly kind: 'movers' };

/** null: it is none. */
export function predictionOf(text: string): Prediction | null {
  const [, count, folio = ''] = /^(refcount|mapcount|pins) (f\d{1,3})$/.exec(text) ?? [];
  if (count === 'refcount' || count === 'mapcount' || count === 'pins')
    return { kind: 'count', count, folio };
  if (text === 'copy or reuse') return { kind: 'decision' };
  if (text === 'who can move') return { kind: 'movers' };
  const [, value] = /^who sees ["“]([^"“”]+)["”]$/.exec(text) ?? [];
  if (value !== undefined) return { kind: 'seers', value };
  const [, result] = /^what ([^\s.]+\.[^\s.]+)$/.exec(text) ?? [];
  return result === undefined ? null : { kind: 'result', result };
}
export const isPrediction = (text: string): boolean => predictionOf(text) !== null;
