/**
 * The tree of a scenario text. A flat list of statements in the order of the text: every line of the text
 * is in it, also blank lines, comments and lines that were not understood, so that printing loses nothing.
 */
import type { RegionKind } from '../kernel/plan.ts';
import type { AdviceName } from './advice.ts';
import type { Span } from './diagnostic.ts';

export interface Name {
  readonly text: string;
  readonly span: Span;
}

/** `a` (all its pages) or `a.0`. */
export interface Place {
  readonly region: Name;
  readonly page: number | null;
  readonly span: Span;
}

/** What an operation writes: a quoted string, or a byte as two hex digits. */
export interface Value {
  readonly text: string;
  readonly hex: boolean;
  readonly span: Span;
}

/** Who acts: `parent`, `parent/2`, or `-` for the outside observer. */
export interface Actor {
  readonly name: Name;
  /** 1 is the process's own thread. */
  readonly thread: number;
}

export type Protection = 'ro' | 'rw' | 'none';

/** An operation as the preferred spelling names it. */
export type Operation =
  | {
      readonly verb: 'mmap';
      readonly region: Name;
      readonly kind: RegionKind;
      readonly pages: number;
      readonly readonly: boolean;
      readonly populate: boolean;
    }
  | { readonly verb: 'munmap'; readonly place: Place; readonly pages: number | null }
  | { readonly verb: 'load'; readonly place: Place; readonly result: Name | null }
  | { readonly verb: 'store'; readonly place: Place; readonly value: Value }
  | { readonly verb: 'fork'; readonly child: Name }
  | { readonly verb: 'exit' | 'exec' }
  | { readonly verb: 'mremap'; readonly region: Name }
  | { readonly verb: 'mlock' | 'munlock' | 'numa_hint'; readonly place: Place }
  | {
      readonly verb: 'madvise';
      readonly place: Place;
      readonly advice: AdviceName;
      readonly pages: number | null;
    }
  | { readonly verb: 'mprotect'; readonly place: Place; readonly protection: Protection }
  | { readonly verb: 'vmsplice'; readonly place: Place; readonly pipe: Name; readonly times: number }
  | { readonly verb: 'read'; readonly pipe: Name; readonly result: Name | null }
  | (Take<'pin'> & { readonly longterm: boolean })
  | Take<'get'>
  | {
      readonly verb: 'release';
      readonly hold: Name | null;
      readonly value: Value | null;
      readonly result: Name | null;
    }
  | { readonly verb: 'unpin' | 'rdma_deregister'; readonly hold: Name | null }
  | { readonly verb: 'lookup'; readonly place: Place; readonly result: Name | null }
  | { readonly verb: 'dio'; readonly place: Place; readonly value: Value }
  | { readonly verb: 'dio_read' | 'dio_write'; readonly place: Place; readonly hold: Name | null }
  | {
      readonly verb: 'complete';
      readonly hold: Name | null;
      readonly value: Value | null;
      readonly result: Name | null;
    }
  | { readonly verb: 'uring_register'; readonly place: Place; readonly hold: Name | null }
  | (Buffer<'uring_write'> & { readonly result: Name | null })
  | (Buffer<'uring_read'> & { readonly value: Value })
  | Buffer<'uring_unregister'>
  | {
      readonly verb: 'rdma_register';
      readonly place: Place;
      readonly readonly: boolean;
      readonly hold: Name | null;
    }
  | { readonly verb: 'device_write'; readonly hold: Name; readonly value: Value }
  | { readonly verb: 'device_read'; readonly hold: Name | null; readonly result: Name | null }
  | { readonly verb: 'fopen'; readonly place: Place | null }
  | Poke<'poke'>
  | Poke<'ptpoke'>
  | Poke<'process_vm_writev'>
  | Peek<'peek'>
  | Peek<'process_vm_readv'>
  | { readonly verb: 'uffd_register'; readonly region: Name; readonly mode: 'wp' | 'missing' }
  | { readonly verb: 'uffd_writeprotect'; readonly place: Place; readonly on: boolean }
  | { readonly verb: 'uffd_copy'; readonly place: Place; readonly value: Value }
  | { readonly verb: 'uffd_wait' | 'uffd_continue'; readonly place: Place }
  | { readonly verb: 'clear_refs' }
  | { readonly verb: 'ksm' | 'ksm_unmerge' }
  | { readonly verb: 'move_pages'; readonly place: Place; readonly node: number }
  | { readonly verb: 'reclaim'; readonly place: Place }
  | { readonly verb: 'join' }
  | { readonly verb: 'nodrain' }
  | Foreign;

/** GUP by a user that keeps the reference: FOLL_PIN or FOLL_GET. */
interface Take<V extends 'pin' | 'get'> {
  readonly verb: V;
  readonly place: Place;
  readonly access: 'read' | 'write';
  /** Starts in the lockless walk. */
  readonly fast: boolean;
  readonly hold: Name | null;
}

/** A fixed buffer, by its name; or by a page, as the recorder has it: the one of this process. */
export interface Buffer<V extends string> {
  readonly verb: V;
  readonly buffer: Name | null;
  readonly place: Place | null;
}

