/** What the export dialog offers. `of`: what the worker is asked for; '' = the page has it already. */
import type { ExportForm } from '../../worker/protocol.ts';

export type FormId = 'ascii' | 'c' | 'svg' | 'png' | 'comic' | 'gif' | 'itf' | 'perfetto' | 'text';

export interface Form {
  readonly id: FormId;
  readonly of: ExportForm | '';
  readonly title: string;
  readonly says: string;
  readonly suffix: string;
  readonly type: string;
  /** Of one step, of a run that may end at the step on the screen, or of all of it. */
  readonly about: 'step' | 'until' | 'run';
}

export const forms: readonly Form[] = [
  {
    id: 'ascii',
    of: 'ascii',
    title: 'Race for a mail',
    says: 'A column for each thread, 72 wide. Folioscope opens the mail again.',
    suffix: '.txt',
    type: 'text/plain',
    about: 'until',
  },
  {
    id: 'c',
    of: 'c',
    title: 'C program',
    says: 'Shows the scenario on a real kernel: gcc -static -pthread, run as root.',
    suffix: '.c',
    type: 'text/x-csrc',
    about: 'run',
  },
  {
    id: 'svg',
    of: 'svg',
    title: 'Picture, SVG',
    says: 'The step on the screen, for papers and slides.',
    suffix: '.svg',
    type: 'image/svg+xml',
    about: 'step',
  },
  {
    id: 'png',
    of: 'svg',
    title: 'Picture, PNG',
    says: 'The step on the screen, 2400 pixels wide.',
    suffix: '.png',
    type: 'image/png',
    about: 'step',
  },
  {
    id: 'comic',
    of: 'comic',
    title: 'Comic strip, SVG',
    says: 'The run, a frame for each operation and each switch inside one.',
    suffix: '-strip.svg',
    type: 'image/svg+xml',
    about: 'until',
  },
  {
    id: 'gif',
    of: 'frames',
    title: 'Animation, GIF',
    says: 'The same frames one after the other, 960 pixels wide.',
    suffix: '.gif',
    type: 'image/gif',
    about: 'until',
  },
  {
    id: 'perfetto',
    of: 'perfetto',
    title: 'Trace for Perfetto',
    says: 'Tracks for threads and locks, counters for pages; ui.perfetto.dev opens it.',
    suffix: '.trace.json',
    type: 'application/json',
    about: 'run',
  },
  {
    id: 'itf',
    of: 'itf',
    title: 'Trace, ITF',
    says: 'Every state, for TLA+ and Quint tools.',
    suffix: '.itf.json',
    type: 'application/json',
    about: 'run',
  },
  {
    id: 'text',
    of: '',
    title: 'Scenario',
    says: 'The text itself.',
    suffix: '.folio.txt',
    type: 'text/plain',
    about: 'run',
  },
];
