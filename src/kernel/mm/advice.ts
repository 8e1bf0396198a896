/** How madvise begins where only some kernels know the advice. mm/madvise.c. */
import type { LockStep, Step } from '../steps.ts';

/** The first row: a kernel that does not know it refuses. */
export const askAdvice = (knows: () => boolean): Step<'lock' | 'EINVAL'> => ({
  says: 'Does this kernel know the advice?',
  run: () => (knows() ? 'lock' : 'EINVAL'),
  so: { EINVAL: 'This kernel does not know the advice.' },
});
/** The second one, of the kernels that do. */
export const lockForAdvice = <To extends string>(knows: () => boolean, next: To): LockStep<To> => ({
  on: knows,
  says: 'Keep the mappings from changing: {mmap_lock} for reading.',
  takes: 'mmap_lock:read',
  next,
});
