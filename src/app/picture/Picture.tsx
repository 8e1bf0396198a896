/**
 * The picture: a scene in its places, as one SVG that React owns. Cards never move while one steps; only
 * what changed is drawn again. One tab stop: arrow keys move inside, Space selects, Esc leaves.
 */
import { useMemo } from 'react';
import { layout, shapeFor } from '../../scene/layout.ts';
import type { Shape } from '../../scene/places.ts';
import type { Extent, Scene } from '../../scene/scene.ts';
import { useWidth } from '../useWidth.ts';
import { Drawing } from './Drawing.tsx';
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
  /** Id of the card where a rule broke. */
  readonly broken: string | null;
}

const SHAPES: readonly Shape[] = ['wide', 'folded', 'phone'];
const SIZES = { full: 'wide', folded: 'folded', phone: 'phone' } as const;

export function Picture({ scene: fresh, extent, size, selected, onSelect, broken }: PictureProps) {
  const { measure, width } = useWidth();
  const scene = useShared(fresh);
  const shape = SHAPES[Math.max(SHAPES.indexOf(shapeFor(width)), SHAPES.indexOf(SIZES[size]))] ?? 'phone';
  const placed = useMemo(
    () => layout(scene, extent, { width, height: 0, shape }, selected),
    [scene, extent, width, shape, selected],
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
          <Drawing scene={scene} placed={placed} selected={selected} onSelect={onSelect} broken={broken} />
        </>
      )}
    </div>
  );
}
