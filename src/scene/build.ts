/** World to picture: what is drawn after step `at` of a run. Pure; `scene.ts` says what each part means. */
import { goTo } from '../debugger/run.ts';
import type { Run } from '../debugger/run.ts';
import type { Broken } from '../debugger/violations.ts';
import { folioCards } from './build-folios.ts';
import { holderCards } from './build-holders.ts';
import { processCards, tableCards } from './build-processes.ts';
import { edgesOf } from './edges.ts';
import type { Facts } from './facts.ts';
import type { Scene } from './scene.ts';

/** `broken`: rules that are broken at this step. */
export function buildScene(run: Run, facts: Facts, at: number, broken: readonly Broken[]): Scene {
  goTo(run, at);
  const step = run.steps[at - 1] ?? null;
  const at_ = { run, facts, at, step, broken };
  const processes = processCards(at_),
    tables = tableCards(at_);
  const folios = folioCards(at_),
    holders = holderCards(at_);
  return { at, processes, tables, folios, holders, edges: edgesOf(at_, folios), legend: legendOf(facts) };
}

const ORDER = [
  'read-only',
  'writable',
  'stale',
  'away',
  'reference',
  'pin',
  'pale',
  'solid',
  'exclusive',
  'owner',
  'mappers',
  'bits',
] as const;
const legendOf = (facts: Facts) => ORDER.filter((s) => facts.signs.has(s));
