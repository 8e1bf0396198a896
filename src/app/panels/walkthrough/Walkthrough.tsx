/** Lessons: the course, one lesson of it, or one that is being written. */
import { lazy, Suspense, type ReactNode } from 'react';
import { session, useSession } from '../../live.ts';
import { PanelHead } from '../PanelHead.tsx';
import { Course } from './Course.tsx';
import { HandoutButton } from './HandoutButton.tsx';
import { useWriting, write } from './ownText.ts';
import { Player } from './Player.tsx';
import './walkthrough.css';

const Write = lazy(() => import('./write/Write.tsx'));

export default function Walkthrough(): ReactNode {
  const playing = useSession((state) => state.walkthrough !== null);
  const writing = useWriting();
  return (
    <>
      <PanelHead title="Lessons">
        {playing && <HandoutButton />}
        {playing && <PresentButton />}
        {(playing || writing) && (
          <button
            type="button"
            className="button button-quiet"
            onClick={() => {
              write(false);
              session.walk(null);
            }}
          >
            All lessons
          </button>
        )}
      </PanelHead>
      {playing ? (
        <Player />
      ) : writing ? (
        <Suspense fallback={<p className="panel-wait quiet">Opening the editor.</p>}>
          <Write />
        </Suspense>
      ) : (
        <Course />
      )}
    </>
  );
}

function PresentButton(): ReactNode {
  return (
    <button type="button" className="button" onClick={() => session.carry({ present: true })}>
      Present
    </button>
  );
}
