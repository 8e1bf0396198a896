/**
 * What scenarios of small anonymous pages cost, against what was recorded before there were other kinds of
 * memory: a kind that a scenario does not use must cost it nothing. Speeds are transitions for each state of
 * the reference loop, so that the machine does not matter much.
 */
import { changes, median, record, recorded, search, sizesOf, timed } from './measure.ts';
import type { Sizes } from './measure.ts';
import { twins } from './twins/twins.ts';

/** Those of the product's own tables. */
const anonymous = twins.filter(({ id }) => !id.startsWith('toy'));
const ALLOWED = 0.03;
const within = (ratio: number): boolean => ratio <= 1 + ALLOWED;

/** `reference`: nanoseconds for each state of the hand-written loop, measured now. */
export function againstRecord(repetitions: number, reference: () => number, records: boolean): string {
  const found: Record<string, Sizes> = {},
    speeds: Record<string, number> = {};
  for (const twin of anonymous) {
    found[twin.id] = sizesOf(twin);
    if (twin.size !== 'large') continue;
    const machine = twin.boot(false);
    search(twin, machine, 'bare');
    speeds[twin.id] = median(
      Array.from({ length: repetitions }, () => {
        const base = reference(),
          { ms, value } = timed(() => search(twin, machine, 'bare'));
        return (base * value.edges) / (ms * 1e6);
      }),
    );
  }
  if (records) record('speeds.json', speeds);
  const before = recorded<number>('speeds.json');
  const slower = Object.entries(speeds).flatMap(([id, now]) =>
    before[id] === undefined ? [] : [{ id, ratio: before[id] / now }],
  );
  const line = (what: string, all: readonly { id: string; ratio: number }[]): string => {
    if (all.length === 0) return `${what}: nothing is recorded`;
    const worst = all.reduce((a, b) => (b.ratio > a.ratio ? b : a)),
      middle = median(all.map((c) => c.ratio));
    const verdict = within(middle) ? 'unchanged within 3 %' : 'CHANGED by more than 3 %';
    return `${what}: x ${middle.toFixed(3)} of the record, at most x ${worst.ratio.toFixed(3)} (${worst.id}): ${verdict}`;
  };
  return [
    `anonymous twins (${anonymous.length})`,
    line('  bytes/state      ', changes(found)),
    line('  time for a step  ', slower),
  ].join('\n');
}
