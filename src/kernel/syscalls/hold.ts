/**
 * References that the kernel keeps for a device or another process, and that the scenario names: FOLL_PIN
 * and FOLL_GET, for reading or writing, until they are released. Recorders get them with process_vm_readv
 * and process_vm_writev stopped half-way. The users that Linux has for them are in `device.ts`.
 */
import { FOLL_FAST_PATH, FOLL_GET, FOLL_NAMED, FOLL_PIN, FOLL_RANGE } from '../flags.ts';
import { get_user_pages, get_user_pages_fast, gup } from '../mm/gup.ts';
import { next_page, pageBefore } from '../mm/turn.ts';
import { rules } from '../rules.ts';
import { call, routine } from '../steps.ts';
import type { Routine } from '../steps.ts';
import { ZERO_PAGE, folio_bytes, folio_put, set_folio_bytes, unpin_folio } from '../verbs/folio.ts';
import { folio_mark_dirty } from '../verbs/swap.ts';
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
import { op, turn_to, turned } from '../world.ts';

/** Before pins were told from references, whoever pins takes a plain reference. */
const asCounted = (flags: number): number =>
  rules.countsPins || (flags & FOLL_PIN) === 0 ? flags : (flags & ~FOLL_PIN) | FOLL_GET;

/** All of them or none: what is pinned when a page cannot be had is given back. unpin_user_pages() */
const givesBack = <E extends 'EFAULT' | 'ENOMEM', L extends string>(exit: E, undo: L) =>
  [
    {
      says: 'Not all pages can be had.',
      run: (): E | L => {
        if (turned() === 0) return exit;
        turn_to(0);
        return undo;
      },
    },
    {
      says: 'Not all pages can be had: release {folio} again.',
      run: (): E | L => {
        let_go();
        next_page();
        // The page that could not be had has no hold.
        if (holdFolio(op.slot) >= 0) return undo;
        turn_to(0);
        return exit;
      },
    },
  ] as const;
const [short, undo] = givesBack('EFAULT', 'undo'),
  [short_memory, undo_memory] = givesBack('ENOMEM', 'undo_memory');

/**
 * A routine that takes the hold `op.slot`; for an operation on several pages one hold for each, in one
 * look-up. `flags`: FOLL_* by the rules of the model.
 */
export const take = (
  name: string,
  file: string,
  says: string,
  flags: () => number = () => op.flags,
): Routine<'end' | 'EFAULT' | 'ENOMEM'> =>
  routine(
    name,
    { file, exits: ['end', 'EFAULT', 'ENOMEM'] },
    {
      begin: {
        says,
        touches: 'own',
        run: () => {
          const wanted = flags(),
            isFast = (wanted & FOLL_FAST_PATH) !== 0;
          gup.flags = asCounted(wanted) | FOLL_NAMED;
          if (op.pages < 2) return isFast ? 'fast' : 'slow';
          gup.flags |= FOLL_RANGE;
          return isFast ? 'fast_range' : 'slow_range';
        },
      },
      fast: call(get_user_pages_fast, { done: 'live', EFAULT: 'EFAULT', ENOMEM: 'ENOMEM' }),
      slow: call(get_user_pages, { done: 'live', EFAULT: 'EFAULT', ENOMEM: 'ENOMEM' }),
      live: {
        says: 'The page is held from here on.',
        run: () => {
          hold_live(op.slot);
          return 'end';
        },
        so: { end: '{folio} is held until it is released: a device may use it.' },
      },
      fast_range: call(get_user_pages_fast, { done: 'live_range', EFAULT: 'short', ENOMEM: 'short_memory' }),
      slow_range: call(get_user_pages, { done: 'live_range', EFAULT: 'short', ENOMEM: 'short_memory' }),
      live_range: {
        says: 'All pages are held from here on, until they are released.',
        run: () => {
          do hold_live(op.slot);
          while (pageBefore());
          return 'end';
        },
      },
      short,
      undo,
      short_memory,
      undo_memory,
    },
  );

export const pin = take('pin_user_pages', 'mm/gup.c', 'Look up the page of {page}, to pin it for a device.');
export const get = take(
  'get_user_pages',
  'mm/gup.c',
  'Look up the page of {page}, and take a plain reference.',
);

export const isLive = (): boolean => op.slot >= 0 && (holdBits(op.slot) & HOLD_LIVE) !== 0;
export const isWrite = (): boolean => (holdBits(op.slot) & HOLD_WRITE) !== 0;

/**
 * The device writes `op.stored`. Through a hold that still belongs to the address it must be what the
 * process sees there. A plain reference promises nothing after fork: whoever maps the page may see its
 * write, as if it had been made when it was taken.
 */
export function device_writes(): void {
  const { process, va } = holdPlace(op.slot),
    bits = holdBits(op.slot),
    f = holdFolio(op.slot);
  const promised = (bits & HOLD_PROMISED) !== 0,
    plain = (bits & HOLD_PIN) === 0;
  if (promised) expect_bytes(process, va, f, op.stored);
  else expect_anywhere(f);
  set_folio_bytes(f, op.stored, plain && !promised);
}
/** The device reads; what it sees is the operation's result. */
export function device_reads(): void {
  const { process, va } = holdPlace(op.slot),
    f = holdFolio(op.slot);
  folio_bytes(f);
  observe_bytes(f, process, va, isPromised());
}
/** What the device reads must be what the process sees: a pin, and still of that address. */
export const isPromised = (): boolean =>
  (holdBits(op.slot) & (HOLD_PROMISED | HOLD_PIN)) === (HOLD_PROMISED | HOLD_PIN);
/** The next page of a hold of several, as long as there is one. */
export function releaseNext<To extends string>(again: To): To | 'end' {
  if (next_page()) return again;
  turn_to(0);
  return 'end';
}
/** Ends the hold and drops its reference. */
export function let_go(): void {
  const f = holdFolio(op.slot),
    pinned = (holdBits(op.slot) & HOLD_PIN) !== 0;
  if (isWrite()) folio_mark_dirty(f);
  hold_end(op.slot);
  if (pinned && f === ZERO_PAGE && !rules.zeroPagePinsCounted) return;
  if (pinned) unpin_folio(f);
  else folio_put(f);
}

export const release = routine(
  'unpin_user_page',
  { file: 'mm/gup.c', exits: ['end', 'EINVAL'] },
  {
    begin: {
      says: 'The device uses the page a last time.',
      run: () => {
        if (!isLive()) return 'EINVAL';
        if (isWrite() && op.stored !== 0) return 'write';
        return op.observed >= 0 ? 'look' : 'put';
      },
      so: {
        EINVAL: 'Nothing is held: there is nothing to release.',
        put: 'The device is done with the page.',
      },
    },
    write: {
      says: 'The device writes {bytes} into {folio}.',
      run: () => {
        device_writes();
        return 'put';
      },
    },
    look: {
      says: 'The device reads {bytes} from {folio}.',
      run: () => {
        device_reads();
        return 'put';
      },
    },
    put: {
      says: 'Release {folio}.',
      run: () => {
        let_go();
        return 'end';
      },
    },
  },
);
