import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { invariants as all } from '../../invariants/index.ts';
import { models as known } from '../../kernel/models/index.ts';
import { webDeflate } from '../../worker/deflate.ts';
import { compileText } from '../compile.ts';
import { EMPTY_LINK, encodeLink } from '../link.ts';
import { parse } from '../parser.ts';
import { print } from '../printer.ts';
import { entryById, gallery } from './index.ts';

/** Every kernel; proposals and composed models may be named, too. */
const kernels = known.filter((m) => !m.composed && !m.proposal).map((m) => m.id);
const apart = known.map((m) => m.id).filter((id) => !kernels.includes(id));
const invariants = all.map((i) => i.id);

test('every file is registered under its name', () => {
  const files = readdirSync(new URL('.', import.meta.url)).filter(
    (f) => !/^(?:index|entry|.*\.test)\.ts$/.test(f),
  );
  expect(gallery.map((e) => `${e.id}.ts`).sort()).toEqual(files.sort());
  expect(entryById('vmsplice-leak')).toBe(gallery[0]);
  expect(entryById('vmsplice')).toBeUndefined();
});

describe.each(gallery.map((e) => [e.id, e] as const))(
  '%s',
  (_, { id, title, about, source, text, model }) => {
    test('says what it is', () => {
      expect(title).toMatch(/^[A-Z].{10,50}$/);
      expect(about).toMatch(/^[A-Z][^\n]{100,420}\.$/);
      expect(source).toMatch(/\d{4}|commit/);
      expect([...kernels, ...apart]).toContain(model);
    });

    test('is written as the printer writes it, in lines that fit a mail', () => {
      expect(print(parse(text).scenario)).toBe(text);
      for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(78);
    });

    test('compiles, and expects something of every kernel once', () => {
      const { plan, diagnostics } = compileText(text, { models: kernels, apart, invariants });
      expect(diagnostics).toEqual([]);
      const expected = plan!.expectations.flatMap((e) => e.models);
      expect(expected.filter((id) => kernels.includes(id)).sort()).toEqual([...kernels].sort());
      expect(new Set(expected).size).toBe(expected.length);
      // What only a question of the scenario finds has no invariant.
      const named = plan!.expectations.filter((e) => e.verdict === 'holds' && e.invariant !== '');
      expect(named).toEqual([]);
      expect(plan!.questions.length).toBeGreaterThan(0);
    });

    test('has short links', async () => {
      const named = {
        ...EMPTY_LINK,
        scenario: { kind: 'named', id } as const,
        model,
        run: 'child@vmsplice.end,parent@store~2.end',
        at: 'child@read.end',
      };
      expect((await encodeLink(named, webDeflate)).length).toBeLessThanOrEqual(120);
      const inline = { ...named, scenario: { kind: 'inline', text } as const };
      expect((await encodeLink(inline, webDeflate)).length).toBeLessThanOrEqual(900);
    });
  },
);
