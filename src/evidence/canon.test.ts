import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { canonSteps, compareSteps } from './canon.ts';
import { parseRecording } from './recording.ts';
import type { RecordedExperiment, RecordedProcs, RecordedStep } from './recording.ts';

const folder = new URL('../../fixtures/recordings/', import.meta.url);

function recorded(file: string): Map<string, RecordedExperiment> {
  const source = readFileSync(new URL(`${file}.jsonl`, folder), 'utf8');
  const { experiments } = parseRecording(source, file);
  return new Map(experiments.filter(({ skip }) => skip === undefined).map((e) => [e.name, e]));
}

/** Names of the experiments on which two recordings differ. */
function differing(left: string, right: string, level: 'values' | 'frames'): string[] {
  const other = recorded(right);
  return [...recorded(left)].flatMap(([name, experiment]) => {
    const match = other.get(name);
    return match && compareSteps(experiment, match, level) ? [name] : [];
  });
}

/** An experiment whose steps show these frames at A's a0, a1...; `-` is an absent page. */
function showing(...steps: string[][]): RecordedExperiment {
  const page = (f: string): object => (f === '-' ? { none: 1 } : { f, v: '11' });
  return {
    kernel: 'x',
    name: 'n',
    steps: steps.map((frames): RecordedStep => {
      const pages = Object.fromEntries(frames.map((f, i) => [`a${i}`, page(f)]));
      return { op: 'A ld a.0', ret: 0, procs: { A: pages } };
    }),
  };
}

function doing(...steps: Partial<RecordedStep>[]): RecordedExperiment {
  const whole = steps.map((step): RecordedStep => ({ op: 'A ld a.0', ret: 0, procs: {}, ...step }));
  return { kernel: 'x', name: 'n', steps: whole };
}

describe('recordings against recordings', () => {
  // Facts of the kernels that were run, not of this code: real-kernel notes, "What the kernels say".
  test('6.18.15 in emulation and 6.18.44 on hardware agree on all random experiments', () => {
    expect(differing('random/6.18.15', 'random/6.18.44', 'frames')).toEqual([]);
  });

  test('the self-built 5.10 with its stock rule is the 5.10 of the distribution', () => {
    expect(differing('results/5.10.262-pagecount', 'results/5.10.223', 'frames')).toEqual([]);
  });

  test('under the map count rule the pipe of the child shows what the parent wrote later', () => {
    const name = 'vmsplice-child-unmap-parent-write';
    const leak = recorded('results/5.10.262-mapcount').get(name)!;
    const right = recorded('results/6.18.44').get(name)!;
    const found = { index: 6, op: '- prd 0', recorded: '99 [Aa0=99]', predicted: '11 [Aa0=99]' };
    expect(compareSteps(leak, right, 'values')).toEqual(found);
    expect(compareSteps(leak, right, 'frames')?.op).toBe('A st a.0 99');
  });

  test('large folios whose last other sharer goes: 6.12 copies, 6.16 reuses, and no program can tell', () => {
    const name = 'thp-partial-unmap';
    const copies = recorded('results/6.12.117').get(name)!;
    const reuses = recorded('results/6.16.12').get(name)!;
    expect(compareSteps(copies, reuses, 'values')).toBeNull();
    expect(compareSteps(copies, reuses, 'frames')).not.toBeNull();
  });
});

describe('frame names', () => {
  test('do not depend on how the two sides count', () => {
    const recordedSide = showing(['z0', '-'], ['z0', 'f1'], ['f2', 'f1']);
    const predictedSide = showing(['z7', '-'], ['z7', 'f40'], ['f3', 'f40']);
    expect(canonSteps(recordedSide, 'frames')).toEqual([
      '[Aa0=z0:11 Aa1=-]',
      '[Aa0=z0:11 Aa1=f0:11]',
      '[Aa0=f1:11 Aa1=f0:11]',
    ]);
    expect(compareSteps(recordedSide, predictedSide, 'frames')).toBeNull();
  });

  test('a copy is not a reuse', () => {
    const found = compareSteps(showing(['f0'], ['f0']), showing(['f0'], ['f1']), 'frames');
    expect(found).toMatchObject({ index: 1, recorded: '[Aa0=f0:11]', predicted: '[Aa0=f1:11]' });
  });

  test('a zero page is not a frame of its own', () => {
    expect(compareSteps(showing(['z0']), showing(['f0']), 'frames')?.index).toBe(0);
  });

  test('two pages on one frame are not two frames', () => {
    expect(compareSteps(showing(['f0', 'f0']), showing(['f0', 'f1']), 'frames')?.index).toBe(0);
  });

  test('an old name after a gap says nothing: the frame may have been freed and handed out again', () => {
    expect(compareSteps(showing(['f0'], ['-'], ['f0']), showing(['f0'], ['-'], ['f1']), 'frames')).toBeNull();
    expect(compareSteps(showing(['f0'], ['-'], ['f1']), showing(['f0'], ['-'], ['f0']), 'frames')).toBeNull();
  });

  test('a frame that one page still shows keeps its name', () => {
    const kept = showing(['f0', 'f0'], ['-', 'f0'], ['f0', 'f0']);
    const lost = showing(['f0', 'f0'], ['-', 'f0'], ['f1', 'f0']);
    expect(compareSteps(kept, lost, 'frames')?.index).toBe(2);
  });

  test('are given in the order of pages, whatever the order of keys', () => {
    const page = (f: string) => ({ f, v: '00' });
    const left: RecordedProcs = { A: { a2: page('f0'), a10: page('f1') }, B: { a2: page('f2') } };
    const right: RecordedProcs = { B: { a2: page('f9') }, A: { a10: page('f8'), a2: page('f7') } };
    const outcome = ['[Aa2=f0:00 Aa10=f1:00 Ba2=f2:00]'];
    expect(canonSteps(doing({ procs: left }), 'frames')).toEqual(outcome);
    expect(canonSteps(doing({ procs: right }), 'frames')).toEqual(outcome);
  });
});

describe('outcomes', () => {
  test('errors count by name, and only of failed operations', () => {
    expect(
      canonSteps(doing({ ret: -1, err: 'EFAULT' }, { ret: -1 }, { ret: 0, err: 'EINVAL' }), 'values'),
    ).toEqual(['EFAULT []', 'fail []', '[]']);
  });

  test('values of uwait and move are ignored, by the verb that the recording names', () => {
    const left = doing({ op: 'A uwait a', val: '03' }, { op: 'A move a.0 1', val: '01' });
    const right = doing({ op: 'A wait-fault a' }, { op: 'A move a.0 1', val: '00' });
    expect(compareSteps(left, right, 'frames')).toBeNull();
    expect(compareSteps(doing({ val: '03' }), doing({ val: '04' }), 'values')?.recorded).toBe('03 []');
  });

  test('values see present pages only, frames see absent and swapped ones too', () => {
    const left = doing({ procs: { A: { a0: { none: 1 } } } });
    const right = doing({ procs: { A: { a0: { swap: 1 } } } });
    expect(compareSteps(left, right, 'values')).toBeNull();
    expect(compareSteps(left, right, 'frames')).toMatchObject({
      recorded: '[Aa0=-]',
      predicted: '[Aa0=swap]',
    });
  });

  test('a side that ends early differs there', () => {
    const found = compareSteps(doing({}, { op: 'A exit' }), doing({}), 'values');
    expect(found).toEqual({ index: 1, op: 'A exit', recorded: '[]', predicted: 'no such step' });
  });
});
