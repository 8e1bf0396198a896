import { describe, expect, test } from 'vitest';
import { parseOp } from './ops.ts';
import { legalOps, randomScripts } from './random-scripts.ts';
import { randomVerbOf, randomVerbs } from './random-verbs.ts';
import { shrinkScript } from './shrink-script.ts';

const scripts = randomScripts({ seed: 1, count: 2000 });

const has = (ops: readonly string[], ...patterns: RegExp[]): boolean => {
  let from = 0;
  for (const pattern of patterns) {
    const at = ops.findIndex((op, i) => i >= from && pattern.test(op));
    if (at < 0) return false;
    from = at + 1;
  }
  return true;
};

describe('random scripts', () => {
  test('are the same for the same seed, and others for another', () => {
    expect(randomScripts({ seed: 1, count: 2000 })).toEqual(scripts);
    expect(randomScripts({ seed: 2, count: 1000 }).map(({ ops }) => ops)).not.toEqual(
      scripts.map(({ ops }) => ops),
    );
  });

  test('a script does not depend on how many follow', () => {
    expect(randomScripts({ seed: 1, count: 10 })).toEqual(scripts.slice(0, 10));
  });

  test('are legal, closed and of the wanted length', () => {
    for (const { ops } of scripts) {
      expect(legalOps(ops)).toEqual({ ops, closed: true });
      expect(ops.length).toBeGreaterThanOrEqual(4);
      expect(ops.length).toBeLessThanOrEqual(14);
    }
  });

  test('use every verb', () => {
    const used = new Set(scripts.flatMap(({ ops }) => ops.map((op) => randomVerbOf(parseOp(op)))));
    expect([...used].sort()).toEqual(Object.keys(randomVerbs).sort());
  });

  test('write every byte once, but for pages that KSM is to find equal', () => {
    for (const { ops } of scripts) {
      const bytes = ops.flatMap((op) => /^\w st \S+ (?!0f)(\w\w)/.exec(op)?.[1] ?? []);
      expect(new Set(bytes).size).toBe(bytes.length);
    }
  });

  test('often come to the situations that rules differ in', () => {
    const share = (...patterns: RegExp[]): number =>
      scripts.filter(({ ops }) => has(ops, ...patterns)).length / scripts.length;
    expect(share(/fork/, / st /)).toBeGreaterThan(0.38);
    expect(share(/fork/, / vms | hr[ow] /, / st /)).toBeGreaterThan(0.13);
    expect(share(/ vms | hr[ow] /, /fork/, / st /)).toBeGreaterThan(0.1);
    expect(share(/fork/, / exit| unmap | dontneed/, / st /)).toBeGreaterThan(0.13);
  });

  test('keep to the verbs and sizes that were asked for', () => {
    const verbs = ['map anon', 'st', 'fork'];
    for (const { ops } of randomScripts({ seed: 3, count: 200, verbs, processes: 2, regions: 1, pages: 1 })) {
      expect(ops.map((op) => randomVerbOf(parseOp(op))).every((verb) => verbs.includes(verb))).toBe(true);
      expect(ops.join(';')).not.toMatch(/fork C|\bb\b|a\.1/);
    }
  });

  test.each([
    [{ verbs: ['map anon', 'sleep'] }, /no random verb "sleep"/],
    [{ verbs: ['st'] }, /maps memory/],
    [{ opsMin: 9, opsMax: 8 }, /9 to 8/],
    [{ processes: 6 }, /at most 5 processes/],
  ])('%o is refused', (parameters, message) => {
    expect(() => randomScripts({ seed: 1, count: 1, ...parameters })).toThrow(message);
  });
});

describe('legal operations', () => {
  test('an operation goes with what it depends on', () => {
    const ops = [
      'A map a anon 1',
      'B st a.0 11',
      'A vms b.0 0',
      '- prd 0',
      '- hrel 00',
      'A fork B',
      'B st a.0 12',
    ];
    expect(legalOps(ops).ops).toEqual(['A map a anon 1', 'A fork B', 'B st a.0 12']);
  });

  test('a pin that the kernel refuses is legal, but there is nothing to release', () => {
    const ops = ['A map a anon 1 ro', 'A hrw a.0', '- hrel 10', 'A hro a.0'];
    expect(legalOps(ops)).toEqual({ ops: ['A map a anon 1 ro', 'A hrw a.0', 'A hro a.0'], closed: false });
  });

  test('mprotect stops at a hole', () => {
    const holeFirst = ['A map a anon 2', 'A unmap a.0 1', 'A prot a ro', 'A hrw a.1', '- hrel 10'];
    const holeLast = ['A map a anon 2', 'A unmap a.1 1', 'A prot a ro', 'A hrw a.0', '- hrel 10'];
    expect(legalOps(holeFirst).ops).toEqual(holeFirst);
    expect(legalOps(holeLast).ops).toEqual(holeLast.slice(0, -1));
  });
});

describe('shrinking', () => {
  const long = [
    'A map a anon 2',
    'A st a.0 10',
    'A map b anon 1',
    'A st a.1 11',
    'A fork B',
    'A fork C',
    'C exit',
    'B vms a.0 0',
    'A hro a.1',
    'B unmap a',
    '- hrel 00',
    'A st a.0 12',
    'A ld a.1',
    '- prd 0',
  ];

  test('ends at the operations that matter, in their order, on as few pages as will do', () => {
    const leaks = (ops: readonly string[]): boolean =>
      has(ops, /^A st a.0/, /fork B/, /^B vms a.0/, /^B unmap a$/, /^A st a.0/, /prd/);
    expect(shrinkScript(long, leaks)).toEqual([
      'A map a anon 1',
      'A st a.0 10',
      'A fork B',
      'B vms a.0 0',
      'B unmap a',
      'A st a.0 12',
      '- prd 0',
    ]);
  });

  test('never asks about an illegal script or an open hold', () => {
    const asked: (readonly string[])[] = [];
    shrinkScript(long, (ops) => {
      asked.push(ops);
      return has(ops, /hro/);
    });
    for (const ops of asked) expect(legalOps(ops)).toEqual({ ops, closed: true });
  });

  test('a script of which every operation matters stays', () => {
    expect(shrinkScript(long, () => false)).toEqual(long);
  });
});
