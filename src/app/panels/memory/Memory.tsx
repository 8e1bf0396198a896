/** Memory by its addresses: the walk of one, the map of every process, and all physical pages. */
import { useEffect, useMemo, useState, type ReactNode } from 'react';
import type { StructureView } from '../../../worker/protocol/structure.ts';
import { engine, useSession } from '../../live.ts';
import { wordsOf } from '../../session/core.ts';
import { stepOf } from '../../words.ts';
import { PanelHead } from '../PanelHead.tsx';
import { elementsOf, type Found } from './group.ts';
import { Overview } from './Overview.tsx';
import { Physical } from './Physical.tsx';
import { Spaces } from './Spaces.tsx';
import { Walk } from './Walk.tsx';
import './memory.css';

/** From so many pages on they are dots on a canvas first. */
const MANY = 2000;

export default function Memory(): ReactNode {
  const { view, error } = useStructure();
  const run = useSession((state) => state.run);
  return (
    <>
      <PanelHead title="Memory">
        {view && run && <span className="memory-when small quiet">{stepOf(view.at, run)}</span>}
      </PanelHead>
      <div className="panel-body memory">
        {error !== '' && <p className="bad">{error}</p>}
        {view ? <Parts view={view} /> : error === '' && <p className="quiet">Looking at the page tables.</p>}
      </div>
    </>
  );
}

/** What stands there stays until the next step has arrived. */
function useStructure(): { readonly view: StructureView | null; readonly error: string } {
  const run = useSession((state) => state.run);
  const at = useSession((state) => state.at);
  const [found, setFound] = useState<{ view: StructureView | null; error: string }>({
    view: null,
    error: '',
  });
  useEffect(() => {
    let current = true;
    if (run)
      engine.debug('structure', at).then(
        (view) => current && setFound({ view, error: '' }),
        (error: unknown) => current && setFound({ view: null, error: wordsOf(error) }),
      );
    return () => {
      current = false;
    };
  }, [run, at]);
  return found;
}

function Parts({ view }: { readonly view: StructureView }): ReactNode {
  const chosen = useChosen(view);
  const many = useMemo(() => elementsOf(view) > MANY, [view]);
  return (
    <>
      {many && <Overview view={view} chosen={chosen} />}
      <div className="memory-parts">
        <Walk view={view} chosen={chosen} />
        <div className="memory-maps">
          <Spaces view={view} chosen={chosen} />
          <Physical view={view} chosen={chosen} />
        </div>
      </div>
    </>
  );
}

/** The page that is selected here or in the picture; else what the step has changed; else the first. */
function useChosen(view: StructureView): Found | null {
  const selected = useSession((state) => state.selection);
  const changed = useSession(
    (state) => state.frame?.scene.tables.flatMap(({ rows }) => rows).find((row) => row.changed)?.id ?? null,
  );
  return useMemo(() => {
    const all = view.spaces.flatMap(({ areas }) =>
      areas.flatMap((area) => area.entries.map((entry) => ({ area, entry }))),
    );
    const has = (id: string | null): Found | undefined => all.find(({ entry }) => entry.id === id);
    const mapped = all.find(({ entry }) => entry.state !== 'unmapped');
    return has(selected) ?? has(changed) ?? mapped ?? all[0] ?? null;
  }, [view, selected, changed]);
}
