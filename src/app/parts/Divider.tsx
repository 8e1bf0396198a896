/** Between two parts of the page: dragged, or moved by arrow keys, it makes one of them wider. */
import type { KeyboardEvent, PointerEvent, ReactNode } from 'react';
import { session, useSession } from '../live.ts';
import { WIDTHS, type Width } from '../settings.ts';

interface Props {
  readonly of: Width;
  readonly label: string;
  /** The part stands left of it, or right. */
  readonly side: 'left' | 'right';
  /** How wide the part is while nobody has set anything. */
  readonly usual: number;
}

const STEP = 16;

export function Divider({ of, label, side, usual }: Props): ReactNode {
  const width = useSession((state) => state.settings[of]) || usual;
  const [least, most] = WIDTHS[of];
  const set = (wanted: number): void =>
    session.adjust({ [of]: Math.round(Math.max(least, Math.min(most, wanted))) });

  function drag(event: PointerEvent<HTMLDivElement>): void {
    if (event.type === 'pointerdown') event.currentTarget.setPointerCapture(event.pointerId);
    if (event.buttons !== 1 || !event.currentTarget.hasPointerCapture(event.pointerId)) return;
    const part = side === 'left' ? event.currentTarget.parentElement?.previousElementSibling : null;
    const from = part?.getBoundingClientRect().left ?? 0;
    set(side === 'left' ? event.clientX - from : document.documentElement.clientWidth - event.clientX);
  }

  function press(event: KeyboardEvent): void {
    const wider = side === 'left' ? 'ArrowRight' : 'ArrowLeft';
    const narrower = side === 'left' ? 'ArrowLeft' : 'ArrowRight';
    if (event.key === wider) set(width + STEP);
    else if (event.key === narrower) set(width - STEP);
    else if (event.key === 'Home') set(least);
    else if (event.key === 'End') set(most);
    else if (event.key === 'Enter') session.adjust({ [of]: 0 });
    else return;
    // Elsewhere these keys step.
    event.preventDefault();
    event.stopPropagation();
  }

  return (
    // A landmark of its own: it stands between those of its neighbours. It takes no place in the layout.
    <section className="divider-place" aria-label={label}>
      <div
        // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- a rule cannot be moved
        role="separator"
        className={`divider divider-${side}`}
        tabIndex={0}
        title={`${label}: drag, or press arrow keys; Enter: as usual`}
        aria-label={label}
        aria-orientation="vertical"
        aria-valuenow={width}
        aria-valuemin={least}
        aria-valuemax={most}
        onPointerDown={drag}
        onPointerMove={drag}
        onDoubleClick={() => session.adjust({ [of]: 0 })}
        onKeyDown={press}
      />
    </section>
  );
}
