/**
 * Random sequential scripts in the recorder's language. Pure and seeded: the same parameters give the same
 * scripts. The weights make COW situations frequent: fork early, references and pins across it, and a store
 * after somebody has let go of the page.
 */
import { parseOp } from './ops.ts';
import { seeded } from './prng.ts';
import type { Prng } from './prng.ts';
import { randomVerbOf, randomVerbs } from './random-verbs.ts';
import { answers, mightBlock, watchUffd } from './random-uffd.ts';
import type { ScriptLimits } from './random-verb.ts';
import { copyState, emptyState, freshByte, openEnds } from './script-state.ts';
import type { ScriptState } from './script-state.ts';

export interface RandomScript {
  /** `fuzz-7-0042`: seed and number, so that it can be made again. */
  readonly name: string;
  readonly ops: readonly string[];
  /** The operations, joined by `; `. */
  readonly text: string;
}

export interface ScriptParameters extends Partial<ScriptLimits> {
  readonly seed: number;
  readonly count: number;
  /** Operations of a script, both included. */
  readonly opsMin?: number;
  readonly opsMax?: number;
  /** Keys of `randomVerbs`, by default all. Open ends are closed even without `prd` and `hrel`. */
  readonly verbs?: readonly string[];
}

/** Draws that a script gets; some fail: nothing to do it to, no room for what it would leave open. */
const drawsMax = 50;

/** Percent of scripts that begin with `nodrain`, and of fresh pages that are written before anything else. */
const nodrainPercent = 6;
const populatedPercent = 85;

/** Percent of scripts that leave region a to a userfaultfd monitor. */
const missingPercent = 3;

const everyVerb: readonly string[] = Object.keys(randomVerbs);

/**
 * Makes `count` scripts of `opsMin` to `opsMax` operations (4 to 14) over at most `processes` (3) actors,
 * `regions` (2) regions and `pages` (2) pages each. A `RangeError` says which parameter makes no sense.
 */
export function randomScripts(parameters: ScriptParameters): RandomScript[] {
  const { seed, count, opsMin = 4, opsMax = 14, processes = 3, regions = 2, pages = 2 } = parameters;
  const { verbs = everyVerb } = parameters;
  checkParameters(verbs, opsMin, opsMax, { processes, regions, pages });

  const rng = seeded(seed);
  return Array.from({ length: count }, (_, i) => {
    const length = rng.between(opsMin, opsMax);
    const ops = randomOps({
      rng,
      limits: { processes, regions, pages },
      verbs,
      length,
      state: emptyState(),
      ops: [],
    });
    return { name: `fuzz-${seed}-${String(i).padStart(4, '0')}`, ops, text: ops.join('; ') };
  });
}

function checkParameters(
  verbs: readonly string[],
  opsMin: number,
  opsMax: number,
  limits: ScriptLimits,
): void {
  const unknown = verbs.find((verb) => !Object.hasOwn(randomVerbs, verb));
  if (unknown !== undefined)
    throw new RangeError(`no random verb "${unknown}"; there are ${everyVerb.join(', ')}`);
  if (!verbs.some((verb) => verb.startsWith('map '))) throw new RangeError('none of the verbs maps memory');
  if (opsMin < 2 || opsMax < opsMin) throw new RangeError(`no script has ${opsMin} to ${opsMax} operations`);
  const inside = (n: number, max: number): boolean => Number.isInteger(n) && n >= 1 && n <= max;
  if (!inside(limits.processes, 5) || !inside(limits.regions, 4) || !inside(limits.pages, 4))
    throw new RangeError('at most 5 processes, 4 regions and 4 pages, at least 1 of each');
}

/** A script being written. */
interface Draft {
  readonly rng: Prng;
  readonly limits: ScriptLimits;
  readonly verbs: readonly string[];
  /** Operations it will have. */
  readonly length: number;
  readonly state: ScriptState;
  readonly ops: string[];
}

