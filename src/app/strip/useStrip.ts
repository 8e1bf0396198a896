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
  const word = useViolationWord();
  return sentence(
    eras.map((id) => ({ id, cell: verdicts[id] })),
    word,
  );
}

/** `leak`, `lost`: the word of the check's invariant, where this or an earlier run met it. */
function useViolationWord(): string {
  const invariant = useSession(
    (state) =>
      Object.values(state.verdicts).find((one) => one.view?.verdict === 'violated')?.view?.invariant ?? '',
  );
  return useSession((state) => state.words[invariant] ?? '');
}
