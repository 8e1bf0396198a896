/** The switches of `switches.ts` in words: only people need them, so the simulation does without. */

export interface PositionWords {
  readonly says: string;
  /** The commit, or the mail, that brought it; '' = older than our history. */
  readonly since: string;
}
export interface SwitchWords {
  readonly id: string;
  readonly name: string;
  readonly asks: string;
  readonly positions: Readonly<Record<string, PositionWords>>;
}
export interface SwitchGroup {
  readonly title: string;
  readonly switches: readonly SwitchWords[];
}

const is = (says: string, since = ''): PositionWords => ({ says, since });

export const switchWords: readonly SwitchGroup[] = [
  {
    title: 'A store finds a read-only page',
    switches: [
      {
        id: 'reuse',
        name: 'Reuse',
        asks: 'What lets a store keep the page instead of copying it?',
        positions: {
          mapcount: is('one page table maps it'),
          refcount: is('its mapping has the only reference', '09854ba94c6a'),
          'late-refcount': is('the same, once the LRU batch is emptied', '53a05ad9f21d'),
          exclusive: is('it is marked exclusive, or has one reference', '6c287605fd56'),
          owner: is(
            'it is marked as its own and mapped once; unmarked: one reference',
            'mail of 12 Jan 2021',
          ),
          'owner-full': is('the same, but its owner takes it back from all others', 'mail of 12 Jan 2021'),
        },
      },
      {
        id: 'huge',
        name: 'Reuse of huge pages',
        asks: 'And what lets it keep a huge page?',
        positions: {
          mapcount: is('it is mapped once'),
          refcount: is('its mapping has the only reference', '3bff7e3f1f16'),
          exclusive: is('it is marked exclusive', '6c287605fd56'),
        },
      },
      {
        id: 'swapin',
        name: 'Back from swap',
        asks: 'What lets a store keep a page that comes back from swap?',
        positions: {
          mapcount: is('one page table or swap entry uses it'),
          refcount: is('nobody else has a reference', 'c145e0b47c77'),
        },
      },
      {
        id: 'forced',
        name: 'Forced writes',
        asks: 'How does a debugger’s write know that its copy was made?',
        positions: {
          forgets: is('it looks again as for a read'),
          dirty: is('the entry is dirty', '19be0eaffa3a'),
          exclusive: is('the page is exclusive', '5535be309971'),
        },
      },
    ],
  },
  {
    title: 'Somebody looks a page up',
    switches: [
      {
        id: 'lookup',
        name: 'Look-ups for reading',
        asks: 'What does GUP do with a page that may be shared?',
        positions: {
          take: is('takes it as it is'),
          break: is('acts as a write: its taker gets a copy', '17839856fd58'),
          'break-not-zeros': is('acts as a write, but not on the page of zeros', '17839856fd58, message'),
          'unshare-mapped': is('unshares it first, if it is mapped twice', 'series of Dec 2021'),
          unshare: is('unshares it before a pin, if it is not exclusive', 'c89357e27f20'),
          'unshare-longterm': is('the same; long pins also of files and zeros', '84209e87c696'),
        },
      },
      {
        id: 'pins',
        name: 'Pins',
        asks: 'Can a pin be told from any other reference?',
        positions: {
          plain: is('no'),
          counted: is('yes, it counts 1024', '3faa52c03f44'),
        },
      },
    ],
  },
  {
    title: 'fork',
    switches: [
      {
        id: 'fork',
        name: 'Pages that somebody holds',
        asks: 'What does fork do with them?',
        positions: {
          share: is('shares them like all others'),
          'copy-pinned': is('copies pinned ones for the child', '70e806e4e645'),
          'copy-held': is('copies writable ones with any other reference', 'mail of 12 Jan 2021'),
          'mark-owner': is('shares them, and marks them as the parent’s', 'mail of 12 Jan 2021'),
        },
      },
      {
        id: 'seq',
        name: 'write_protect_seq',
        asks: 'Does a lockless pin notice a fork beside it?',
        positions: { off: is('no'), on: is('yes', '57efa1fe5957') },
      },
    ],
  },
  {
    title: 'Write permission is taken away',
    switches: [
      {
        id: 'protect',
        name: 'Writable pages that somebody holds',
        asks: 'May mprotect and its like make them read-only?',
        positions: {
          always: is('yes'),
          skip: is('no, they stay writable', 'mail of 12 Jan 2021'),
          copy: is('no, the mapping gets a read-only copy', 'mail of 12 Jan 2021'),
          fail: is('no, the call fails', 'ours'),
        },
      },
      {
        id: 'reclaim',
        name: 'Pinned pages in reclaim',
        asks: 'Are they unmapped for swap?',
        positions: { takes: is('yes'), skips: is('no', 'feb889fb40fa') },
      },
    ],
  },
  {
    title: 'The copy',
    switches: [
      {
        id: 'copy',
        name: 'wp_page_copy',
        asks: 'When are the bytes copied?',
        positions: {
          unlocked: is('without the page-table lock, then the entry is compared'),
          locked: is('under the lock, after the flush', 'mail of 5 Jan 2021'),
        },
      },
      {
        id: 'drop',
        name: 'The old page',
        asks: 'When does the copy drop the reference of the old mapping?',
        positions: { early: is('under the page-table lock'), late: is('after it', '6.4') },
      },
      {
        id: 'pending',
        name: 'Flushes that others owe',
        asks: 'Does a write fault in a userfaultfd area flush before it copies?',
        positions: { ignored: is('no'), flushed: is('yes', '6ce64428d620') },
      },
    ],
  },
  {
    title: 'Who else changes entries',
    switches: [
      {
        id: 'uffd-lock',
        name: 'UFFDIO_WRITEPROTECT: lock',
        asks: 'How does it hold mmap_lock?',
        positions: {
          read: is('for reading', '292924b26024'),
          write: is('for writing, as mprotect', 'mail of 5 Jan 2021'),
        },
      },
      {
        id: 'uffd-flush',
        name: 'UFFDIO_WRITEPROTECT: flush',
        asks: 'When do the CPUs hear of it?',
        positions: {
          late: is('when all entries are changed', '292924b26024'),
          'under-ptl': is('under the page-table lock', 'mail of 5 Jan 2021'),
        },
      },
      {
        id: 'clear-lock',
        name: 'clear_refs: lock',
        asks: 'How does it hold mmap_lock?',
        positions: { read: is('for reading'), write: is('for writing', '29a951dfb3c3') },
      },
      {
        id: 'clear-flush',
        name: 'clear_refs: flush',
        asks: 'Does it flush before it lets go?',
        positions: { never: is('no'), last: is('yes', '912efa17e512') },
      },
    ],
  },
  {
    title: 'Locks',
    switches: [
      {
        id: 'faults',
        name: 'Page faults',
        asks: 'What does a fault hold, and what does fork take against it?',
        positions: {
          'mmap-lock': is('mmap_lock; fork takes it for writing'),
          'vma-lock-alone': is('the lock of the VMA; fork takes mmap_lock only', '6.4.0'),
          'vma-lock': is('the lock of the VMA; fork takes all of them', 'fb49c455323f'),
          speculative: is('nothing: a sequence count, which fork leaves alone', 'series of 2017'),
          'speculative-told': is('nothing: a sequence count, which fork makes odd', 'ours'),
          'range-lock': is('the lock of its page; fork takes the whole range', 'series of 2013'),
        },
      },
    ],
  },
];
