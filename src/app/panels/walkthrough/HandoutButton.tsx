/** The lesson as something to print. What draws it comes when it is asked for. */
import { lazy, Suspense, useState, type ReactNode } from 'react';
import { course } from '../../../lessons/course/index.ts';
import { IconSave } from '../../icons.tsx';
import { session } from '../../live.ts';
import type { Walk } from '../../session/state.ts';

const Handout = lazy(() => import('./Handout.tsx'));

type Shown = Pick<Walk, 'id' | 'text'>;

async function shownBy({ id, text }: Shown): Promise<Shown> {
  if (text !== '') return { id: '', text };
  return { id, text: (await course.find((one) => one.id === id)?.text()) ?? '' };
}

export function HandoutButton(): ReactNode {
  const [shown, show] = useState<Shown | null>(null);
  const open = (): void => {
    const walk = session.store.getState().walkthrough;
    if (walk === null) return;
    shownBy(walk).then(show, () =>
      session.tell('trouble', 'This lesson could not be loaded.', ['Look at the network, and try again.']),
    );
  };
  return (
    <>
      <button
        type="button"
        className="button button-quiet"
        aria-haspopup="dialog"
        title="One frame for each beat, to print"
        onClick={open}
      >
        <IconSave />
        Handout
      </button>
      {shown && (
        <Suspense fallback={null}>
          <Handout {...shown} close={() => show(null)} />
        </Suspense>
      )}
    </>
  );
}
