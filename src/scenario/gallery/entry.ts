/**
 * A scenario of the gallery. What the list shows of it stands in its text, so that nothing is written
 * twice.
 */
import { parse } from '../parser.ts';
import { headingOf } from '../syntax.ts';

export interface Entry {
  /** Its name in links; never changes. */
  readonly id: string;
  readonly title: string;
  /** One paragraph. */
  readonly about: string;
  readonly source: string;
  readonly text: string;
  /** Model that it opens with: the one on which it is most worth watching. */
  readonly model: string;
}

export function entry(id: string, model: string, text: string): Entry {
  const clean = `${text.trim()}\n`;
  return { id, model, text: clean, ...headingOf(parse(clean).scenario) };
}
