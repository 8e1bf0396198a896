/** Operations that take, use and give back references: holds and those who hold. */
import {
  FOLL_FAST_PATH,
  FOLL_GET,
  FOLL_LONGTERM,
  FOLL_PIN,
  FOLL_WRITE,
  RING_BY_ADDRESS,
} from '../kernel/flags.ts';
import type { Op } from '../kernel/plan.ts';
import type { Draft, HoldDraft, HoldUser, Member, Strand } from './draft.ts';
import { holdFor, take } from './holds.ts';
import { slotsOf } from './memory.ts';
import { observe, store } from './results.ts';
import type { Name, Operation, OpStatement, Place, Value } from './syntax.ts';

type Part = Partial<Pick<Op, 'va' | 'pages' | 'region' | 'stored' | 'slot' | 'observed' | 'flags'>>;

/** Who does the operation. */
export interface Acting {
  readonly statement: OpStatement;
  readonly strand: Strand;
  /** undefined: the outside observer. */
  readonly member: Member | undefined;
  readonly name: string;
}

export type DeviceOperation = Extract<
  Operation,
  {
    verb:
      | 'pin'
      | 'get'
      | 'release'
      | 'unpin'
      | 'dio'
      | 'dio_read'
      | 'dio_write'
      | 'complete'
      | 'uring_register'
      | 'uring_write'
      | 'uring_read'
      | 'uring_unregister'
      | 'rdma_register'
      | 'rdma_deregister'
      | 'device_write'
      | 'device_read';
  }
>;

/** Operations that are another one under a name of their own. */
const SYSCALLS: Readonly<Partial<Record<Operation['verb'], string>>> = {
  read: 'pipe_read',
  complete: 'release',
  rdma_deregister: 'unpin',
};
export const syscallOf = (verb: Operation['verb']): string => SYSCALLS[verb] ?? verb;

/** null after a mistake. */
export function devicePart(draft: Draft, op: DeviceOperation, acting: Acting): Part | null {
  switch (op.verb) {
    case 'pin':
    case 'get': {
      const how = op.verb === 'pin' ? FOLL_PIN : FOLL_GET;
      const longterm = op.verb === 'pin' && op.longterm;
      const flags = how | (op.fast ? FOLL_FAST_PATH : 0) | (longterm ? FOLL_LONGTERM : 0);
      return takes(draft, acting, op, { user: 'named', access: op.access, flags });
    }
    case 'dio_read':
    case 'dio_write': {
      const access = op.verb === 'dio_read' ? 'write' : 'read';
      return takes(draft, acting, op, { user: 'dio', access, flags: FOLL_FAST_PATH });
    }
    case 'dio': {
      const part = takes(draft, acting, { ...op, hold: null }, { user: 'dio', access: 'write', flags: 0 });
      const hold = draft.holds.at(-1);
      if (part === null || hold === undefined) return null;
      hold.released = acting.statement.span.line;
      return { ...part, stored: store(draft, op.value, acting.strand.process) };
    }
    case 'uring_register':
      return takes(draft, acting, op, { user: 'uring', access: 'write', flags: FOLL_PIN | FOLL_LONGTERM });
    case 'rdma_register':
      return takes(draft, acting, op, {
        user: 'rdma',
        access: op.readonly ? 'read' : 'write',
        flags: FOLL_PIN | FOLL_LONGTERM | FOLL_FAST_PATH,
      });
    case 'release':
      return gives(draft, acting, op, ['named']);
    case 'complete':
      return gives(draft, acting, op, ['dio']);
    case 'unpin':
    case 'rdma_deregister': {
      const users: readonly HoldUser[] = op.verb === 'unpin' ? ['named'] : ['rdma'];
      const hold = found(draft, acting, op.hold, { users, ends: true });
      return hold && { ...slotOf(draft, hold), pages: several(hold) };
    }
    case 'device_write': {
      const hold = found(draft, acting, op.hold, { users: ['named', 'rdma', 'dio'], ends: false });
      if (hold === null) return null;
      if (hold.access === 'read') {
        draft.problems.error(op.hold.span, `${hold.name} is a hold for reading`, 'Take it with write.');
      }
      return { ...slotOf(draft, hold), stored: store(draft, op.value, hold.process) };
    }
    case 'device_read': {
      const hold = found(draft, acting, op.hold, { users: ['named', 'rdma', 'dio'], ends: false });
      return hold && { ...slotOf(draft, hold), observed: sees(draft, acting, op.result) };
    }
    case 'uring_write': {
      const buffer = bufferOf(draft, acting, op, false);
      return buffer && { ...buffer, observed: sees(draft, acting, op.result) };
    }
    case 'uring_read': {
      const buffer = bufferOf(draft, acting, op, false);
      return buffer && { ...buffer, stored: store(draft, op.value, acting.strand.process) };
    }
    case 'uring_unregister':
      return bufferOf(draft, acting, op, true);
  }
}

