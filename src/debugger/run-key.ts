/**
 * A short key of what happened in a run: who did which step, what it did to folios, what came of every
 * operation.
 * A link carries it, so that one that was made by other rules can say so. Wording, colours and the layout of
 * the world are no part of it; a step that was added, renamed or decides otherwise is.
 */
import { RESULTS } from '../kernel/compile.ts';
import { textKey } from '../scenario/text-key.ts';
import type { Effect } from './record.ts';
import type { Run } from './run.ts';

export function runKey({ machine, steps }: Run): string {
  const { plan, program, model } = machine;
  const lines = steps.map((s) => {
    const { routine, label } = program.rows[s.pc]!;
    const name = `${plan.threads[s.thread]!.name} ${plan.ops[s.op]?.name ?? ''} ${routine.name}.${label}`;
    return [name, s.choice, ...s.effects.flatMap(kept)].join(' ');
  });
  return textKey([model.id, ...lines].join('\n'));
}

/** Effects whose numbers mean the same in any layout: folios, counts, strings of the scenario, results. */
function kept({ name, a, b }: Effect): string[] {
  switch (name) {
    case 'refs':
    case 'maps':
    case 'pins':
    case 'copy':
      return [`${name}=${a},${b}`];
    case 'alloc':
    case 'freed':
      return [`${name}=${a}`];
    case 'end':
      return [RESULTS[a] ?? ''];
    default:
      return [];
  }
}
