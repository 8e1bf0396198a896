/**
 * A scenario whose run has more than 10,000 steps, in a picture of more than 500 elements: for the benches of
 * the stepper, in the core and in the page.
 */
const again = Array.from({ length: 40 }, () => [
  'parent: mprotect a ro',
  'parent: mprotect a rw',
  'parent: madvise a populate_write',
]);

export const LONG = [
  'scenario Ten thousand steps',
  'process parent',
  'region a anon 30 pages',
  '',
  'parent: madvise a populate_write',
  'parent: store a.0 "old"',
  'parent: fork child',
  ...again.flat(),
  'parent: load a.0 -> seen',
  '',
].join('\n');
