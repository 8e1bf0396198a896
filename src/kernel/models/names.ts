/**
 * What each era calls the functions that our tables know by one name, and where it keeps them. Names of
 * rows in links are those of the tables; people see these. Checked against `fixtures/kernel-symbols`.
 */

/** By the name of a routine: the era's name, and its file. */
export type Names = Readonly<Record<string, readonly [name: string, file: string]>>;

const everywhere: Names = { vmsplice: ['vmsplice_to_pipe', 'fs/splice.c'] };
/** Before UFFDIO_CONTINUE, 5.13: what refuses it. */
const before5_13: Names = { mcontinue_atomic_pte: ['userfaultfd_ioctl', 'fs/userfaultfd.c'] };

/** Before 5.14 the walk over mappings was one, for migration and for reclaim. */
const before5_14: Names = { try_to_migrate_one: ['try_to_unmap_one', 'mm/rmap.c'] };

/** Before unsharing, 5.19. */
const before5_19: Names = { hugetlb_wp: ['hugetlb_cow', 'mm/hugetlb.c'] };

/** Before io_uring, FOLL_PIN and folded munmap. */
export const names4_8: Names = {
  ...everywhere,
  ...before5_13,
  ...before5_14,
  ...before5_19,
  __do_munmap: ['do_munmap', 'mm/mmap.c'],
  gup_pte_range: ['gup_pte_range', 'arch/x86/mm/gup.c'],
  get_user_pages_fast_only: ['__get_user_pages_fast', 'arch/x86/mm/gup.c'],
  pin_user_pages: ['get_user_pages', 'mm/gup.c'],
  unpin_user_page: ['__put_page', 'mm/swap.c'],
  unpin_user_pages: ['release_pages', 'mm/swap.c'],
  madvise_dontneed_free: ['madvise_dontneed', 'mm/madvise.c'],
  madvise_vma_behavior: ['madvise_behavior', 'mm/madvise.c'],
  madvise_cold: ['madvise_behavior_valid', 'mm/madvise.c'],
  madvise_pageout: ['madvise_behavior_valid', 'mm/madvise.c'],
  madvise_populate: ['madvise_behavior_valid', 'mm/madvise.c'],
  madvise_collapse: ['madvise_behavior_valid', 'mm/madvise.c'],
  ptrace_access_vm: ['access_process_vm', 'mm/memory.c'],
  __blkdev_direct_IO_simple: ['do_blockdev_direct_IO', 'fs/direct-io.c'],
  bio_iov_iter_get_pages: ['dio_refill_pages', 'fs/direct-io.c'],
};

const before5_16: Names = {
  ...everywhere,
  ...before5_13,
  ...before5_14,
  ...before5_19,
  __blkdev_direct_IO_simple: ['__blkdev_direct_IO_simple', 'fs/block_dev.c'],
  madvise_vma_behavior: ['madvise_behavior', 'mm/madvise.c'],
  madvise_populate: ['madvise_behavior_valid', 'mm/madvise.c'],
  madvise_collapse: ['madvise_behavior_valid', 'mm/madvise.c'],
  io_import_fixed: ['io_import_fixed', 'fs/io_uring.c'],
  io_sqe_buffer_register: ['io_sqe_buffer_register', 'fs/io_uring.c'],
  io_buffer_unmap: ['io_sqe_buffer_unregister', 'fs/io_uring.c'],
};
export const names5_7: Names = {
  ...before5_16,
  get_user_pages_fast_only: ['__get_user_pages_fast', 'mm/gup.c'],
};
/** 5.8 to 5.11. */
export const names5_8: Names = before5_16;
/** 5.12 to 5.18: what the last kernels of them have. */
export const names5_17: Names = {
  ...everywhere,
  ...before5_19,
  io_import_fixed: ['io_import_fixed', 'fs/io_uring.c'],
  io_sqe_buffer_register: ['io_sqe_buffer_register', 'fs/io_uring.c'],
  io_buffer_unmap: ['io_buffer_unmap', 'fs/io_uring.c'],
  madvise_collapse: ['madvise_behavior_valid', 'mm/madvise.c'],
};
export const names5_19: Names = Object.fromEntries(
  Object.entries(names5_17).filter(([name]) => name !== 'hugetlb_wp'),
);
export const names6_1: Names = { ...everywhere, __do_munmap: ['do_mas_align_munmap', 'mm/mmap.c'] };
export const names6_4: Names = {
  ...everywhere,
  __do_munmap: ['do_vmi_align_munmap', 'mm/mmap.c'],
  __mcopy_atomic: ['mfill_atomic', 'mm/userfaultfd.c'],
  mcontinue_atomic_pte: ['mfill_atomic_pte_continue', 'mm/userfaultfd.c'],
  unmap_and_move: ['migrate_folio_unmap', 'mm/migrate.c'],
};
export const names6_12: Names = {
  ...names6_4,
  __do_munmap: ['do_vmi_align_munmap', 'mm/vma.c'],
  gup_pte_range: ['gup_fast_pte_range', 'mm/gup.c'],
  userfaultfd_read: ['userfaultfd_read_iter', 'fs/userfaultfd.c'],
  split_huge_page_to_list: ['split_huge_page_to_list_to_order', 'mm/huge_memory.c'],
};
export const names6_18: Names = {
  ...names6_12,
  dup_mmap: ['dup_mmap', 'mm/mmap.c'],
  pipe_read: ['anon_pipe_read', 'fs/pipe.c'],
  split_huge_page_to_list: ['__folio_split', 'mm/huge_memory.c'],
};
