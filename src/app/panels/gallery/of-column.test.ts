import { expect, test } from 'vitest';
import { gallery } from '../../../scenario/gallery/index.ts';
import { createEngine } from '../../../worker/local.ts';
import { ofColumn } from './of-column.ts';

const engine = createEngine();
const { signal } = new AbortController();
const NAMES = [
  'vmsplice-leak',
  'two-looks',
  'dirty-cow',
  'read-pin-write',
  'soft-dirty-missed',
  'needless-copy',
];

test.each(['v4.8', 'v5.7', 'v5.11', 'v6.18'])(
  'what is stored says on %s what a check says',
  async (model) => {
    const few = gallery.filter(({ id }) => NAMES.includes(id));
    expect(few.length).toBe(NAMES.length);
    for (const { id, text } of few) {
      const asked = { text, model, invariant: null, without: [], budget: 400_000 };
      const view = await engine.check(asked, () => undefined, signal).catch(() => null);
      if (view === null) continue;
      const { verdict, word } = ofColumn(await engine.survey(asked, () => undefined, signal));
      expect([id, verdict, word]).toEqual([id, view.verdict, view.word]);
    }
  },
);
