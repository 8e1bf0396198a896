/** The smallest change from one text to another, so that the cursor and the history survive. */
export function changeBetween(before: string, after: string): { from: number; to: number; insert: string } {
  const most = Math.min(before.length, after.length);
  let from = 0;
  while (from < most && before[from] === after[from]) from++;
  let behind = 0;
  while (behind < most - from && before[before.length - 1 - behind] === after[after.length - 1 - behind])
    behind++;
  return { from, to: before.length - behind, insert: after.slice(from, after.length - behind) };
}
