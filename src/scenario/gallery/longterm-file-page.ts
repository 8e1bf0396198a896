import { entry } from './entry.ts';

export const longtermFilePage = entry(
  'longterm-file-page',
  'v6.1',
  `
scenario A long-term pin of a page of a file
about A private mapping of a file was only read, so that it maps the page of
  the file, and a device pins that page for reading, for good. The first
  store gives the process a copy; the device goes on with the page of the
  file. v6.2 makes the copy before a long-term pin, so that both look at
  one page. For a short pin it is as before, to this day.
source commit 84209e87c696 (v6.2)

process parent
region a file 1 page

parent: load a.0
parent: pin a.0 read longterm as dma
parent: store a.0 "new"
-:      device_read dma -> seen
parent: unpin dma

always -.seen = "new"
expect v4.8 v5.6 breaks
expect v5.7 v5.9..v6.1 breaks pins-stay-coherent
expect v5.8 v6.4.0.. holds
expect gup-break-cow-flag v5.4-gup-breaks-cow holds
`,
);
