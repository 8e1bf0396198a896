/** Thousands of pages at a glance: a dot each, on one canvas. The lists under it say the same in words. */
import { useCallback, useEffect, useMemo, useState, type ReactNode } from 'react';
import type { EntryView, StructureView } from '../../../worker/protocol/structure.ts';
import { session } from '../../live.ts';
import { useWidth } from '../../useWidth.ts';
import { count } from '../../words.ts';
import { elementsOf, type Found } from './group.ts';
import { bandsOf, DOT, dotAt, heightOf, HEAD, placeOf, type Band, type Dot } from './dots.ts';

interface Props {
  readonly view: StructureView;
  readonly chosen: Found | null;
}

export function Overview({ view, chosen }: Props): ReactNode {
  const { measure, node, width } = useWidth();
  const theme = useTheme();
  const bands = useMemo(() => bandsOf(view), [view]);
  const height = heightOf(bands, width);
  const leads = chosen?.entry.leads ?? -1;
  const draw = useCallback(
    (canvas: HTMLCanvasElement | null) => {
      if (canvas && width > 0) paint(canvas, bands, width, height, chosen?.entry ?? null);
    },
    // The colours of the page are read while it is painted.
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- see above
    [bands, width, height, chosen, theme],
  );
  const pick = (event: React.MouseEvent): void => {
    const box = node?.getBoundingClientRect();
    const dot = box && dotAt(bands, width, event.clientX - box.left, event.clientY - box.top);
    if (dot && dot.id !== '') session.select(dot.id);
  };
  const total = elementsOf(view);
  return (
    <figure className="memory-overview">
      <figcaption className="small quiet">
        {total.toLocaleString('en')} pages, a dot each. Dark: writable. Grey: read-only, or used. Pale: empty,
        or free.{leads >= 0 && ' Ringed: what is chosen.'}{' '}
        {bands.map(({ name, dots }) => `${name}: ${count(dots.length, 'page')}`).join(', ')}.
      </figcaption>
      <div ref={measure} className="memory-canvas" onClick={pick} role="presentation">
        <canvas ref={draw} style={{ width, height }} aria-hidden="true" />
      </div>
    </figure>
  );
}

/** Counts changes of the theme, by hand or by the system. */
function useTheme(): number {
  const [times, set] = useState(0);
  useEffect(() => {
    const more = (): void => set((n) => n + 1);
    const watcher = new MutationObserver(more);
    watcher.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    const system = window.matchMedia('(prefers-color-scheme: dark)');
    system.addEventListener('change', more);
    return () => {
      watcher.disconnect();
      system.removeEventListener('change', more);
    };
  }, []);
  return times;
}

const INKS = { write: '--ink', read: '--edge', none: '--line' } as const;

function paint(
  canvas: HTMLCanvasElement,
  bands: readonly Band[],
  width: number,
  height: number,
  chosen: EntryView | null,
): void {
  const scale = window.devicePixelRatio || 1;
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  const pen = canvas.getContext('2d');
  if (!pen) return;
  const style = getComputedStyle(canvas);
  const colour = (name: string): string => style.getPropertyValue(name);
  pen.scale(scale, scale);
  pen.font = `500 12px ${colour('--sans')}`;
  let top = 0;
  for (const band of bands) {
    pen.fillStyle = colour('--ink2');
    pen.fillText(band.name, 0, top + 13);
    for (const ink of ['none', 'read', 'write'] as const) {
      pen.fillStyle = colour(INKS[ink]);
      band.dots.forEach((dot, i) => {
        if (dot.ink !== ink) return;
        const { x, y } = placeOf(i, width);
        pen.fillRect(x, top + HEAD + y, DOT - 1, DOT - 1);
      });
    }
    pen.strokeStyle = colour('--markline');
    pen.lineWidth = 2;
    band.dots.forEach((dot, i) => {
      if (!chosen || !isOf(dot, chosen)) return;
      const { x, y } = placeOf(i, width);
      pen.strokeRect(x - 1, top + HEAD + y - 1, DOT + 1, DOT + 1);
    });
    top += heightOf([band], width);
  }
}

const isOf = (dot: Dot, entry: EntryView): boolean =>
  dot.id === entry.id || (dot.pfn >= 0 && dot.pfn === entry.leads && entry.state === 'page');
