import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { describeProblem, parseRecording } from './recording.ts';

const folder = new URL('../../fixtures/recordings/', import.meta.url);
const sets = ['results', 'random'].map((set) => new URL(`${set}/`, folder));
const recordings = sets.flatMap((set) =>
  readdirSync(set)
    .filter((name) => name.endsWith('.jsonl'))
    .map((name) => new URL(name, set)),
);

const line = (name: string, steps: string): string =>
  `{"kernel":"6.18.44","name":"${name}","steps":[${steps}]}`;
const step = '{"op":"A st a.0 11","ret":0,"flt":[1,0],"procs":{"A":{"a0":{"f":"f0","v":"11","x":1,"mc":1}}}}';

describe('reading a recording', () => {
  test('all recordings of real kernels are read whole, and printed again as they were', () => {
    expect(recordings.length).toBeGreaterThan(15);
    for (const url of recordings) {
      const source = readFileSync(url, 'utf8');
      const { env, experiments, problems } = parseRecording(source, url.pathname);
      expect(problems).toEqual([]);
      expect(env?.zramswap).toBe(true);
      const [, ...lines] = source.trimEnd().split('\n');
      expect(experiments.map((experiment) => JSON.stringify(experiment))).toEqual(lines);
    }
  });

  test('an experiment that the kernel could not run says why', () => {
    const { experiments } = parseRecording('{"kernel":"x","name":"n","steps":[],"skip":"no swap"}', 'f');
    expect(experiments[0]?.skip).toBe('no swap');
  });

  test('comments, empty lines and console noise before the object are passed over', () => {
    const source = `#BEGIN\r\n\r\n[    1.2] brd: loaded${line('one', step)}\r\n#END\n`;
    const { experiments, problems } = parseRecording(source, 'f');
    expect(experiments.map(({ name }) => name)).toEqual(['one']);
    expect(problems).toEqual([]);
  });

  test('a bad line is a problem with file and line; the others are read', () => {
    const source = [line('one', step), line('two', step).slice(0, -9), 'hello', line('three', step)].join(
      '\n',
    );
    const { experiments, problems } = parseRecording(source, 'here.jsonl');
    expect(experiments.map(({ name }) => name)).toEqual(['one', 'three']);
    expect(problems.map(({ line: at }) => at)).toEqual([2, 3]);
    expect(describeProblem(problems[0]!)).toMatch(/^here\.jsonl:2: not JSON, perhaps cut off/);
    expect(describeProblem(problems[1]!)).toMatch(/^here\.jsonl:3: not a line of a recording/);
  });

  test.each([
    ['{"kernel":"x","name":"n"}', 'n: "steps" is not a list'],
    ['{"kernel":"x","steps":[]}', 'the line: "name" is not a text'],
    [line('n', '7'), 'n, step 0 is not an object'],
    [line('n', '{"op":"A ld a.0","procs":{}}'), 'n, step 0: "ret" is not a number'],
    [line('n', '{"op":"A ld a.0","ret":0}'), 'n, step 0.procs is not an object'],
    [
      line('n', '{"op":"A ld a.0","ret":0,"flt":[1],"procs":{}}'),
      'n, step 0: "flt" is not a pair of numbers',
    ],
    [
      line('n', '{"op":"x","ret":0,"procs":{"__proto__":{}}}'),
      'n, step 0.procs: no actor is called "__proto__"',
    ],
    [line('n', '{"op":"x","ret":0,"procs":{"A":{"q9":{}}}}'), 'n, step 0.procs.A: no page is called "q9"'],
    [
      line('n', '{"op":"x","ret":0,"procs":{"A":{"a0":{}}}}'),
      'n, step 0.procs.A.a0 has none of "f", "swap" and "none"',
    ],
  ])('%s', (source, message) => {
    expect(parseRecording(source, 'f').problems).toEqual([{ file: 'f', line: 1, message }]);
  });

  test('of two experiments with one name the later one counts, and that is said', () => {
    const { experiments, problems } = parseRecording(`${line('n', '')}\n${line('n', step)}`, 'f');
    expect(experiments.map(({ steps }) => steps.length)).toEqual([1]);
    expect(problems).toEqual([{ file: 'f', line: 2, message: 'n is there twice; the later one counts' }]);
  });
});
