/**
 * vmsplice puts a page of the caller into a pipe without copying it; read copies it out, whatever it holds
 * by then. fs/splice.c.
 */
import { locals } from '../frame.ts';
import { get_user_pages_fast, gup } from '../mm/gup.ts';
import { call, routine } from '../steps.ts';
import type { Ref } from '../steps.ts';
import { folio_bytes, folio_put } from '../verbs/folio.ts';
import { add_to_pipe, observe_bytes, pipe_empty, pipe_first, pipe_shift } from '../verbs/mm.ts';
import { mm, op } from '../world.ts';

const splice = locals({ folio: 'folio' });
const spliced: Ref = { label: 'vmsplice', folios: () => [splice.folio] };

export const vmsplice = routine(
  'vmsplice',
  { file: 'fs/splice.c', exits: ['end', 'EFAULT', 'ENOMEM'], locals: splice },
  {
    begin: {
      says: 'Look up the page of {page}, to lend it to the pipe.',
      touches: 'own',
      run: () => {
        gup.flags = op.flags;
        return 'gup';
      },
    },
    gup: call(get_user_pages_fast, { done: 'fill', EFAULT: 'EFAULT', ENOMEM: 'ENOMEM' }, () => {
      splice.folio = gup.folio;
    }),
    fill: {
      says: 'The reference to {folio} goes into the pipe.',
      keeps: [spliced],
      run: () => {
        add_to_pipe(op.slot, splice.folio);
        splice.folio = 0;
        return 'end';
      },
      so: { end: 'The pipe holds a reference to {folio}; no page table shows it.' },
    },
  },
);

const mayBlock = (): boolean => mm < 0 || !pipe_empty(op.slot);
const reading = locals({ folio: 'folio' });
const taken: Ref = { label: 'pipe read', folios: () => [reading.folio] };
export const pipe_read = routine(
  'pipe_read',
  { file: 'fs/pipe.c', exits: ['end', 'EAGAIN'], locals: reading },
  {
    copy: {
      says: 'Copy the bytes out of the page in the first buffer.',
      // An outside observer does not wait: it finds the pipe empty.
      when: mayBlock,
      awaits: 'waits until the pipe has something to read',
      run: () => {
        if (pipe_empty(op.slot)) return 'EAGAIN';
        const { folio, from } = pipe_first(op.slot);
        folio_bytes(folio);
        observe_bytes(folio, from, -1, false);
        // The pipe's own lock is held from the copy on: no other reader finds this buffer.
        reading.folio = folio;
        pipe_shift(op.slot);
        return 'release';
      },
      so: { release: '{me} reads {bytes} from the pipe.' },
    },
    release: {
      says: 'The buffer is read: drop its reference to {folio}.',
      keeps: [taken],
      run: () => {
        folio_put(reading.folio);
        reading.folio = 0;
        return 'end';
      },
    },
  },
);
