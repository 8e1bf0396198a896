/**
 * References that the kernel keeps for a device or another process, and that the scenario names: FOLL_PIN
 * and FOLL_GET, for reading or writing, until they are released. Recorders get them with process_vm_readv
 * and process_vm_writev stopped half-way.
 */
import { FOLL_FAST_PATH, FOLL_NAMED } from '../flags.ts';
import { get_user_pages, get_user_pages_fast, gup } from '../mm/gup.ts';
import { rules } from '../rules.ts';
import { call, routine } from '../steps.ts';
import { ZERO_PAGE, folio_bytes, folio_put, set_folio_bytes, unpin_folio } from '../verbs/folio.ts';
import {
  HOLD_LIVE,
  HOLD_PIN,
  HOLD_PROMISED,
  HOLD_WRITE,
  expect_anywhere,
  expect_bytes,
  holdBits,
  holdFolio,
  holdPlace,
  hold_end,
  hold_live,
  observe_bytes,
} from '../verbs/mm.ts';
import { op } from '../world.ts';

const take = (name: string, says: string) =>
  routine(
    name,
    { file: 'mm/gup.c', exits: ['end', 'EFAULT'] },
    {
      begin: {
        says,
        run: () => {
          gup.flags = op.flags | FOLL_NAMED;
          return (op.flags & FOLL_FAST_PATH) !== 0 ? 'fast' : 'slow';
        },
      },
      fast: call(get_user_pages_fast, { done: 'live', EFAULT: 'EFAULT' }),
      slow: call(get_user_pages, { done: 'live', EFAULT: 'EFAULT' }),
      live: {
        says: 'The page is held from here on.',
        run: () => {
          hold_live(op.slot);
          return 'end';
        },
        so: { end: '{folio} is held until it is released: a device may use it.' },
      },
    },
  );

export const pin = take('pin_user_pages', 'Look up the page of {page}, to pin it for a device.');
export const get = take('get_user_pages', 'Look up the page of {page}, and take a plain reference.');

const isWrite = (): boolean => (holdBits(op.slot) & HOLD_WRITE) !== 0;
export const release = routine(
  'unpin_user_page',
  { file: 'mm/gup.c', exits: ['end', 'EINVAL'] },
  {
    begin: {
      says: 'The device uses the page a last time.',
      run: () =>
        (holdBits(op.slot) & HOLD_LIVE) === 0
          ? 'EINVAL'
          : isWrite() && op.stored !== 0
            ? 'write'
            : op.observed >= 0
              ? 'look'
              : 'put',
      so: { EINVAL: 'Nothing is held: there is nothing to release.' },
    },
    write: {
      says: 'The device writes {bytes} into {folio}.',
      run: () => {
        const { process, va } = holdPlace(op.slot),
          bits = holdBits(op.slot),
          f = holdFolio(op.slot);
        // A write through a hold that still belongs to the address must be what the process sees there. A
        // plain reference promises nothing after fork: whoever maps the page may see its write, as if it
        // had been made when it was taken.
        const promised = (bits & HOLD_PROMISED) !== 0,
          plain = (bits & HOLD_PIN) === 0;
        if (promised) expect_bytes(process, va, f, op.stored);
        else expect_anywhere(f);
        set_folio_bytes(f, op.stored, plain && !promised);
        return 'put';
      },
    },
    look: {
      says: 'The device reads {bytes} from {folio}.',
      run: () => {
        const { process, va } = holdPlace(op.slot),
          bits = holdBits(op.slot);
        folio_bytes(holdFolio(op.slot));
        observe_bytes(
          holdFolio(op.slot),
          process,
          va,
          (bits & HOLD_PROMISED) !== 0 && (bits & HOLD_PIN) !== 0,
        );
        return 'put';
      },
    },
    put: {
      says: 'Release {folio}.',
      run: () => {
        const f = holdFolio(op.slot),
          pinned = (holdBits(op.slot) & HOLD_PIN) !== 0;
        hold_end(op.slot);
        if (pinned && f === ZERO_PAGE && !rules.zeroPagePinsCounted) return 'end';
        if (pinned) unpin_folio(f);
        else folio_put(f);
        return 'end';
      },
    },
  },
);
