// docs/how-to/add-an-invariant.md, followed to the letter: the invariant that it writes is made and asked.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { check } from '../checker/check.ts';
import { planOf } from '../checker/plan-of.ts';
import { boot } from '../kernel/machine.ts';
import { modelById } from '../kernel/models/index.ts';
import { gallery } from '../scenario/gallery/index.ts';
import { invariants } from './index.ts';
import type { Invariant } from './index.ts';

const page = readFileSync(new URL('../../docs/how-to/add-an-invariant.md', import.meta.url), 'utf8');
const [file = '', line = ''] = [...page.matchAll(/```ts\n([^]*?)```/g)].map(([, code = '']) => code);

/** The one file of the page, written down and imported; its neighbours are those of this folder. */
async function invariantOf(code: string): Promise<Invariant> {
  const folder = mkdtempSync(join(tmpdir(), 'folioscope-invariant-'));
  const here = fileURLToPath(new URL('.', import.meta.url));
  const path = join(folder, 'lent.ts');
  writeFileSync(
    path,
    code.replaceAll("from './", `from '${here}`).replaceAll("from '../", `from '${here}../`),
  );
  try {
    const made = (await import(path)) as { lent_pages_are_not_written: Invariant };
    return made.lent_pages_are_not_written;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('the page has one file and one line', async () => {
  const made = await invariantOf(file);
  expect(line).toBe(`  ${made.id.replaceAll('-', '_')},\n`);
  expect(page).toContain(`src/invariants/${made.id}.ts`);
  expect(page).toContain(`--invariant ${made.id}`);
  expect(invariants.map((one) => one.id)).not.toContain(made.id);
});

test('it holds where a page is copied, is broken where it is reused, and misses nothing', async () => {
  const made = await invariantOf(file);
  const leak = planOf(gallery.find((one) => one.id === 'vmsplice-leak')!.text);
  for (const [model, verdict] of [
    ['v5.7', 'violated'],
    ['v5.9', 'holds'],
  ] as const)
    for (const one of [made, { ...made, reads: undefined }] as Invariant[])
      expect(check(boot(leak, modelById(model)!), { invariants: [one] }).verdict).toBe(verdict);
  const { reason } = check(boot(leak, modelById('v5.7')!), { invariants: [made] });
  expect(reason).toBe('parent may write to f0 at a.0, which a pipe has.');
});
