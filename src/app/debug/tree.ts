/** Runs that were looked at, as a tree: where each parts from the one it comes from. Pure. */
import type { RunView } from '../../worker/protocol.ts';

/** A move of a run: a thread, and which way it went. */
type Moves = readonly string[];

export interface Branch {
  readonly id: number;
  readonly moves: Moves;
  /** As a link writes it. */
  readonly schedule: string;
  /** null: the first run. */
  readonly parent: number | null;
  /** Steps that it shares with its parent. */
  readonly shared: number;
  /** Who goes another way there than in the parent: `child: munmap a`, '' for the first run. */
  readonly other: string;
  readonly broken: readonly { readonly at: number; readonly word: string }[];
}
export interface Tree {
  readonly branches: readonly Branch[];
  /** Id of the branch that is open; -1: none. */
  readonly here: number;
}
export const NO_TREE: Tree = { branches: [], here: -1 };

/** So many are kept; the oldest goes first, never the first run or the open one. */
const KEPT = 40;

const movesOf = (run: RunView): Moves => run.steps.map((s) => `${s.thread}.${s.choice}`);
function sharedBy(a: Moves, b: Moves): number {
  let i = 0;
  while (i < a.length && a[i] === b[i]) i++;
  return i;
}

/** The tree with this run in it, as the one that is open. */
export function grow(tree: Tree, run: RunView): Tree {
  const moves = movesOf(run);
  const known = tree.branches.find(
    (b) => b.moves.length === moves.length && sharedBy(b.moves, moves) === moves.length,
  );
  if (known) return { ...tree, here: known.id };
  // It grew out of what was open; another branch that it shares more with is the truer parent.
  let parent: Branch | null = null,
    shared = 0;
  const open = tree.branches.find((b) => b.id === tree.here);
  for (const branch of open ? [open, ...tree.branches] : tree.branches) {
    const n = sharedBy(branch.moves, moves);
    if (parent === null || n > shared) [parent, shared] = [branch, n];
  }
  // It parts before its parent did: then it grew from the parent's parent.
  while (parent !== null && parent.parent !== null && shared <= parent.shared) {
    const above: number = parent.parent;
    parent = tree.branches.find((b) => b.id === above) ?? null;
  }
  const step = run.steps[shared];
  const lane = step ? (run.lanes[step.thread]?.name ?? '') : '';
  const branch: Branch = {
    id: Math.max(0, ...tree.branches.map((b) => b.id)) + 1,
    moves,
    schedule: run.schedule,
    parent: parent?.id ?? null,
    shared,
    other: parent === null || !step ? '' : `${lane}: ${run.ops[step.op]?.text ?? step.says}`,
    broken: run.violations.map(({ at, word }) => ({ at, word })),
  };
  return pruned({ branches: [...tree.branches, branch], here: branch.id });
}

function pruned(tree: Tree): Tree {
  if (tree.branches.length <= KEPT) return tree;
  const oldest = tree.branches.find((b) => b.parent !== null && b.id !== tree.here);
  return oldest ? without(tree, oldest.id) : tree;
}

export interface Placed {
  readonly branch: Branch;
  readonly depth: number;
}
/** In the order in which a tree is read: a branch, then what grows from it, latest fork first. */
export function rowsOf({ branches }: Tree): readonly Placed[] {
  const under = (parent: number | null, depth: number): Placed[] =>
    branches
      .filter((b) => b.parent === parent)
      .sort((a, b) => b.shared - a.shared || a.id - b.id)
      .flatMap((branch) => [{ branch, depth }, ...under(branch.id, depth + 1)]);
  return under(null, 0);
}

/** The branch before or after the open one; itself at the ends. */
export function neighbour(tree: Tree, by: 1 | -1): Branch | null {
  const rows = rowsOf(tree);
  const place = rows.findIndex((r) => r.branch.id === tree.here);
  return rows[Math.max(0, Math.min(rows.length - 1, place + by))]?.branch ?? null;
}
/** Without a branch; what grew from it is taken over by its parent. The open one and the first run stay. */
export function without(tree: Tree, id: number): Tree {
  const gone = tree.branches.find((b) => b.id === id);
  if (!gone || gone.parent === null || id === tree.here) return tree;
  return {
    ...tree,
    branches: tree.branches
      .filter((b) => b !== gone)
      .map((b) =>
        b.parent === id ? { ...b, parent: gone.parent, shared: Math.min(b.shared, gone.shared) } : b,
      ),
  };
}
