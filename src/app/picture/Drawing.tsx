/** The SVG itself, in places that are known already. */
import { useId, useMemo } from 'react';
import { tableOf, type Placed } from '../../scene/layout.ts';
import type { Scene } from '../../scene/scene.ts';
import { EdgeAt } from './Edges.tsx';
import { FolioCard, OpenFolio } from './FolioCard.tsx';
import { HolderCard } from './HolderCard.tsx';
import { Legend } from './Legend.tsx';
import type { LegendWords } from './legend-room.ts';
import type { People } from './names.ts';
import { navigation } from './nav.ts';
import { ProcessCard } from './ProcessCard.tsx';
import { useShared } from './share.ts';
import { PointingContext } from './Sign.tsx';
import { TableCard } from './TableCard.tsx';
import { useFollow } from './useFollow.ts';
import { useKeys } from './useKeys.ts';

export interface DrawingProps {
  readonly scene: Scene;
  readonly placed: Placed;
  readonly selected: string | null;
  readonly onSelect: (id: string) => void;
  readonly broken: string | null;
  /** null: there is no room for it. */
  readonly legend: LegendWords | null;
  /** Pixels for each unit of the picture. */
  readonly zoom: number;
}

/** Said although an SVG has that role by itself: not every browser tells it on. */
const MAP = { role: 'graphics-document', 'aria-roledescription': 'memory map' } as const;

export function Drawing({ scene, placed, selected, onSelect, broken, legend, zoom }: DrawingProps) {
  const { plan, edges, opened } = placed;
  const nav = useMemo(() => navigation(scene, placed), [scene, placed]);
  const { tab, handlers } = useKeys(nav, onSelect);
  const scroller = useFollow(scene.at);
  const pointing = useMemo(() => ({ selected, tab, broken }), [selected, tab, broken]);
  const people = useShared<People>(scene.processes.map(({ name, who }) => ({ name, who })));
  const help = useId();
  const awaited = scene.folios.every(({ state }) => state === 'free') ? scene.folios[0]?.id : undefined;
  const openCard = scene.folios.find(({ id }) => id === opened);
  return (
    <PointingContext value={pointing}>
      <div className="picture-scroll" ref={scroller}>
        <svg
          className="picture-svg"
          width={plan.width * zoom}
          height={plan.height * zoom}
          viewBox={`0 0 ${plan.width} ${plan.height}`}
          {...MAP}
          aria-label={scene.at === 0 ? 'Memory before the first step' : `Memory after step ${scene.at}`}
          aria-describedby={help}
          {...handlers}
        >
          {plan.processes.map((place) => {
            const card = scene.processes.find(({ id }) => id === place.id);
            const table = card && tableOf(scene, card);
            if (!card) return null;
            const folded = !place.table && table ? table : null;
            return (
              <g key={place.id}>
                <ProcessCard card={card} table={folded} place={place} people={people} />
                {table && (
                  <TableCard card={table} process={card.name} alone={people.length === 1} place={place} />
                )}
              </g>
            );
          })}
          {openCard && plan.open && <OpenFolio card={openCard} place={plan.open} />}
          {plan.folios.map((place) => {
            const card = scene.folios.find(({ id }) => id === place.id);
            return (
              card && (
                <FolioCard
                  key={card.id}
                  card={card}
                  place={place}
                  people={people}
                  awaited={awaited === card.id}
                  opened={opened === card.id}
                />
              )
            );
          })}
          {plan.holders.map((place) => {
            const card = scene.holders.find(({ id }) => id === place.id);
            return card && <HolderCard key={card.id} card={card} place={place} />;
          })}
          {edges.map((routed) => (
            <EdgeAt key={routed.edge.id} routed={routed} />
          ))}
        </svg>
      </div>
      <p className="unseen" id={help}>
        Right and Left go to what stands beside, Down or Enter to what it points to, Up or Shift and Enter to
        its holders, Backspace back. Space selects. Escape leaves.
      </p>
      {legend && <Legend signs={scene.legend} said={legend} people={people} />}
    </PointingContext>
  );
}
