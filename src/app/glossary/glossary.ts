/**
 * The words of the field where they appear. The words themselves come behind the first picture; until then
 * texts are plain.
 */
import { useMemo, type ReactNode } from 'react';
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import type { Explain } from './words.tsx';

const store = createStore<{ readonly explain: Explain | null }>(() => ({ explain: null }));

export const startGlossary = (): Promise<void> =>
  import('./words.tsx').then(({ explain }) => store.setState({ explain }));

const asIs = (text: string): ReactNode => text;

/** `texts`: what is read in one go; a word is explained where it comes first. `plain` draws the rest. */
export function useExplained(texts: readonly string[], plain = asIs): readonly ReactNode[] {
  const explain = useStore(store, (state) => state.explain);
  const key = JSON.stringify(texts);
  // The texts are what counts, and not the array that they came in.
  return useMemo(() => {
    const each = JSON.parse(key) as readonly string[];
    return explain ? explain(each, plain) : each.map(plain);
  }, [explain, key, plain]);
}

/** One text of its own. */
export function Explained({ text }: { readonly text: string }): ReactNode {
  return useExplained([text])[0];
}
