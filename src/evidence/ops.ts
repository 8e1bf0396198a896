/** The recorder's language, as far as evidence needs it: operations, and the words of one. */

export interface RecorderOp {
  /** `A`..`E`, or `-` for the controller. */
  readonly actor: string;
  /** With its `&` if it is started in a second thread of the actor. */
  readonly verb: string;
  readonly args: readonly string[];
}

/** The operations of a script, one per `;` or line, trimmed; `#` lines are comments. */
export function splitOps(script: string): string[] {
  return script
    .split('\n')
    .filter((line) => !/^\s*#/.test(line))
    .flatMap((line) => line.split(';'))
    .map((op) => op.trim())
    .filter((op) => op !== '');
}

/** The words of one operation; never throws, missing words are empty. */
export function parseOp(op: string): RecorderOp {
  const [actor = '', verb = '', ...args] = op.trim().split(/\s+/);
  return { actor, verb, args };
}
