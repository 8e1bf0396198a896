// Who holds a folio keeps his place in its card until he lets go.
import { expect, test } from 'vitest';
import { runAll } from '../debugger/run.ts';
import { boot } from '../kernel/machine.ts';
import { apartIds, modelById, modelIds } from '../kernel/models/index.ts';
import { compileText } from '../scenario/compile.ts';
import { gallery } from '../scenario/gallery/index.ts';
import { buildScene } from './build.ts';
import { factsOf } from './facts.ts';

const models = ['v5.7', 'v6.12'].map((id) => modelById(id)!);
const few = gallery.filter((_, place) => place % 6 === 0);

test.each(few.map(({ id, text }) => [id, text] as const))('%s: no token moves', (_, text) => {
  const { plan } = compileText(text, { models: modelIds, apart: apartIds });
  for (const model of models) {
    const run = runAll(boot(plan!, model));
    const facts = factsOf(run);
    let before = new Map<string, number>();
    let moved = false;
    for (let at = 0; at <= run.steps.length; at += 1) {
      const now = new Map<string, number>();
      for (const folio of buildScene(run, facts, at, []).folios) {
        const room = facts.extent.folios.find(({ id }) => id === folio.id)!;
        for (const side of ['mapped', 'held'] as const) {
          const lines = folio[side].map(({ line }) => line);
          expect(new Set(lines).size).toBe(lines.length);
          expect(Math.max(-1, ...lines)).toBeLessThan(room[side]);
          for (const { id, line, changed } of folio[side]) {
            now.set(id, line);
            moved ||= !changed && before.get(id) !== undefined && before.get(id) !== line;
          }
        }
      }
      before = now;
    }
    expect(moved).toBe(false);
  }
});
