/** Holds and their pages: what the invariants about devices have in common. */
import { FOLL_PIN } from '../kernel/flags.ts';
import {
  HOLD_LIVE,
  HOLD_PIN,
  HOLD_PROMISED,
  HOLD_WRITE,
  holdBits,
  holdFolio,
  holdPlace,
} from '../kernel/verbs/mm.ts';
import { pte_folio, pte_present } from '../kernel/verbs/pte.ts';
import { pteAt } from '../kernel/view.ts';
import { now } from '../kernel/world.ts';
import { folioCard, folioName, holdCard, pageName, processCard, processName } from './invariant.ts';
import type { Broken } from './invariant.ts';

/** Taken as a pin, or as what stood for one before pins were counted. */
export function isPin(h: number): boolean {
  if ((holdBits(h) & HOLD_PIN) !== 0) return true;
  const { syscall, flags } = now.plan!.ops[now.plan!.holds[h]!.op]!;
  return (flags & FOLL_PIN) !== 0 || syscall.startsWith('process_vm');
}
/** What promises to be coherent: every pin, and a plain reference for writing, until the next fork. */
export const PROMISES = HOLD_PROMISED;
export const promises = (h: number): boolean =>
  (holdBits(h) & HOLD_PIN) !== 0 || (holdBits(h) & HOLD_WRITE) !== 0;

/** First hold with all of the bits, live, that `may` be asked about; -1 if there is none. */
export function holdWith(bits: number, may: (h: number) => boolean = () => true): number {
  const all = bits | HOLD_LIVE;
  for (let h = 0, n = now.counts.holds; h < n; h++) if ((holdBits(h) & all) === all && may(h)) return h;
  return -1;
}
/** The page is mapped where the hold was taken, and is another one. */
export function hasParted(h: number): boolean {
  const { process, va } = holdPlace(h),
    e = pteAt(process, va);
  return pte_present(e) && pte_folio(e) !== holdFolio(h);
}
export function partedReason(h: number): Broken {
  const { process, va } = holdPlace(h),
    f = holdFolio(h),
    mapped = pte_folio(pteAt(process, va)),
    { name } = now.plan!.holds[h]!;
  const where = `${pageName(va)} of ${processName(process)}`;
  const what = (holdBits(h) & HOLD_PIN) !== 0 ? 'pins' : 'holds';
  return {
    reason: `${name} ${what} ${folioName(f)}, but ${where} now maps ${folioName(mapped)}.`,
    cards: [holdCard(h), folioCard(f), folioCard(mapped), processCard(process)],
    process,
    folio: f,
  };
}
