/** Copying with an answer in place: the button itself says that it worked. */
import { useEffect, useState } from 'react';
import { copyText } from '../copyText.ts';
import { session } from '../live.ts';
import { wordsOf } from '../session/core.ts';

const BACK_MS = 2500;

export function useCopy(make: () => Promise<string>): {
  readonly copied: boolean;
  readonly copy: () => void;
} {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), BACK_MS);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = (): void => {
    make()
      .then(copyText)
      .then(
        () => setCopied(true),
        (error: unknown) => session.tell('run', 'The link could not be copied.', [wordsOf(error)]),
      );
  };
  return { copied, copy };
}
