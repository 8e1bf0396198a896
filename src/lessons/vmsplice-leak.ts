/** The leak of CVE-2020-29374 in six beats. */
import type { Beat, Walkthrough } from './walkthrough.ts';

const beat = (model: string, at: string, title: string, text: string): Beat => ({
  title,
  text,
  model,
  scenario: 'vmsplice-leak',
  schedule: '',
  at,
});

export const vmspliceLeak: Walkthrough = {
  id: 'vmsplice-leak',
  title: 'How a child reads its parent’s secret',
  about: 'Six stops in one run: what fork shares, what a pipe keeps, and which number the kernel looked at.',
  source: 'CVE-2020-29374; mail of 8 January 2021',
  beats: [
    beat(
      'v5.7',
      'parent@fork.end',
      'One page, two page tables',
      'The parent stored “old” and forked. Nothing was copied: both page tables point at f0. To ' +
        'notice the next store, ' +
        'fork took the write permission away on both sides. Two mappings, two references.',
    ),
    beat(
      'v5.7',
      'child@vmsplice.end',
      'The pipe takes a reference',
      'vmsplice lends the child’s page to a pipe. The pipe holds a third reference to f0. No page ' +
        'table shows it: the ' +
        'refcount is 3, the mapcount still 2.',
    ),
    beat(
      'v5.7',
      'child@munmap.end',
      'The child lets go, and keeps hold',
      'munmap clears the child’s entry. One page table is left, the parent’s. But the pipe still ' +
        'holds the page: ' +
        'mapcount 1, refcount 2. From here on the two numbers tell two stories.',
    ),
    beat(
      'v5.7',
      'parent@store~2.do_wp_page.unlock_reuse',
      'The question that decides',
      'The parent stores “secret” and faults, for its entry is read-only. v5.7 asks how many page ' +
        'tables map f0. One: so it ' +
        'takes the page for the parent’s own and makes it writable in place. Nobody looks at the refcount.',
    ),
    beat(
      'v5.7',
      'child@read.pipe_read.release',
      'The child reads the secret',
      'The pipe was never told. It hands out the bytes that f0 holds now, and those are the ' +
        'parent’s, written after fork into ' +
        'memory that is private.',
    ),
    beat(
      'v5.9',
      'parent@store~2.wp_page_copy.alloc',
      'The same place on v5.9',
      'v5.9 asks for the refcount. It is 2, so somebody else may look at f0: the parent gets a copy ' +
        'and writes there. The pipe ' +
        'keeps “old”. That rule closed the leak, and made trouble for pinned pages: see the read pin ' +
        'in the gallery.',
    ),
  ],
  claims: [
    { scenario: 'vmsplice-leak', model: 'v5.7', breaks: 'private-writes-stay-private' },
    { scenario: 'vmsplice-leak', model: 'v5.9', breaks: null },
    { scenario: 'read-pin-write', model: 'v5.9', breaks: 'pins-stay-coherent' },
  ],
};
