/** Which folio the question "Why is this refcount N?" is about. */
import type { WhyView } from '../../worker/protocol.ts';
import type { State } from '../session/state.ts';

export const nameOf = (folio: string): string => folio.replace(/^folio:/, '');
const same = (folio: string, id: string): boolean => folio === id || nameOf(id) === nameOf(folio);

/** Selected, else what the rule decided on, else what changed, else the first that is held. */
export function chosen(state: State): WhyView | null {
  const { frame, run, at, selection } = state;
  if (!frame) return null;
  const find = (id: string | undefined): WhyView | undefined =>
    id === undefined ? undefined : frame.why.find((one) => same(one.folio, id));
  const selected = selection === null ? undefined : folioOf(state, selection);
  const touched = frame.scene.folios.find((one) => one.state === 'live' && one.changed.length > 0);
  return (
    find(selected) ??
    find(run?.steps[at - 1]?.decision?.folio) ??
    find(touched?.id) ??
    find(touched?.name) ??
    frame.why.find((one) => one.refcount > 0) ??
    frame.why[0] ??
    null
  );
}

/** A folio's id is in its own, in its tokens', and at the far end of every edge. */
function folioOf(state: State, selection: string): string | undefined {
  const direct = /(?:^|:)(folio:\w+)/.exec(selection)?.[1];
  if (direct) return direct;
  const to = state.frame?.scene.edges.find((edge) => edge.from === selection)?.to;
  return to === undefined ? undefined : /(folio:\w+)/.exec(to)?.[1];
}
