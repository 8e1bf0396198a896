import { entry } from './entry.ts';

export const lookupLeak = entry(
  'lookup-leak',
  'v5.8',
  `
scenario A look-up that must not fault
about In v5.8 every look-up breaks copy-on-write but this one: a caller that
  must not sleep cannot fault, and takes the page that is there. For a
  moment the child holds its parent's page. If its mapping goes just then,
  the parent's store finds one mapping and reuses the page, and the look
  reads the secret. From v5.9 on that reference counts.
source mail of 12 October 2021; commit 17839856fd58 (v5.8)

process parent
region a anon 1 page

parent:  store a.0 "old"
parent:  fork child
parallel
  child:   lookup a.0 -> seen
  child/2: munmap a
  parent:  store a.0 "secret"
end

never child.seen = "secret"
sometimes child.seen = "old"
sometimes child.seen = none
expect v4.8..v5.8 breaks private-writes-stay-private
expect v5.9.. holds
expect v5.4-gup-breaks-cow unshare-mapcount breaks private-writes-stay-private
expect count-strict-skip holds
`,
);
