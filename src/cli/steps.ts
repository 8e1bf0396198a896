/** Steps in words, under the operations that they belong to. */
import { newRun, extend } from '../debugger/run.ts';
import type { Run } from '../debugger/run.ts';
import { sentence } from '../debugger/words.ts';
import { choiceOfMove, threadOfMove } from '../kernel/engine.ts';
import type { Machine } from '../kernel/machine.ts';
import type { Io } from './command.ts';
import { table } from './table.ts';

/** The steps that the threads `moves` make, one after the other. */
export function printMoves(machine: Machine, moves: readonly number[], io: Io): void {
  const run = newRun(machine);
  for (const m of moves) extend(run, threadOfMove(m), choiceOfMove(m));
  printSteps(run, io);
}

export function printSteps(run: Run, io: Io): void {
  const { plan, program } = run.machine;
  const names = run.steps.map((s) => `${program.rows[s.pc]!.routine.name}.${program.rows[s.pc]!.label}`);
  const lines = table(
    run.steps.map((s, i) => [String(s.at).padStart(4), names[i]!, sentence(run, s)]),
    '  ',
  );
  run.steps.forEach((s, i) => {
    const before = run.steps[i - 1];
    if (before?.op !== s.op || before.thread !== s.thread) {
      const goesOn = run.steps.slice(0, i).some((x) => x.op === s.op) ? ' (goes on)' : '';
      io.out(`  ${plan.threads[s.thread]!.name}: ${plan.ops[s.op]?.text ?? ''}${goesOn}`);
    }
    io.out(lines[i]!);
  });
}
