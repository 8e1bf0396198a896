import { describe, expect, test } from 'vitest';
import { gallery } from '../../../scenario/gallery/index.ts';
import { matches } from './matches.ts';

const found = (query: string): readonly string[] =>
  gallery.filter((one) => matches(one, query)).map(({ id }) => id);

describe('finding a scenario', () => {
  test('nothing asked is everything', () => {
    expect(found('')).toHaveLength(gallery.length);
    expect(found('   ')).toHaveLength(gallery.length);
  });

  test('by an operation, a CVE or a name, in either case', () => {
    expect(found('CVE-2016-5195')).toContain('dirty-cow');
    expect(found('VMSPLICE')).toContain('vmsplice-leak');
    expect(found('two-looks')).toContain('two-looks');
  });

  test('all words must be there, and in any order', () => {
    const both = found('fork pin');
    expect(found('pin fork')).toEqual(both);
    expect(both.length).toBeGreaterThan(0);
    expect(both.length).toBeLessThan(found('fork').length);
    expect(found('fork nowhere-to-be-found')).toEqual([]);
  });
});
