import { expect, test } from 'vitest';
import type { RunView } from '../../worker/protocol.ts';
import { grow, neighbour, NO_TREE, rowsOf, without, type Tree } from './tree.ts';

/** A run that is nothing but who moves. */
const run = (moves: string, broken: RunView['violations'] = []): RunView =>
  ({
    steps: [...moves].map((thread, i) => ({ at: i + 1, thread: Number(thread), choice: 0, op: 0, says: '' })),
    lanes: [{ name: 'parent' }, { name: 'child' }],
    ops: [{ text: 'store a.0' }],
    violations: broken,
    schedule: moves,
  }) as unknown as RunView;
const shape = (tree: Tree): string[] =>
  rowsOf(tree).map(({ branch, depth }) => `${' '.repeat(depth)}${branch.schedule}@${branch.shared}`);

test('a run grows from the one that it shares most with, and is kept beside it', () => {
  let tree = grow(NO_TREE, run('00011'));
  tree = grow(tree, run('00101'));
  tree = grow(tree, run('00110'));
  expect(shape(tree)).toEqual(['00011@0', ' 00101@2', '  00110@3']);
  tree = grow(tree, run('10001'));
  expect(shape(tree)).toEqual(['00011@0', ' 00101@2', '  00110@3', ' 10001@0']);
  expect(tree.branches.at(-1)?.other).toBe('child: store a.0');
});

test('the same run again is the branch that it was', () => {
  const tree = grow(grow(NO_TREE, run('0011')), run('0101'));
  const again = grow(tree, run('0011'));
  expect(again.branches).toBe(tree.branches);
  expect(again.here).toBe(tree.branches[0]?.id);
  expect(neighbour(again, 1)?.schedule).toBe('0101');
  expect(neighbour(again, -1)?.schedule).toBe('0011');
});

test('a branch that goes leaves what grew from it to its parent; the first and the open one stay', () => {
  let tree = grow(grow(grow(NO_TREE, run('0000')), run('0011')), run('0010'));
  const middle = tree.branches[1]!.id;
  tree = without(tree, middle);
  expect(shape(tree)).toEqual(['0000@0', ' 0010@2']);
  expect(without(tree, tree.here)).toBe(tree);
  expect(without(tree, tree.branches[0]!.id)).toBe(tree);
});

test('there is an end to what is kept, and the open run is never what goes', () => {
  let tree = NO_TREE;
  for (let i = 0; i < 100; i++) tree = grow(tree, run(i.toString(2).padStart(8, '0')));
  expect(tree.branches.length).toBeLessThanOrEqual(40);
  expect(tree.branches.some((b) => b.id === tree.here)).toBe(true);
  expect(rowsOf(tree)).toHaveLength(tree.branches.length);
});
