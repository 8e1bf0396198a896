/** What an entry of the random verbs is. */
import type { RecorderOp } from './ops.ts';
import type { Prng } from './prng.ts';
import type { ScriptState } from './script-state.ts';

/** Sizes of a script. */
export interface ScriptLimits {
  readonly processes: number;
  readonly regions: number;
  readonly pages: number;
}

export interface RandomVerb {
  /** How often, relative to the others, in this state. 0: not now. */
  weight(state: ScriptState, limits: ScriptLimits): number;
  /** An operation, or null if there is nothing to do it to. `apply` accepts what it proposes. */
  propose(state: ScriptState, rng: Prng, limits: ScriptLimits): string | null;
  /** Whether the operation is legal here; if so, the state is what it is afterwards. */
  apply(state: ScriptState, op: RecorderOp): boolean;
}
