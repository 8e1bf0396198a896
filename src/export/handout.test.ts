// A lesson on paper: a frame for each beat, the model's answers on their heads at the end, and hostile text
// as text.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { course } from '../lessons/course/index.ts';
import { readLesson } from '../lessons/parser.ts';
import { stagesOf } from '../lessons/syntax.ts';
import { webDeflate } from '../worker/deflate.ts';
import { beatPicture, handoutOf } from './handout.ts';
import type { Handout } from './handout.ts';
import { handoutHtml } from './handout-html.ts';
import { paletteOf } from './svg-theme.ts';

const tokens = readFileSync(new URL('../app/theme/tokens.css', import.meta.url), 'utf8');
const palette = paletteOf(tokens, 'light');
const SITE = 'https://example.org/folioscope/';
const made = (text: string, site = SITE, id = ''): Promise<Handout> => {
  const { lesson, diagnostics } = readLesson(text);
  expect(diagnostics.filter((d) => d.severity === 'error')).toEqual([]);
  return handoutOf(lesson, {
    palette,
    deflate: webDeflate,
    lesson: id === '' ? { kind: 'inline', text } : { kind: 'named', id },
    site,
  });
};
const count = (text: string, what: string): number => text.split(what).length - 1;

test.each(course.map((entry) => [entry.id, entry] as const))(
  '%s: a frame for each beat',
  async (_, entry) => {
    const text = await entry.text(),
      handout = await made(text, SITE, entry.id);
    expect(handout.frames).toHaveLength(entry.beats);
    const html = handoutHtml(handout, String);
    expect(count(html, '<section class="handout-frame">')).toBe(entry.beats);
    expect(count(html, '<figure>')).toBe(entry.beats);
    expect(count(html, 'class="handout-code"')).toBe(
      handout.frames.filter(({ link }) => link.length <= 1200).length,
    );
    // Asked in its frame with every option, answered behind all frames and nowhere else.
    const [frames = '', answers = ''] = html.split('<section class="handout-answers">');
    const asked = stagesOf(readLesson(text).lesson).filter(({ beat }) => beat.said.predict !== undefined);
    expect(handout.frames.filter(({ asks }) => asks !== null)).toHaveLength(asked.length);
    for (const { asks, answer } of handout.frames) {
      if (asks === null || answer === null) continue;
      expect(asks.options).toContain(answer.text);
      expect(count(frames, '<li>')).toBeGreaterThanOrEqual(2);
    }
    expect(count(frames, '<li>')).toBe(
      handout.frames.reduce((n, { asks }) => n + (asks?.options.length ?? 0), 0),
    );
    expect(count(answers, '<p>')).toBe(asked.length);
    for (const { picture, link } of handout.frames) {
      expect(link).toMatch(/^https:\/\/example\.org\/folioscope\/#\/l\/[\w.-]+\?beat=\d+$/);
      expect(picture.width).toBe(660);
      expect(picture.svg).toMatch(/^<svg [^>]*>[^]*<\/svg>\n$/);
      expect(picture.svg).not.toMatch(/NaN|undefined|href|url\(/);
    }
  },
);

test('what a beat points at is ringed, and what is broken is ringed in red', async () => {
  const { frames } = await made(await course.find((one) => one.id === 'vmsplice-leak')!.text());
  expect(frames[0]!.picture.svg).toContain('class="ring"');
  expect(frames[0]!.picture.svg).not.toContain('class="broken"');
  expect(frames[6]!.picture.svg).toContain('class="broken"');
  expect(frames[4]!.asks).toBeNull();
  expect(frames[3]!.asks).toEqual({
    question: 'parent: store a.0 "secret". Does v5.7 copy the page, or reuse it in place?',
    options: ['copy', 'reuse'],
  });
  expect(frames[3]!.answer).toEqual({
    text: 'reuse',
    because: 'v5.7 asks “mapcount 1?” and finds 1: reuse.',
  });
  expect(frames[8]!.task).toMatch(/^Find an order on v5\.7 that breaks the rule: ./);
});

test('a rule set to be found, and a guard to be removed, are tasks in words', async () => {
  const taskOf = async (id: string, beat: number): Promise<string> => {
    const { frames } = await made(await course.find((one) => one.id === id)!.text());
    return frames[beat - 1]!.task;
  };
  expect(await taskOf('stronger-rules', 13)).toMatch(
    /^Put rules together with which all of this holds: a child reads no secret of its parent; /,
  );
  expect(await taskOf('copy-race', 8)).toMatch(
    /^Which of these can be removed safely here, on v6\.18\? Take a reference to the old page /,
  );
});

test('entries and their TLBs are drawn in narrow pictures, too', async () => {
  const text = await course.find((one) => one.id === 'uffd-lost-write')!.text();
  for (const width of [1100, 660]) {
    const { svg } = beatPicture(stagesOf(readLesson(text).lesson)[4]!, palette, width);
    expect(svg).toContain('>W</text>');
    expect(svg).toMatch(/>TLB[^<]*</);
  }
});

const HOSTILE = `lesson: <img src=x onerror=alert(1)>
about: "quotes" & <b>
source: </section><script>alert(2)</script>
minutes: 1
scenario: mine
  scenario </svg><script>
  process parent
  region a anon 1 page

  parent: store a.0 "<b>&x"
  parent: fork child
  child: load a.0 -> seen

## </h2><script>
model: v6.18
at: end
predict: who sees "<b>&x"

<script>alert(3)</script> & so on.
`;

test('hostile text stays text, and without a page to lead to there is no code', async () => {
  const handout = await made(HOSTILE, '');
  const html = handoutHtml(handout, String);
  expect(html).not.toMatch(/<script|<b>&|onerror=alert\(1\)>/);
  expect(html).toContain('&lt;script&gt;alert(3)&lt;/script&gt; &amp; so on.');
  expect(handout.frames[0]!.picture.svg).not.toMatch(/<script|<b>/);
  expect(html).not.toContain('handout-code');
  expect(html).not.toContain('href');
  const plain = html.replace(
    /<\/?(?:header|h1|h2|p|b|section|span|div|ul|li|figure|img|figcaption)(?: [^<>]*)?>/g,
    '',
  );
  expect(plain).not.toMatch(/[<>]/);
});

test('a lesson that names what is not there says so', async () => {
  const text = (await course[1]!.text()).replace(/^model: .*$/m, 'model: v9.9');
  await expect(made(text)).rejects.toThrow(/cannot be drawn: there is no model v9\.9; there are v4\.8/);
});
