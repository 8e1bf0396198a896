/** Waits for an operation that was started on another thread of the process. pthread_timedjoin_np(3). */
import { routine } from '../steps.ts';
import { OP, cells, now, op, taskOf } from '../world.ts';

const isOver = (): boolean => {
  const { ops, threads } = now.plan!,
    joins = op.joins ?? -1,
    job = ops[joins];
  if (job === undefined) return true;
  const own = threads[job.thread]!.ops.indexOf(joins);
  return cells[taskOf[job.thread]! + OP]! > own;
};
/** `op.flags`: others may still come to its aid, so it waits as long as it takes. */
export const join = routine(
  'pthread_timedjoin_np',
  { file: 'user space', exits: ['end', 'ETIMEDOUT'] },
  {
    wait: {
      says: 'Wait until the other thread is done.',
      when: () => op.flags === 0 || isOver(),
      awaits: 'waits for the other thread',
      run: () => (isOver() ? 'end' : 'ETIMEDOUT'),
      so: {
        end: 'The other thread is done.',
        ETIMEDOUT: 'The other thread still waits, and nobody can help it.',
      },
    },
  },
);
