/** The open scenario's title; opens the gallery. Beside it where the scenario comes from. */
import type { ReactNode } from 'react';
import { IconDown } from '../icons.tsx';
import { session, useSession } from '../live.ts';
import { isEdited, scenarioOf } from '../session/state.ts';

export function ScenarioButton(): ReactNode {
  const title = useSession((state) => state.title);
  const open = useSession((state) => state.run !== null);
  const source = useSession((state) => {
    if (!isEdited(state)) return scenarioOf(state)?.source ?? '';
    return state.walkthrough?.stand?.text === state.text ? 'of this lesson' : 'edited';
  });
  return (
    <>
      <h1 className="top-title">
        <button
          type="button"
          className="top-scenario"
          title={title}
          aria-haspopup="true"
          onClick={() => session.show('gallery')}
        >
          <span className="clip">{title || (open ? 'Untitled scenario' : 'Opening')}</span>
          <IconDown />
        </button>
      </h1>
      {source !== '' && (
        <span className="chip top-source" title={source}>
          {source}
        </span>
      )}
    </>
  );
}
