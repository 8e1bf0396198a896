/**
 * What is drawn, as data: cards in four columns, tokens, bits, edges, badges. Made from a world by
 * `scene/build.ts`, placed by `scene/layout.ts`, drawn by `app/picture`. No pixels and no React here;
 * `scene/text.ts` prints it for tests and screen readers.
 *
 * Every id is stable for a whole run: `mm:parent`, `table:parent`, `pte:parent:a.0`, `tlb:child:a.0`,
 * `folio:1`, `token:folio:1:pte:parent:a.0`, `pipe:0`, `hold:h1`.
 */

/** Index of a process in declared order: it selects hue and pattern. -1 is the kernel (zeros, devices). */
export type Who = number;

/** Bytes as somebody sees them. `fresh`: written after the last fork (drawn solid), else pale. */
export interface Bytes {
  readonly text: string;
  readonly who: Who;
  readonly fresh: boolean;
}

export interface LockBadge {
  readonly id: string;
  /** The era's name and mode: `mmap_sem read`, `PTL`, `folio lock`. */
  readonly label: string;
  readonly exclusive: boolean;
  /** Names of the holding threads; empty for a badge that only shows who waits. */
  readonly holders: readonly { readonly thread: string; readonly who: Who }[];
  /** Names of threads that are blocked on it. */
  readonly waiting: readonly string[];
}

export interface ThreadLine {
  readonly id: string;
  readonly name: string;
  readonly cpu: number;
  /** `in do_wp_page`, `running`, `done`, `waits for PTL, held by parent`. */
  readonly doing: string;
  /** The thread that made the last step. */
  readonly active: boolean;
}

export interface ProcessCard {
  readonly id: string;
  readonly name: string;
  readonly who: Who;
  readonly state: 'unborn' | 'alive' | 'exited';
  /** For an unborn process: the sentence of its kept place: `Born at step 9, by fork.` */
  readonly note: string;
  readonly locks: readonly LockBadge[];
  readonly threads: readonly ThreadLine[];
  /** VMAs in address order: `a`, `anon rw`; gone ones stay with `gone` set. */
  readonly vmas: readonly {
    readonly id: string;
    readonly name: string;
    readonly what: string;
    readonly gone: boolean;
  }[];
  /** What its owner would see: one line per page, then what it has read from pipes. */
  readonly views: readonly View[];
  /** The rule that broke here, in words, or null. */
  readonly broken: string | null;
}

/** `A load of a.0 returns` + bytes, or a word (`a fault`, `zeros`, `nothing`). */
export interface View {
  readonly id: string;
  readonly label: string;
  readonly bytes: Bytes | null;
  readonly word: string;
  /** `written by parent`, `from before fork`. */
  readonly note: string;
  readonly bad: boolean;
}

export interface Bit {
  readonly letter: string;
  readonly name: string;
  readonly on: boolean;
  readonly changed: boolean;
}

export interface PteRow {
  readonly id: string;
  /** `a.0` */
  readonly page: string;
  readonly bits: readonly Bit[];
  /** `read-only → f1`, `empty, no page yet`, `not mapped`. */
  readonly words: string;
  readonly changed: boolean;
  readonly tlbs: readonly TlbRow[];
}

export interface TlbRow {
  readonly id: string;
  readonly thread: string;
  readonly cpu: number;
  /** `same as PTE`, `no entry`, `writable → f1`. */
  readonly words: string;
  /** Grants something that the PTE no longer grants. */
  readonly stale: boolean;
}

/** One step down the page tables: which bits of the address select which entry, and what that leads to. */
export interface WalkLevel {
  /** Empty for the twelve bits that no table reads. */
  readonly level: 'pgd' | 'pud' | 'pmd' | 'pte' | '';
  /** `47–39` */
  readonly bits: string;
  /** `254`, `0–3` for the entries of several pages. */
  readonly index: string;
  /** `pud table`, `PTE table`, `empty`. */
  readonly leads: string;
}

/** One table of PTEs, the way to it, and the lock that it has. Folded until somebody opens it. */
export interface Walk {
  readonly id: string;
  /** Names of the regions whose entries it has. */
  readonly covers: string;
  /** Of the first page: `0x7f5a40400000`. */
  readonly address: string;
  readonly levels: readonly WalkLevel[];
  readonly lock: LockBadge | null;
  /** Who holds its lock. */
  readonly says: string;
  readonly held: boolean;
}

export interface TableCard {
  readonly id: string;
  readonly process: string;
  readonly who: Who;
  readonly state: 'unborn' | 'alive' | 'exited';
  readonly note: string;
  readonly locks: readonly LockBadge[];
  readonly rows: readonly PteRow[];
  readonly walks: readonly Walk[];
}

/** One holder of references to a folio. */
export interface Token {
  readonly id: string;
  readonly kind: 'pte' | 'pipe' | 'get' | 'pin' | 'lru' | 'copy' | 'cache';
  readonly label: string;
  readonly who: Who;
  readonly changed: boolean;
  /** For the holder list: `since step 4, parent's store`. */
  readonly since: string;
  /** Its line in the card, from 0: kept for as long as it holds, whoever else comes and goes. */
  readonly line: number;
}

