/** In the settings: whether it works offline, and if not, why. */
import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import { offline, takeNewer, version, want, type Offline } from './offline.ts';

function wordsOf({ state, why }: Offline): string {
  switch (state) {
    case 'kept':
      return 'yes. This browser keeps all files of this version.';
    case 'keeping':
      return 'not yet. Its files are on their way into this browser.';
    case 'off':
      return 'no, since nothing is kept.';
    case 'needless':
      return `yes: ${why}.`;
    case 'not':
      return `not in this browser, because ${why}.`;
  }
}

export function OfflineSetting(): ReactNode {
  const now = useStore(offline);
  const may = now.state !== 'needless' && now.state !== 'not';
  return (
    <section aria-label="Offline" className="settings-offline">
      <p>
        <b className="strong">Works offline:</b> <output>{wordsOf(now)}</output>
        {version !== '' && (
          <span className="small quiet">
            {' '}
            Version <span className="mono">{version.slice(0, 8)}</span>.
          </span>
        )}
      </p>
      {may && (
        <label className="help-switch">
          <input
            type="checkbox"
            checked={now.state !== 'off'}
            onChange={(event) => void want(event.target.checked)}
          />
          Keep Folioscope in this browser, to open it without a network.
        </label>
      )}
      {now.newer && (
        <p className="row">
          A new version is there.
          <button type="button" className="button" onClick={() => void takeNewer()}>
            Reload
          </button>
        </p>
      )}
    </section>
  );
}
