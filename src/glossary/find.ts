/** Finds words of the vocabulary in texts: the first appearance of each, so that a page does not shout. */
import type { Term } from './vocabulary.ts';

export type Part = string | { readonly text: string; readonly term: Term };

export type Finder = (texts: readonly string[]) => readonly (readonly Part[])[];

const escaped = (form: string): string => form.replaceAll(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`);

/** Abbreviations and names of the kernel are written in one way only. */
const exact = (form: string): boolean => /[A-Z_]/.test(form.slice(1));

/** `texts`: what is read in one go. A word is marked where it comes first in any of them. */
export function finderOf(terms: readonly Term[]): Finder {
  const byForm = new Map<string, Term>();
  for (const term of terms)
    if (!term.quiet)
      for (const form of [term.word, ...term.also]) byForm.set(exact(form) ? form : form.toLowerCase(), term);
  // The longest form first: “stale TLB entry” is not about the TLB.
  const forms = [...byForm.keys()].sort((a, b) => b.length - a.length).map(escaped);
  const any = new RegExp(String.raw`(?<![\w/.-])(?:${forms.join('|')})(?![\w(-]|\.\w)`, 'gi');
  const termOf = (text: string): Term | undefined => byForm.get(text) ?? byForm.get(text.toLowerCase());
  return (texts) => {
    const seen = new Set<Term>();
    return texts.map((text) => {
      const parts: Part[] = [];
      let done = 0;
      for (const { 0: found, index } of text.matchAll(any)) {
        const term = termOf(found);
        if (!term || seen.has(term)) continue;
        seen.add(term);
        if (index > done) parts.push(text.slice(done, index));
        parts.push({ text: found, term });
        done = index + found.length;
      }
      if (done < text.length) parts.push(text.slice(done));
      return parts;
    });
  };
}
