import { expect, test } from 'vitest';
import type { RunView } from '../worker/protocol.ts';
import { bySection, byStride } from './session/moves.ts';
import { keepSettings, keptSettings, keysOf, mayBeSet, USUAL, withKey, withoutKey } from './settings.ts';
import { rivalsOf } from './shortcuts.ts';

function shelfOf(first = ''): Storage {
  let kept = first === '' ? null : first;
  return {
    getItem: () => kept,
    setItem: (_: string, value: string) => void (kept = value),
  } as unknown as Storage;
}

test('settings come back as they were kept, and what is not understood is as usual', () => {
  const shelf = shelfOf();
  const mine = { ...USUAL, stride: 'operation', narration: 'off', keys: { next: ['j'] } } as const;
  keepSettings(shelf, mine);
  expect(keptSettings(shelf)).toEqual(mine);
  for (const text of ['', '{', '7', 'null', '{"stride":"far","keys":7}', '{"keys":{"next":"j"},"motion":[]}'])
    expect(keptSettings(shelfOf(text))).toEqual(USUAL);
});

test('a key that is given to a command is taken from the one that had it', () => {
  const commands = rivalsOf('next');
  const of = (id: string, keys: typeof USUAL.keys): readonly string[] =>
    keysOf(
      commands.find((one) => one.id === id)!,
      keys,
    );
  const keys = withKey(commands, {}, 'next', 'b');
  expect(of('next', keys)).toEqual(['b']);
  expect(of('breakpoint', keys)).toEqual(['F9']);
  const all = commands.flatMap((one) => keysOf(one, keys));
  expect(new Set(all).size).toBe(all.length);
  // Back to what it was: B stays with the next step as long as that has it.
  expect(of('breakpoint', withoutKey(commands, keys, 'breakpoint'))).toEqual(['F9']);
  const back = withoutKey(commands, withoutKey(commands, keys, 'next'), 'breakpoint');
  expect(back).toEqual({});
  // While presenting, B blanks the screen all the same.
  expect(withKey(rivalsOf('present-play'), keys, 'present-play', 'b')).toMatchObject({ next: ['b'] });
});

test('keys that the page needs, and modifiers alone, are not given away', () => {
  for (const key of ['Tab', 'Enter', 'Escape', '3', 'Shift', 'Mod+Control', 'Alt+Alt'])
    expect(mayBeSet(key)).toBe(false);
  for (const key of ['j', 'F5', 'Shift+J', 'Mod+ArrowRight', '0']) expect(mayBeSet(key)).toBe(true);
});

test('a section is the steps of one thread in one operation under the same locks', () => {
  const step = (at: number, thread: number, op: number) => ({ at, thread, op });
  const run = {
    steps: [step(1, 0, 0), step(2, 0, 0), step(3, 0, 0), step(4, 0, 0), step(5, 1, 1), step(6, 0, 2)],
    ops: [
      { thread: 0, first: 1, last: 4 },
      { thread: 1, first: 5, last: 5 },
      { thread: 0, first: 6, last: 6 },
    ],
    locks: [{ thread: 0, row: 0, first: 2, last: 3 }],
  } as unknown as RunView;
  const stops = (direction: 1 | -1, from: number): number[] => {
    const out = [from];
    for (let at = from; out.length < 9;) {
      const next = bySection(run, at, direction);
      if (next === at || next < 0 || next > 6) break;
      out.push((at = next));
    }
    return out;
  };
  expect(stops(1, 0)).toEqual([0, 1, 3, 4, 5, 6]);
  expect(stops(-1, 6)).toEqual([6, 5, 4, 3, 1, 0]);
  expect(byStride(run, 0, 1, 'operation')).toBe(4);
  expect(byStride(run, 2, 1, 'micro')).toBe(3);
});
