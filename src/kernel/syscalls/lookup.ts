/**
 * A look at a page through the page table, without a lock and without keeping it: __get_user_pages_fast, as
 * tracing and KVM use it. mm/gup.c.
 */
import { FOLL_FAST_ONLY, FOLL_GET } from '../flags.ts';
import { locals } from '../frame.ts';
import { get_user_pages_fast, gup } from '../mm/gup.ts';
import { call, routine } from '../steps.ts';
import type { Ref } from '../steps.ts';
import { folio_bytes, folio_put } from '../verbs/folio.ts';
import { observe_bytes } from '../verbs/mm.ts';
import { mm } from '../world.ts';

const found = locals({ folio: 'folio' });
const glimpse: Ref = { label: 'look-up', folios: () => [found.folio] };

export const lookup = routine(
  'get_user_pages_fast_only',
  { file: 'mm/gup.c', exits: ['end'], locals: found },
  {
    begin: {
      says: 'Is a page there? Look only where no fault is needed.',
      touches: 'own',
      run: () => {
        gup.flags = FOLL_GET | FOLL_FAST_ONLY;
        return 'gup';
      },
    },
    gup: call(get_user_pages_fast, { done: 'look', EFAULT: 'end', ENOMEM: 'end' }, () => {
      found.folio = gup.folio;
    }),
    look: {
      says: 'Read {bytes} from {folio}.',
      keeps: [glimpse],
      run: () => {
        folio_bytes(found.folio);
        // It may be old by now: a look-up promises nothing.
        observe_bytes(found.folio, mm, -1, false);
        return 'put';
      },
    },
    put: {
      says: 'Drop the reference to {folio} at once.',
      keeps: [glimpse],
      run: () => {
        folio_put(found.folio);
        found.folio = 0;
        return 'end';
      },
    },
  },
);
