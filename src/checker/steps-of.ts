/** The steps of a schedule by their names: `parent store do_wp_page.decide`. */
import { doMove, pcOf, program, threadOfMove } from '../kernel/engine.ts';
import { activate } from '../kernel/machine.ts';
import type { Machine } from '../kernel/machine.ts';
import { OP, cells, load, taskOf } from '../kernel/world.ts';

/** Leaves the world at the end of the schedule in the scratch memory. */
export function stepsOf(machine: Machine, moves: readonly number[]): string[] {
  activate(machine);
  load(machine.start, 0);
  const { threads, ops } = machine.plan;
  return moves.map((move) => {
    const t = threadOfMove(move),
      { routine, label } = program.rows[pcOf(t)]!;
    const op = ops[threads[t]!.ops[cells[taskOf[t]! + OP]!] ?? -1]?.name ?? '';
    doMove(move);
    return [threads[t]!.name, op, `${routine.name}.${label}`].filter((w) => w !== '').join(' ');
  });
}