function sees(draft: Draft, { strand, name, statement }: Acting, result: Name | null): number {
  return observe(draft, strand, result, name, statement);
}

function slotOf(draft: Draft, hold: HoldDraft): Part {
  return { slot: draft.holds.indexOf(hold), flags: hold.flags };
}

/** Pages that an operation on a hold goes through; 0 for one page, as of an operation without memory. */
const several = (hold: HoldDraft): number => (hold.pages > 1 ? hold.pages : 0);

interface Taking {
  readonly user: HoldUser;
  readonly access: 'read' | 'write';
  /** FOLL_* besides FOLL_WRITE, as far as no model is asked. */
  readonly flags: number;
}

function takes(
  draft: Draft,
  { statement, strand, member }: Acting,
  { verb, place, hold }: { readonly verb: string; readonly place: Place; readonly hold: Name | null },
  taking: Taking,
): Part | null {
  const slots = slotsOf(draft, member, place, null);
  const flags = taking.flags | (taking.access === 'write' ? FOLL_WRITE : 0);
  const { va, pages } = slots ?? { va: -1, pages: 1 };
  const wanted = { ...taking, name: hold, unnamed: unnamedOf(verb), flags, va, pages };
  const slot = take(draft, wanted, strand, statement.span);
  return slots && { ...slots, slot, flags };
}

/** What a hold is called that the text gives no name. */
function unnamedOf(verb: string): string {
  if (verb.startsWith('dio')) return 'io';
  if (verb === 'uring_register') return 'buffer';
  return verb === 'rdma_register' ? 'mr' : verb;
}

interface Sought {
  readonly users: readonly HoldUser[];
  /** The operation gives it back. */
  readonly ends: boolean;
}

/** null after a mistake. */
function found(
  draft: Draft,
  { strand, statement }: Acting,
  name: Name | null,
  sought: Sought,
): HoldDraft | null {
  const slot = holdFor(draft, name, strand, { ...sought, at: name?.span ?? statement.span });
  return draft.holds[slot] ?? null;
}

/**
 * The end of a hold with its last access: a write hold stores the value into its page as its owner's device,
 * a read hold reports what it sees.
 */
function gives(
  draft: Draft,
  acting: Acting,
  op: { readonly hold: Name | null; readonly value: Value | null; readonly result: Name | null },
  users: readonly HoldUser[],
): Part | null {
  const hold = found(draft, acting, op.hold, { users, ends: true });
  if (hold === null) return null;
  const { problems } = draft;
  if (hold.pages > 1)
    problems.error(acting.statement.span, `${hold.name} has ${hold.pages} pages`, 'Write unpin: no value.');
  if (hold.access === 'write') {
    if (op.result !== null) {
      const hint = 'Load the page to see what is in it.';
      problems.error(op.result.span, `${hold.name} is a write hold: it reports nothing`, hint);
    }
    const stored = op.value === null ? 0 : store(draft, op.value, hold.process);
    return { ...slotOf(draft, hold), stored };
  }
  // The recorder gives a byte to every release; only a string is meant to be stored.
  if (op.value !== null && !op.value.hex) {
    const hint = 'Take it with write.';
    problems.warning(op.value.span, `${hold.name} is a read hold: it stores nothing`, hint);
  }
  return { ...slotOf(draft, hold), observed: sees(draft, acting, op.result) };
}

/**
 * A fixed buffer by its name; or, as the recorder has it, by a page: the buffer of this process, if that page
 * is in it. -1 as slot: it is not, and the ring says EFAULT.
 */
function bufferOf(
  draft: Draft,
  acting: Acting,
  { buffer, place }: { readonly buffer: Name | null; readonly place: Place | null },
  ends: boolean,
): Part | null {
  const { strand, member } = acting;
  const at = place === null ? null : slotsOf(draft, member, place, null);
  if (place !== null && at === null) return null;
  const process = strand.process;
  const sought = { users: ['uring'] as const, ends, process };
  const slot = holdFor(draft, buffer, strand, { ...sought, at: buffer?.span ?? acting.statement.span });
  const hold = draft.holds[slot];
  if (hold === undefined) return null;
  const page = ends || at === null ? 0 : at.va - hold.va;
  const covers = page >= 0 && page < hold.pages;
  return {
    va: at?.va ?? hold.va,
    pages: ends ? hold.pages : 1,
    region: at?.region ?? draft.ops[hold.op]?.region ?? -1,
    slot: covers ? slot + page : -1,
    flags: at === null || ends ? 0 : RING_BY_ADDRESS,
  };
}
