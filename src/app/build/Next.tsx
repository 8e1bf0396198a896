/** The offers for what is selected, as a section of the inspector and of the source. */
import { lazy, Suspense, type ReactNode } from 'react';
import { useSession } from '../live.ts';
import { choiceOf } from './targets.ts';
import './build.css';

const Offers = lazy(() => import('./Offers.tsx'));

/** `asked`: says how it is done where nothing is selected. */
export function Next({ asked = false }: { readonly asked?: boolean }): ReactNode {
  const id = useSession((state) => state.selection);
  const title = useSession((state) => {
    const scene = state.frame?.scene;
    return scene && state.selection !== null ? (choiceOf(scene, state.selection)?.title ?? '') : '';
  });
  if (useSession((state) => state.carried.readonly)) return null;
  if (id === null || title === '')
    return asked ? (
      <p className="small quiet">
        To add a line by a click, select a process, a page or a pipe in the picture.
      </p>
    ) : null;
  return (
    <details className="section-next" key={id} open={asked}>
      <summary className="small strong">What next? {title}</summary>
      <Suspense fallback={<p className="small quiet">Trying what could be done.</p>}>
        <Offers id={id} />
      </Suspense>
    </details>
  );
}
