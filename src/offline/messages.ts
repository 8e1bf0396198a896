/** What a page and the service worker say to each other. */

/** `take over`: the visitor has asked for the new version. `tidy`: a page of this version stands. */
export type ToWorker = 'take over' | 'tidy';

/** The files could not be kept. */
export interface FromWorker {
  readonly notKept: string;
}
