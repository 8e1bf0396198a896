/** Both pictures, the same operations behind them: left the run that is open, right the other one. */
import { useEffect, useMemo, useState, type ReactNode } from 'react';
import { bothExtents } from '../../../scene/both.ts';
import type { Extent, Scene } from '../../../scene/scene.ts';
import type { CompareView, Frame, ViolationView } from '../../../worker/protocol.ts';
import { engine, session, useSession } from '../../live.ts';
import { Picture } from '../../picture/Picture.tsx';
import { VerdictSign } from '../../strip/VerdictSign.tsx';
import { nowAt, rightAt } from './clock.ts';

export function Panes({ view }: { readonly view: CompareView }): ReactNode {
  const at = useSession((state) => state.at);
  const run = useSession((state) => state.run);
  const mine = useSession((state) => state.frame);
  const theirs = useVersus(view, rightAt(view.ops, at));
  const op = view.ops[nowAt(view.ops, at)];
  // The same places on both sides, so that what differs is seen.
  const extent = useMemo(() => bothExtents(run?.extent ?? view.extent, view.extent), [run, view]);
  if (!run || !mine) return null;
  const same = op?.same ?? true;
  return (
    <div className="compare-panes">
      <Pane
        model={view.model}
        says={op?.left ?? ''}
        same={same}
        scene={mine.scene}
        extent={extent}
        broken={run.violations.findLast((one) => one.at <= at)}
      />
      {theirs && (
        <Pane
          model={view.versus}
          says={op?.right ?? ''}
          same={same}
          scene={theirs.scene}
          extent={extent}
          broken={view.violations.findLast((one) => one.at <= theirs.at)}
        />
      )}
    </div>
  );
}

/** The last picture stays until the next has come. */
function useVersus(view: CompareView, at: number): Frame | null {
  const [frame, setFrame] = useState<{ readonly of: CompareView; readonly frame: Frame } | null>(null);
  useEffect(() => {
    let wanted = true;
    engine.versus(at).then(
      (next) => wanted && setFrame({ of: view, frame: next }),
      () => undefined,
    );
    return () => {
      wanted = false;
    };
  }, [view, at]);
  return frame?.of === view ? frame.frame : null;
}

interface PaneProps {
  readonly model: string;
  readonly says: string;
  readonly same: boolean;
  readonly scene: Scene;
  readonly extent: Extent;
  readonly broken: ViolationView | undefined;
}

function Pane({ model, says, same, scene, extent, broken }: PaneProps): ReactNode {
  const looksAt = useSession((state) => state.info?.models.find((one) => one.id === model)?.looksAt ?? '');
  const cell = useSession((state) => state.verdicts[model]);
  const unfolded = useSession((state) => state.unfolded);
  return (
    <section className="compare-pane" aria-label={`Run on ${model}`}>
      <header className="compare-head">
        <VerdictSign cell={cell} />
        <b className="mono">{model}</b>
        <span className="quiet">looks at {looksAt}</span>
        <span className="grow" />
        {broken && <b className="bad clip">{broken.title}</b>}
      </header>
      <p className="compare-did clip" data-same={same} title={says}>
        {says === '' ? 'Before the first operation.' : says}
      </p>
      <div className="compare-picture">
        <Picture
          scene={scene}
          extent={extent}
          size="folded"
          selected={null}
          onSelect={session.select}
          unfolded={unfolded}
          onUnfold={session.unfold}
          broken={broken?.card ?? null}
        />
      </div>
    </section>
  );
}
