/** What the reference of the language says. `worker/reference.ts` works it out. */
import type { Citation } from '../kernel/citations.ts';
import type { Verb } from './syntax.ts';

/** One way to write an operation, run on every kernel. */
export interface Example {
  /** `madvise a dontneed` */
  readonly text: string;
  /** A whole scenario with it at the end. */
  readonly scenario: string;
  /** What the newest kernel that knows it goes through, in order. */
  readonly path: readonly Citation[];
  /** Kernels that answer EINVAL to it, or to what it needs, although nothing is wrong with either. */
  readonly unknownTo: readonly string[];
  /** How it ends on the newest kernel: `end`, or an error. */
  readonly result: string;
}
export interface Use {
  readonly examples: readonly Example[];
  /** As the recorder writes them. */
  readonly recorder: readonly string[];
  /** One sentence. */
  readonly does: string;
}
/** An operation in all its uses. */
export interface OperationPage {
  readonly verb: Exclude<Verb, 'foreign'>;
  readonly form: string;
  readonly uses: readonly Use[];
}
/** A kind of line. */
export interface LinePage {
  readonly word: string;
  readonly form: string;
  readonly does: string;
}
export interface Reference {
  readonly lines: readonly LinePage[];
  readonly operations: readonly OperationPage[];
  readonly kernels: readonly string[];
}
