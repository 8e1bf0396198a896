/**
 * Notes of the text and of the link: a line over the picture, with the words of this step or the way to
 * others.
 */
import type { ReactNode } from 'react';
import { IconNote } from '../icons.tsx';
import { session, useSession } from '../live.ts';
import './notes.css';

/** There for the whole run once it has a note, so that the picture does not move. */
export function PinnedNotes(): ReactNode {
  const ofLink = useSession((state) => state.pinned);
  const ofText = useSession((state) => state.run?.notes);
  const pinned = [
    ...(ofText ?? []).map(({ at: place, text }) => ({ place, text })),
    ...ofLink.map(({ place, text }) => ({ place, text })),
  ].toSorted((a, b) => a.place - b.place);
  const at = useSession((state) => state.at);
  if (pinned.length === 0) return null;
  const here = pinned.filter((one) => one.place === at);
  const before = pinned.findLast((one) => one.place < at);
  const after = pinned.find((one) => one.place > at);
  return (
    <aside className="notes" aria-label="Notes" data-here={here.length > 0}>
      <IconNote />
      <div className="grow notes-text" aria-live="polite">
        {here.length > 0 ? (
          here.map((one) => <p key={one.text}>{one.text}</p>)
        ) : (
          <p className="quiet">
            {pinned.length === 1 ? 'One note was pinned to this run.' : `${pinned.length} notes were pinned.`}
          </p>
        )}
      </div>
      <Jump name="Previous note" to={before?.place} />
      <Jump name="Next note" to={after?.place} />
    </aside>
  );
}

function Jump({ name, to }: { readonly name: string; readonly to: number | undefined }): ReactNode {
  if (to === undefined) return null;
  return (
    <button type="button" className="button" onClick={() => void session.goto(to)}>
      {name}, step {to}
    </button>
  );
}
