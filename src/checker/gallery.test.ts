// What the gallery says of itself is what a check of all orders finds, on every model.
import { describe, expect, test } from 'vitest';
import { invariantById } from '../invariants/index.ts';
import { boot } from '../kernel/machine.ts';
import { modelById } from '../kernel/models/index.ts';
import { gallery } from '../scenario/gallery/index.ts';
import { check } from './check.ts';
import { planOf } from './plan-of.ts';

describe.each(gallery.map((entry) => [entry.id, entry] as const))('%s', (_, { text }) => {
  const plan = planOf(text);
  const said = (verdict: 'holds' | 'breaks') => plan.expectations.filter((e) => e.verdict === verdict);

  test.each(said('holds').flatMap((e) => e.models))('holds on %s', (model) => {
    const found = check(boot(plan, modelById(model)!));
    expect(found).toMatchObject({ verdict: 'holds', reason: '', unmet: [] });
  });

  test.each(said('breaks').flatMap((e) => e.models.map((model) => [model, e.invariant] as const)))(
    '%s breaks %s',
    (model, name) => {
      const machine = boot(plan, modelById(model)!);
      expect(check(machine).verdict).toBe('violated');
      if (name === '') return;
      const invariant = invariantById(name)!;
      expect(check(machine, { invariants: [invariant] })).toMatchObject({ invariant: invariant.id });
    },
  );
});
