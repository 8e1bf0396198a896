/** The folder of this package, seen from the source as well as from the bundle; fixtures are there. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json')) || !existsSync(join(folder, 'fixtures'))) {
    if (dirname(folder) === folder)
      throw new Error('folioscope is not in its checkout: there are no fixtures');
    folder = dirname(folder);
  }
  return folder;
}
