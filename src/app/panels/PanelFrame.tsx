/** The place of a panel. Its body arrives when it is first opened. */
import { Suspense, type ReactNode } from 'react';
import { useSession } from '../live.ts';
import { panels, type PanelEntry } from './index.ts';
import './panel.css';

export function OpenPanel({ place }: { readonly place: PanelEntry['place'] }): ReactNode {
  const id = useSession((state) => state.panel);
  const panel = panels.find((one) => one.id === id && one.place === place);
  if (!panel) return null;
  const { title, Body } = panel;
  return (
    <section key={panel.id} className={`panel panel-${place} panel-${panel.id}`} aria-label={title}>
      <Suspense fallback={<p className="panel-wait quiet">Opening {title.toLowerCase()}.</p>}>
        <Body />
      </Suspense>
    </section>
  );
}
