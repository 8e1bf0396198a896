/**
 * The same world by its addresses: where each page of each process lies, through which entries it is found,
 * and what physical memory there is. Words about an entry and its bits are those of the scene, by id.
 */
import type { Bytes, Who } from '../../scene/scene.ts';

/** An entry: of a page, of the pages that share a slot, or (`huge`) a part of what a PMD entry maps. */
export interface EntryView {
  /** As in the scene: `pte:parent:a.0`. */
  readonly id: string;
  /** `a.0`, `a.2..510` */
  readonly name: string;
  /** Of its first page: `0x7f5a40400000`. */
  readonly address: string;
  /** Pages that it stands for. */
  readonly pages: number;
  /** What the address selects at PGD, PUD, PMD and PTE level. */
  readonly index: readonly [pgd: number, pud: number, pmd: number, pte: number];
  readonly huge: boolean;
  readonly state: 'unmapped' | 'empty' | 'page' | 'swapped' | 'away' | 'marker';
  /** As x86-64 keeps it; '' where nothing is present. */
  readonly value: string;
  readonly writable: boolean;
  /** Number of the physical page (`page`), or of the slot (`swapped`); -1: none. */
  readonly leads: number;
}

/** Neighbouring pages that are mapped alike: a VMA, or a hole where one was. */
export interface AreaView {
  /** Region and first page: `a`, `a.2`. */
  readonly name: string;
  readonly from: string;
  /** The first byte behind it. */
  readonly to: string;
  /** `rw-p`, as /proc/PID/maps has it; '' where nothing is mapped. */
  readonly may: string;
  readonly pages: number;
  /** The PMD entry on the way to it. */
  readonly pmd: 'table' | 'huge' | 'empty';
  readonly entries: readonly EntryView[];
}
export interface SpaceView {
  /** As in the scene: `mm:parent`. */
  readonly id: string;
  readonly name: string;
  readonly who: Who;
  readonly state: 'unborn' | 'alive' | 'exited';
  readonly areas: readonly AreaView[];
}

export interface PhysicalView {
  /** Number of the page, as entries name it. */
  readonly pfn: number;
  /** The card of its folio in the scene; '' where there is none. */
  readonly id: string;
  readonly name: string;
  readonly kind: 'zero' | 'free' | 'page' | 'large' | 'huge' | 'slot';
  /** First page of its folio. */
  readonly head: number;
  /** Pages that it stands for. */
  readonly pages: number;
  readonly bytes: Bytes | null;
  /** Mappings of this page, and references to its folio; pins count as the kernel counts them. */
  readonly mapcount: number;
  readonly refcount: number;
  readonly exclusive: boolean | null;
  /** `page cache`, `swap cache, slot 0`, `LRU batch of CPU 1`. */
  readonly also: readonly string[];
}

export interface StructureView {
  readonly at: number;
  readonly spaces: readonly SpaceView[];
  readonly physical: readonly PhysicalView[];
  /** 2 MB pages: the pool of the machine; null: no scenario with such pages. */
  readonly pool: { readonly size: number; readonly free: number; readonly reserved: number } | null;
}

/** All worlds that the open scenario can come to, with the open run in it. */
export type { MapNode, StateMap as MapView } from '../../checker/state-map.ts';
