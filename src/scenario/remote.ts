/** Operations on the memory of another process, or on the own memory by the same door. */
import { FOLL_WRITE } from '../kernel/flags.ts';
import type { Op } from '../kernel/plan.ts';
import { strandOf } from './cast.ts';
import type { Draft, Member, Strand } from './draft.ts';
import { takeBriefly } from './holds.ts';
import type { Taken } from './holds.ts';
import { slotsOf } from './memory.ts';
import { observe, store } from './results.ts';
import type { Name, Operation, OpStatement } from './syntax.ts';

type Reach = Extract<
  Operation,
  { verb: 'poke' | 'ptpoke' | 'peek' | 'process_vm_readv' | 'process_vm_writev' }
>;
type Part = Partial<Op>;

/** `member` acts; `strand` and `name` are its thread and what its operation is called there. */
export function reach(
  draft: Draft,
  op: Reach,
  member: Member | undefined,
  strand: Strand,
  name: string,
  statement: OpStatement,
): Part | null {
  const target = op.target === null ? member : targetOf(draft, op.target);
  if (target === undefined) return null;
  const slots = slotsOf(draft, target, op.place, null);
  const other: Part = target === member ? {} : { target: target.index };
  const writes = 'value' in op,
    flags = writes ? FOLL_WRITE : 0;
  const part: Part = writes
    ? { stored: store(draft, op.value, target.index) }
    : { observed: observe(draft, strand, op.result, name, statement) };
  const held = op.verb === 'process_vm_readv' || op.verb === 'process_vm_writev';
  const taken: Taken = {
    user: 'named',
    name: null,
    unnamed: op.verb,
    access: writes ? 'write' : 'read',
    flags,
    va: slots?.va ?? -1,
  };
  const slot: Part = held ? { slot: takeBriefly(draft, taken, strand, statement.span) } : {};
  return slots && { ...slots, ...other, ...part, ...slot, flags };
}

function targetOf(draft: Draft, name: Name): Member | undefined {
  // For its complaints: the process must be born, and not be gone.
  if (strandOf(draft, { name, thread: 1 }) === null) return undefined;
  return draft.members.get(name.text);
}
