import { entry } from './entry.ts';

export const refcountOverflow = entry(
  'refcount-overflow',
  'v4.8',
  `
scenario A counter that overflows
about Who can take references without end can fill the counter. Here it has
  three bits: eight buffers of a pipe and it has come round, so that the
  unmapping takes the last reference that it knows of and frees the page.
  Somebody else gets it, and the pipe still holds it. Since v5.1 nobody gets
  a reference once the counter is half full.
source commit 8fde12ca79af (v5.1), CVE-2019-11487; mail of 12 January 2021

process parent victim
region a anon 1 page
region b anon 1 page in victim
counter 3 bits

parent: store a.0 "old"
parent: vmsplice a.0 -> p times 8
parent: munmap a
victim: store b.0 "secret"
parent: read p -> got

never parent.got = "secret"
expect v4.8 breaks no-use-after-free
expect v5.6.. holds
expect count-strict-skip holds
`,
);
