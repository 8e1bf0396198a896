// docs/how-to/add-a-panel.md: the panel that it writes passes the type checker where it would stand, and its
// entry is one like the others.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const page = read('docs/how-to/add-a-panel.md');
const [body = ''] = [...page.matchAll(/```tsx\n([^]*?)```/g)].map(([, code = '']) => code);
const [entry = ''] = [...page.matchAll(/```ts\n([^]*?)```/g)].map(([, code = '']) => code);

test('its panel passes the type checker', () => {
  mkdirSync(join(root, 'test-results'), { recursive: true });
  // Beside the source, so that packages are found; nothing there is part of the repository.
  const folder = mkdtempSync(join(root, 'test-results', 'panel-'));
  const app = join(root, 'src/app');
  const code = body
    .replaceAll("from '../../", `from '${app}/`)
    .replaceAll("from '../PanelHead", `from '${app}/panels/PanelHead`);
  try {
    writeFileSync(join(folder, 'Pages.tsx'), code);
    const config = {
      extends: join(root, 'tsconfig.app.json'),
      include: [],
      files: ['Pages.tsx', join(root, 'src/app/virtual.d.ts')],
      compilerOptions: { noEmit: true, composite: false, incremental: false },
    };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    expect(() => execFileSync(process.execPath, [tsc, '-p', folder], { encoding: 'utf8' })).not.toThrow();
  } finally {
    rmSync(folder, { recursive: true });
  }
}, 60_000);

test('its entry has what every entry has', () => {
  const keys = (text: string): string[] => [...text.matchAll(/^ {4}(\w+):/gm)].map(([, key = '']) => key);
  const [first = ''] = /^ {2}\{\n[^]*?^ {2}\},\n/m.exec(read('src/app/panels/index.ts')) ?? [];
  expect(keys(entry)).toEqual(keys(first));
  expect(entry).toContain("import('./pages/Pages.tsx')");
  expect(page).toContain('`src/app/panels/pages/Pages.tsx`');
});
