import { describe, expect, test } from 'vitest';
import type { Target } from '../scenario/offers.ts';
import { appended, scheduled } from '../scenario/offers.ts';
import { createEngine } from './local.ts';

const TEXT = `process parent
region a anon 2 pages

parent: store a.0 "old"
parent: fork child
parent: pin a.0 write as h
child:  vmsplice a.0 -> p

always parent.load = "old"
`.replace('always parent.load = "old"\n', 'expect v5.9 holds\n');
const { signal } = new AbortController();
const offered = async (actor: string, target: Target, model = 'v6.18'): Promise<string[]> => {
  const request = { text: TEXT, model, without: [], targets: [{ actor, target }] };
  const offers = await createEngine().offers(request, () => undefined, signal);
  return offers.map((o) => (o.error === '' ? o.operation : `${o.operation} (${o.error})`));
};

describe('what is offered', () => {
  test('a process can fork, end, and map more', async () => {
    const all = await offered('parent', { kind: 'process' });
    expect(all).toEqual(
      expect.arrayContaining(['fork child2', 'exit', 'mmap b anon 1', 'mmap b shared-file 1']),
    );
    expect(all.join('\n')).not.toMatch(/a\.0|munmap/);
  });

  test('a page can be read, written, pinned, advised; each once, none that cannot be', async () => {
    const all = await offered('child', { kind: 'page', name: 'a.0' });
    expect(all).toEqual(
      expect.arrayContaining([
        'load a.0',
        'store a.0 "new"',
        'vmsplice a.0 -> p2',
        'pin a.0 write',
        'madvise a.0 dontneed',
        'mprotect a.0 ro',
        'munmap a.0',
        'uring_register a.0',
        'move_pages a.0 1',
      ]),
    );
    expect(new Set(all).size).toBe(all.length);
    expect(all.every((one) => one.includes('a.0'))).toBe(true);
    // No buffer is registered that it could be written through; no monitor is there to wait.
    expect(all.join('\n')).not.toMatch(/uring_write/);
    expect(all).toContain('uffd_wait a.0 (EINVAL)');
  });

  test('a region, a pipe and a hold have their own', async () => {
    expect(await offered('parent', { kind: 'region', name: 'a' })).toEqual(
      expect.arrayContaining(['munmap a', 'mremap a', 'mlock a', 'uffd_register a wp']),
    );
    expect(await offered('child', { kind: 'pipe', name: 'p' })).toEqual(['read p']);
    expect(await offered('parent', { kind: 'hold', name: 'h' })).toEqual(
      expect.arrayContaining(['unpin h', 'release h', 'device_write h "new"']),
    );
  });

  test('what this kernel refuses says how', async () => {
    const page: Target = { kind: 'page', name: 'a.0' };
    expect(await offered('child', page, 'v5.7')).toContain('madvise a.0 populate_read (EINVAL)');
    expect(await offered('child', page, 'v6.18')).toContain('madvise a.0 populate_read');
  });
});

test('a line is added behind the last operation, with its actor in the column of the others', () => {
  const { text, line } = appended(TEXT, 'child', 'exit');
  expect(text.split('\n')[line - 1]).toBe('child:  exit');
  expect(text.split('\n')[line - 2]).toBe('child:  vmsplice a.0 -> p');
  const block = 'process p\nparallel\n  p: exit\nend\n';
  expect(appended(block, 'p', 'fork c')).toEqual({ text: `${block}p: fork c\n`, line: 5 });
});

test('an order is written into the text, over an older one, or taken out', () => {
  const once = scheduled(TEXT, 'child@vmsplice.end,parent@store.end');
  expect(once).toContain('-> p\nschedule child@vmsplice.end, parent@store.end\n');
  expect(scheduled(once, 'parent@fork.end').match(/schedule/g)).toHaveLength(1);
  expect(scheduled(once, '')).toBe(TEXT);
});
