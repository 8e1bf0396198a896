/** The strip in one sentence: "Leaks up to v5.7, safe since v5.8." */
import type { CheckView } from '../../worker/protocol.ts';
import type { Cell } from '../session/state.ts';

/** What a sign needs of a cell. */
export interface Signed {
  readonly state: Cell['state'];
  readonly view: Pick<CheckView, 'verdict' | 'word'> | null;
}

export interface Judged {
  readonly id: string;
  readonly cell: Signed | undefined;
}

type Sign = 'ok' | 'broken' | 'open' | 'none';

export const signOf = (cell: Signed | undefined): Sign | 'running' => {
  if (!cell || cell.state === 'failed') return 'none';
  if (cell.state !== 'done' || !cell.view) return 'running';
  if (cell.view.verdict === 'violated') return 'broken';
  return cell.view.verdict === 'holds' ? 'ok' : 'open';
};

const VERBS: Readonly<Record<string, readonly [broken: string, holding: string]>> = {
  leak: ['Leaks', 'safe'],
  lost: ['Loses a store', 'safe'],
  stale: ['A device and its process part', 'safe'],
  freed: ['Uses freed memory', 'safe'],
};

/** Speaks of what the first kernel breaks that breaks anything. */
export function sentence(kernels: readonly Judged[]): string {
  const word = kernels.find(({ cell }) => signOf(cell) === 'broken')?.cell?.view?.word ?? '';
  const signs = kernels.map(({ id, cell }) => ({ id, sign: signOf(cell) }));
  const waiting = signs.filter(({ sign }) => sign === 'running').length;
  const broken = signs.filter(({ sign }) => sign === 'broken').map(({ id }) => id);
  const [breaks, safe] = VERBS[word] ?? ['Broken', 'holds'];
  if (waiting > 0) return `Trying every order: ${signs.length - waiting} of ${signs.length} kernels`;
  if (broken.length === 0) return calm(signs);
  if (broken.length === signs.length) return `${breaks} on all ${signs.length} kernels`;

  const known = signs.filter(({ sign }) => sign === 'ok' || sign === 'broken');
  const first = known.findIndex(({ sign }) => sign === 'broken');
  const last = known.findLastIndex(({ sign }) => sign === 'broken');
  const oneBlock = last - first + 1 === broken.length;
  const from = known[first]?.id ?? '';
  const to = known[last]?.id ?? '';
  const next = known[last + 1]?.id;
  const after = next ? `, ${safe} since ${next}` : '';
  if (!oneBlock) {
    const until = next ? `last on ${to}` : 'still today';
    return `${breaks} on ${broken.length} of ${signs.length} kernels, ${until}`;
  }
  if (first === 0) return `${breaks} up to ${to}${after}`;
  if (!next) return `${breaks} since ${from}`;
  return from === to ? `${breaks} on ${from}${after}` : `${breaks} from ${from} to ${to}${after}`;
}

function calm(signs: readonly { readonly sign: string }[]): string {
  const undecided = signs.filter(({ sign }) => sign === 'open').length;
  if (undecided > 0) return `Too large to try every order on ${undecided} of ${signs.length} kernels`;
  return `Holds on all ${signs.filter(({ sign }) => sign === 'ok').length} kernels`;
}
