/** A QR code as one path: runs of dark squares, row by row. */

/** Letters of a link that still make a code which can be read from a distance. */
export const QR_MAX = 1200;

export function squaresOf(rows: readonly (readonly boolean[])[]): string {
  return rows
    .map((row, y) => {
      let path = '';
      for (let x = 0; x < row.length; x++) {
        if (!row[x]) continue;
        const from = x;
        while (row[x + 1]) x++;
        path += `M${from} ${y}h${x + 1 - from}v1h-${x + 1 - from}z`;
      }
      return path;
    })
    .join('');
}
