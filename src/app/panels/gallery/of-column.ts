import type { CheckView, ColumnView } from '../../../worker/protocol.ts';
import { isClaim } from '../matrix/rows.ts';

/** One verdict of all that a column asks: its first broken claim has the word. */
export function ofColumn({ cells }: ColumnView): Pick<CheckView, 'verdict' | 'word'> {
  const claims = cells.filter(({ row }) => isClaim(row));
  const broken = claims.find(({ verdict }) => verdict === 'violated');
  if (broken) return { verdict: 'violated', word: broken.word };
  return {
    verdict: claims.some(({ verdict }) => verdict === 'incomplete') ? 'incomplete' : 'holds',
    word: '',
  };
}
