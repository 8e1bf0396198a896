/** Four processes with three pages each. */
import {
  bytes,
  lock,
  thread,
  loads,
  process,
  pte,
  tlb,
  table,
  token,
  folio,
  edge,
  belongs,
} from './builders.ts';
import type { Extent, FolioCard, Scene } from '../scene.ts';

const FOUR = ['shell', 'server', 'worker', 'logger'] as const;
const fourPages = ['a.0', 'a.1', 'a.2'];
/** Who has written which page since the forks; the rest still shares the first process's pages. */
const written = new Map([
  ['server a.1', 3],
  ['worker a.2', 4],
  ['logger a.0', 5],
]);
const folioOf = (name: string, page: string): number =>
  written.get(`${name} ${page}`) ?? fourPages.indexOf(page);

function fourFolio(n: number): FolioCard {
  const mapped = FOUR.flatMap((name, who) =>
    fourPages
      .filter((page) => folioOf(name, page) === n)
      .map((page) => token(n, 'pte', `${name} ${page}`, who, `${name}:${page}`)),
  );
  const writer = n < 3 ? 0 : n - 2;
  return folio(n, { bytes: bytes(n < 3 ? `pg${n}` : `new${n}`, writer, n >= 3), mapped });
}

/** Four processes, three pages each, six folios: the picture scrolls. */
export const four: Scene = {
  at: 40,
  processes: FOUR.map((name, who) =>
    process(name, who, {
      threads: [thread(name, who, who === 2 ? 'in do_anonymous_page' : 'running', who === 2)],
      locks: who === 2 ? [lock('mmap_lock read', false, name, who)] : [],
      views: fourPages.map((page) => {
        const n = folioOf(name, page);
        return loads(name, page, bytes(n < 3 ? `pg${n}` : `new${n}`, n < 3 ? 0 : who, n >= 3));
      }),
    }),
  ),
  tables: FOUR.map((name, who) =>
    table(
      name,
      who,
      fourPages.map((page) => {
        const n = folioOf(name, page);
        const own = n >= 3;
        return pte(name, page, own ? 'P W D A' : 'P A', `${own ? 'writable' : 'read-only'} → f${n}`, [
          tlb(name, page, who, 'same as PTE'),
        ]);
      }),
    ),
  ),
  folios: [0, 1, 2, 3, 4, 5].map(fourFolio),
  holders: [],
  edges: FOUR.flatMap((name) => [
    belongs(name),
    ...fourPages.map((page) => {
      const n = folioOf(name, page);
      const kind = n >= 3 ? 'writable' : 'read-only';
      return edge(
        `pte:${name}:${page}`,
        `token:folio:${n}:pte:${name}:${page}`,
        kind,
        `${page} of ${name} maps f${n}, ${kind}.`,
      );
    }),
  ]),
  legend: ['read-only', 'writable', 'pale', 'solid', 'bits'],
};

export const fourExtent: Extent = {
  folios: [0, 1, 2, 3, 4, 5].map((n) => ({ id: `folio:${n}`, mapped: n < 3 ? 4 : 1, held: 0 })),
  holders: [],
  processes: FOUR.map((name) => ({
    id: `mm:${name}`,
    threads: 1,
    vmas: 1,
    views: 3,
    ptes: 3,
    tlbs: 1,
    walks: 1,
  })),
};
