/**
 * The picture: a scene in its places, as one SVG that React owns. Cards never move while one steps; only
 * what changed is drawn again. One tab stop: arrow keys move inside, Space selects, Esc leaves.
 */
import { useMemo } from 'react';
import { layout, shapeFor } from '../../scene/layout.ts';
import { walkId, type Shape } from '../../scene/places.ts';
import type { Extent, Scene } from '../../scene/scene.ts';
import { useWidth } from '../useWidth.ts';
import { Drawing } from './Drawing.tsx';
import { kindsOfBits, legendHeight, legendWords } from './legend-room.ts';
import type { People } from './names.ts';
import { useShared } from './share.ts';
import './picture.css';

export interface PictureProps {
  readonly scene: Scene;
  readonly extent: Extent;
  /** What the page has room for; the picture folds further when it turns out to be narrower than that. */
  readonly size: 'full' | 'folded' | 'phone';
  readonly selected: string | null;
  /** With the id of a card, a row or a token, or `mapcount:` or `refcount:` and the id of a folio. */
  readonly onSelect: (id: string) => void;
  /** Page-table walks that are unfolded, by the id of what unfolds them. */
  readonly unfolded: readonly string[];
  readonly onUnfold: (id: string) => void;
  /** Id of the card where a rule broke. */
  readonly broken: string | null;
}

/** As in picture.css. */
const HEADS = 18;
const SHAPES: readonly Shape[] = ['wide', 'folded', 'phone'];
const SIZES = { full: 'wide', folded: 'folded', phone: 'phone' } as const;

export function Picture(props: PictureProps) {
  const { scene: fresh, extent, size, selected, onSelect, unfolded, onUnfold, broken } = props;
  const { measure, width, height } = useWidth();
  const scene = useShared(fresh);
  const shape = SHAPES[Math.max(SHAPES.indexOf(shapeFor(width)), SHAPES.indexOf(SIZES[size]))] ?? 'phone';
  const bits = useShared(kindsOfBits(scene));
  const people = useShared<People>(scene.processes.map(({ name, who }) => ({ name, who })));
  const legend = useMemo(
    () => legendWords(scene.legend, bits, people, width),
    [scene.legend, bits, people, width],
  );
  // On a phone the page scrolls, and the height of the picture is its own.
  const room = shape === 'phone' ? 0 : Math.max(0, height - HEADS - legendHeight(legend));
  const open = useShared(
    scene.processes.filter(({ name }) => unfolded.includes(walkId(name))).map(({ id }) => id),
  );
  const unfolds = scene.processes.map(({ name }) => walkId(name));
  const activate = (id: string): void => (unfolds.includes(id) ? onUnfold : onSelect)(id);
  const placed = useMemo(
    () => layout(scene, extent, { width, height: room, shape, open }, selected),
    [scene, extent, width, room, shape, open, selected],
  );
  return (
    <div className={`picture picture-${shape}`} ref={measure}>
      {width > 0 && (
        <>
          {placed.plan.heads.length > 0 && (
            <div className="picture-heads" aria-hidden="true">
              {placed.plan.heads.map(({ text, x, w }) => (
                <span key={x} style={{ left: x, maxWidth: w }}>
                  {text}
                </span>
              ))}
            </div>
          )}
          <Drawing
            scene={scene}
            placed={placed}
            selected={selected}
            onSelect={activate}
            broken={broken}
            legend={legend}
          />
        </>
      )}
    </div>
  );
}
