/**
 * What the mails that Folioscope starts from say about single steps, in our own words. Each passage names
 * the rows that it argues about; a test looks every one of them up.
 */

export interface Passage {
  /** `mail of 8 January 2021` */
  readonly source: string;
  readonly says: string;
  /** `routine.label`, by the names of our tables. */
  readonly rows: readonly string[];
}

const JAN_5 = 'mail of 5 January 2021, on userfaultfd write-protection';
const JAN_8 = 'mail of 8 January 2021, on reuse and CVE-2020-29374';
const JAN_12 = 'mail of 12 January 2021, on pins, fork and mprotect';
const OCT_12 = 'mail of 12 October 2021, on breaking copy-on-write in GUP';
const WP_COPY = 'mail on wp_page_copy and its reference';

export const passages: readonly Passage[] = [
  {
    source: JAN_8,
    says:
      'A page may be reused only if nobody else can reach it. The map count sees page tables alone; ' +
      'whoever holds a reference is not in it. So the count of references has to decide, and a copy ' +
      'too many is never wrong, only slow.',
    rows: ['do_wp_page.count', 'do_wp_page.count_early', 'do_wp_page.recheck_ref', 'do_wp_page.recheck'],
  },
  {
    source: JAN_8,
    says:
      'Reuse makes the entry writable at once: every other reference then shows what is stored from ' +
      'here on. That is how a child reads what its parent wrote after the fork.',
    rows: ['wp_page_reuse.reuse', 'do_wp_page.reuse'],
  },
  {
    source: JAN_12,
    says:
      'An exclusive page needs no count at the fault: the mark says that only this process has it, ' +
      'and fork must take the mark away before it shares the page.',
    rows: ['do_wp_page.exclusive', 'do_wp_page.mark_exclusive'],
  },
  {
    source: JAN_12,
    says:
      'A page that a device writes to must stay the page of its process. fork therefore copies ' +
      'pinned pages for the child at once, and leaves the parent’s alone.',
    rows: ['dup_mmap.pinned', 'dup_mmap.pinned_mm', 'dup_mmap.copy'],
  },
  {
    source: JAN_12,
    says:
      'While fork shares a page the parent must lose its write permission, and every CPU must hear ' +
      'of it before fork is over; a CPU that stores through an old entry meanwhile writes for two.',
    rows: ['dup_mmap.share', 'dup_mmap.protect', 'dup_mmap.flush'],
  },
  {
    source: JAN_12,
    says:
      'A writable page that others hold may not become read-only and then be copied: its device ' +
      'would go on with the old page. Refusing that breaks mprotect, which programs use for safety.',
    rows: ['mprotect_fixup.change', 'protect_referenced.count'],
  },
  {
    source: JAN_12,
    says:
      'A lockless look-up takes its reference without the page-table lock. It has to look at the ' +
      'entry once more, and must notice a fork that went on at the same time.',
    rows: ['gup_pte_range.grab', 'gup_pte_range.recheck', 'gup_pte_range.check_seq'],
  },
  {
    source: OCT_12,
    says:
      'A read-only look-up may get a page that is shared, and the process may get another one at its ' +
      'next store. To break copy-on-write before giving out the reference helps, and costs copies ' +
      'where nobody writes; it hit programs that only read.',
    rows: ['__get_user_pages.follow', '__get_user_pages.grab', '__get_user_pages.broke_cow'],
  },
  {
    source: JAN_5,
    says:
      'The entry is changed under the page-table lock, and the TLBs are flushed later. Until then ' +
      'another CPU stores through its old entry without a fault, while a third one copies the page: ' +
      'the store is lost.',
    rows: ['mwriteprotect_range.change', 'mwriteprotect_range.flush', 'do_wp_page.flush_pending'],
  },
  {
    source: JAN_5,
    says:
      'Holding mmap_lock for writing would keep every fault out until the flush is done. The ' +
      'question is whether that price is right where only permissions change.',
    rows: ['mwriteprotect_range.lock', 'mwriteprotect_range.lock_write'],
  },
  {
    source: JAN_5,
    says:
      'clear_refs does the same as the write-protection: entries lose their write bit, and the flush ' +
      'waits. Taking the lock for reading was enough as long as a fault could not come in between.',
    rows: ['clear_refs_write.lock', 'clear_refs_write.clear', 'clear_refs_write.flush'],
  },
  {
    source: WP_COPY,
    says:
      'The reference taken before the copy does more than keep the old page from being freed: it ' +
      'also keeps others from finding it unshared, and from writing into it, while it is being ' +
      'copied.',
    rows: ['wp_page_copy.copy', 'wp_page_copy.alloc'],
  },
  {
    source: WP_COPY,
    says:
      'The copy was made without the lock, so the entry is compared once more before the new page ' +
      'goes in; and it is cleared and flushed first, so that no CPU sees both pages.',
    rows: ['wp_page_copy.clear', 'wp_page_copy.flush', 'wp_page_copy.install', 'wp_page_copy.lock'],
  },
];

export const passagesOf = (routine: string, label: string): readonly Passage[] =>
  passages.filter((p) => p.rows.includes(`${routine}.${label}`));
