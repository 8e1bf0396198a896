/** Pipes: they exist from their first mention on, but only a vmsplice puts something in. */
import type { Draft, PipeDraft } from './draft.ts';
import { didYouMean } from './nearest.ts';
import type { Name } from './syntax.ts';

export function pipeOf(draft: Draft, name: Name): PipeDraft {
  const { pipes } = draft;
  const pipe = pipes.get(name.text) ?? {
    name: name.text,
    index: pipes.size,
    slots: 0,
    filled: Infinity,
    reads: [],
  };
  pipes.set(name.text, pipe);
  return pipe;
}

/** Says so where a read finds a pipe empty in every run. */
export function checkPipes(draft: Draft): void {
  const { pipes, problems } = draft;
  const filled = [...pipes.values()].filter((p) => p.slots > 0).map((p) => p.name);
  for (const { name, slots, filled: since, reads } of pipes.values()) {
    for (const { at, phase } of reads) {
      if (slots === 0) {
        const hint = didYouMean(name, filled, `Splice something into it first: vmsplice a.0 -> ${name}.`);
        problems.error(at, `nothing is ever spliced into pipe ${name}`, hint);
      } else if (phase < since) {
        problems.error(at, `pipe ${name} is still empty here`, 'Move the vmsplice up.');
      }
    }
  }
}
