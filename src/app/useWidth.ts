/** An element's width and height in CSS pixels, kept up to date; 0 before the first layout. */
import { useEffect, useState } from 'react';

export interface Measured {
  /** Goes to the element's `ref`. */
  readonly measure: (node: HTMLElement | null) => void;
  readonly node: HTMLElement | null;
  readonly width: number;
  readonly height: number;
}

export function useWidth(): Measured {
  const [node, measure] = useState<HTMLElement | null>(null);
  const [size, setSize] = useState({ width: 0, height: 0 });
  useEffect(() => {
    if (!node) return;
    // Reports once at the start, before the next paint.
    const observer = new ResizeObserver(() => {
      const { clientWidth: width, clientHeight: height } = node;
      setSize((was) => (was.width === width && was.height === height ? was : { width, height }));
    });
    observer.observe(node);
    return () => observer.disconnect();
  }, [node]);
  return { measure, node, ...size };
}
