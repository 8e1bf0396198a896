/** Why the picture looks as it does. On narrow pages a rail of tabs that opens over the picture. */
import { lazy, Suspense, useEffect, useRef, useState, type ReactNode } from 'react';
import { IconClose, IconEye, IconFlag, IconList, IconSource } from '../icons.tsx';
import { useSession } from '../live.ts';
import { useLayout } from '../useLayout.ts';
import './inspector.css';

/** Comes while the worker does; its place is kept. */
const Sections = lazy(() => import('./Sections.tsx'));

const TABS = [
  { id: 'changed', title: 'Changed', Icon: IconFlag },
  { id: 'why', title: 'Why', Icon: IconEye },
  { id: 'rule', title: 'Rule', Icon: IconList },
  { id: 'code', title: 'Code', Icon: IconSource },
] as const;

export function Inspector(): ReactNode {
  const { narrow } = useLayout();
  const beside = useSession((state) => state.panel !== null);
  if (narrow || beside) return <Tabs />;
  return (
    <aside className="inspector" aria-label="Inspector">
      <Suspense fallback={null}>
        <Sections />
      </Suspense>
    </aside>
  );
}

function Tabs(): ReactNode {
  const [open, setOpen] = useState<string | null>(null);
  const drawer = useRef<HTMLDivElement>(null);
  const all = useRef<HTMLElement>(null);
  useEffect(() => {
    const node = all.current;
    if (open === null || !node) return;
    const out = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape') return;
      event.preventDefault();
      setOpen(null);
    };
    node.addEventListener('keydown', out);
    return () => node.removeEventListener('keydown', out);
  }, [open]);
  useEffect(() => {
    if (open === null) return;
    drawer.current?.querySelector(`[data-tab="${open}"]`)?.scrollIntoView({ block: 'start' });
  }, [open]);
  return (
    <aside className="tabs" aria-label="Inspector" ref={all}>
      <fieldset className="tabs-rail" aria-label="Sections">
        {TABS.map(({ id, title, Icon }) => (
          <button
            key={id}
            type="button"
            className="tabs-item"
            aria-expanded={open === id}
            onClick={() => setOpen(open === id ? null : id)}
          >
            <Icon size={16} />
            <span>{title}</span>
          </button>
        ))}
      </fieldset>
      {open !== null && (
        <div className="inspector inspector-over" ref={drawer}>
          <button
            type="button"
            className="button button-quiet button-icon inspector-close"
            aria-label="Close the inspector"
            onClick={() => setOpen(null)}
          >
            <IconClose />
          </button>
          <Suspense fallback={null}>
            <Sections />
          </Suspense>
        </div>
      )}
    </aside>
  );
}
