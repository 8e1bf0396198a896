/** Which models stand in the strip, and what it says in one sentence. */
import { useMemo } from 'react';
import { useSession } from '../live.ts';
import { sentence } from './sentence.ts';

export function useKernels(): { readonly eras: readonly string[]; readonly proposals: readonly string[] } {
  const info = useSession((state) => state.info);
  return useMemo(() => {
    const shown = (info?.models ?? []).filter((one) => !one.composed);
    const idsOf = (proposal: boolean): string[] =>
      shown.filter((one) => one.proposal === proposal).map((one) => one.id);
    return { eras: idsOf(false), proposals: idsOf(true) };
  }, [info]);
}

export function useStripSentence(): string {
  const { eras } = useKernels();
  const verdicts = useSession((state) => state.verdicts);
  return sentence(eras.map((id) => ({ id, cell: verdicts[id] })));
}
