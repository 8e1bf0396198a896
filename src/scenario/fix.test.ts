import { expect, test } from 'vitest';
import { seeded } from '../evidence/prng.ts';
import { known } from '../worker/local.ts';
import { compileText } from './compile.ts';
import { fixOf, fixed } from './fix.ts';
import { gallery } from './gallery/index.ts';
import { DIAGNOSTICS_MAX } from './limits.ts';
import { mutated } from './mutate.ts';

const start = 'scenario x\nprocess parent\nregion a anon 1 page\n\nparent: store a.0 "old"\n';

test.each([
  ['a misspelt word', start.replace('store', 'stroe'), 'Change stroe to store'],
  ['a misspelt process', `${start}parnet: load a.0\n`, 'Change parnet to parent'],
  ['a misspelt value', `${start}parent: load a.0\nnever parent.load = "odl"\n`, 'Change "odl" to "old"'],
  ['a whole region', `${start}parent: load a\n`, 'Change a to a.0'],
  ['a word that is no value', `${start}parent: store a.0 new\n`, 'Change new to "new"'],
  ['an open quote', `${start}parent: store a.0 "new\n`, 'Add "'],
  ['an unknown process', `${start}x: mmap b anon 1\n`, 'Add process x'],
  ['an unknown region', `${start}parent: load b.0\n`, 'Add region b anon 1 page'],
  ['a block without end', `${start}parallel\nparent: load a.0\n`, 'Add end'],
  [
    'a block that a question follows',
    `${start}parallel\nparent: load a.0\nalways parent.load = "old"\n`,
    'Add end',
  ],
  ['an end too many', `${start}end\n`, 'Remove the line'],
  ['an operation of nobody', `${start}load a.0\n`, 'Let parent do it'],
])('%s is mended', (_, text, label) => {
  const [mistake] = compileText(text, known).diagnostics;
  const fix = fixOf(text, mistake!);
  expect(fix?.label).toBe(label);
  expect(compileText(fixed(text, fix!), known).diagnostics).toEqual([]);
});

test('a fix makes its mistake go away, whatever else is wrong', () => {
  const { below } = seeded(5);
  const texts = Array.from({ length: 2000 }, () =>
    mutated(
      gallery.map((e) => e.text),
      below,
    ),
  );
  let fixes = 0;
  // Of a longer list only the beginning is told.
  const few = texts.filter((text) => compileText(text, known).diagnostics.length < DIAGNOSTICS_MAX);
  const left = few.flatMap((text) =>
    compileText(text, known).diagnostics.flatMap((d) => {
      const fix = fixOf(text, d);
      if (fix === null) return [];
      fixes++;
      // The rest of a line is read only then, and may have the same mistake once more.
      const same = compileText(fixed(text, fix), known).diagnostics.filter((e) => e.message === d.message);
      const fewer =
        same.length < compileText(text, known).diagnostics.filter((e) => e.message === d.message).length;
      const gone = !same.some((e) => e.line === d.line && e.column === d.column);
      return fewer || gone ? [] : [`${d.line}:${d.column} ${d.message} | ${d.hint}`];
    }),
  );
  expect(left).toEqual([]);
  expect(fixes).toBeGreaterThan(300);
});
