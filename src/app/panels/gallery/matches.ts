import type { ScenarioInfo } from '../../../worker/protocol.ts';

/** Has every word of the query, in its title, its paragraph, its source or its lines. */
export function matches({ id, title, about, source, text }: ScenarioInfo, query: string): boolean {
  const all = [id, title, about, source, text].join('\n').toLowerCase();
  return query
    .toLowerCase()
    .split(/\s+/)
    .every((word) => all.includes(word));
}
