// Writes docs/operations.md: npm run reference. With the name of a file it writes the same facts there, as JSON, for the page.
import { readFileSync, writeFileSync } from 'node:fs';
import { referenceText } from '../src/worker/reference-text.ts';
import { referenceOf } from '../src/worker/reference.ts';

const reference = referenceOf(readFileSync('docs/language.md', 'utf8'));
const [file] = process.argv.slice(2);
if (file === undefined) writeFileSync('docs/operations.md', await pretty(referenceText(reference)));
else writeFileSync(file, JSON.stringify(reference));

/** As the formatter of the repository wants it. */
async function pretty(text: string): Promise<string> {
  const { format, resolveConfig } = await import('prettier');
  return format(text, { ...(await resolveConfig('docs/operations.md')), parser: 'markdown' });
}
