/**
 * Who looks pages up and keeps them: direct I/O, io_uring's fixed buffers, RDMA. Each is a hold with the
 * FOLL_* of its user, and of its time. What a device does through a hold, it may do at any moment while it
 * is live.
 */
import {
  FOLL_FAST_PATH,
  FOLL_FORCE,
  FOLL_GET,
  FOLL_LONGTERM,
  FOLL_NAMED,
  FOLL_PIN,
  FOLL_WRITE,
  RING_BY_ADDRESS,
} from '../flags.ts';
import { get_user_pages_fast, gup } from '../mm/gup.ts';
import { rules } from '../rules.ts';
import { call, routine } from '../steps.ts';
import { HOLD_MOVED, holdBits, hold_live } from '../verbs/mm.ts';
import { op } from '../world.ts';
import { device_reads, device_writes, isLive, isWrite, let_go, releaseNext, take } from './hold.ts';

// ---- direct I/O: iov_iter_get_pages, since pins iov_iter_extract_pages ----

const direct = (): number => (rules.directIoPins ? FOLL_PIN : FOLL_GET) | FOLL_FAST_PATH;

/** read(2) with O_DIRECT: the device writes into memory. In flight until it is completed. */
export const dio_read = take(
  'bio_iov_iter_get_pages',
  'block/bio.c',
  'A direct read: look up the page of {page}, for the device to write into it.',
  () => direct() | FOLL_WRITE,
);
/** write(2) with O_DIRECT: the device reads memory. */
export const dio_write = take(
  'bio_iov_iter_get_pages',
  'block/bio.c',
  'A direct write: look up the page of {page}, for the device to read it.',
  direct,
);

/** A direct read that is waited for: taken, written by the device, and released in one call. */
export const dio = routine(
  '__blkdev_direct_IO_simple',
  { file: 'block/fops.c', exits: ['end', 'EFAULT', 'ENOMEM'] },
  {
    begin: {
      says: 'A direct read: look up the page of {page}, for the device to write into it.',
      touches: 'own',
      run: () => {
        gup.flags = direct() | FOLL_WRITE | FOLL_NAMED;
        return 'take';
      },
    },
    take: call(get_user_pages_fast, { done: 'live', EFAULT: 'EFAULT', ENOMEM: 'ENOMEM' }),
    live: {
      says: 'The device has {folio}, and the caller waits for it.',
      run: () => {
        hold_live(op.slot);
        return 'write';
      },
    },
    write: {
      says: 'The device writes {bytes} into {folio}.',
      run: () => {
        device_writes();
        return 'put';
      },
    },
    put: {
      says: 'The read is complete: release {folio}.',
      run: () => {
        let_go();
        return 'end';
      },
    },
  },
);

// ---- io_uring: registered once, used many times ----

/** Always for writing, whatever it will be used for. */
export const uring_register = take(
  'io_sqe_buffer_register',
  'io_uring/rsrc.c',
  'Register {page} as a fixed buffer: pin its page for as long as it is registered.',
  () => FOLL_PIN | FOLL_WRITE | FOLL_LONGTERM,
);
const covers = (): boolean =>
  isLive() && !((op.flags & RING_BY_ADDRESS) !== 0 && (holdBits(op.slot) & HOLD_MOVED) !== 0);
/** IORING_OP_WRITE_FIXED: what is in the buffer goes out. No look-up: the registered page is used. */
export const uring_write = routine(
  'io_import_fixed',
  { file: 'io_uring/rsrc.c', exits: ['end', 'EFAULT'] },
  {
    read: {
      says: 'The ring reads {bytes} from the registered page {folio}.',
      run: () => {
        if (!covers()) return 'EFAULT';
        device_reads();
        return 'end';
      },
      so: { EFAULT: 'No registered buffer covers {page}.' },
    },
  },
);
/** IORING_OP_READ_FIXED: bytes come into the buffer. */
export const uring_read = routine(
  'io_import_fixed',
  { file: 'io_uring/rsrc.c', exits: ['end', 'EFAULT'] },
  {
    write: {
      says: 'The ring writes {bytes} into the registered page {folio}.',
      run: () => {
        if (!covers()) return 'EFAULT';
        device_writes();
        return 'end';
      },
      so: { EFAULT: 'No registered buffer covers {page}.' },
    },
  },
);
export const uring_unregister = routine(
  'io_buffer_unmap',
  { file: 'io_uring/rsrc.c', exits: ['end', 'ENXIO'] },
  {
    put: {
      says: 'The buffer is no longer registered: release {folio}.',
      run: () => {
        if (!isLive()) return 'ENXIO';
        let_go();
        return releaseNext('put');
      },
      so: { ENXIO: 'No buffer is registered.' },
    },
  },
);

// ---- RDMA ----

/** A memory region. Until 6.1 for writing in any case, by force where the process only may read. */
export const rdma_register = take(
  'ib_umem_get',
  'drivers/infiniband/core/umem.c',
  'Register {page} as a memory region: pin its page for as long as it is registered.',
  () => {
    const long = FOLL_PIN | FOLL_LONGTERM | FOLL_FAST_PATH;
    if ((op.flags & FOLL_WRITE) !== 0) return long | FOLL_WRITE;
    return rules.rdmaAlwaysWrites ? long | FOLL_WRITE | FOLL_FORCE : long;
  },
);

// ---- a device acts while a hold is live ----

export const device_write = routine(
  'dma_write',
  { file: 'device', exits: ['end', 'EINVAL'] },
  {
    write: {
      says: 'The device writes {bytes} into {folio}.',
      run: () => {
        if (!isLive() || !isWrite()) return 'EINVAL';
        device_writes();
        return 'end';
      },
      so: { EINVAL: 'The device has no page to write to.' },
    },
  },
);
export const device_read = routine(
  'dma_read',
  { file: 'device', exits: ['end', 'EINVAL'] },
  {
    read: {
      says: 'The device reads {bytes} from {folio}.',
      run: () => {
        if (!isLive()) return 'EINVAL';
        device_reads();
        return 'end';
      },
      so: { EINVAL: 'The device has no page to read.' },
    },
  },
);
/** The device is told to stop: no last access. Also how an RDMA region ends. */
export const unpin = routine(
  'unpin_user_pages',
  { file: 'mm/gup.c', exits: ['end', 'EINVAL'] },
  {
    put: {
      says: 'Release {folio}.',
      run: () => {
        if (!isLive()) return 'EINVAL';
        let_go();
        return releaseNext('put');
      },
      so: { EINVAL: 'Nothing is held: there is nothing to release.' },
    },
  },
);
