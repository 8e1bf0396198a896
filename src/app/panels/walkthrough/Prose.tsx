/** A beat's paragraphs. What is a name of the kernel stands in its letters, as people would write it. */
import type { ReactNode } from 'react';
import { useExplained } from '../../glossary/glossary.ts';

/** `do_wp_page()`, `a.0`, `f0`, `mmap_lock`, `FOLL_PIN`, `v5.9`. */
const NAMES = new RegExp(
  `(${[
    String.raw`\b[A-Za-z]\w*\(\w*\)`,
    String.raw`\b\w+_\w+\b`,
    String.raw`\b[a-z]\.\d\b`,
    String.raw`\bf\d\b`,
    String.raw`\bv\d\.\d+(?:\.\d+)?`,
    String.raw`/proc/[\w/]+`,
  ].join('|')})`,
);

const withNames = (text: string): ReactNode =>
  text.split(NAMES).map((part, n) =>
    n % 2 === 1 ? (
      <span key={n} className="mono">
        {part}
      </span>
    ) : (
      part
    ),
  );

export function Prose({ paragraphs }: { readonly paragraphs: readonly string[] }): ReactNode {
  const explained = useExplained(paragraphs, withNames);
  return explained.map((text, i) => (
    <p key={i} className="beat-text">
      {text}
    </p>
  ));
}
