/** The theme on the screen, for what is drawn elsewhere and shown here. */
import { useSyncExternalStore } from 'react';

export type Shown = 'light' | 'dark' | 'contrast';

const root = document.documentElement;

function listen(changed: () => void): () => void {
  const observer = new MutationObserver(changed);
  observer.observe(root, { attributeFilter: ['data-theme'] });
  return () => observer.disconnect();
}
function shown(): Shown {
  const { theme } = root.dataset;
  return theme === 'dark' || theme === 'contrast' ? theme : 'light';
}

export const useTheme = (): Shown => useSyncExternalStore(listen, shown);
