/** The words that the picture uses without explaining them. */
export const GLOSSARY = [
  { word: 'folio', means: 'A page of memory as the kernel keeps it, with its counters.' },
  { word: 'PTE', means: 'Page table entry: where a page of a process lies, and whether it may be written.' },
  { word: 'TLB', means: 'What a CPU remembers of PTEs. It can be older than the PTE.' },
  { word: 'PTL', means: 'Page table lock: protects the PTEs of one table.' },
  { word: 'COW', means: 'Copy on write: after fork both processes share a page until one of them writes.' },
  { word: 'GUP', means: 'get_user_pages: the kernel takes hold of a page for a pipe or a device.' },
  { word: 'mapcount', means: 'How many page tables point at a folio.' },
  {
    word: 'refcount',
    means: 'How many hold a folio at all: page tables, pipes, devices, the kernel itself.',
  },
  { word: 'pin', means: 'A reference that promises to read or write the page itself, not only to keep it.' },
  { word: 'exclusive', means: 'A bit from v5.19 on: this anonymous page belongs to one process only.' },
  {
    word: 'gup_owner',
    means:
      'A mark of two proposals: the process whose references, outside of all page tables, are on this page.',
  },
  {
    word: 'maybe shared',
    means:
      'MS, a bit of large folios from v6.18 on: perhaps several processes map it. ' +
      'Beside it the two that it remembers, each with its mappings.',
  },
  {
    word: 'huge pool',
    means: 'Huge pages set aside at boot. mmap promises some to a mapping; the others are free to take.',
  },
] as const;
