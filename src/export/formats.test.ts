// Pictures, traces and recordings: well formed, the same twice, and safe with hostile names.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { planOf } from '../checker/plan-of.ts';
import { replay } from '../debugger/schedule.ts';
import { violationsOf } from '../debugger/violations.ts';
import { invariantsFor, questionsOf } from '../invariants/index.ts';
import { boot } from '../kernel/machine.ts';
import { modelById } from '../kernel/models/index.ts';
import { gallery } from '../scenario/gallery/index.ts';
import { itfText } from './itf.ts';
import { readRecord } from './record-file.ts';
import type { Subject } from './subject.ts';
import { comicSvg, pictureSvg, stopsOf } from './svg.ts';
import { THEMES, paletteOf } from './svg-theme.ts';
import { traceEvents } from './trace-events.ts';
import type { TraceEvent } from './trace-events.ts';

function subjectOf(text: string, model: string, at?: number): Subject {
  const plan = planOf(text);
  const { run } = replay(boot(plan, modelById(model)!), plan.schedule);
  const broken = violationsOf(run, [...invariantsFor(plan), ...questionsOf(plan).invariants]);
  return { name: 'x', text, run, at: at ?? run.steps.length, broken, link: '' };
}
const named = (id: string, at?: number): Subject => {
  const e = gallery.find((one) => one.id === id)!;
  return subjectOf(e.text, e.model, at);
};
const tokens = readFileSync(new URL('../app/theme/tokens.css', import.meta.url), 'utf8');
const light = paletteOf(tokens, 'light');

const HOSTILE = `scenario </text><script>alert(1)</script> & "quotes" ]]> --> \u0001\ufffe
process parent
region a anon 1 page
parent: store a.0 "<b>&\\"x"
parent: fork child
child: load a.0 -> seen
never child.seen = "<b>&\\"x"`;

/** Tags in balance, entities known, no stray markup: all that can be wrong with text that is put together. */
function expectWellFormed(svg: string): void {
  const open: string[] = [],
    closed: boolean[] = [];
  const rest = svg.replace(
    /<(\/?)([a-z][a-zA-Z]*)((?: [\w:-]+="[^"<]*")*)(\/?)>/g,
    (_, end, name: string, __, single) => {
      if (end) closed.push(open.pop() === name);
      else if (!single) open.push(name);
      return '';
    },
  );
  expect([open, closed.filter((c) => !c)]).toEqual([[], []]);
  expect(rest).not.toMatch(/[<>](?![^{}]*\})/);
  expect(svg.replace(/&(?:amp|lt|gt|quot);/g, '')).not.toContain('&');
  // oxlint-disable-next-line no-control-regex -- XML has none of them
  expect(svg).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|NaN|undefined/);
}

