import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { webDeflate } from '../../worker/deflate.ts';
import { compileText } from '../compile.ts';
import { EMPTY_LINK, encodeLink } from '../link.ts';
import { parse } from '../parser.ts';
import { print } from '../printer.ts';
import { entryById, gallery } from './index.ts';

const models = ['v5.7', 'v5.8', 'v5.9', 'v5.19', 'v6.18'];
const invariants = [
  'private-writes-stay-private',
  'pins-stay-coherent',
  'stores-are-not-lost',
  'no-use-after-free',
];

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
      expect(models).toContain(model);
    });

    test('is written as the printer writes it, in lines that fit a mail', () => {
      expect(print(parse(text).scenario)).toBe(text);
      for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(78);
    });

    test('compiles, and expects something of every model once', () => {
      const { plan, diagnostics } = compileText(text, { models, invariants });
      expect(diagnostics).toEqual([]);
      expect(plan!.expectations.flatMap((e) => e.models).sort()).toEqual([...models].sort());
      for (const e of plan!.expectations) expect(e.invariant === '').toBe(e.verdict === 'holds');
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
