import { entry } from './entry.ts';

export const zygoteExec = entry(
  'zygote-exec',
  'v5.7',
  `
scenario A child of Zygote keeps a page over exec
about A process that starts many others by fork does not trust what they
  run. The child lends an inherited page to a pipe and starts another
  program: its address space is gone, its pipe is not. Where mappings decide,
  the parent now takes the page for its own, writes into it, and the program
  reads what was meant for nobody but the parent.
source mail of 8 January 2021 (Zygote, and tricks before execve)

process zygote
region a anon 1 page

zygote: store a.0 "old"
zygote: fork app
app:    vmsplice a.0 -> p
app:    exec
zygote: store a.0 "secret"
app:    read p -> got

never app.got = "secret"
expect ..v5.7 breaks private-writes-stay-private
expect v5.8.. holds
expect v5.4-gup-breaks-cow unshare-mapcount count-strict-skip holds
`,
);
