/** Notes of a link, and of whoever is about to share one: kept by position, shown at a step. */
import type { LinkNote } from '../../scenario/link.ts';
import { NOTE_MAX } from '../../scenario/link.ts';
import type { Core } from './core.ts';
import type { Pinned } from './state.ts';

/**
 * Finds the steps of the run that is open now; a note whose position is not there stands where its run got
 * to.
 */
export async function placed(
  core: Core,
  notes: readonly LinkNote[],
): Promise<{ readonly pinned: readonly Pinned[]; readonly lost: readonly string[] }> {
  const lost: string[] = [];
  const found = await Promise.all(
    notes.map(async ({ at, text }): Promise<Pinned> => {
      const { at: place, note } = await core.engine.seek(at);
      if (note !== '') lost.push(`The note “${short(text)}” has lost its step. ${note}`);
      return { at, place, text };
    }),
  );
  return { pinned: found.toSorted((a, b) => a.place - b.place), lost };
}

const short = (text: string): string => (text.length > 30 ? `${text.slice(0, 30)}…` : text);

export interface Pinning {
  /** At the step that is shown. */
  pin(text: string): void;
  unpin(note: Pinned): void;
}

export function createPinning(core: Core): Pinning {
  return {
    pin(text) {
      const { at, frame, pinned } = core.get();
      const said = text.trim().slice(0, NOTE_MAX);
      if (said === '') return;
      const note = { at: at === 0 ? 'start' : (frame?.position ?? String(at)), place: at, text: said };
      core.set({ pinned: [...pinned, note].toSorted((a, b) => a.place - b.place) });
    },
    unpin: (note) => core.set({ pinned: core.get().pinned.filter((one) => one !== note) }),
  };
}
