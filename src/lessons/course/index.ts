/** The course. What the list shows of a lesson; its text comes when it is opened. One line for each file. */
export interface LessonEntry {
  /** Its name in links and in what is kept of the learner's progress; never changes. */
  readonly id: string;
  readonly title: string;
  readonly about: string;
  readonly part: string;
  readonly minutes: number;
  readonly beats: number;
  /** Lessons whose words it uses; each stands before it. */
  readonly needs: readonly string[];
  /** The beat that the list of lessons shows a picture of, from 1. */
  readonly picture: number;
  readonly text: () => Promise<string>;
}

export const course: readonly LessonEntry[] = [
  {
    id: 'one-page',
    title: 'One process, one page',
    about:
      'Memory that was asked for is not there yet. What happens between a store in a program ' +
      'and a page that holds its bytes.',
    part: 'First contact',
    minutes: 5,
    beats: 9,
    needs: [],
    picture: 5,
    text: async () => (await import('./one-page.ts')).default,
  },
  {
    id: 'fork-cow',
    title: 'Fork copies nothing',
    about:
      'Two processes, one page: what fork shares, how the kernel notices the first store, and ' +
      'why the second one is cheap.',
    part: 'First contact',
    minutes: 6,
    beats: 9,
    needs: ['one-page'],
    picture: 7,
    text: async () => (await import('./fork-cow.ts')).default,
  },
  {
    id: 'who-pays',
    title: 'Lazy copies, and who pays',
    about:
      'Most pages are never copied. When they are, it is sometimes for nothing, and one ' +
      'kernel’s caution is another one’s waste.',
    part: 'First contact',
    minutes: 6,
    beats: 8,
    needs: ['fork-cow'],
    picture: 7,
    text: async () => (await import('./who-pays.ts')).default,
  },
  {
    id: 'three-counts',
    title: 'What a reference is',
    about:
      'Refcount, mapcount and pins: three numbers on one page, and three questions that are ' +
      'easily mixed up.',
    part: 'First contact',
    minutes: 7,
    beats: 8,
    needs: ['fork-cow'],
    picture: 4,
    text: async () => (await import('./three-counts.ts')).default,
  },
  {
    id: 'vmsplice-leak',
    title: 'How a child reads its parent’s secret',
    about:
      'One run: what fork shares, what a pipe keeps, and which number the kernel looked at. The' +
      ' bug that began the debate.',
    part: 'The debate',
    minutes: 7,
    beats: 9,
    needs: ['three-counts'],
    picture: 7,
    text: async () => (await import('./vmsplice-leak.ts')).default,
  },
  {
    id: 'break-cow',
    title: 'Break COW when somebody looks',
    about:
      'The first fix, 17839856fd58: a look-up takes a copy first. It closed the leak, and it ' +
      'turned looking into writing.',
    part: 'The debate',
    minutes: 7,
    beats: 9,
    needs: ['vmsplice-leak'],
    picture: 3,
    text: async () => (await import('./break-cow.ts')).default,
  },
  {
    id: 'page-count',
    title: 'Every reference counts',
    about:
      'v5.9 asks for the refcount and nothing else. Simple, safe against the leak, and hard on ' +
      'everybody who write-protects pages under a pin.',
    part: 'The debate',
    minutes: 8,
    beats: 10,
    needs: ['vmsplice-leak'],
    picture: 7,
    text: async () => (await import('./page-count.ts')).default,
  },
  {
    id: 'stronger-rules',
    title: 'Stronger rules, and an objection',
    about:
      'What if a page that anybody holds simply never became read-only? Three ways to do it, ' +
      'the answer from the list, and what a checker finds.',
    part: 'The debate',
    minutes: 12,
    beats: 13,
    needs: ['page-count'],
    picture: 6,
    text: async () => (await import('./stronger-rules.ts')).default,
  },
  {
    id: 'exclusive',
    title: 'A mark instead of a count',
    about:
      'PageAnonExclusive, since v5.19: who may write in place is written on the page, and a ' +
      'page is made exclusive before it is pinned.',
    part: 'The answer',
    minutes: 8,
    beats: 11,
    needs: ['page-count'],
    picture: 3,
    text: async () => (await import('./exclusive.ts')).default,
  },
  {
    id: 'copy-race',
    title: 'Why a reference is a lock',
    about:
      'A question on the list about wp_page_copy(): three threads, and what keeps a page from ' +
      'being reused while it is copied.',
    part: 'Races',
    minutes: 10,
    beats: 11,
    needs: ['three-counts'],
    picture: 11,
    text: async () => (await import('./copy-race.ts')).default,
  },
  {
    id: 'uffd-lost-write',
    title: 'The store that userfaultfd lost',
    about:
      'An entry is changed, and the CPUs are told later. Three threads, one late flush, and a ' +
      'discussion of what mmap_lock is for.',
    part: 'Races',
    minutes: 8,
    beats: 10,
    needs: ['fork-cow'],
    picture: 5,
    text: async () => (await import('./uffd-lost-write.ts')).default,
  },
  {
    id: 'dirty-cow',
    title: 'Dirty COW',
    about:
      'The most famous bug of copy-on-write: a flag that was dropped too early, and a page that' +
      ' was thrown away in between.',
    part: 'Races',
    minutes: 7,
    beats: 10,
    needs: ['fork-cow'],
    picture: 8,
    text: async () => (await import('./dirty-cow.ts')).default,
  },
  {
    id: 'large-folios',
    title: 'Large pages, the same questions',
    about:
      'Huge pages and large folios have one count for many pages. The leak lived on there for ' +
      'two years, and a count of 512 says little.',
    part: 'Research',
    minutes: 8,
    beats: 10,
    needs: ['vmsplice-leak'],
    picture: 1,
    text: async () => (await import('./large-folios.ts')).default,
  },
  {
    id: 'speculative',
    title: 'Faults without mmap_lock',
    about:
      'Speculative faults, per-VMA locks, range locks: a warning of 2021 and a bug of 2023, ' +
      'which are the same race.',
    part: 'Research',
    minutes: 8,
    beats: 10,
    needs: ['uffd-lost-write'],
    picture: 5,
    text: async () => (await import('./speculative.ts')).default,
  },
];
