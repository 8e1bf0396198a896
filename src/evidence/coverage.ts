/** Which experiments a model can be asked about: those whose every operation it has. */
import { parseOp, splitOps } from './ops.ts';

/**
 * Says whether an operation is modelled. `verb` has its `&` if a second thread runs it: `&st` is not `st`.
 * `args` are the words after it: `['a', 'thp']`, `['a.0', '11']`.
 */
export type Supports = (verb: string, args: readonly string[]) => boolean;

export type Coverage = { readonly covered: true } | { readonly covered: false; readonly why: string };

/** Verbs that are many things under one name: the word that says which. */
const variantAt: Readonly<Record<string, number>> = { map: 1, adv: 1 };

/** Whether every operation of a script is supported; else why not, by the first that is not. */
export function coverage(script: string, supports: Supports): Coverage {
  for (const op of splitOps(script)) {
    const { verb, args } = parseOp(op);
    if (supports(verb, args)) continue;
    const variant = args[variantAt[verb.replace(/^&/, '')] ?? -1];
    return { covered: false, why: `verb ${variant ? `${verb} ${variant}` : verb} is not modelled yet` };
  }
  return { covered: true };
}
