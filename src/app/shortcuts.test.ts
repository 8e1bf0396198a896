import { expect, test } from 'vitest';
import { nameOf } from './keys.ts';
import { commands, isSingle, keyName, rivalsOf } from './shortcuts.ts';

const press = (key: string, held: Partial<KeyboardEvent> = {}): string =>
  nameOf({ key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...held } as KeyboardEvent);

test('no key has two meanings at one time', () => {
  for (const id of ['next', 'present-next']) {
    const keys = rivalsOf(id).flatMap((one) => one.keys);
    expect(new Set(keys).size).toBe(keys.length);
  }
  expect(rivalsOf('next').length + rivalsOf('present-next').length).toBe(commands.length);
  expect(new Set(commands.map((one) => one.id)).size).toBe(commands.length);
});

test('every key of the list is one that a keyboard can send', () => {
  for (const key of commands.flatMap((one) => one.keys)) {
    const parts = key.split(/\+(?=.)/);
    const held = {
      shiftKey: parts.includes('Shift'),
      altKey: parts.includes('Alt'),
      ctrlKey: parts.includes('Mod'),
    };
    expect(press(parts.at(-1) ?? '', held)).toBe(key);
  }
});

test('Caps Lock is not Shift, and Shift is part of a printed sign', () => {
  expect(press('V')).toBe('v');
  expect(press('V', { shiftKey: true })).toBe('Shift+V');
  expect(press('?', { shiftKey: true })).toBe('?');
  expect(press('ArrowRight', { shiftKey: true })).toBe('Shift+ArrowRight');
});

test('single keys can be told from the others', () => {
  expect(['n', '?', ' ', 'Shift+V'].every(isSingle)).toBe(true);
  expect(['ArrowRight', 'Mod+k', 'F8', 'Escape'].some(isSingle)).toBe(false);
});

test('keys are named as they stand on the keyboard', () => {
  expect(keyName('Shift+ArrowRight')).toBe('Shift →');
  expect(keyName('Mod+k', true)).toBe('⌘ K');
  expect(keyName('+')).toBe('+');
});
