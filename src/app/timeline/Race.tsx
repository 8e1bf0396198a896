/** The race window: a bracket for each two steps that would keep the rule the other way round. */
import type { ReactNode } from 'react';
import type { SwapView } from '../../worker/protocol.ts';
import { useSession } from '../live.ts';
import { centreOf, type Track } from './track.ts';

const swapWords = ({ first, second }: SwapView): string =>
  `${first.thread}’s step ${first.step} comes before ${second.thread}’s step ${second.step}; ` +
  'the other way round the rule holds';

/** What the word takes. */
const WORD = 36;

/** Under the lanes, one over the other where they overlap. */
export function RaceBrackets({ track }: { readonly track: Track }): ReactNode {
  const swaps = useSession((state) => state.race?.swaps);
  if (!swaps || swaps.length === 0) return null;
  return (
    <>
      {swaps.map((swap, i) => {
        const left = centreOf(track, swap.first.step),
          right = centreOf(track, swap.second.step);
        return (
          <i
            key={`${swap.first.step} ${swap.second.step}`}
            className="race-bracket"
            title={`Race: ${swapWords(swap)}.`}
            style={{ left, width: Math.max(4, right - left), bottom: 14 + rowOf(swaps, i) * 5 }}
          >
            {i === 0 && right - left >= WORD && <span>race</span>}
          </i>
        );
      })}
    </>
  );
}

/** The lowest row in which no earlier bracket is in the way. */
export function rowOf(swaps: readonly SwapView[], i: number): number {
  const rows: number[] = [];
  for (let k = 0; k <= i; k++) {
    const taken = swaps
      .slice(0, k)
      .flatMap((s, j) => (s.second.step > swaps[k]!.first.step ? [rows[j]!] : []));
    let row = 0;
    while (taken.includes(row)) row++;
    rows.push(row);
  }
  return rows[i]!;
}
