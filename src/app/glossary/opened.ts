/** The word that the glossary opens at, by its id; '' = its beginning. */
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';

const store = createStore(() => '');

export const openAt = (word: string): void => store.setState(word, true);

export const useOpenedAt = (): string => useStore(store);