/** Applies one operation; if it is not legal here, false, and nothing has changed. */
function apply(state: ScriptState, op: string): boolean {
  const words = parseOp(op);
  const legal = !mightBlock(state, words) && (randomVerbs[randomVerbOf(words)]?.apply(state, words) ?? false);
  if (!legal) return false;
  watchUffd(state, words);
  state.ops++;
  return legal;
}

function add(draft: Draft, op: string | null): void {
  if (op !== null && apply(draft.state, op)) draft.ops.push(op);
}

const propose = (
  { state, rng, limits }: Draft,
  verb: string,
  narrower?: Partial<ScriptLimits>,
): string | null => randomVerbs[verb]?.propose(state, rng, { ...limits, ...narrower }) ?? null;

function randomOps(draft: Draft): string[] {
  const { rng, state, ops, length } = draft;
  begin(draft);
  for (let draws = 0; ops.length + openEnds(state) < length && draws < drawsMax; draws++) {
    const op = draw(draft);
    if (op !== null && leavesRoom(draft, op)) add(draft, op);
  }
  for (let open = openVerbs(state); open.length > 0; open = openVerbs(state)) {
    add(draft, propose(draft, rng.pick(open)));
  }
  return ops;
}

/** Maps region a, mostly anonymous, and mostly writes to it; a page not written reads as the zero page. */
function begin(draft: Draft): void {
  const { rng, verbs, state, length } = draft;
  if (verbs.includes('nodrain') && length > 4 && rng.chance(nodrainPercent)) add(draft, 'A nodrain');
  const kinds = verbs.filter((verb) => verb.startsWith('map '));
  const kind = kinds.includes('map anon') && rng.chance(90) ? 'map anon' : rng.pick(kinds);
  add(draft, propose(draft, kind, { regions: 1 }));
  if (verbs.includes('uffdmiss') && length > 6 && rng.chance(missingPercent)) {
    add(draft, propose(draft, 'uffdmiss'));
    if (state.actors['A']?.uffd) return;
  }
  if (!verbs.includes('st')) return;
  const pages = state.actors['A']?.regions['a']?.length ?? 0;
  for (let page = 0; page < pages && state.ops < length; page++) {
    if (rng.chance(populatedPercent)) add(draft, `A st a.${page} ${freshByte(state)}`);
  }
}

function draw(draft: Draft): string | null {
  const { rng, limits, verbs, state } = draft;
  const weights = verbs.map((verb) => randomVerbs[verb]?.weight(state, limits) ?? 0);
  let left = rng.below(weights.reduce((sum, weight) => sum + weight, 0));
  const chosen = verbs.find((_, i) => (left -= weights[i] ?? 0) < 0);
  return chosen === undefined ? null : propose(draft, chosen);
}

/** Whether what an operation opens can still be closed within the length. */
function leavesRoom({ state, length }: Draft, op: string): boolean {
  const after = copyState(state);
  return apply(after, op) && after.ops + openEnds(after) <= length;
}

/** Verbs that close what is open. */
function openVerbs(state: ScriptState): string[] {
  const actors = Object.values(state.actors);
  return [
    ...answers(state),
    ...(state.hold ? ['hrel'] : []),
    ...(state.pipes.some((n) => n > 0) ? ['prd'] : []),
    ...(actors.some((a) => a.buffer !== null) ? ['uunreg'] : []),
    ...(state.io ? ['fdone'] : []),
    ...(actors.some((a) => a.io === 'done') ? ['join'] : []),
  ];
}

/**
 * The operations that are legal one after the other. What is not legal is left out, and so is what depends on
 * it. `closed`: no hold is open at the end.
 */
export function legalOps(ops: readonly string[]): { readonly ops: string[]; readonly closed: boolean } {
  const state = emptyState();
  const kept = ops.filter((op) => apply(state, op));
  return { ops: kept, closed: state.hold === null && state.io === null && answers(state).length === 0 };
}
