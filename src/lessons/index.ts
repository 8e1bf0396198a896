/** Walkthroughs, in the order in which they are shown. One line for each file. */
import { vmspliceLeak } from './vmsplice-leak.ts';
import type { Walkthrough } from './walkthrough.ts';

export type { Beat, Walkthrough } from './walkthrough.ts';
export const walkthroughs: readonly Walkthrough[] = [vmspliceLeak];
