import { entry } from './entry.ts';

export const migrationHidesPin = entry(
  'migration-hides-pin',
  'v5.18',
  `
scenario Fork meets a page on the move
about A pinned page never moves, but until 5.18 that is found out only after
  a migration entry has replaced its own. A fork in that moment asks nobody
  for pins and makes both sides read-only. The move fails, the entry comes
  back read-only, and the next store copies: the device keeps the old page.
  Since 5.19 a pinned page gets no such entry. Before 5.9 fork shares it in
  any case.
source commit 6c287605fd56; copy_nonpresent_pte in mm/memory.c

process parent
region a anon 1 page

parent:   store a.0 "old"
parent:   pin a.0 write as mr
parallel
  parent:   fork child
  parent/2: move_pages a.0 1
end
parent:   store a.0 "new"
parent:   device_write mr "device"
parent:   load a.0 -> seen

exists parent.seen = "device"
expect ..v5.6 holds
expect v5.7..v5.18 breaks pins-stay-coherent
expect v5.19.. holds
`,
);
