import { describe, expect, test } from 'vitest';
import { readText } from './source-files.ts';

type Ranges = Readonly<Record<string, string>>;
interface Package {
  readonly dependencies?: Ranges;
  readonly devDependencies?: Ranges;
  readonly optionalDependencies?: Ranges;
}
type Packages = Readonly<Record<string, Package>>;

/**
 * Native tools name one optional package per platform. When a release lacks some of them on the registry, npm
 * leaves them out of the lockfile without a word, and `npm ci` then fails there, and sometimes everywhere.
 */
function missingPlatforms(packages: Packages): string[] {
  return Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies)
      .filter(
        (name) => !(`node_modules/${name}` in packages) && !(`${path}/node_modules/${name}` in packages),
      )
      .map((name) => `${path} wants ${name}, which the lockfile lacks; pin an older release of ${path}`),
  );
}

describe.each(['package-lock.json', 'scripts/browser/package-lock.json'])('%s', (file) => {
  const { packages } = JSON.parse(readText(file)) as { packages: Packages };

  test('holds the native parts for every platform', () => {
    expect(missingPlatforms(packages)).toEqual([]);
  });

  test('pins what its package.json asks for', () => {
    const wanted = JSON.parse(readText(file.replace('-lock', ''))) as Package;
    const root = packages[''] ?? {};
    expect(root.dependencies).toEqual(wanted.dependencies);
    expect(root.devDependencies).toEqual(wanted.devDependencies);
    const ranges = Object.values({ ...root.dependencies, ...root.devDependencies });
    expect(ranges.filter((range) => !/^\d+\.\d+\.\d+$/.test(range))).toEqual([]);
  });
});

test('a missing platform is noticed', () => {
  const lock: Packages = {
    'node_modules/tool': { optionalDependencies: { 'tool-linux': '1.0.0', 'tool-mac': '1.0.0' } },
    'node_modules/tool-linux': {},
  };
  expect(missingPlatforms(lock)).toEqual([expect.stringContaining('wants tool-mac')]);
});
