/** One clock for two runs: the operations that have ended. Steps are not comparable, operations are. */
import type { CompareView } from '../../../worker/protocol.ts';

type Ops = CompareView['ops'];

/** The operation under way, or ended last, after step `at` of the left run; -1 before the first. */
export function nowAt(ops: Ops, at: number): number {
  const ended = ops.flatMap(({ leftEnd }, i) => (leftEnd > 0 && leftEnd <= at ? [i] : []));
  const latest = Math.max(0, ...ended.map((i) => ops[i]?.leftEnd ?? 0));
  return ended.find((i) => ops[i]?.leftEnd === latest) ?? -1;
}

/** Where the right run has ended the same operations as the left one after its step `at`. */
export const rightAt = (ops: Ops, at: number): number =>
  Math.max(0, ...ops.map(({ leftEnd, rightEnd }) => (leftEnd > 0 && leftEnd <= at ? rightEnd : 0)));
