/** Which models stand in the strip, and what it says in one sentence. */
import { useMemo } from 'react';
import { useSession } from '../live.ts';
import { sentence } from './sentence.ts';

/** A released kernel has a version for a name; everything else was proposed. */
const isEra = (id: string): boolean => /^v\d/.test(id);

export function useKernels(): { readonly eras: readonly string[]; readonly proposals: readonly string[] } {
  const info = useSession((state) => state.info);
  return useMemo(() => {
    const ids = (info?.models ?? []).filter((one) => !one.composed).map((one) => one.id);
    return { eras: ids.filter(isEra), proposals: ids.filter((id) => !isEra(id)) };
  }, [info]);
}

export function useStripSentence(): string {
  const { eras } = useKernels();
  const verdicts = useSession((state) => state.verdicts);
  return sentence(eras.map((id) => ({ id, cell: verdicts[id] })));
}
