// What `export` and the imports make, as a script gets it; C programs are built and run where that can be.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { extras } from '../kernel/guards.ts';
import { gallery } from '../scenario/gallery/index.ts';
import { decodeLink } from '../scenario/link.ts';
import { webDeflate } from '../worker/deflate.ts';
import { createEngine } from '../worker/local.ts';
import { say } from './captured.ts';
import { recorderAvailable } from './recorder.ts';

const folder = mkdtempSync(join(tmpdir(), 'folioscope-export-'));
afterAll(() => rmSync(folder, { recursive: true }));
const path = (name: string): string => join(folder, name);
function file(name: string, text: string): string {
  writeFileSync(path(name), text);
  return path(name);
}
async function made(...words: string[]): Promise<string> {
  const { status, out, err } = await say(...words);
  expect([status, err]).toEqual([0, '']);
  return out;
}

describe('export', () => {
  test.each([
    ['svg', /^<svg [^]*<\/svg>$/],
    ['comic', /^<svg [^]*<\/svg>$/],
    ['itf', /^\{"#meta":/],
    ['perfetto', /^\{"displayTimeUnit":"ns"/],
    ['ascii', /^The child keeps a reference\n/],
    ['c', /^\/\*\n \* vmsplice-leak\.c - The child keeps a reference\n/],
  ])('--to %s', async (to, shape) => {
    const words = ['export', 'vmsplice-leak', '--to', to, '--model', 'v5.7'];
    const text = await made(...words);
    expect(text).toMatch(shape);
    expect(await made(...words)).toBe(text);
  });

  test('a picture has the colours that were asked for', async () => {
    const dark = await made('export', 'zero-page', '--to', 'svg', '--model', 'v6.18', '--theme', 'dark');
    expect(dark).toContain('#0e131a');
    const wrong = await say('export', 'zero-page', '--to', 'svg', '--model', 'v6.18', '--theme', 'pink');
    expect([wrong.status, wrong.err]).toEqual([2, expect.stringMatching(/no theme is called pink/)]);
  });

  test('what shows a run needs a model, and an unknown form is answered with the nearest', async () => {
    expect((await say('export', 'zero-page', '--to', 'svg')).err).toMatch(/--to svg needs a --model/);
    expect((await say('export', 'zero-page', '--to', 'perfeto')).err).toMatch(/Did you mean perfetto/);
    expect((await say('export', 'zero-page')).err).toMatch(/--to is missing/);
  });

  test('--out writes a file, and says where it cannot', async () => {
    const words = ['export', 'zero-page', '--to', 'svg', '--model', 'v6.18'];
    const text = await made(...words);
    expect(await made(...words, '--out', path('zero.svg'))).toBe('');
    expect(readFileSync(path('zero.svg'), 'utf8').trimEnd()).toBe(text);
    const lost = await say(...words, '--out', path('no/such/folder.svg'));
    expect([lost.status, lost.err]).toEqual([2, expect.stringMatching(/--out .*no such file or directory/)]);
  });

  test('a link has the check hash of its run; one that its scenario asks for names no order', async () => {
    const words = ['export', 'leak-any-order', '--to', 'link', '--model', 'v5.7'];
    expect(await made(...words, '--at', 'end')).toMatch(
      /^#\/s\/leak-any-order\?model=v5\.7&at=end&chk=\w{8}$/,
    );
    const another = await made(...words, '--schedule', 'child*3');
    expect(another.length).toBeLessThanOrEqual(120);
    expect(another).toMatch(/&run=[a-z]+@[\w.~,@]+&chk=\w{8}$/);
    const engine = createEngine(),
      { link } = await decodeLink(another, webDeflate);
    const { text } = gallery.find((e) => e.id === 'leak-any-order')!;
    const { run } = await engine.open({ text, model: link.model, schedule: link.run, without: [] });
    expect(run?.key).toBe(link.chk);
    // No rules, no run, no hash.
    expect(await made('export', 'leak-any-order', '--to', 'link')).toBe('#/s/leak-any-order');
  });

  test('a guard that is off is in the picture of the run, in the mail and in the link', async () => {
    const mail = await made(
      'export',
      'two-looks',
      '--to',
      'ascii',
      '--model',
      'v6.18',
      '--without',
      'copy-holds-old-folio',
    );
    expect(mail).toMatch(/^Without: +copy-holds-old-folio$/m);
    expect(mail).toMatch(/^#\/s\/two-looks\?model=v6\.18&without=copy-holds-old-folio&chk=[0-9a-f]{8}$/m);
    expect(JSON.parse(await made('import-race', file('g.txt', mail), '--json'))).toMatchObject({
      without: ['copy-holds-old-folio'],
      model: 'v6.18',
    });
  });
});

describe('import-race', () => {
  test('gives back the scenario, and a link to the place', async () => {
    const { text } = gallery.find((e) => e.id === 'leak-any-order')!;
    const mail = await made('export', 'leak-any-order', '--to', 'ascii', '--model', 'v5.7', '--at', '30');
    const read = JSON.parse(await made('import-race', file('r.txt', mail), '--json'));
    expect(read).toMatchObject({
      text,
      model: 'v5.7',
      link: expect.stringMatching(/^#\/x\/1d\..*model=v5\.7.*&chk=\w{8}$/),
    });
    const { out, err, status } = await say('import-race', path('r.txt'));
    expect([status, out]).toEqual([0, text.trimEnd()]);
    expect(err).toMatch(/--model v5\.7/);
    const again = JSON.parse(
      await made('export', file('s.scn', out), '--to', 'json', '--model', 'v5.7', '--at', read.at),
    );
    expect(again.at).toBe(30);
  });

  test('of a guard or a kernel that is not here says so, and reads the rest', async () => {
    const mail = await made('export', 'vmsplice-leak', '--to', 'ascii', '--model', 'v5.7');
    const odd = mail.replace(/^Model: .*$/m, '$&\nWithout: no-such-guard, fork-flushes');
    const { status, out, err } = await say('import-race', file('odd.txt', odd));
    expect([status, out]).toEqual([0, expect.stringMatching(/^scenario The child keeps a reference/)]);
    expect(err).toMatch(/^--without fork-flushes$/m);
    expect(err).toMatch(/^No guard is called no-such-guard\.$/m);
    expect(err).toMatch(/&without=fork-flushes&chk=\w{8}$/m);
    const older = await say('import-race', file('older.txt', mail.replace(/^Model: .*$/m, 'Model: v0.9')));
    expect([older.status, older.err]).toEqual([
      0,
      expect.stringMatching(/^There is no kernel v0\.9 here\.$/m),
    ]);
    expect(older.err).not.toMatch(/--model/);
  });

  test('says what is no race', async () => {
    const { status, err } = await say('import-race', file('n.txt', 'Dear all,\n\nno race today.\n'));
    expect([status, err]).toEqual([2, expect.stringMatching(/There is no race here/)]);
    expect((await say('import-race', path('missing'))).err).toMatch(/there is no file/);
  });
});

describe('shrink', () => {
  test('prints the smaller text, and how small it is', async () => {
    const { status, out, err } = await say('shrink', 'leak-any-order', '--model', 'v5.7');
    expect([status, out]).toEqual([0, expect.not.stringContaining('parallel')]);
    expect(err).toMatch(/private-writes-stay-private on v5\.7: 6 of 6 operations, \d+ steps, 0 preemptions/);
    const checked = await say('check', file('small.scn', out), '--model', 'v5.7');
    expect(checked.out).toMatch(/violated: private-writes-stay-private/);
  });

  test('what holds is not shrunk', async () => {
    const { status, err } = await say('shrink', 'vmsplice-leak', '--model', 'v6.18');
    expect([status, err]).toEqual([
      2,
      expect.stringMatching(/nothing to shrink: every rule holds on v6\.18/),
    ]);
  });
});

describe('a C program', () => {
  test('is refused by the operation that a kernel cannot be made to do, with its line', async () => {
    const of = async (id: string): Promise<string> => {
      const { status, err } = await say('export', id, '--to', 'c', '--model', 'v6.18');
      expect(status).toBe(2);
      return err;
    };
    expect(await of('any-two')).toMatch(/^any-two:\d+:1: no C program can show this: a free choice/);
    expect(await of('rdma-mprotect')).toMatch(
      /rdma_register a\.0 as mr: the recorder cannot do rdma_register/,
    );
    expect(await of('get-fork-io')).toMatch(/get a\.0 write fast as io/);
  });

  test('is refused where steps were switched off or put in, by line and by option', async () => {
    const [text, leak] = ['two-looks', 'vmsplice-leak'].map(
      (id) => gallery.find((e) => e.id === id)!.text,
    ) as [string, string];
    const line = (word: string): string => text.replace(/^region/m, `${word}\nregion`);
    const of = async (name: string, source: string, ...more: string[]): Promise<string> => {
      const operand = file(name, source);
      const { status, err } = await say('export', operand, '--to', 'c', '--model', 'v6.18', ...more);
      expect(status).toBe(2);
      return err;
    };
    expect(await of('off.scn', line('without copy-holds-old-folio'))).toMatch(
      /off\.scn:\d+:1: no C program can show this: no kernel leaves out copy-holds-old-folio/,
    );
    expect(await of('on.scn', line(`with ${extras[0]!.id}`))).toMatch(
      new RegExp(`no kernel has the extra step ${extras[0]!.id}`),
    );
    expect(await of('plain.scn', leak, '--without', 'copy-holds-old-folio')).toMatch(
      /^folioscope: no C program can show this: no kernel leaves out copy-holds-old-folio/,
    );
  });

  test('of a text with a `without` line is all that cannot be made', async () => {
    const { text } = gallery.find((e) => e.id === 'two-looks')!;
    const source = file('less.scn', text.replace(/^region/m, 'without copy-holds-old-folio\nregion'));
    for (const to of ['svg', 'comic', 'itf', 'perfetto', 'json', 'link'])
      expect((await made('export', source, '--to', to, '--model', 'v6.18')).length).toBeGreaterThan(100);
    const mail = await made('export', source, '--to', 'ascii', '--model', 'v6.18');
    expect(mail).toMatch(/^Without: +copy-holds-old-folio$/m);
    const read = JSON.parse(await made('import-race', file('less.txt', mail), '--json'));
    expect(read.text).toBe(readFileSync(source, 'utf8'));
  });

  test('says of a race that it is none, and has its serial orders', async () => {
    const text = await made('export', 'leak-any-order', '--to', 'c', '--model', 'v6.18');
    expect(text).toMatch(/THE RACE ITSELF IS NOT HERE/);
    expect(text.match(/^\t"@leak-any-order-order-\d .*\\n"/gm)).toHaveLength(3);
  });

  test('of a hostile text cannot leave its comment or its strings', async () => {
    const heading = 'scenario */ int evil; /* \\\nabout ??/ */ \\\n';
    const text = `${heading}process A\nregion a anon 1\nA: store a.0 "*/\\"??/"\n`;
    const c = await made('export', file('evil.scn', text), '--to', 'c', '--model', 'v6.18');
    const head = c.slice(2, c.indexOf('\n */'));
    expect(head).not.toMatch(/\*\/|\/\*|\\\n|\?\?/);
  });

  const available = recorderAvailable();
  test('are built and run, or why not is said', () => {
    expect(available.ok ? available.model : available.why).toMatch(/^v\d|recorder|no model/);
  });

  /** Those without a race that the recorder can do, by its name for them. */
  const quick = ['vmsplice-leak', 'child-exit-reuse', 'uffd-fill'];
  function build(name: string, source: string): string {
    const binary = path(name);
    const gcc = spawnSync('gcc', ['-static', '-Wall', '-Wextra', '-o', binary, file(`${name}.c`, source)], {
      encoding: 'utf8',
    });
    expect([gcc.status, gcc.stderr]).toEqual([0, '']);
    return binary;
  }
  const runIt = (binary: string) => spawnSync(binary, [], { encoding: 'utf8', cwd: folder });

  test.runIf(available.ok)(
    'is built without warnings, and this kernel does what its model predicts',
    { timeout: 120_000 },
    async () => {
      const model = available.ok ? available.model : '';
      for (const id of quick) {
        const binary = build(id, await made('export', id, '--to', 'c', '--model', model));
        const { status, stdout, stderr } = runIt(binary);
        expect([id, status, stderr]).toEqual([id, 0, `As ${model} predicts.\n`]);
        writeFileSync(path(`${id}.jsonl`), stdout);
      }
      // What they print is a recording that the evidence table takes.
      const kept = path('kept');
      for (const id of quick) {
        const { status, out } = await say('import-record', path(`${id}.jsonl`), '--into', kept);
        expect([status, out]).toEqual([
          0,
          expect.stringMatching(/1 experiment added\nv[\d.]+: (\d) of \1 confirmed, 0 not/),
        ]);
      }
      const { status, out } = await say('evidence', 'vmsplice-leak', '--from', kept);
      expect([status, out]).toEqual([0, expect.stringMatching(/ 1 +1 +1$/m)]);
    },
  );

  test.runIf(available.ok)(
    'of every sequential scenario exits as predicted, and what it prints is confirmed as a recording',
    { timeout: 600_000 },
    async () => {
      const model = available.ok ? available.model : '';
      const ended: string[] = [],
        refused: string[] = [],
        lacking: (number | null)[] = [];
      const kept = path('all');
      for (const { id } of gallery) {
        const { status, out, err } = await say('export', id, '--to', 'c', '--model', model);
        if (status !== 0) refused.push(err);
        if (status !== 0 || out.includes('THE RACE ITSELF')) continue;
        const run = runIt(build(id, out));
        rmSync(path(id), { force: true });
        if (run.stderr.includes('cannot be run here: ')) {
          // A driver or a file system that this kernel lacks: said, and no verdict.
          lacking.push(run.status);
          continue;
        }
        ended.push(`${run.status} ${run.stderr}`);
        const recorded = await say('import-record', file(`${id}.jsonl`, run.stdout), '--into', kept);
        expect([id, recorded.status, recorded.out]).toEqual([
          id,
          0,
          expect.stringMatching(/: (\d+) of \1 confirmed, 0 not/),
        ]);
      }
      expect(lacking.filter((status) => status !== 2)).toEqual([]);
      // The others name the operation, or what about the scenario no program can do.
      expect(
        refused.filter((err) => !/^[\w-]+(?::\d+:1)?: no C program can show this: \S/.test(err)),
      ).toEqual([]);
      expect([...new Set(ended)]).toEqual([`0 As ${model} predicts.\n`]);
      expect(ended.length).toBeGreaterThan(25);
    },
  );

  test.runIf(available.ok)(
    'ends with 1 where another model predicts something else',
    { timeout: 60_000 },
    async () => {
      const binary = build('wrong', await made('export', 'vmsplice-leak', '--to', 'c', '--model', 'v5.7'));
      const { status, stderr } = runIt(binary);
      expect([status, stderr]).toEqual([1, expect.stringMatching(/values differ at operation \d, B prd 0/)]);
      expect(stderr).toMatch(/predicted {2}12 \[Aa0=12\]\n {2}here {7}11 \[Aa0=12\]\nNot as v5\.7 predicts/);
      const frames = build('frames', await made('export', 'needless-copy', '--to', 'c', '--model', 'v5.9'));
      const copied = runIt(frames);
      expect([copied.status, copied.stderr]).toEqual([1, expect.stringMatching(/frames differ/)]);
    },
  );
});

describe('import-record', () => {
  test('refuses what is none, keeps nothing, and says which line', async () => {
    const { status, err } = await say('import-record', file('bad.jsonl', 'hello\n'), '--into', path('none'));
    expect([status, err]).toEqual([2, expect.stringMatching(/^bad\.jsonl:1: not a line of a recording/)]);
    expect(existsSync(path('none'))).toBe(false);
  });

  test('keeps a recording under the name of its kernel, and the evidence table reads it', async () => {
    const own = new URL('../../fixtures/recordings/results/6.1.176.jsonl', import.meta.url);
    const rows = readFileSync(own, 'utf8').split('\n').slice(0, 6).join('\n');
    const into = path('more');
    const first = await say('import-record', file('log.txt', rows), '--as', '6.1.190', '--into', into);
    expect(first).toMatchObject({
      status: 0,
      out: expect.stringMatching(/6\.1\.190\.jsonl: 5 experiments added/),
    });
    const again = await say('import-record', path('log.txt'), '--as', '6.1.190', '--into', into, '--json');
    expect(JSON.parse(again.out)).toMatchObject({ stem: '6.1.190', added: 0, replaced: 5, model: 'v6.1' });
    expect(readFileSync(join(into, '6.1.190.jsonl'), 'utf8').trimEnd()).toBe(rows.trimEnd());
  });
});
