import fc from 'fast-check';
import { deflateRawSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { webDeflate } from '../worker/deflate.ts';
import { compileText } from './compile.ts';
import { TEXT_MAX } from './limits.ts';
import { DEFLATED_MAX, EMPTY_LINK, LINK_MAX, NOTES_MAX, NOTE_MAX, decodeLink, encodeLink } from './link.ts';
import type { Link } from './link.ts';
import { toBase64url } from './utf8.ts';

const decode = (address: string) => decodeLink(address, webDeflate);
const packed = (bytes: Uint8Array) => `#/x/1d.${toBase64url(bytes)}`;
const leak: Link = { ...EMPTY_LINK, scenario: { kind: 'named', id: 'vmsplice-leak' } };

describe('a link', () => {
  test('by name is readable, and a person can write it', async () => {
    const link = {
      ...leak,
      model: 'v5.7',
      run: 'child@vmsplice.end,parent@store~2.end#2',
      at: 'start',
      vs: 'v5.9',
      without: ['pte-same', 'flush'],
    };
    const text =
      '#/s/vmsplice-leak?model=v5.7&run=child@vmsplice.end,parent@store~2.end%232' +
      '&at=start&vs=v5.9&without=pte-same,flush';
    expect(await encodeLink(link, webDeflate)).toBe(text);
    expect(await decode(text)).toEqual({ link, notes: [] });
    expect(await decode(`https://example.org/folioscope/${text}`)).toEqual({ link, notes: [] });
    expect(await decode(text.slice(1))).toEqual({ link, notes: [] });
  });

  test('with plain text can be written by hand', async () => {
    const { link, notes } = await decode('#/x/1t.A map a anon 1; A st a.0 11?model=v5.7');
    expect(notes).toEqual([]);
    expect(link).toEqual({
      ...EMPTY_LINK,
      scenario: { kind: 'inline', text: 'A map a anon 1; A st a.0 11' },
      model: 'v5.7',
    });
    const written = await encodeLink(
      { ...link, scenario: { kind: 'inline', text: 'A: exit # (now)?\n' } },
      webDeflate,
      true,
    );
    expect(written).toBe('#/x/1t.A:%20exit%20%23%20%28now%29%3F%0A?model=v5.7');
  });

  test('of a 40-line scenario has at most 900 letters', async () => {
    const ops = Array.from({ length: 15 }, (_, i) => [
      `parent: ${i % 2 === 0 ? `store a.${i} "text ${i}"` : `pin a.${i} write as h${i}`}`,
      `child:  ${i % 2 === 0 ? `load a.${i} -> seen${i}` : `vmsplice a.${i} -> p${i}`}`,
    ]).flat();
    const text = [
      'scenario A scenario of forty lines',
      'about What it is about, in a line of some length.',
      'process parent',
      ...ops,
      ...Array.from({ length: 7 }, (_, i) => `expect v5.${i} holds`),
    ].join('\n');
    expect(text.split('\n')).toHaveLength(40);
    const order = { run: 'child@vmsplice.end,parent@store~2.do_wp_page.reuse', at: 'end', chk: '5b8f7c78' };
    const link = { ...leak, ...order, model: 'v5.7', scenario: { kind: 'inline' as const, text } };
    expect((await encodeLink(link, webDeflate)).length).toBeLessThanOrEqual(900);
  });

  test('comes back as it went, whatever is in it', async () => {
    const value = fc.oneof(fc.constant(''), fc.string({ unit: 'binary', maxLength: 20 }));
    const guard = fc
      .stringMatching(/^[a-z#&=%+ -]{1,6}$/)
      .map((g) => g.trim())
      .filter((g) => g !== '');
    const link: fc.Arbitrary<Link> = fc.record({
      scenario: fc.oneof(
        fc.record({
          kind: fc.constant('named' as const),
          id: fc.stringMatching(/^[a-z0-9]{1,5}(-[a-z0-9]{1,5}){0,2}$/),
        }),
        fc.record({
          kind: fc.constant('inline' as const),
          text: fc.string({ unit: 'binary', minLength: 1, maxLength: 80 }),
        }),
      ),
      model: value,
      run: value,
      at: value,
      vs: value,
      chk: value,
      lesson: fc.constant(null),
      beat: fc.constantFrom('', '1', '12', '60'),
      speaker: fc.constantFrom('', '1k2', 'z9'),
      without: fc.array(guard, { maxLength: 3 }),
      embed: fc.boolean(),
      present: fc.boolean(),
      readonly: fc.boolean(),
      notes: fc.array(
        fc.record({
          at: fc.constantFrom('', 'start', 'end', '12', 'child@munmap.end', 'p/2@store~2.do_wp_page.copy#3'),
          text: fc.string({ unit: 'binary', minLength: 1, maxLength: 30 }),
        }),
        { maxLength: 3 },
      ),
      others: fc.constant([]),
    });
    const lesson = link.map((one): Link => ({ ...one, scenario: null, lesson: one.scenario }));
    await fc.assert(
      fc.asyncProperty(fc.oneof(link, lesson), fc.boolean(), async (there, plain) => {
        const text = await encodeLink(there, webDeflate, plain);
        expect(text).toMatch(/^#[\w\-.~!$&'()*+,;=:@/?%]*$/);
        expect(await decode(text)).toEqual({ link: there, notes: [] });
      }),
      { numRuns: 300, seed: 8 },
    );
  });

  test('carries notes, and reads one that was written by hand', async () => {
    const notes = [
      { at: 'child@munmap.end', text: 'Here: the pipe keeps it.' },
      { at: '', text: 'start: all of it' },
    ];
    const text = await encodeLink({ ...leak, notes }, webDeflate);
    expect(text).toBe(
      '#/s/vmsplice-leak?note=child@munmap.end:Here:%20the%20pipe%20keeps%20it.&note=:start:%20all%20of%20it',
    );
    expect(await decode(text)).toEqual({ link: { ...leak, notes }, notes: [] });
    const byHand = await decode('#/s/vmsplice-leak?note=Look here&note=&note=end:&note=Dear all: look');
    expect(byHand.link.notes).toEqual([
      { at: '', text: 'Look here' },
      { at: '', text: 'Dear all: look' },
    ]);
    const many = `#/s/vmsplice-leak?${`note=end:${'x'.repeat(NOTE_MAX + 5)}&`.repeat(NOTES_MAX + 3)}`;
    const cut = await decode(many);
    expect(cut.link.notes).toHaveLength(NOTES_MAX);
    expect(cut.link.notes[0]?.text).toHaveLength(NOTE_MAX);
    expect(cut.notes).toEqual([
      `Of the notes of the link only ${NOTES_MAX} were read.`,
      `A note of the link was cut at ${NOTE_MAX} letters.`,
    ]);
  });

  test('to a lesson carries its name or its text, and the beat', async () => {
    const named = { ...EMPTY_LINK, lesson: { kind: 'named' as const, id: 'three-counts' }, beat: '2' };
    expect(await encodeLink(named, webDeflate)).toBe('#/l/three-counts?beat=2');
    expect(await decode('#/l/three-counts?beat=2')).toEqual({ link: named, notes: [] });
    const text = 'lesson: Mine\nabout: One beat.\nminutes: 1\nscenario: zero-page\n\n## Only one\n\nWords.\n';
    const own = { ...EMPTY_LINK, lesson: { kind: 'inline' as const, text }, beat: '1' };
    for (const plain of [false, true]) {
      const address = await encodeLink(own, webDeflate, plain);
      expect(address).toMatch(plain ? /^#\/l\/1t\.lesson:%20Mine/ : /^#\/l\/1d\.[\w-]+\?beat=1$/);
      expect(await decode(address)).toEqual({ link: own, notes: [] });
    }
  });

  test('carries page tables that lie apart', async () => {
    const text = 'process p\nregion a anon 1 page\ntables apart\np: load a.0\n';
    for (const plain of [false, true]) {
      const scenario = { kind: 'inline' as const, text };
      const { link } = await decode(await encodeLink({ ...EMPTY_LINK, scenario }, webDeflate, plain));
      expect(link.scenario).toEqual(scenario);
      const read = link.scenario?.kind === 'inline' ? link.scenario.text : '';
      expect(compileText(read, { models: [] }).plan?.switches.tables).toBe('apart');
    }
  });

  test('of a later version keeps what this one does not know', async () => {
    const text = '#/s/vmsplice-leak?model=v5.7&zoom=3&lens=a%20b';
    const { link, notes } = await decode(text);
    expect(notes).toEqual([
      'This Folioscope does not know “zoom” of the link.',
      'This Folioscope does not know “lens” of the link.',
    ]);
    expect(link.others).toEqual([
      ['zoom', '3'],
      ['lens', 'a b'],
    ]);
    expect(await encodeLink(link, webDeflate)).toBe(text);
  });

  test('of a layout, which only the page understands, nothing is said, and it is kept', async () => {
    const text = '#/s/vmsplice-leak?layout=panel%3Ddebug';
    const { link, notes } = await decode(text);
    expect(notes).toEqual([]);
    expect(link.others).toEqual([['layout', 'panel=debug']]);
    expect(await encodeLink(link, webDeflate)).toBe(text);
  });

  test('without a scenario cannot be written; without a fragment is empty', async () => {
    await expect(encodeLink(EMPTY_LINK, webDeflate)).rejects.toThrow('There is no scenario to link to.');
    for (const nothing of ['', '#', '#/'])
      expect(await decode(nothing)).toEqual({ link: EMPTY_LINK, notes: [] });
  });
});

/** Links that were written once. They must be read alike forever: add lines, never change one. */
test.each([
  [
    '#/s/vmsplice-leak?model=v5.7&at=child@read.end',
    { scenario: { kind: 'named', id: 'vmsplice-leak' }, model: 'v5.7', at: 'child@read.end' },
  ],
  [
    '#/s/zero-page?embed=1&readonly=1&chk=9f',
    { scenario: { kind: 'named', id: 'zero-page' }, embed: true, readonly: true, chk: '9f' },
  ],
  [
    '#/l/three-counts?beat=2&model=v5.7&at=end',
    { lesson: { kind: 'named', id: 'three-counts' }, beat: '2', model: 'v5.7', at: 'end' },
  ],
  ['#/l/1t.lesson:%20Mine', { lesson: { kind: 'inline', text: 'lesson: Mine' } }],
  [
    '#/x/1t.A%20map%20a%20anon%201;%20A%20st%20a.0%2011?vs=v5.9',
    { scenario: { kind: 'inline', text: 'A map a anon 1; A st a.0 11' }, vs: 'v5.9' },
  ],
  [
    '#/x/1d.c1TITSxQSFRIzMvPUzC0VnBUKC5RSNQzUDA0BAA?model=v5.7',
    { scenario: { kind: 'inline', text: 'A map a anon 1; A st a.0 11' }, model: 'v5.7' },
  ],
])('%s', async (address, link) => {
  expect(await decode(address)).toEqual({ link: { ...EMPTY_LINK, ...link }, notes: [] });
});

describe('a bad link says what is wrong, and gives the rest', () => {
  const small = toBase64url(deflateRawSync('A exit'));
  const bomb = deflateRawSync(Buffer.alloc(50_000_000));
  test.each([
    [
      '1 MB',
      `#/s/x?run=${'a'.repeat(1 << 20)}`,
      'The link has 1025 kB; at most 256 kB are read. Send the text as a file.',
    ],
    ['a bomb', packed(bomb), 'The text of the link could not be unpacked: it unpacks to more than 256 kB.'],
    [
      'too much deflated',
      packed(new Uint8Array(DEFLATED_MAX + 1)),
      'The text of the link is longer than 256 kB. Open it as a file.',
    ],
    [
      'too much plain',
      `#/x/1t.${'é'.repeat(TEXT_MAX / 2 + 1)}`,
      'The text of the link is longer than 256 kB. Open it as a file.',
    ],
    [
      'cut off',
      `#/x/1d.${small.slice(0, -3)}?model=v5.7`,
      'The text of the link could not be unpacked: it is damaged or cut off.',
    ],
    [
      'noise',
      packed(Uint8Array.from({ length: 40 }, (_, i) => (i * 89 + 7) & 255)),
      'The text of the link could not be unpacked: it is damaged or cut off.',
    ],
    [
      'not UTF-8',
      packed(deflateRawSync(Uint8Array.of(0x61, 0xff))),
      'The text of the link is damaged: it is not UTF-8.',
    ],
    ['not base64url', '#/x/1d.a b', 'The text of the link is damaged: it is not base64url.'],
    ['no text', '#/x/', 'The link holds no text.'],
    ['an empty text', '#/x/1d.', 'The link holds no text.'],
    [
      'a later version',
      `#/x/2d.${small}`,
      'The link is in format 2; this Folioscope reads format 1. Load the page again.',
    ],
    [
      'another codec',
      `#/x/1z.${small}`,
      'The link is packed by a method “z” that this Folioscope does not know.',
    ],
    ['no format', `#/x/${small}`, 'The text of the link does not begin with its format, such as 1d. or 1t.'],
    [
      'a bad percent',
      '#/x/1t.100%',
      'The text of the link has a % that is not followed by two hex digits of UTF-8.',
    ],
    [
      'another page',
      '#/about',
      'The address is not one of ours: it begins with none of #/s/, #/x/ and #/l/.',
    ],
    ['no name', '#/s/', 'The link names no scenario.'],
    ['no lesson', '#/l/', 'The link names no lesson.'],
    ['a wrong lesson', '#/l/<b>', 'The link names the lesson “<b>”, which cannot be a name.'],
    [
      'a lesson that is a bomb',
      `#/l/1d.${toBase64url(bomb)}`,
      'The text of the link could not be unpacked: it unpacks to more than 256 kB.',
    ],
    [
      'a lesson that is cut off',
      `#/l/1d.${small.slice(0, -3)}?model=v5.7`,
      'The text of the link could not be unpacked: it is damaged or cut off.',
    ],
    ['a wrong name', '#/s/../secret', 'The link names the scenario “../secret”, which cannot be a name.'],
  ])('%s', async (_, address, note) => {
    const { link, notes } = await decode(address);
    expect(notes).toEqual([note]);
    expect([link.scenario, link.lesson]).toEqual([null, null]);
    expect(link.model).toBe(address.endsWith('?model=v5.7') ? 'v5.7' : '');
  });

  test('parameters that are damaged or twice', async () => {
    const query = 'model=v5.7&model=v5.8&vs=%E0%A4&at&embed=0&beat=-1&speaker=A/B';
    const { link, notes } = await decode(`#/s/vmsplice-leak?${query}`);
    expect(link).toMatchObject({
      scenario: { id: 'vmsplice-leak' },
      model: 'v5.7',
      vs: '',
      at: '',
      embed: false,
      beat: '',
      speaker: '',
    });
    expect(notes).toEqual([
      'The link says “model” twice; the first one counts.',
      '“vs=%E0%A4” of the link is damaged and was left out.',
      '“beat=-1” of the link is damaged and was left out.',
      '“speaker=A/B” of the link is damaged and was left out.',
    ]);
  });

  test('any text is decoded without a throw', async () => {
    const part = fc.constantFrom(
      '#',
      '/',
      's/',
      'x/',
      '1d.',
      '1t.',
      '2',
      '?',
      '&',
      '=',
      'model',
      '%',
      '%41',
      'A',
      small,
      '\ud800',
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(part).map((p) => p.join('')),
      fc.array(part).map((p) => `#/x/${p.join('')}`),
    );
    await fc.assert(
      fc.asyncProperty(text, async (t) => {
        expect(Array.isArray((await decode(t)).notes)).toBe(true);
      }),
      { numRuns: 1000, seed: 9 },
    );
  });

  test('a text that is too long is refused when the link is written', async () => {
    const long = (text: string) => encodeLink({ ...leak, scenario: { kind: 'inline', text } }, webDeflate);
    await expect(long('a'.repeat(TEXT_MAX + 1))).rejects.toThrow(
      'The text is too long for a link. Send it as a file.',
    );
    await expect(encodeLink({ ...leak, run: 'a'.repeat(LINK_MAX) }, webDeflate)).rejects.toThrow(
      'at most 256 kB are read',
    );
  });
});
