/** The way to the debugger, which is loaded when first needed, and in a quiet moment after the start. */
import type { Debugging } from './debug/debugging.ts';

export type { Debugging } from './debug/debugging.ts';

let asked: Promise<Debugging> | null = null;

export function debugging(): Promise<Debugging> {
  asked ??= import('./debug/start.ts').then(({ debug }) => debug);
  return asked;
}
