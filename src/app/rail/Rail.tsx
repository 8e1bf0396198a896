/** The way to the panels. Pressed again, a panel closes. */
import type { ReactNode } from 'react';
import { session, useSession } from '../live.ts';
import { panels } from '../panels/index.ts';
import './rail.css';

export function Rail(): ReactNode {
  const open = useSession((state) => state.panel);
  return (
    <nav className="rail" aria-label="Panels">
      {panels
        .filter((panel) => panel.inRail)
        .map(({ id, title, Icon }) => (
          <button
            key={id}
            type="button"
            className="rail-item"
            aria-pressed={open === id}
            onClick={() => session.show(open === id ? null : id)}
          >
            <Icon size={20} />
            <span>{title}</span>
          </button>
        ))}
    </nav>
  );
}
