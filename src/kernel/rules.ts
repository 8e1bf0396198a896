/**
 * The questions in which the rule sets differ, and the model that answers them now. Shared routines ask;
 * they never compare versions.
 */
import type { Routine } from './steps.ts';

export interface Rules {
  /** `mmap_sem` until 5.7. */
  readonly mmapLockName: 'mmap_sem' | 'mmap_lock';
  /** PageAnonExclusive exists: new anonymous pages are born with it. 6c287605fd56, 5.19. */
  readonly hasExclusive: boolean;
  /**
   * A read-only GUP of a copy-on-write mapping acts as a write. 17839856fd58, 5.8; reverted a308c71bf1e6,
   * 5.9.
   */
  readonly gupBreaksCow: boolean;
  /** GUP marks the address space when it pins: `mm->has_pinned`. 008cfe4418b3, 5.9. */
  readonly marksPinned: boolean;
  /** fork copies pinned pages for the child. 70e806e4e645, 5.9. */
  readonly forkCopiesPinned: boolean;
  /** A read-only pin of a page that is not exclusive faults to unshare it first. c89357e27f20, 5.19. */
  readonly unsharesReadPins: boolean;
  /** GUP-fast pins notice a concurrent fork. 57efa1fe5957, 5.11. */
  readonly hasWriteProtectSeq: boolean;
  /** Faults try the lock of their VMA before mmap_lock. 6.4. */
  readonly hasVmaLocks: boolean;
  /** mprotect may set the write bit of an exclusive page itself. 64fe24a3e05e, 6.1. */
  readonly mprotectMakesWritable: boolean;
  /** Pins of the zero page are not counted. c8070b787519, 6.5. */
  readonly zeroPagePinsCounted: boolean;
  /** wp_page_copy drops the mapping's reference to the old page after it has let go of the page table. */
  readonly dropsMappingRefLate: boolean;
}

export interface Model {
  /** Mainline tag, or the name of a proposal. */
  readonly id: string;
  readonly title: string;
  readonly rule: string;
  readonly since: string;
  readonly replaces: string;
  readonly breaks: string;
  readonly notHere: string;
  /** What decides reuse, for people. */
  readonly looksAt: string;
  /** A base plus another era's rule: judges recordings, stays out of strip and matrix. */
  readonly composed: boolean;
  readonly rules: Rules;
  /** Routines that fill the hooks of the shared tables. */
  readonly routines: Readonly<Record<string, Routine>>;
}

export let model: Model;
export let rules: Rules;
export function setModel(m: Model): void {
  model = m;
  rules = m.rules;
}
