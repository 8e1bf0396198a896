import { entry } from './entry.ts';

export const breakpointInFile = entry(
  'breakpoint-in-file',
  'v6.18',
  `
scenario A breakpoint in the code of a program
about A debugger writes a breakpoint into the code of its child, which is a
  read-only private mapping of a file. The child gets a copy of the page;
  its entry stays read-only, and the second look takes it all the same. The
  file never changes, and neither does the parent, who maps the same page.
source commits 19be0eaffa3a (v4.9), 5535be309971 (v6.0)

process parent
region code file 1 page ro

parent: load code.0 -> before
parent: fork child
parent: poke code.0 "trap" in child
child:  load code.0 -> seen
parent: load code.0 -> mine

always child.seen = "trap"
always parent.mine = 50
expect v4.8..v7.2 holds
`,
);
