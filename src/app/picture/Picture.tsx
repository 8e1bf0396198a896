/**
 * The picture: a scene in its places, as one SVG that React owns. Cards never move while one steps; only
 * what changed is drawn again. One tab stop: arrow keys move inside, Space selects, Esc leaves.
 */
import { useMemo, type CSSProperties } from 'react';
import { layout, planFor, shapeFor } from '../../scene/layout.ts';
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
  /** For readers at the far end of a room. */
  readonly large?: boolean;
}

/** As in picture.css. */
const HEADS = 18;
const LEGEND_FROM = 260;
const SHAPES: readonly Shape[] = ['wide', 'folded', 'phone'];
/** Of a large picture: the first with which all columns stand side by side, and nothing scrolls. */
const ZOOMS = [2, 1.8, 1.6, 1.4, 1.25, 1.1] as const;
const SIZES = { full: 'wide', folded: 'folded', phone: 'phone' } as const;

/** Room for the heads of the columns and two lines of signs. */
const AROUND = HEADS + 52;

function zoomFor(extent: Extent, width: number, height: number): number {
  const fits =
    (shape: Shape) =>
    (zoom: number): boolean => {
      const frame = { width: width / zoom, height: height / zoom - AROUND, shape, open: [] };
      return shapeFor(frame.width) === shape && planFor(extent, frame).height <= frame.height;
    };
  return ZOOMS.find(fits('wide')) ?? ZOOMS.find(fits('folded')) ?? 1;
}

export function Picture(props: PictureProps) {
  const { scene: fresh, extent, size, selected, onSelect, unfolded, onUnfold, broken } = props;
  const { measure, ...measured } = useWidth();
  const scene = useShared(fresh);
  const zoom = useMemo(
    () => (props.large === true && size !== 'phone' ? zoomFor(extent, measured.width, measured.height) : 1),
    [props.large, size, extent, measured.width, measured.height],
  );
  const [width, height] = [measured.width / zoom, measured.height / zoom];
  const shape = SHAPES[Math.max(SHAPES.indexOf(shapeFor(width)), SHAPES.indexOf(SIZES[size]))] ?? 'phone';
  const bits = useShared(kindsOfBits(scene));
  const people = useShared<People>(scene.processes.map(({ name, who }) => ({ name, who })));
  const legend = useMemo(
    () => legendWords(scene.legend, bits, people, width),
    [scene.legend, bits, people, width],
  );
  // On a phone the page scrolls, and the height of the picture is its own.
  // Where there is hardly any height the signs are behind "?" only.
  const bare = shape !== 'phone' && height < LEGEND_FROM;
  const signs = bare ? 0 : legendHeight(legend);
  const room = shape === 'phone' ? 0 : Math.max(0, height - HEADS - signs);
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
    <div className={`picture picture-${shape}`} ref={measure} style={{ '--zoom': zoom } as CSSProperties}>
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
            legend={bare ? null : legend}
            zoom={zoom}
          />
        </>
      )}
    </div>
  );
}
