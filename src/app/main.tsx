/** Entry of the page. */
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import './theme/fonts.css';
import './theme/tokens.css';
import './theme/base.css';
import { App } from './App.tsx';
import { startBrowser } from './browser.ts';
import { ErrorBoundary } from './ErrorBoundary.tsx';
import { listenForKeys } from './keys.ts';
import { session } from './live.ts';
import { listenForDrops } from './share/drop.ts';
import { startTheme } from './theme/theme.ts';

startTheme();
listenForKeys(session, document);
listenForDrops(session);
void startBrowser(session);

// Behind the first picture.
setTimeout(() => {
  void import('./lit.ts').then(({ listenForPointing }) => listenForPointing(document));
  void import('./offline/offline.ts').then(({ startOffline }) => startOffline());
}, 700);

const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <ErrorBoundary>
        <App />
      </ErrorBoundary>
    </StrictMode>,
  );
}
