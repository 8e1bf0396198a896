/** INV-DEAD: where nobody can move, everybody is done. */
import { status } from '../kernel/engine.ts';
import type { Status } from '../kernel/engine.ts';
import { mmOf, workers } from '../kernel/world.ts';
import { processCard, processName, threadName } from './invariant.ts';
import type { Broken, Invariant } from './invariant.ts';

/** A process that is never born, or has exited, keeps nobody waiting by itself. */
const isOver = (s: Status): boolean => s.kind === 'finished' || s.kind === 'absent';

function broken(): Broken | null {
  const n = workers;
  let blocked = -1;
  for (let t = 0; t < n; t++) {
    const s = status(t);
    if (s.kind === 'enabled') return null;
    if (blocked < 0 && !isOver(s)) blocked = t;
  }
  return blocked < 0 ? null : stuck();
}
function stuck(): Broken {
  const waiting: string[] = [],
    cards: string[] = [];
  let first: number | null = null;
  for (let t = 0; t < workers; t++) {
    const s = status(t);
    if (s.kind !== 'locked' && s.kind !== 'waits') continue;
    waiting.push(
      s.kind === 'waits'
        ? `${threadName(t)} ${s.until}`
        : `${threadName(t)} waits for ${s.lock}, held by ${names(s.holders)}`,
    );
    if (mmOf[t]! < 0) continue;
    first ??= mmOf[t]!;
    cards.push(processCard(mmOf[t]!));
  }
  const why =
    waiting.length > 0
      ? waiting.join('; ')
      : `the next part waits for ${names(absent())}, which is not there`;
  return { reason: `Nobody can move: ${why}.`, cards: [...new Set(cards)], process: first, folio: -1 };
}
const absent = (): number[] =>
  Array.from({ length: workers }, (_, t) => t).filter((t) => status(t).kind === 'absent');
const names = (threads: readonly number[]): string =>
  threads.map((t) => (mmOf[t]! < 0 ? processName(-1) : threadName(t))).join(', ') || 'nobody';

export const no_deadlock: Invariant = {
  id: 'no-deadlock',
  alias: ['INV-DEAD', 'DEAD'],
  says: 'Where nobody can move, everybody is done.',
  word: 'stuck',
  cite: 'Documentation/mm/locking',
  whenStill: true,
  broken,
  applies: () => true,
};
