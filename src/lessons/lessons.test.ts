import { describe, expect, test } from 'vitest';
import { newRun } from '../debugger/run.ts';
import { follow, seekPosition } from '../debugger/schedule.ts';
import { invariantNames } from '../invariants/index.ts';
import { boot } from '../kernel/machine.ts';
import { apartIds, modelById, modelIds } from '../kernel/models/index.ts';
import { compileText } from '../scenario/compile.ts';
import { entryById } from '../scenario/gallery/index.ts';
import { violationsOf } from '../debugger/violations.ts';
import { invariants } from '../invariants/index.ts';
import { walkthroughs } from './index.ts';

const known = { models: modelIds, apart: apartIds, invariants: invariantNames };
function runOf(scenario: string, model: string, schedule: string) {
  const { plan } = compileText(entryById(scenario)!.text, known);
  const run = newRun(boot(plan!, modelById(model)!));
  return { run, notes: follow(run, schedule) };
}

describe.each(walkthroughs.map((w) => [w.id, w] as const))('%s', (_, w) => {
  test.each(w.beats.map((b, i) => [i + 1, b] as const))('beat %i stands where a step is', (_i, beat) => {
    const { run, notes } = runOf(beat.scenario, beat.model, beat.schedule);
    expect(notes).toEqual([]);
    const { at, note } = seekPosition(run, beat.at);
    expect(note).toBe('');
    expect(at).toBeGreaterThan(0);
  });

  test('says what the runs show', () => {
    for (const claim of w.claims) {
      const { run } = runOf(claim.scenario, claim.model, '');
      const broken = violationsOf(run, invariants).map((b) => b.invariant.id);
      expect(claim.breaks === null ? broken.length === 0 : broken.includes(claim.breaks)).toBe(true);
    }
  });
});
