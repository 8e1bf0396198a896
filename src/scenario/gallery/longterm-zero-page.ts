import { entry } from './entry.ts';

export const longtermZeroPage = entry(
  'longterm-zero-page',
  'v6.1',
  `
scenario A long-term pin of the page of zeros
about The memory was only read so far, so that the page of zeros stands in for
  it, and a device pins that page for reading, for good. The first store
  gives the process a page of its own; the device goes on reading zeros. For
  a short pin that is so to this day. v6.2 replaces the page of zeros before
  a long one; v5.8 did so for every reference.
source commit 84209e87c696 (v6.2); mail of 12 October 2021

process parent
region a anon 1 page

parent: load a.0
parent: pin a.0 read longterm as dma
parent: store a.0 "new"
-:      device_read dma -> seen
parent: unpin dma

always -.seen = "new"
expect v4.8 v5.6 breaks
expect v5.7 v5.9..v6.1 breaks pins-stay-coherent
expect v5.8 v6.4.0.. holds
expect gup-break-cow-flag breaks pins-stay-coherent
expect v5.4-gup-breaks-cow holds
`,
);
