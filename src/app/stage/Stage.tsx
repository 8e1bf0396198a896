/** Caption and picture: the middle of the page. */
import { lazy, Suspense, type ReactNode } from 'react';
import { Picture } from '../picture/Picture.tsx';
import { IconTable } from '../icons.tsx';
import { session, useSession } from '../live.ts';
import { brokenBy } from '../session/moves.ts';
import { useLayout } from '../useLayout.ts';
import { Caption } from './Caption.tsx';
import { FirstVisit, useFirstVisit } from './FirstVisit.tsx';
import { PinnedNotes } from './PinnedNotes.tsx';
import './stage.css';

const TableView = lazy(() => import('../picture/TableView.tsx'));

export function Stage(): ReactNode {
  const asTable = useSession((state) => state.asTable);
  return (
    <main className="stage" id="stage" tabIndex={-1} aria-label="What happens">
      <Caption />
      <PinnedNotes />
      <div className="stage-picture" data-table={asTable}>
        <Drawing />
      </div>
      <button
        type="button"
        className="button button-quiet stage-switch"
        aria-pressed={asTable}
        onClick={() => session.showTable(!asTable)}
      >
        <IconTable />
        {asTable ? 'Picture' : 'Table'}
      </button>
    </main>
  );
}

export function Drawing(): ReactNode {
  const { phone, folded } = useLayout();
  const beside = useSession((state) => state.panel !== null);
  const scene = useSession((state) => state.frame?.scene);
  const extent = useSession((state) => state.run?.extent);
  const selected = useSession((state) => state.selection);
  const broken = useSession((state) => (state.run && brokenBy(state.run, state.at)?.card) ?? null);
  const asTable = useSession((state) => state.asTable);
  const unfolded = useSession((state) => state.unfolded);
  const present = useSession((state) => state.carried.present);
  const first = useFirstVisit();
  if (!scene || !extent) return <p className="stage-wait quiet">Preparing the picture.</p>;
  if (asTable)
    return (
      <Suspense fallback={null}>
        <TableView scene={scene} />
      </Suspense>
    );
  const size = phone ? 'phone' : folded || beside ? 'folded' : 'full';
  return (
    <>
      <Picture
        scene={scene}
        extent={extent}
        size={size}
        selected={selected}
        onSelect={session.select}
        unfolded={unfolded}
        onUnfold={session.unfold}
        broken={broken}
        large={present}
      />
      {first && <FirstVisit />}
    </>
  );
}
