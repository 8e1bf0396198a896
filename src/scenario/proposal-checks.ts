/**
 * What the proposals are judged by: small scenarios, each about one thing that some rule set does wrong.
 * `checker/proposals.test.ts` checks them in all orders; the tables of docs/proposals.md are made from this.
 */
export interface ProposalCheck {
  readonly id: string;
  /** A row of the doc's table. */
  readonly about: string;
  readonly script: readonly string[];
}

const old = 'parent: store a.0 "old"',
  /** Another CPU of the parent has a writable entry in its TLB. */
  cached = 'parent/3: store a.0 "old"',
  racing = ['parent/2: store a.0 "two"', 'parent/3: store a.0 "three"', 'parent/3: load a.0', 'end'],
  pinned = [old, 'parent: pin a.0 write fast as h', 'parent: fork child'];

export const proposalChecks: readonly ProposalCheck[] = [
  {
    id: 'leak',
    about: 'CVE-2020-29374: the child splices, unmaps and reads what the parent writes',
    script: [
      old,
      'parent: fork child',
      'child: vmsplice a.0 -> p',
      'child: munmap a',
      'parent: store a.0 "secret"',
      'child: read p',
    ],
  },
  {
    id: 'reverse',
    about: 'the parent splices before fork and unmaps; the child writes',
    script: [
      old,
      'parent: vmsplice a.0 -> p',
      'parent: fork child',
      'parent: munmap a',
      'child: store a.0 "secret"',
      'parent: read p',
    ],
  },
  {
    id: 'pin-fork',
    about: 'a pin for writing, fork, and the parent stores',
    script: [...pinned, 'parent: store a.0 "new"', 'parent: release h'],
  },
  {
    id: 'device-fork',
    about: 'a pin for writing, fork, the device writes, the child loads',
    script: [...pinned, 'parent: release h "dma"', 'child: load a.0'],
  },
  {
    id: 'child-refs',
    about: 'the parent has a pin at fork; the child splices, unmaps and reads what the parent writes',
    script: [
      ...pinned,
      'child: vmsplice a.0 -> p',
      'child: munmap a',
      'parent: store a.0 "secret"',
      'child: read p',
    ],
  },
  {
    id: 'child-pin',
    about: 'the parent has a pin at fork; the child pins for reading, too, and the parent stores',
    script: [...pinned, 'child: pin a.0 read as c', 'parent: store a.0 "secret"', 'child: release c'],
  },
  {
    id: 'read-pin',
    about: 'a pin for reading while the entry is read-only after fork, then a store',
    script: [
      old,
      'parent: fork child',
      'child: exit',
      'parent: pin a.0 read fast as h',
      'parent: store a.0 "new"',
      'parent: release h',
    ],
  },
  {
    id: 'mprotect',
    about: 'a pin for writing, mprotect to read-only, a store that must fail',
    script: [old, 'parent: pin a.0 write fast as h', 'parent: mprotect a ro', 'parent: store a.0 "new"'],
  },
  {
    id: 'there-and-back',
    about: 'a pin for writing, mprotect to read-only and back, a store',
    script: [
      old,
      'parent: pin a.0 write fast as h',
      'parent: mprotect a ro',
      'parent: mprotect a rw',
      'parent: store a.0 "new"',
    ],
  },
  {
    id: 'ro-mapping',
    about: 'a pin for reading of a read-only mapping, mprotect to writable, a store',
    script: [
      old,
      'parent: mprotect a ro',
      'parent: pin a.0 read as h',
      'parent: mprotect a rw',
      'parent: store a.0 "new"',
      'parent: release h',
    ],
  },
  {
    id: 'ro-twice',
    about: 'two pins for reading of a page in a read-only mapping',
    script: [old, 'parent: mprotect a ro', 'parent: pin a.0 read as h', 'parent: pin a.0 read as i'],
  },
  {
    id: 'zeros',
    about: 'a pin for reading of the page of zeros, then a store',
    script: ['parent: load a.0', 'parent: pin a.0 read as h', 'parent: store a.0 "new"', 'parent: release h'],
  },
  {
    id: 'fast-fork',
    about: 'GUP-fast beside fork',
    script: [
      old,
      'parallel',
      'parent: fork child',
      'parent/2: pin a.0 write fast as h',
      'end',
      'parent: store a.0 "new"',
      'parent: release h "dma"',
    ],
  },
  {
    id: 'zap-gap',
    about: 'the child unmaps, and its other CPU still reads while the parent writes',
    script: [
      old,
      'parent: fork child',
      'parallel',
      'child: madvise a dontneed',
      'child/2: load a.0',
      'child/2: load a.0 -> late',
      'parent: store a.0 "secret"',
      'end',
    ],
  },
  {
    id: 'two-looks',
    about: 'two threads pin for reading while the child exits',
    script: [
      old,
      'parent: fork child',
      'parallel',
      'parent: pin a.0 read fast as one',
      'parent/2: pin a.0 read fast as two',
      'child: exit',
      'end',
    ],
  },
  {
    id: 'fault-fork',
    about: 'fork has not flushed yet; one CPU faults, another stores through its TLB',
    script: [cached, 'parallel', 'parent: fork child', ...racing],
  },
  {
    id: 'uffd-wp',
    about: 'the same with UFFDIO_WRITEPROTECT, on a page that a pipe has, too',
    script: [
      'parent: uffd_register a wp',
      cached,
      'parent: vmsplice a.0 -> p',
      'parallel',
      'parent: uffd_writeprotect a off',
      ...racing,
    ],
  },
];

/** The scenario of one: a process, and a page. */
export const textOfCheck = ({ script }: ProposalCheck): string =>
  ['process parent', 'region a anon 1 page', ...script, ''].join('\n');

/** The kernel that most proposals change, then the proposals. */
export const proposalBase = 'v5.11';
