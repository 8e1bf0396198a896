/** A link as it goes into a mail: what it shows in one line, and where. */
import { brokenBy } from '../session/moves.ts';
import type { State } from '../session/state.ts';

export function wordsFor({ run, at, title, model }: State, link: string): string {
  if (!run) return link;
  const broken = brokenBy(run, at);
  const says = broken ? broken.title : (run.steps[at - 1]?.says ?? '');
  const where = `${model}, step ${at} of ${run.steps.length}`;
  return `${title} (${where})${says === '' ? '' : `: ${says}`}\n${link}`;
}
