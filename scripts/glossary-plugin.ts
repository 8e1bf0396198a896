// The words of docs/vocabulary.md for the app, read while it is built; a file with mistakes makes no build.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';
import { readVocabulary } from '../src/glossary/vocabulary.ts';

const file = fileURLToPath(new URL('../docs/vocabulary.md', import.meta.url));
const name = 'virtual:glossary';

export function glossary(): Plugin {
  return {
    name: 'glossary',
    resolveId: (id) => (id === name ? `\0${name}` : null),
    load(id) {
      if (id !== `\0${name}`) return null;
      this.addWatchFile(file);
      const { terms, problems } = readVocabulary(readFileSync(file, 'utf8'));
      const [first] = problems;
      if (first) throw new Error(`docs/vocabulary.md:${first.line}: ${first.message}. ${first.hint}`);
      return `export default JSON.parse(${JSON.stringify(JSON.stringify(terms))})`;
    },
  };
}
