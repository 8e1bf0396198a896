/** Where Linux has what a routine does: the function and the file of the model's own era. */
import type { Model } from './rules.ts';
import type { Routine } from './steps.ts';

export interface Citation {
  readonly name: string;
  readonly file: string;
}

/** Files of routines that no kernel has: what a CPU, a device or a program does, and ideas of the mails. */
export const NOT_IN_LINUX: ReadonlySet<string> = new Set(['hardware', 'device', 'user space', 'proposal']);

export function citationOf(routine: Routine, model: Model): Citation {
  const here = model.rules.names[routine.name];
  return here === undefined ? { name: routine.name, file: routine.file } : { name: here[0], file: here[1] };
}
