/** The gallery, in the order in which it is shown. One line for each file. */
import { childExitReuse } from './child-exit-reuse.ts';
import type { Entry } from './entry.ts';
import { fastPinFork } from './fast-pin-fork.ts';
import { leakAnyOrder } from './leak-any-order.ts';
import { mprotectUnderPin } from './mprotect-under-pin.ts';
import { pinForkWrite } from './pin-fork-write.ts';
import { readPinWrite } from './read-pin-write.ts';
import { twoWriters } from './two-writers.ts';
import { vmspliceBeforeFork } from './vmsplice-before-fork.ts';
import { vmspliceLeak } from './vmsplice-leak.ts';
import { vmspliceMirror } from './vmsplice-mirror.ts';
import { zeroPage } from './zero-page.ts';

export type { Entry } from './entry.ts';

export const gallery: readonly Entry[] = [
  vmspliceLeak,
  vmspliceMirror,
  vmspliceBeforeFork,
  childExitReuse,
  pinForkWrite,
  readPinWrite,
  mprotectUnderPin,
  zeroPage,
  leakAnyOrder,
  fastPinFork,
  twoWriters,
];

export function entryById(id: string): Entry | undefined {
  return gallery.find((e) => e.id === id);
}
