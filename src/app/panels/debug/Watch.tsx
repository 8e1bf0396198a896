/** Values of the step on the screen, since when they are so, and until when. */
import type { ReactNode } from 'react';
import type { WatchView } from '../../../worker/protocol/debug.ts';
import { useSession } from '../../live.ts';
import { debug, useDebug } from '../../debug/start.ts';
import { StepLink } from '../../inspector/StepLink.tsx';
import { ConditionField, MistakeLine, Remove } from './parts.tsx';

export function Watch(): ReactNode {
  const watches = useDebug((state) => state.watches);
  const watched = useDebug((state) => state.watched);
  return (
    <>
      <p className="quiet">
        Counts, bits, bytes, locks and conditions at the step on the screen. <kbd className="key">W</kbd>{' '}
        watches what is selected in the picture.
      </p>
      <ConditionField
        label="What to watch"
        placeholder="f0.refcount, child.a.0, child.got"
        action="Watch"
        onTake={(text) => text.split(/\s*,\s*/).forEach(debug.addWatch)}
      />
      {watches.length === 0 ? (
        <p className="debug-none quiet">Nothing is watched yet.</p>
      ) : (
        <ul className="debug-list">
          {watches.map((text) => (
            <li key={text}>
              <code className="debug-switch">{text}</code>
              <Remove what={`watch ${text}`} onClick={() => debug.removeWatch(text)} />
              <Value view={watched[text]} />
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function Value({ view }: { readonly view: WatchView | undefined }): ReactNode {
  const at = useSession((state) => state.at);
  if (!view) return null;
  if (view.mistake) return <MistakeLine mistake={view.mistake} />;
  const place = view.spans.findLastIndex((span) => span.from <= at);
  const now = view.spans[place];
  const before = view.spans[place - 1];
  const next = view.spans[place + 1];
  if (!now) return null;
  const changed = now.from === at && at > 0;
  return (
    <p className="debug-value">
      <span className="debug-is mono strong" data-changed={changed}>
        {now.value}
      </span>
      <span className="small quiet">
        {before ? (
          <>
            since <StepLink at={now.from} />, before {before.value}
          </>
        ) : (
          'since the start'
        )}
        {next && (
          <>
            ; <StepLink at={next.from} />: {next.value}
          </>
        )}
      </span>
    </p>
  );
}
