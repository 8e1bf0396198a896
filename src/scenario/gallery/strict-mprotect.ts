import { entry } from './entry.ts';

export const strictMprotect = entry(
  'strict-mprotect',
  'count-strict-skip',
  `
scenario Read-only, unless somebody looks
about Rule (c) of the mail: a page that others hold never becomes read-only.
  Glisse answers that mprotect is not there for fork alone, but for programs
  that rely on it. Skipping the page lets the store through; a copy leaves
  the device behind; and a failing mprotect keeps everything as it was, the
  permission to write as well.
source mail of 12 January 2021, the answer

process parent
region a anon 1 page

parent: store a.0 "old"
parent: pin a.0 write as dma
parent: mprotect a ro
parent: store a.0 "new"
parent: load a.0 -> seen
parent: release dma "device"

always parent.seen = "old"
expect v4.8..v7.2 holds
expect count-strict-skip breaks stores-need-permission
expect count-strict-copy breaks pins-stay-coherent
expect count-strict-fail breaks
expect gup-owner-min gup-owner-full holds
`,
);
