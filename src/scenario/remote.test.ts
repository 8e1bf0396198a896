import { expect, test } from 'vitest';
import { recorderSpelling } from '../evidence/spelling.ts';
import { compileText } from './compile.ts';
import { parse } from './parser.ts';
import { print } from './printer.ts';

const SETUP = 'process parent\nregion a anon 1 page\nparent: fork child\n';
const compiled = (text: string) => compileText(SETUP + text, { models: [] });

test('the recorder’s words become the preferred ones, and go back', () => {
  const recorded = 'A poke a.0 44; A poke a.0 44 B; A ptpoke a.0 44; A pvr a.0; A pvw a.0 44';
  const printed = print(parse(recorded).scenario).trim().split('\n');
  expect(printed).toEqual([
    'A: poke a.0 44',
    'A: poke a.0 44 in B',
    'A: ptpoke a.0 44',
    'A: process_vm_readv a.0',
    'A: process_vm_writev a.0 44',
  ]);
  expect(printed.map((l) => `A ${recorderSpelling(l.slice(3))}`)).toEqual(recorded.split('; '));
});

test('what is written belongs to the process that is written to', () => {
  const { plan, diagnostics } = compiled(
    'parent: poke a.0 "v" in child\nparent: process_vm_readv a.0 in child -> seen\n' +
      'parent: peek a.0 in parent',
  );
  expect(diagnostics).toEqual([]);
  const [poke, readv, peek] = plan!.ops.slice(1);
  expect(poke).toMatchObject({ syscall: 'poke', thread: 0, target: 1, va: 0 });
  expect(plan!.stored[poke!.stored]).toEqual({ text: 'v', hex: false, process: 1 });
  expect(readv).toMatchObject({ syscall: 'process_vm_readv', target: 1, slot: 0 });
  expect(plan!.observed[readv!.observed]).toMatchObject({ name: 'seen', thread: 0 });
  // The own memory is no other process's.
  expect(peek).not.toHaveProperty('target');
  // The hold is there for one call: nobody has to give it back.
  expect(plan!.holds).toEqual([{ name: 'process_vm_readv', op: 2 }]);
});

test.each([
  ['parent: poke a.0 "v" in chid', 'no process is called chid'],
  ['child: exit\nparent: peek a.0 in child', 'child exits in line 4'],
  ['parent: poke a "v"', '`a` is a whole region; one page is needed'],
  ['parent: poke a.0 v', '`v` is not a value'],
  ['-: peek a.0 in child', 'the outside observer cannot peek'],
])('%s: %s', (text, message) => {
  expect(compiled(text).diagnostics.map((d) => d.message)).toEqual([message]);
});
