import { readFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import { describe, expect, test } from 'vitest';
import { KEYWORDS, OPERATIONS } from '../scenario/words.ts';
import { knownTo, referenceText } from './reference-text.ts';
import { referenceOf } from './reference.ts';

const page = readFileSync(new URL('../../docs/language.md', import.meta.url), 'utf8');
const reference = referenceOf(page);
const examples = reference.operations.flatMap((o) => o.uses.flatMap((u) => u.examples));
const of = (text: string): (typeof examples)[number] => examples.find((e) => e.text === text)!;

describe('the reference', () => {
  test('has every operation, each with a sentence and an example that ends well on the newest kernel', () => {
    expect(reference.operations.map((o) => o.verb)).toEqual(OPERATIONS.map((o) => o.verb));
    expect(reference.operations.filter((o) => o.uses.length === 0)).toEqual([]);
    expect(reference.operations.flatMap((o) => o.uses).filter((u) => u.does === '')).toEqual([]);
    expect(examples.filter((e) => e.result !== 'end').map((e) => `${e.text}: ${e.result}`)).toEqual([]);
  });

  test('has every kind of line', () => {
    const words = reference.lines.map((l) => l.word);
    expect([...words].sort()).toEqual([...KEYWORDS].sort());
    expect(reference.lines.find((l) => l.word === 'never')?.form).toMatch(/^exists\|never/);
  });

  test('says which kernels know an operation, and what it goes through there', () => {
    expect(knownTo(of('store a.0 "old"'), reference.kernels)).toBe('all');
    expect(of('store a.0 "old"').path.map((p) => p.name)).toContain('do_anonymous_page');
    // MADV_POPULATE_READ came with v5.14, write-protection by userfaultfd with v5.7.
    expect(knownTo(of('madvise a populate_read'), reference.kernels)).toBe('v5.18..');
    expect(knownTo(of('uffd_writeprotect a.0 on'), reference.kernels)).toBe('v5.7..');
  });

  test('is docs/operations.md; after a change of operations: npm run reference', async () => {
    const file = new URL('../../docs/operations.md', import.meta.url);
    const config = await resolveConfig(file);
    const text = await format(referenceText(reference), { ...config, parser: 'markdown' });
    expect(readFileSync(file, 'utf8')).toBe(text);
  });
});