/** A write into the memory of a process, by default the own one. */
interface Poke<V extends 'poke' | 'ptpoke' | 'process_vm_writev'> {
  readonly verb: V;
  readonly place: Place;
  readonly value: Value;
  readonly target: Name | null;
}
/** A read of the same kind. */
interface Peek<V extends 'peek' | 'process_vm_readv'> {
  readonly verb: V;
  readonly place: Place;
  readonly target: Name | null;
  readonly result: Name | null;
}

/** What the recorder knows and the models do not. */
export interface Foreign {
  readonly verb: 'foreign';
  /** What is missing, in a few words: `mremap`, `memory of kind thp`. */
  readonly what: string;
  /** As written, without the actor. */
  readonly text: string;
  /** Region that it maps, or ''. */
  readonly maps: string;
}

export type Verb = Operation['verb'];

interface Part {
  readonly span: Span;
  /** The comment after it on its line, from `#` on, or ''. */
  readonly comment: string;
}

export interface OpStatement extends Part {
  readonly kind: 'op';
  readonly actor: Actor;
  readonly op: Operation;
  /** `&`: on a second thread, which may block; what follows does not wait for it. */
  readonly detached: boolean;
}

/** `count` of the operations, each at most once, in any order. */
export interface AnyStatement extends Part {
  readonly kind: 'any';
  readonly actor: Actor;
  readonly count: number;
  readonly ops: readonly Operation[];
}

export interface RegionStatement extends Part {
  readonly kind: 'region';
  readonly region: Name;
  readonly type: RegionKind;
  readonly pages: number;
  readonly readonly: boolean;
  /** Process that has it, or null for the first one. */
  readonly process: Name | null;
}

/** `v5.7` (from = to), `v5.7..v5.9`, `v5.8..` (to = null), `..v5.7` (from = null). */
export interface Models {
  readonly from: Name | null;
  readonly to: Name | null;
}

export interface ExpectStatement extends Part {
  readonly kind: 'expect';
  readonly models: readonly Models[];
  readonly verdict: 'holds' | 'breaks';
  readonly invariant: Name | null;
}

export interface QuestionStatement extends Part {
  readonly kind: 'question';
  readonly quantifier: 'exists' | 'never' | 'always' | 'sometimes';
  /** All of them, joined by `and`. */
  readonly terms: readonly TermSyntax[];
}
export interface TermSyntax {
  /** `child`, `parent/2`, `-`. */
  readonly thread: Name;
  readonly result: Name;
  /** null for `none`: the operation reported nothing. */
  readonly value: Value | null;
}

/** What acts by itself, if a scenario asks for it: CPUs that forget translations, LRU batches, devices. */
export type ActorKind = 'tlb-evict' | 'lru-drain' | 'migrate' | 'dma';

export type Statement =
  | (Part & { readonly kind: 'blank' })
  | (Part & { readonly kind: 'comment' })
  /** Not understood (`broken`), or nothing but separators. `verbatim`: beyond a limit, so kept as it is. */
  | (Part & {
      readonly kind: 'raw';
      readonly text: string;
      readonly broken: boolean;
      readonly verbatim: boolean;
    })
  | (Part & { readonly kind: 'scenario' | 'source' | 'schedule'; readonly text: string })
  | (Part & { readonly kind: 'about'; readonly lines: readonly string[] })
  | (Part & { readonly kind: 'experiment'; readonly name: string; readonly about: string })
  | (Part & { readonly kind: 'process'; readonly names: readonly Name[] })
  | RegionStatement
  | (Part & { readonly kind: 'lru'; readonly mode: 'drained' | 'batched' })
  /** Bits of every page's reference counter. */
  | (Part & { readonly kind: 'flush'; readonly how: 'ipi' | 'broadcast' })
  | (Part & { readonly kind: 'tables'; readonly how: 'together' | 'apart' })
  /** 2 MB pages in the pool of the machine. */
  | (Part & { readonly kind: 'hugepages'; readonly pages: number })
  | (Part & { readonly kind: 'actors'; readonly names: readonly ActorKind[] })
  | (Part & { readonly kind: 'counter'; readonly bits: number })
  /** Guards that are left out; `with`: extra ones, which no kernel has, that are put in. */
  | (Part & { readonly kind: 'without' | 'with'; readonly names: readonly Name[] })
  /** Words that belong to a step: `at` is a position as a link has it. */
  | (Part & { readonly kind: 'note'; readonly at: string; readonly text: string })
  | OpStatement
  | AnyStatement
  | (Part & { readonly kind: 'parallel' | 'end' })
  | QuestionStatement
  | ExpectStatement;

export interface Scenario {
  readonly statements: readonly Statement[];
}

/** What a gallery shows of a scenario without running it. */
export interface Heading {
  readonly title: string;
  readonly about: string;
  readonly source: string;
}

export function headingOf(scenario: Scenario): Heading {
  const texts = (kind: Statement['kind']): string[] =>
    scenario.statements.flatMap((s) => {
      if (s.kind !== kind) return [];
      if (s.kind === 'about') return [s.lines.join(' ')];
      if (s.kind === 'experiment') return [s.name];
      return 'text' in s ? [s.text] : [];
    });
  const described = scenario.statements.flatMap((s) => (s.kind === 'experiment' && s.about ? [s.about] : []));
  return {
    title: [...texts('scenario'), ...texts('experiment')][0] ?? '',
    about: [...texts('about'), ...described].join(' '),
    source: texts('source').join('; '),
  };
}
