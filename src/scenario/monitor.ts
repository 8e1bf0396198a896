/** userfaultfd and what goes with it: operations that wait for others. */
import type { Op } from '../kernel/plan.ts';
import { notModelled } from './diagnostic.ts';
import type { Acting } from './devices.ts';
import { isHuge } from './draft.ts';
import type { Draft } from './draft.ts';
import { slotsOf } from './memory.ts';
import { store } from './results.ts';
import type { Operation } from './syntax.ts';

type Part = Partial<Pick<Op, 'va' | 'pages' | 'region' | 'stored' | 'flags' | 'joins'>>;
export type MonitorOperation = Extract<
  Operation,
  { verb: 'uffd_register' | 'uffd_writeprotect' | 'uffd_copy' | 'uffd_continue' | 'uffd_wait' }
>;

/** Bits of `Op.flags`, as `kernel/mm/uffd.ts` reads them. */
const WP = 1,
  MISSING = 2;

/** null after a mistake. */
export function monitorPart(draft: Draft, op: MonitorOperation, acting: Acting): Part | null {
  const { member, strand } = acting;
  const { text } = op.verb === 'uffd_register' ? op.region : op.place.region;
  if (isHuge(draft.areas.get(text)))
    draft.problems.error(
      acting.statement.span,
      notModelled('userfaultfd on huge pages'),
      'Take another region.',
    );
  switch (op.verb) {
    case 'uffd_register': {
      const { region } = op;
      if ((draft.areas.get(region.text)?.shared ?? null) !== null)
        draft.problems.error(
          region.span,
          notModelled('userfaultfd on shared memory'),
          'Register private memory.',
        );
      if (op.mode === 'wp' && (draft.areas.get(region.text)?.file ?? -1) >= 0)
        draft.problems.error(
          region.span,
          notModelled('write-protection by userfaultfd of a file'),
          'Register it as missing, or anonymous memory.',
        );
      const slots = slotsOf(draft, member, { region, page: null, span: region.span }, null);
      return slots && { ...slots, flags: op.mode === 'wp' ? WP : MISSING };
    }
    case 'uffd_writeprotect': {
      const slots = slotsOf(draft, member, op.place, null);
      return slots && { ...slots, flags: op.on ? WP : 0 };
    }
    case 'uffd_copy': {
      const slots = slotsOf(draft, member, op.place, null);
      return slots && { ...slots, stored: store(draft, op.value, strand.process) };
    }
    case 'uffd_continue':
    case 'uffd_wait':
      return slotsOf(draft, member, op.place, null);
  }
}

/** The last operation that the process has started on another thread and not waited for. */
export function joined(draft: Draft, { statement, strand }: Acting): Part {
  const { ops, strands, problems, block } = draft;
  const processOf = (o: Op): number => [...strands.values()][o.thread]?.process ?? -1;
  const taken = new Set(ops.map((o) => o.joins));
  const joins = ops.findLastIndex(
    (o, i) => o.detached === true && processOf(o) === strand.process && !taken.has(i),
  );
  // The recorder also joins direct I/O, which is over once it is completed.
  const inFlight = ops.some((o) => o.syscall.startsWith('dio_') && processOf(o) === strand.process);
  if (joins < 0 && !inFlight && !problems.failed())
    problems.error(statement.span, 'there is nothing to join', 'Start it before: parent: &store a.0 "x".');
  return { flags: block === null ? 0 : 1, ...(joins < 0 ? {} : { joins }) };
}
