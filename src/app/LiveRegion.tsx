/** Says every step to readers of screens: one sentence, politely, and not every one while playing. */
import { useEffect, useState, type ReactNode } from 'react';
import { session } from './live.ts';
import type { State } from './session/state.ts';
import { spoken } from './words.ts';

/** Speech needs about this long for a sentence. */
const SPEECH_MS = 2400;

/** What must be said even while playing: a decision, a broken rule, the end. */
function matters({ run, at }: State): boolean {
  if (!run) return false;
  const decided = run.steps[at - 1]?.decision ?? null;
  return decided !== null || at === run.steps.length || run.violations.some((one) => one.at === at);
}

export function LiveRegion(): ReactNode {
  const [says, setSays] = useState('');
  useEffect(() => {
    let last = 0;
    return session.store.subscribe((state, before) => {
      const moved = state.run === before.run ? state.at !== before.at : before.run !== null;
      const stopped = before.playing && !state.playing;
      const { narration } = state.settings;
      if (!state.run || !(moved || stopped) || narration === 'off') return;
      const now = performance.now();
      if (state.playing && !matters(state) && now - last < SPEECH_MS) return;
      last = now;
      setSays(spoken(state.run, state.at, narration === 'brief'));
    });
  }, []);
  return (
    <output className="unseen" aria-live="polite" aria-atomic="true" aria-label="Step in words">
      {says}
    </output>
  );
}