/** A page of a large folio, or the block of those that no scenario names. */
export interface SubPage {
  readonly id: string;
  /** `a.0`, `a.1..511`. */
  readonly name: string;
  /** Pages that it stands for. */
  readonly weight: number;
  readonly bytes: Bytes | null;
  /** Mappings of this page, and the processes behind them. */
  readonly maps: number;
  readonly mappers: readonly { readonly name: string; readonly who: Who }[];
  readonly exclusive: boolean | null;
  readonly changed: boolean;
}

/**
 * `_mm_ids` of a large folio, from 6.15 on: up to two processes that it remembers, each with its mappings,
 * and whether perhaps others map it, too: folio_maybe_mapped_shared().
 */
export interface Mappers {
  readonly id: string;
  readonly known: readonly { readonly name: string; readonly who: Who; readonly maps: number }[];
  readonly shared: boolean;
}

export interface FolioCard {
  readonly id: string;
  /** `f1`; the zero page is `zero`. */
  readonly name: string;
  readonly kind:
    | 'anonymous'
    | 'shared'
    | 'zero page'
    | 'merged by KSM'
    | 'huge page'
    | 'lazily freed'
    | 'swap slot'
    | `file, ${string}`
    | `huge page, ${string}`
    | `large folio, ${string}`;
  readonly state: 'free' | 'live' | 'freed';
  /** For a kept place: `free, a copy would go here`, `freed at step 31`. */
  readonly note: string;
  readonly bytes: Bytes | null;
  /** Of a large folio, whose bytes are those of its pages; empty: a small one. */
  readonly pages: readonly SubPage[];
  readonly mapped: readonly Token[];
  readonly held: readonly Token[];
  readonly mapcount: number;
  /** References without pins. */
  readonly refs: number;
  readonly pins: number;
  /** What the kernel's counter shows: refs + bias x pins. */
  readonly refcount: number;
  /** The number that the rule of this step reads, for the eye. */
  readonly eye: 'mapcount' | 'refcount' | 'exclusive' | 'owner' | 'mappers' | null;
  /** PageAnonExclusive, or null where the model has no such bit. */
  readonly exclusive: boolean | null;
  /** `gup_owner` of a proposal: the process it names, with an empty name for nobody; null: no such mark. */
  readonly owner: { readonly name: string; readonly who: Who } | null;
  /** Which processes map it, as a large folio remembers it; null: no such note here. */
  readonly mappers: Mappers | null;
  readonly lock: LockBadge | null;
  readonly changed: readonly ('bytes' | 'mapcount' | 'refcount' | 'exclusive' | 'owner' | 'mappers')[];
}

export interface HolderCard {
  readonly id: string;
  readonly kind: 'pipe' | 'hold' | 'lru' | 'copy' | 'cache' | 'pool';
  /** `pipe 0`, `pin h1`, `hugetlb pool`. */
  readonly title: string;
  /** `opened by child`, `write pin of parent a.0`. */
  readonly sub: string;
  readonly state: 'unborn' | 'live' | 'gone';
  readonly note: string;
  readonly rows: readonly {
    readonly id: string;
    readonly label: string;
    readonly words: string;
    readonly changed: boolean;
  }[];
}

export interface Edge {
  readonly id: string;
  /** Ids of a PteRow, TlbRow, HolderCard row or ProcessCard vma; and of a Token or FolioCard. */
  readonly from: string;
  readonly to: string;
  /** `away`: the entry is not present, and names the folio that it waits for. */
  readonly kind: 'writable' | 'read-only' | 'stale' | 'away' | 'get' | 'pin' | 'belongs';
  readonly changed: boolean;
  /** Full sentence for the accessible name. */
  readonly says: string;
}

/** A sign of the legend that this scenario can show. */
export type Sign =
  | 'read-only'
  | 'writable'
  | 'stale'
  | 'away'
  | 'reference'
  | 'pin'
  | 'pale'
  | 'solid'
  | 'bits'
  | 'exclusive'
  | 'owner'
  | 'mappers';

export interface Scene {
  readonly at: number;
  readonly processes: readonly ProcessCard[];
  readonly tables: readonly TableCard[];
  readonly folios: readonly FolioCard[];
  readonly holders: readonly HolderCard[];
  readonly edges: readonly Edge[];
  readonly legend: readonly Sign[];
}

/**
 * What the whole run will need, from a dry run, so that nothing moves while stepping: the most tokens each
 * folio card ever shows on each side, which folios, pipes and holds ever appear, and the most lines of each
 * process card.
 */
export interface Extent {
  readonly folios: readonly {
    readonly id: string;
    readonly mapped: number;
    readonly held: number;
    /** It is a large folio for some time, of so many pages that are told apart. */
    readonly pages?: number;
    /** A large folio of this run remembers which processes map it. */
    readonly mappers?: boolean;
    /** It is not used in this run: a place is kept where a copy would have gone. */
    readonly never?: boolean;
  }[];
  readonly holders: readonly { readonly id: string; readonly rows: number; readonly folio: string | null }[];
  readonly processes: readonly {
    readonly id: string;
    readonly threads: number;
    readonly vmas: number;
    readonly views: number;
    readonly ptes: number;
    readonly tlbs: number;
    /** Tables of PTEs. */
    readonly walks: number;
  }[];
}
