import { entry } from './entry.ts';

export const monitorWaitsForItself = entry(
  'monitor-waits-for-itself',
  'v5.8',
  `
scenario The monitor that waits for itself
about A monitor protects a page, and then looks at it through a pipe, to save
  it before anybody writes. On v5.8 a look-up acts as a write: it is reported
  to the monitor, who is asleep in that very look-up. This is one of the
  reasons why the rule was taken back in v5.9.
source mail of 12 October 2021; commit a308c71bf1e6

process parent
region a anon 1 page

parent: store a.0 "old"
parent: uffd_register a wp
parent: uffd_writeprotect a.0 on
parent: vmsplice a.0 -> p
parent: read p -> saved
parent: uffd_writeprotect a.0 off

sometimes parent.saved = "old"
expect v5.8 breaks no-deadlock
expect ..v5.7 v5.9.. holds
expect gup-break-cow-flag count-strict-skip breaks no-deadlock
expect v5.4-gup-breaks-cow unshare-mapcount holds
`,
);
