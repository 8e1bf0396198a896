import { entry } from './entry.ts';

export const readCopiesFile = entry(
  'read-copies-file',
  'v5.8',
  `
scenario A look at a file page parts it from the file
about A process maps a file privately and only reads it; another one writes
  to the file, and the reader sees that. In v5.8 a mere reference, as by
  vmsplice, acts as a write: the page is replaced by a copy, and what comes
  into the file later is not seen. No promise is broken, as mmap leaves this
  open, but programs that rely on it are. v5.9 took the rule back.
source commits 17839856fd58 (v5.8), a308c71bf1e6 (v5.9)

process reader writer
region a file 1 page
region a shared-file 1 page in writer

reader: load a.0 -> first
reader: vmsplice a.0 -> p
writer: store a.0 "new"
reader: load a.0 -> seen

always reader.seen = "new"
expect v4.8..v5.7 holds
expect v5.8 breaks
expect v5.9..v7.2 holds
expect v5.4-gup-breaks-cow breaks
`,
);
