/** An element's width in CSS pixels, kept up to date; 0 before the first layout. */
import { useEffect, useState } from 'react';

export interface Measured {
  /** Goes to the element's `ref`. */
  readonly measure: (node: HTMLElement | null) => void;
  readonly node: HTMLElement | null;
  readonly width: number;
}

export function useWidth(): Measured {
  const [node, measure] = useState<HTMLElement | null>(null);
  const [width, setWidth] = useState(0);
  useEffect(() => {
    if (!node) return;
    // Reports once at the start, before the next paint.
    const observer = new ResizeObserver(() => setWidth(node.clientWidth));
    observer.observe(node);
    return () => observer.disconnect();
  }, [node]);
  return { measure, node, width };
}
