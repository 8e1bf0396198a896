/** Lessons: the course, or one lesson of it. */
import type { ReactNode } from 'react';
import { session, useSession } from '../../live.ts';
import { PanelHead } from '../PanelHead.tsx';
import { Course } from './Course.tsx';
import { Player } from './Player.tsx';
import './walkthrough.css';

export default function Walkthrough(): ReactNode {
  const walk = useSession((state) => state.walkthrough);
  return (
    <>
      <PanelHead title="Lessons">
        {walk && (
          <button type="button" className="button button-quiet" onClick={() => session.walk(null)}>
            All lessons
          </button>
        )}
      </PanelHead>
      {walk ? <Player id={walk.id} place={walk.beat} /> : <Course />}
    </>
  );
}
