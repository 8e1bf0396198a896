import { expect, test } from 'vitest';
import { layoutIn, layoutText } from './layout-link.ts';
import { USUAL } from './settings.ts';

test('a layout goes through a link and back', () => {
  const settings = { ...USUAL, panelWidth: 520, tables: 'folded', lanes: 'operations' } as const;
  const text = layoutText({ settings, panel: 'debug' });
  expect(text).toBe('panel=debug,tables=folded,lanes=operations,panelWidth=520');
  const { panel, settings: laid } = layoutIn(text);
  expect(panel).toBe('debug');
  expect({ ...USUAL, ...laid }).toEqual(settings);
});

test('a layout may open the glossary at a word', () => {
  expect(layoutIn('word=mapcount').word).toBe('mapcount');
  expect(layoutIn('panel=debug').word).toBe('');
});

test('what is not understood is as usual, whatever is written there', () => {
  for (const text of [
    '',
    'panel',
    'tables=round,panelWidth=1e9',
    'inspectorWidth=-3,=,,keys=x',
    '='.repeat(9999),
  ]) {
    const { settings } = layoutIn(text);
    expect({ ...USUAL, ...settings }).toEqual(USUAL);
  }
});
