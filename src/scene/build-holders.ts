/** Column four: pipes, and the holds of devices and other processes. */
import { holdingAt } from '../debugger/history.ts';
import { goTo } from '../debugger/run.ts';
import type { Tenure } from '../debugger/history.ts';
import { actorName, pageName } from '../debugger/words.ts';
import { FOLL_LONGTERM, FOLL_PIN, FOLL_WRITE } from '../kernel/flags.ts';
import type { Op } from '../kernel/plan.ts';
import { ZERO_PAGE } from '../kernel/verbs/folio.ts';
import { folioAt, hugePool } from '../kernel/view.ts';
import { doing } from './build-processes.ts';
import { POOL_ID, POOL_ROWS } from './facts.ts';
import { folioName } from './moment.ts';
import type { Moment } from './moment.ts';
import type { HolderCard } from './scene.ts';

export const pipeRowId = (name: string, index: number): string => `pipe:${name}:${index}`;
export const holdRowId = (name: string): string => `hold:${name}:0`;

export function holderCards(m: Moment): HolderCard[] {
  const { plan } = m.run.machine,
    here = holdingAt(m.facts.history, m.at);
  const pipes = plan.pipes.map((p, i): HolderCard => {
    const mine = (t: Tenure): boolean => t.holder.kind === 'pipe' && t.holder.pipe === i;
    const all = m.facts.history.filter(mine),
      now = here.filter(mine);
    const state = stateOf(all, now, m.at),
      by = all[0];
    const taker = by?.holder.kind === 'pipe' ? plan.processes[by.holder.mm]!.name : '';
    return {
      id: `pipe:${p.name}`,
      kind: 'pipe',
      title: plan.pipes.length > 1 ? `pipe ${p.name}` : 'pipe',
      state,
      sub: taker === '' ? 'never filled in this run' : `filled by ${taker}`,
      note:
        state === 'unborn'
          ? by === undefined
            ? ''
            : `Takes hold of a page at step ${by.from}.`
          : state === 'live'
            ? 'Whoever reads it later gets what the page holds then.'
            : `Released at step ${lastOf(all)}.`,
      rows: now.map((t, k) => ({
        id: pipeRowId(p.name, k),
        label: `slot ${k}`,
        words: rowWords(m, t),
        changed: t.from === m.at && m.at > 0,
      })),
    };
  });
  const holds = plan.holds.map((h, i): HolderCard => {
    const mine = (t: Tenure): boolean =>
      (t.holder.kind === 'pin' || t.holder.kind === 'get') && t.holder.hold === i;
    const all = m.facts.history.filter(mine),
      now = here.filter(mine),
      op = plan.ops[h.op]!;
    const state = stateOf(all, now, m.at),
      user = userOf(op);
    // A device takes hold of memory for somebody, but has none itself.
    const owner = plan.processes[plan.threads[op.thread]!.process]?.name ?? 'a';
    return {
      id: `hold:${h.name}`,
      kind: 'hold',
      // A hold that nobody named has the name of its operation.
      title: op.text.startsWith(`${h.name} `) ? user.title : `${user.title} ${h.name}`,
      state,
      sub: `to ${(op.flags & FOLL_WRITE) !== 0 ? 'write' : 'read'} ${owner} ${pageName(plan, op.va)}`,
      note:
        state === 'unborn'
          ? all[0] === undefined
            ? 'Not taken in this run.'
            : `Taken at step ${all[0].from}.`
          : state === 'live'
            ? (deviceWords(m, i) ?? user.does)
            : `Released at step ${lastOf(all)}.`,
      rows: now.map((t) => ({
        id: holdRowId(h.name),
        label: nameOf(t.folio),
        words: rowWords(m, t),
        changed: t.from === m.at && m.at > 0,
      })),
    };
  });
  return [...pipes, ...holds, ...poolCard(m)];
}

const pages = (count: number): string => `${count} page${count === 1 ? '' : 's'}`;

/** The pages that hugetlbfs keeps for itself: nobody holds them, but mappings have been promised some. */
function poolCard(m: Moment): HolderCard[] {
  const now = hugePool();
  if (now === null) return [];
  if (m.at > 0) goTo(m.run, m.at - 1);
  const was = hugePool() ?? now;
  goTo(m.run, m.at);
  const count = { free: now.free, promised: now.reserved },
    before = { free: was.free, promised: was.reserved };
  return [
    {
      id: POOL_ID,
      kind: 'pool',
      title: 'huge pool',
      state: 'live',
      sub: 'of huge pages',
      note: 'A free page that is promised goes to the mapping that has the promise, and to no other.',
      rows: POOL_ROWS.map((label) => ({
        id: `${POOL_ID}:${label}`,
        label,
        words: label === 'free' ? `${count.free} of ${pages(now.size)}` : pages(count.promised),
        changed: count[label] !== before[label],
      })),
    },
  ];
}

/** A device that is at work on a hold has no process card: its own card says what it does. */
function deviceWords(m: Moment, hold: number): string | null {
  const { plan } = m.run.machine,
    t = m.step?.thread ?? -1,
    op = plan.ops[m.step?.op ?? -1];
  if (op === undefined || plan.threads[t]!.process >= 0) return null;
  if (op.syscall === 'pipe_read' || op.slot !== hold) return null;
  return `${actorName(plan, t)}: ${doing(m, t)}.`;
}

interface User {
  readonly title: string;
  readonly does: string;
}

/** Who a hold belongs to, and what that means for the page. */
function userOf(op: Op): User {
  const writes = (op.flags & FOLL_WRITE) !== 0;
  switch (op.syscall) {
    case 'dio':
    case 'dio_read':
      return { title: 'direct read', does: 'The disk writes here before the read completes.' };
    case 'dio_write':
      return { title: 'direct write', does: 'The disk reads here before the write completes.' };
    case 'uring_register':
      return { title: 'fixed buffer', does: 'The ring reads and writes here without looking it up again.' };
    case 'rdma_register':
      return {
        title: 'RDMA region',
        does: writes
          ? 'The network card writes here, at any time.'
          : 'The network card reads here, at any time.',
      };
    default: {
      const how =
        (op.flags & FOLL_PIN) === 0 ? 'reference' : (op.flags & FOLL_LONGTERM) === 0 ? 'pin' : 'long pin';
      return {
        title: how,
        does: writes ? 'A device writes here, at any time.' : 'A device reads here, at any time.',
      };
    }
  }
}

const stateOf = (all: readonly Tenure[], now: readonly Tenure[], at: number): HolderCard['state'] =>
  now.length > 0 ? 'live' : all.some((t) => t.from <= at) ? 'gone' : 'unborn';
const lastOf = (all: readonly Tenure[]): number => Math.max(0, ...all.map((t) => t.to));

/** As its card is called. */
const nameOf = (f: number): string => (f === ZERO_PAGE ? 'zero page' : folioName(f));

function rowWords(m: Moment, t: Tenure): string {
  const { stored } = folioAt(t.folio),
    text = m.run.machine.plan.stored[stored]!.text;
  const size = stored === 0 ? 'zeros' : `${text.length} byte${text.length === 1 ? '' : 's'}`;
  return t.holder.kind === 'pipe' ? `${nameOf(t.folio)}, ${size}` : size;
}
