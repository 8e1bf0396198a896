import { expect, test } from 'vitest';
import { compile, compileText } from './compile.ts';
import { parse } from './parser.ts';

const known = {
  models: ['v5.7', 'v5.8', 'v5.9', 'v6.18', 'spf'],
  guards: ['copy-rechecks-pte', 'zap-flushes-first', '+copy-rechecks-exclusive'],
};
const complaints = (text: string): string[] => {
  const { plan, diagnostics } = compileText(text, known);
  expect(plan === null).toBe(diagnostics.some((d) => d.severity === 'error'));
  return diagnostics.map((d) => `${d.line}:${d.column}+${d.length} ${d.message} | ${d.hint}`);
};

const NOTE = 'note POSITION: TEXT, as in: note child@munmap.end: The page is gone here.';
const start = 'process p\nregion a anon 1 page\n';
test.each([
  [
    'without copy-rechecks-ptes',
    '1:9+18 no guard is called copy-rechecks-ptes | Did you mean copy-rechecks-pte?',
  ],
  [
    'with copy-rechecks-pte',
    '1:6+17 no extra step is called copy-rechecks-pte | folioscope guards lists them.',
  ],
  [
    'without zap-flushes-first zap-flushes-first',
    '1:27+17 zap-flushes-first is named twice | Keep one of them.',
  ],
  ['with', '1:5+1 a guard is missing | with EXTRA, as in: with copy-rechecks-exclusive'],
  ['note', `1:1+4 a position is missing | ${NOTE}`],
  ['note hello world', `1:1+16 \`hello\` is not a position | ${NOTE}`],
  ['note start:', `1:1+11 the note says nothing | ${NOTE}`],
  [`${start}p: load a.0\nnote q@load.end: here`, '4:1+21 no thread is called q | There are: p.'],
  ['', '1:1+1 the scenario has no operations | Write one: `parent: store a.0 "old"`.'],
  [`${start}q: exit`, '3:1+1 no process is called q | Add `process q`, or let p fork it.'],
  [`${start}child: exit`, '3:1+5 no process is called child | Add `process child`, or let p fork it.'],
  [`${start}c: exit\np: fork c`, '3:1+1 c acts before its fork in line 4 | Move the fork up.'],
  [`${start}p: exit\np: load a.0`, '4:1+1 p exits in line 3 | Move this above the exit.'],
  [`${start}p: fork p`, '3:9+1 p exists already | Give the child another name.'],
  [`process p p\n${start.slice(10)}p: exit`, '1:11+1 p is declared twice | Keep one of them.'],
  [`${start}p: load b.0`, '3:9+1 no region is called b | Add `region b anon 1 page`.'],
  [
    'process parent\nregion heap anon 1 page\nparent: load haep.0',
    '3:14+4 no region is called haep | Did you mean heap?',
  ],
  [`${start}p: load a.1`, '3:9+3 a has 1 page: a.0 | Use one of these, or map 2 pages.'],
  [
    `${start}p: mmap b anon 2\np: munmap b.1 2`,
    '4:11+3 b has 2 pages: b.0 to b.1 | Use one of these, or map 3 pages.',
  ],
  [
    `${start}p: mmap a anon 1`,
    '3:9+1 a is mapped in p already | Unmap it first, or name the new mapping differently.',
  ],
  [
    `process p q\nregion a shared 1 page\nq: mmap a shared 1`,
    '3:9+1 a is shared memory since line 2 | Each shared mapping is new memory: use another name, or fork.',
  ],
  [
    `process p\nregion a anon 1 page in c\np: fork c`,
    '2:25+1 c does not exist before the first step | Map it in an operation: c: mmap a anon 1.',
  ],
  [
    `process p q\nregion a anon 1 page\nq: mmap a anon 2`,
    '2:8+1 a has 2 pages elsewhere | Write 2 pages here; an mmap may map fewer.',
  ],
  [
    `process p q\nregion a anon 1 page\nq: load a.0`,
    '3:9+3 q never had a: this fails | Map it before the fork.',
  ],
  [`process p\np: mmap a anon 65`, '2:9+1 the regions have 65 pages together; at most 64 | Map fewer pages.'],
  [
    `${start}-: load a.0`,
    '3:1+1 the outside observer cannot load | It reads pipes, releases holds and runs ksmd. Name a process.',
  ],
  [
    `${start}p: read q`,
    '3:9+1 nothing is ever spliced into pipe q | Splice something into it first: vmsplice a.0 -> q.',
  ],
  [`${start}p: read q\np: vmsplice a.0 -> q`, '3:9+1 pipe q is still empty here | Move the vmsplice up.'],
  [`${start}p: pin a.0 read as h1\np: release h2`, '4:12+2 no hold is called h2 here | Did you mean h1?'],
  [`${start}p: release`, '3:1+10 nothing is held here | Take a hold first: pin a.0 write as h.'],
  [
    `${start}p: pin a.0 read as h\np: get a.0 read as h2\np: release`,
    '5:1+10 2 holds are open | Say which: h or h2.',
  ],
  [
    `${start}p: pin a.0 read as h\np: release h\np: release h`,
    '5:12+1 h was released in line 4 | Take another hold.',
  ],
  [
    `${start}p: pin a.0 read as h\np: pin a.0 read as h`,
    '4:20+1 h is a hold since line 3 | Give this hold another name.',
  ],
  [
    `${start}p: pin a.0 write as h\np: release h -> x`,
    '4:17+1 h is a write hold: it reports nothing | Load the page to see what is in it.',
  ],
  [
    `${start}p: pin a.0 read as h\np: release h "x"`,
    '4:14+3 h is a read hold: it stores nothing | Take it with write.',
  ],
  [
    `${start}p: load a.0 -> x\np: load a.0 -> x`,
    '4:16+1 p has a result x already | Give each result of a thread a name of its own.',
  ],
  [
    `${start}p: load a.0 -> load~2`,
    '3:16+6 `load~2` cannot be the name of a result | Names are letters, digits, _ and inner -.',
  ],
  [`${start}parallel\np: exit`, '3:1+8 this parallel block has no end | Add `end`.'],
  [
    `${start}parallel\np: load a.0\nlru drained`,
    '3:1+8 this parallel block has no end | Add `end` before line 5.',
  ],
  [
    `${start}parallel\np: load a.0\nparallel\nend`,
    '5:1+8 a parallel block in a parallel block | Threads of one block are parallel already.',
  ],
  [
    `${start}parallel\n\nend\np: exit`,
    '3:1+8 this parallel block is empty | Write operations between parallel and end.',
  ],
  [`${start}end\np: exit`, '3:1+3 no parallel block is open here | Remove the line.'],
  [
    `${start}parallel\np: fork c\nc: exit\nend`,
    '5:1+1 c is forked in this very block | End the block before its first operation.',
  ],
  [
    `${start}parallel\np/2: load a.0\np: exit\nend`,
    '5:1+7 p/2 still works in this block | An exit ends all threads: put it after the block.',
  ],
  [
    `${start}parallel\np: exit\np/2: load a.0\nend`,
    '5:1+1 p exits in line 4 | An exit ends all threads: put it after the block.',
  ],
  [
    `${start}parallel\np: munmap a\np/2: mmap a anon 1\nend`,
    '5:11+1 another thread of p maps a in this block | Map it before the block, or in one thread.',
  ],
  [
    `${start}parallel\np: pin a.0 read as h\np/2: release h\nend`,
    '5:14+1 h is taken by another thread of this block | End the block first, or release it in that thread.',
  ],
  [`scenario x\nscenario y\n${start}p: exit`, '2:1+10 line 1 has the scenario already | Keep one of them.'],
  ['@x\nA exit\n@y\nA exit', '3:1+2 line 1 has the scenario already | Open one experiment of the file.'],
  [
    `${start}${'p: load a.0\n'.repeat(130)}`,
    '131:1+11 more than 128 operations | Split the scenario: checks grow with every operation.',
  ],
])('%s', (text, complaint) => {
  expect(complaints(text)[0]).toBe(complaint);
});

test('limits of processes and threads are said', () => {
  const names = (n: number, of: string) => Array.from({ length: n }, (_, i) => `${of}${i}`);
  expect(complaints(`process ${names(17, 'p').join(' ')}\np0: exit`)[0]).toMatch(/more than 16 processes/);
  const threads = names(33, 'p/')
    .slice(2)
    .map((t) => `${t}: load a.0`)
    .join('\n');
  expect(complaints(`process p q\nregion a anon 1 page\n${threads}`)[0]).toMatch(/more than 32 threads/);
});

test('a tree with a line that was not understood is no plan', () => {
  const { scenario } = parse(`${start}p: load a.0\nnonsense`);
  expect(compile(scenario, known)).toMatchObject({
    plan: null,
    diagnostics: [{ line: 4, message: 'this line is not understood' }],
  });
});
