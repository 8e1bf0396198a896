/**
 * A picture higher than the page scrolls just far enough to show what the step changed, and back to its top
 * as soon as that shows it too. Cards themselves never move.
 */
import { useEffect, useRef, type RefObject } from 'react';

const SIGNS = '.ring-broken, .changed-ring, .mark, .edge-changed';
const MARGIN = 12;

export function useFollow(at: number): RefObject<HTMLDivElement | null> {
  const scroller = useRef<HTMLDivElement>(null);
  const followed = useRef(-1);
  useEffect(() => {
    if (followed.current === at) return;
    followed.current = at;
    const view = scroller.current;
    const sign = view?.querySelector(SIGNS);
    if (!view || !sign || view.scrollHeight <= view.clientHeight) return;
    const box = (sign.closest('[data-id]') ?? sign).getBoundingClientRect();
    const top = box.top - view.getBoundingClientRect().top + view.scrollTop - MARGIN;
    const bottom = top + box.height + 2 * MARGIN;
    if (bottom <= view.clientHeight) view.scrollTop = 0;
    else if (top < view.scrollTop) view.scrollTop = top;
    else if (bottom > view.scrollTop + view.clientHeight)
      view.scrollTop = Math.min(top, bottom - view.clientHeight);
  });
  return scroller;
}