describe('svg', () => {
  test('of every scenario at its end is well formed and stays in its frame', () => {
    for (const { id } of gallery) {
      const svg = pictureSvg(named(id), light);
      expectWellFormed(svg);
      const [, width, height] = /viewBox="0 0 (\d+) (\d+)"/.exec(svg)!.map(Number);
      for (const [, x, w] of svg.matchAll(/<rect [^>]*x="([\d.-]+)"[^>]*width="([\d.]+)"/g))
        expect(Number(x) + Number(w)).toBeLessThanOrEqual(width!);
      expect(height).toBeGreaterThan(200);
    }
  });

  test('of hostile text shows it as text', () => {
    for (const svg of [
      pictureSvg(subjectOf(HOSTILE, 'v6.18'), light),
      comicSvg(subjectOf(HOSTILE, 'v6.18'), light),
    ]) {
      expectWellFormed(svg);
      expect(svg).not.toMatch(/<script|<b>/);
      expect(svg).toContain('&lt;/text&gt;');
    }
  });

  test('asks for fonts and colours, and fetches nothing', () => {
    const svg = comicSvg(named('vmsplice-leak'), light);
    expect(svg).not.toMatch(/url\(|href|@import|@font-face|var\(/);
    expect(svg).toContain('sans-serif');
    for (const theme of THEMES) {
      const palette = paletteOf(tokens, theme);
      expect(pictureSvg(named('zero-page'), palette)).toContain(palette.get('bg')!);
    }
  });

  test('a strip has a frame for each operation, and the broken rule is in words and ringed', () => {
    const leak = named('vmsplice-leak');
    const svg = comicSvg(leak, light);
    expect(svg.match(/\d+ of \d+<\/text>/g)).toHaveLength(stopsOf(leak).length);
    expect(stopsOf(leak).length).toBeGreaterThanOrEqual(leak.run.machine.plan.ops.length);
    expect(svg).toContain('This breaks private-writes-stay-private.');
    expect(svg).toContain('class="broken"');
    expect(comicSvg(named('vmsplice-leak'), light)).toBe(svg);
  });

  test('a long run is thinned out, and keeps its end and what breaks', () => {
    const ops = Array.from({ length: 100 }, (_, i) => `parent: store a.0 "v${i}"`).join('\n');
    const stops = stopsOf(subjectOf(`process parent\nregion a anon 1\n${ops}`, 'v6.18'));
    expect(stops.length).toBeLessThanOrEqual(61);
    expect(stops.at(-1)).toBeGreaterThan(100);
  });
});

describe('trace events', () => {
  const all = gallery.map(({ id }) => [id] as const);
  test.each(all)('%s: events nest on each track, every track has a name', (id) => {
    const subject = named(id),
      text = traceEvents(subject);
    expect(traceEvents(named(id))).toBe(text);
    const { traceEvents: events } = JSON.parse(text) as { traceEvents: TraceEvent[] };
    const tracks = new Map<string, TraceEvent[]>();
    for (const e of events) {
      expect(e.ts).toBeGreaterThanOrEqual(0);
      if (e.ph === 'X') {
        const key = `${e.pid}/${e.tid}`;
        tracks.set(key, [...(tracks.get(key) ?? []), e]);
      }
    }
    expect(events.filter((e) => e.ph === 'X' && !(e.dur! > 0))).toEqual([]);
    const counts = events.filter((e) => e.ph === 'C').flatMap((e) => Object.values(e.args!));
    expect(counts.filter((v) => !Number.isInteger(v))).toEqual([]);
    const names = new Set(events.filter((e) => e.name === 'thread_name').map((e) => `${e.pid}/${e.tid}`));
    for (const [key, list] of tracks) {
      expect(names.has(key)).toBe(true);
      list.sort((a, b) => a.ts - b.ts || b.dur! - a.dur!);
      const open: number[] = [];
      for (const { ts, dur } of list) {
        while (open.length > 0 && open.at(-1)! <= ts) open.pop();
        expect(ts + dur!).toBeLessThanOrEqual(open.at(-1) ?? Infinity);
        open.push(ts + dur!);
      }
    }
    expect(events.filter((e) => e.cat === 'step')).toHaveLength(subject.run.steps.length);
  });

  test('a broken rule is an instant, counters follow the counts', () => {
    const text = traceEvents(named('vmsplice-leak'));
    expect(text).toContain('private-writes-stay-private is broken');
    const { traceEvents: events } = JSON.parse(text) as { traceEvents: TraceEvent[] };
    const refs = events.filter((e) => e.ph === 'C' && e.name === 'f0').map((e) => e.args!['refs']);
    expect(Math.max(...(refs as number[]))).toBeGreaterThanOrEqual(3);
    expect(refs.at(-1)).toBe(1);
  });
});

test('ITF: a state for each world, each with every variable, integers written out', () => {
  for (const { id } of gallery) {
    const subject = named(id);
    const trace = JSON.parse(itfText(subject)) as { vars: string[]; states: Record<string, unknown>[] };
    expect(trace.states).toHaveLength(subject.run.steps.length + 1);
    trace.states.forEach((state, i) => {
      expect(Object.keys(state)).toEqual(['#meta', ...trace.vars]);
      expect(state['#meta']).toEqual({ index: i });
    });
  }
  const last = JSON.parse(itfText(named('vmsplice-leak'))).states.at(-1);
  expect(last.seen).toEqual({ '#map': [['child.got', 'secret']] });
  expect(last.broken['#set']).toContain('private-writes-stay-private');
  expect(last.folios['#map'][0][1].refcount).toEqual({ '#bigint': '1' });
});

describe('a recording to be kept', () => {
  const row = (name: string, kernel = '6.19.3-arch1-1', val = '11'): string =>
    `{"kernel":"${kernel}","name":"${name}","steps":` +
    `[{"op":"A map a anon 1","ret":0,"val":"${val}","procs":{}}]}`;
  const none = (): string => '';

  test('is named by its file, by --as, or by its kernel', () => {
    for (const [name, as, stem, model] of [
      ['out.jsonl', '', '6.19.3', null],
      ['6.18.50.jsonl', '', '6.18.50', 'v6.18'],
      ['out.jsonl', '5.10.262-mapcount', '5.10.262-mapcount', 'v5.10-lts+mapcount'],
    ] as const) {
      const read = readRecord(row('one'), name, as, none);
      expect(read).toMatchObject({ stem, model, added: 1, replaced: 0, lines: [row('one')] });
    }
  });

  test('goes together with what is kept: the new one of a name counts', () => {
    const kept = `${row('one')}\n${row('two')}\n`;
    const read = readRecord(`${row('two', undefined, '22')}\n${row('three')}`, 'x', '', () => kept);
    expect(read).toMatchObject({ added: 1, replaced: 1 });
    expect('lines' in read && read.lines).toEqual([row('one'), row('two', undefined, '22'), row('three')]);
  });

  test('what is no recording is refused as a whole, with its lines', () => {
    const bad = (source: string, as = ''): unknown => readRecord(source, 'f.jsonl', as, none);
    expect(bad('')).toMatchObject({ why: expect.stringMatching(/no experiment/) });
    expect(bad(`${row('one')}\nhello`)).toMatchObject({
      why: expect.stringMatching(/not every line/),
      problems: [expect.stringMatching(/^f\.jsonl:2: /)],
    });
    expect(bad(`${row('one')}\n${row('two', '5.10.1')}`)).toMatchObject({
      why: expect.stringMatching(/several kernels: 6\.19\.3-arch1-1, 5\.10\.1/),
    });
    for (const as of ['../../etc/passwd', 'a b', '6.1/x', '.'])
      expect(bad(row('one'), as)).toMatchObject({ why: expect.stringMatching(/no kernel’s name/) });
    expect(bad(row('one', 'weird'))).toMatchObject({ why: expect.stringMatching(/--as/) });
  });
});
