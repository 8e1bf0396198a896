import { entry } from './entry.ts';

export const debuggerLooks = entry(
  'debugger-looks',
  'v5.8',
  `
scenario A tracer looks, and the page is copied
about A tracer like strace reads the memory of the child through
  /proc/PID/mem. That is a look-up by GUP, and v5.8 breaks copy-on-write for
  every one of them: the child gets a copy of a page that nobody writes, and
  of the page of zeros, too. Nothing is wrong with what anybody sees; it
  costs memory, and some users of such look-ups broke.
source mail of 12 October 2021; commits 17839856fd58, a308c71bf1e6

process parent
region a anon 2 pages

parent: store a.0 "old"
parent: load a.1
parent: fork child
parent: peek a.0 in child -> text
parent: peek a.1 in child -> zeros
parent: store a.0 "new"
child:  load a.0 -> seen

always parent.text = "old"
always parent.zeros = 00
always child.seen = "old"
expect v4.8..v7.2 holds
expect v5.4-gup-breaks-cow gup-break-cow-flag holds
`,
);
