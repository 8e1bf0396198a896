import { entry } from './entry.ts';

export const softDirtyMissed = entry(
  'soft-dirty-missed',
  'v5.8',
  `
scenario The store that left no mark
about A program that saves its memory step by step clears the soft-dirty
  bits, and later saves what is marked again. Without a flush a CPU goes on
  writing through its old entry: the store lands, the mark is missing, and
  the saved image is out of date.
source commit 912efa17e512

process parent
region a anon 1 page

parent:   store a.0 "saved"
parent/2: clear_refs
parent:   store a.0 "later"
parent:   load a.0 -> seen

always parent.seen = "later"
expect v5.6..v5.11 breaks soft-dirty-is-not-missed
expect v4.8 v5.12.. holds
`,
);
