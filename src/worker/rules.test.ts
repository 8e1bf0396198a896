// Rule sets that are made by hand, as the app gets them: switches in words, changes, runs, checks, claims.
import { describe, expect, test } from 'vitest';
import { entryById } from '../scenario/gallery/index.ts';
import { createEngine } from './local.ts';
import type { RulesView, SwitchView } from './protocol.ts';

const engine = createEngine();
const { signal } = new AbortController();
const text = entryById('vmsplice-leak')!.text;
const switchesOf = ({ groups }: RulesView): readonly SwitchView[] => groups.flatMap((g) => g.switches);
const at = (view: RulesView): Record<string, string> =>
  Object.fromEntries(switchesOf(view).map((one) => [one.id, one.at]));

describe('switches', () => {
  test('of a kernel stand where the kernel has them, each with words', async () => {
    const view = await engine.rules('v5.9', null);
    expect(view.model).toMatchObject({ id: 'v5.9', composed: false });
    expect(at(view)).toMatchObject({ reuse: 'refcount', fork: 'copy-pinned', lookup: 'take' });
    for (const { at: here, usual, asks, positions } of switchesOf(view)) {
      expect(here).toBe(usual);
      expect(asks).toMatch(/\?$/);
      expect(positions.map((p) => p.id)).toContain(here);
    }
  });
  test('change one after the other, and back', async () => {
    const one = await engine.rules('v5.9', ['reuse', 'mapcount']);
    expect(one.model.id).toBe('v5.9~reuse.mapcount');
    const two = await engine.rules(one.model.id, ['fork', 'share']);
    expect(two.model.id).toBe('v5.9~reuse.mapcount~fork.share');
    expect(two.model).toMatchObject({ composed: true, proposal: false, looksAt: 'mapcount' });
    const back = await engine.rules(two.model.id, ['reuse', 'refcount']);
    expect(back.model.id).toBe('v5.9~fork.share');
    expect((await engine.rules(back.model.id, ['base', 'v5.8'])).model.id).toBe('v5.8');
  });
  test('say what had to come along', async () => {
    const view = await engine.rules('v5.9', ['reuse', 'exclusive']);
    expect(view.moved).toEqual(['huge', 'swapin']);
    expect((await engine.rules(view.model.id, null)).moved).toEqual([]);
  });
  test.each([
    [
      'v5.9~reuse.nobody',
      null,
      'There is no rule set "v5.9~reuse.nobody": reuse has no position "nobody". It',
    ],
    ['v9.9', null, 'There is no model "v9.9". There are v4.8, '],
    ['v5.9', ['reuse', 'nobody'], 'reuse has no position "nobody". It has mapcount, '],
    ['v5.9', ['__proto__', 'x'], 'no switch is called "__proto__". There are reuse, '],
    ['v5.9', ['base', 'v9.9'], 'There is no model "v9.9"'],
  ] as const)('%s %j is refused in words', async (id, change, message) => {
    await expect(engine.rules(id, change)).rejects.toThrow(message);
  });
});

describe('a rule set made by hand is a model for everybody', () => {
  const model = 'v5.9~reuse.mapcount';
  test('it is run, with its header, and checked', async () => {
    const { run, made } = await engine.open({ text, model, schedule: '', without: [] });
    expect(run?.violations.map((v) => v.invariant)).toContain('private-writes-stay-private');
    expect(made).toMatchObject({ id: model, rule: 'As v5.9, but for reuse.mapcount.' });
    const ask = { text, model, invariant: null, without: [], budget: 100_000 };
    expect(await engine.check(ask, () => undefined, signal)).toMatchObject({ model, verdict: 'violated' });
    const kernel = await engine.open({ text, model: 'v5.9', schedule: '', without: [] });
    expect(kernel.made).toBeUndefined();
  });
  test('it is compared, exported, and counted among the costs', async () => {
    await engine.open({ text, model, schedule: '', without: [] });
    expect(await engine.compare('v5.9')).toMatchObject({ model, versus: 'v5.9' });
    const costs = await engine.debug('costs', null);
    expect(costs.map((one) => one.model)).toContain(model);
    expect(costs.filter((one) => one.model.includes('+'))).toEqual([]);
  });
  test('claims may name it one by one, and no range has it', async () => {
    const claim = (line: string) =>
      engine.open({ text: `${text}${line}\n`, model: 'v5.9', schedule: '', without: [] });
    expect((await claim(`expect ${model} breaks private-writes-stay-private`)).diagnostics).toEqual([]);
    const { diagnostics } = await claim('expect v5.9~reuse.exclusive holds');
    expect(diagnostics).toMatchObject([
      { message: 'reuse.exclusive needs huge.exclusive', column: 8, length: 20 },
    ]);
    expect((await claim(`expect v5.7..${model} holds`)).diagnostics.map((d) => d.message)).toEqual([
      `no model is called ${model}`,
    ]);
  });
});
