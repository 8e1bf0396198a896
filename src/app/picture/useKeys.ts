/** Roving focus: one sign is the tab stop, keys move it; where we came from is remembered for Backspace. */
import { useRef, useState, type KeyboardEvent, type MouseEvent } from 'react';
import type { Move, Nav } from './nav.ts';

const MOVES: Readonly<Record<string, Move>> = {
  ArrowRight: 'right',
  ArrowLeft: 'left',
  ArrowDown: 'down',
  ArrowUp: 'up',
};

type Root = SVGSVGElement;

const signUnder = (target: EventTarget): SVGElement | null =>
  target instanceof Element ? target.closest<SVGElement>('[data-id]') : null;
const idUnder = (target: EventTarget): string | null => signUnder(target)?.dataset['id'] ?? null;

function focus(root: Root, id: string): void {
  const node = root.querySelector<SVGElement>(`[data-id="${CSS.escape(id)}"]`);
  node?.focus({ preventScroll: true });
  node?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
}

/** A number is a button: Enter asks "why?". Everywhere else Enter goes to what the sign points to. */
function moveOf(event: KeyboardEvent<Root>): Move | undefined {
  if (event.key !== 'Enter') return event.shiftKey ? undefined : MOVES[event.key];
  if (event.shiftKey) return 'up';
  return signUnder(event.target)?.getAttribute('role') === 'button' ? undefined : 'down';
}

export interface Keys {
  readonly tab: string | null;
  readonly handlers: {
    readonly onKeyDown: (event: KeyboardEvent<Root>) => void;
    readonly onFocus: (event: { readonly target: EventTarget }) => void;
    readonly onClick: (event: MouseEvent<Root>) => void;
  };
}

export function useKeys(nav: Nav, onSelect: (id: string) => void): Keys {
  const [last, setLast] = useState<string | null>(null);
  const trail = useRef<string[]>([]);

  /** Whether the key was ours. */
  const handle = (event: KeyboardEvent<Root>, here: string): boolean => {
    const root = event.currentTarget;
    const move = moveOf(event);
    if (move) {
      const next = nav.go(here, move);
      if (next !== null) {
        trail.current.push(here);
        focus(root, next);
      } else if (event.key === 'Enter') onSelect(here);
      return true;
    }
    if (event.key === 'Enter' || event.key === ' ') onSelect(here);
    else if (event.key === 'Backspace') {
      const back = trail.current.pop();
      if (back !== undefined) focus(root, back);
    } else if (event.key === 'Escape') signUnder(event.target)?.blur();
    else return false;
    return true;
  };

  return {
    tab: last !== null && nav.has(last) ? last : nav.first,
    handlers: {
      onKeyDown(event) {
        const here = idUnder(event.target);
        if (here === null || event.altKey || event.ctrlKey || event.metaKey || !handle(event, here)) return;
        // The page has keys of its own; what moves inside the picture must not also step the run.
        event.preventDefault();
        event.stopPropagation();
      },
      onFocus: (event) => setLast(idUnder(event.target)),
      onClick(event) {
        const id = idUnder(event.target);
        if (id !== null) onSelect(id);
      },
    },
  };
}
