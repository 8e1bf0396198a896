/** Column four: pipes, and the holds of devices and other processes. */
import { holdingAt } from '../debugger/history.ts';
import type { Tenure } from '../debugger/history.ts';
import { pageName } from '../debugger/words.ts';
import { FOLL_PIN, FOLL_WRITE } from '../kernel/flags.ts';
import { folioAt } from '../kernel/view.ts';
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
      pin = (op.flags & FOLL_PIN) !== 0;
    const owner = plan.processes[plan.threads[op.thread]!.process]!.name;
    return {
      id: `hold:${h.name}`,
      kind: 'hold',
      title: `${pin ? 'pin' : 'reference'} ${h.name}`,
      state,
      sub: `to ${(op.flags & FOLL_WRITE) !== 0 ? 'write' : 'read'} ${owner} ${pageName(plan, op.va)}`,
      note:
        state === 'unborn'
          ? all[0] === undefined
            ? 'Not taken in this run.'
            : `Taken at step ${all[0].from}.`
          : state === 'live'
            ? (op.flags & FOLL_WRITE) !== 0
              ? 'A device writes here, at any time.'
              : 'A device reads here, at any time.'
            : `Released at step ${lastOf(all)}.`,
      rows: now.map((t) => ({
        id: holdRowId(h.name),
        label: folioName(t.folio),
        words: rowWords(m, t),
        changed: t.from === m.at && m.at > 0,
      })),
    };
  });
  return [...pipes, ...holds];
}

const stateOf = (all: readonly Tenure[], now: readonly Tenure[], at: number): HolderCard['state'] =>
  now.length > 0 ? 'live' : all.some((t) => t.from <= at) ? 'gone' : 'unborn';
const lastOf = (all: readonly Tenure[]): number => Math.max(0, ...all.map((t) => t.to));

function rowWords(m: Moment, t: Tenure): string {
  const { stored } = folioAt(t.folio),
    text = m.run.machine.plan.stored[stored]!.text;
  const size = stored === 0 ? 'zeros' : `${text.length} byte${text.length === 1 ? '' : 's'}`;
  return t.holder.kind === 'pipe' ? `${folioName(t.folio)}, ${size}` : size;
}
