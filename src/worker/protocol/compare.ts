/** What breaks in a run; two runs side by side, and where they part. */
import type { Extent } from '../../scene/scene.ts';

export interface ViolationView {
  readonly at: number;
  readonly invariant: string;
  readonly alias: string;
  /** One word for the timeline: `leak`, `lost`, `stale`, `freed`. */
  readonly word: string;
  /** `The child has read the parent's secret.` */
  readonly title: string;
  readonly reason: string;
  /** Step at which a rule decided what led here, or 0. */
  readonly decidedAt: number;
  /** Id of the card where it shows. */
  readonly card: string;
}

/** What a rule set asked where two of them part. `at` 0: nothing. */
export interface AskedView {
  readonly at: number;
  readonly asks: string;
  readonly sees: number;
  readonly answer: string;
  readonly says: string;
}
/** What a run cost. */
export interface CostView {
  readonly steps: number;
  readonly faults: number;
  readonly copies: number;
  /** Copies that nobody needed. */
  readonly spurious: number;
  readonly flushes: number;
}

export interface CompareView {
  readonly model: string;
  readonly versus: string;
  readonly asked: { readonly left: AskedView; readonly right: AskedView };
  readonly costs: { readonly left: CostView; readonly right: CostView };
  /** Of the other run, and the rules that it breaks. */
  readonly extent: Extent;
  readonly violations: readonly ViolationView[];
  /** Index of the operation at which they part, or -1. */
  readonly op: number;
  /** Steps of the deciding rule on both sides, 0 = none. */
  readonly at: number;
  readonly versusAt: number;
  readonly says: string;
  readonly ops: readonly {
    readonly text: string;
    readonly left: string;
    readonly right: string;
    readonly same: boolean;
    readonly thread: number;
    /** Steps with which it ends on both sides, 0 = it does not. */
    readonly leftEnd: number;
    readonly rightEnd: number;
  }[];
}
