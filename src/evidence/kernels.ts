/**
 * Which model answers for which kernel: one table. A recording says what it was made on by its file's name,
 * series first, then the build (the `kernel` field inside may say less: Debian's 6.1.176 calls itself 6.1.0).
 */
import type { Switches } from '../kernel/plan.ts';

interface Series {
  /** Series of which there are recordings. */
  readonly recorded: readonly string[];
  /** Further series with the same rules, for the kernel that runs here. */
  readonly alike?: readonly string[];
  /** Model by build suffix; '' is the stock build. A build not named here may have any rule: not modelled. */
  readonly builds: Readonly<Record<string, string>>;
}

const table: readonly Series[] = [
  {
    recorded: ['5.10'],
    builds: {
      '': 'v5.10-lts',
      pagecount: 'v5.10-lts',
      mapcount: 'v5.10-lts+mapcount',
      gupbreak: 'v5.10-lts+gup-breaks-cow',
    },
  },
  { recorded: ['6.1'], builds: { '': 'v6.1' } },
  { recorded: ['6.12'], builds: { '': 'v6.12' } },
  { recorded: ['6.16', '6.18'], alike: ['6.15', '6.17'], builds: { '': 'v6.18' } },
  // Any 7.x; the gup_test build only adds a test driver and debug checks.
  { recorded: ['7'], builds: { '': 'v7.2', guptest: 'v7.2' } },
];

/**
 * The model for a recording, by the file's name without `.jsonl`: `6.18.44`, `5.10.262-mapcount`, `7.3-rc7`.
 * Null: not modelled.
 */
export function modelForStem(stem: string): string | null {
  const parts = /^(\d+)\.(\d+)(?:\.\d+)?(?:-([\w+]+))?$/.exec(stem);
  if (!parts) return null;
  const [, major = '', minor = '', suffix = ''] = parts;
  // A release candidate is the stock build of what it leads to.
  const build = /^rc\d+$/.test(suffix) ? '' : suffix;
  const row = table.find(
    ({ recorded }) => recorded.includes(`${major}.${minor}`) || recorded.includes(major),
  );
  return row && Object.hasOwn(row.builds, build) ? (row.builds[build] ?? null) : null;
}

/** What the build of a kernel decided, and no rule of copy-on-write: switches of the plan. */
export type Build = Pick<Switches, 'procMem' | 'softDirty'>;

/**
 * The 7.x kernels that were recorded give /proc/pid/mem no FOLL_FORCE (proc_mem.force_override: a debugger's
 * privilege), so that forced writes end with EIO. With `always` they behave as before. Kernels of small
 * configurations have no soft-dirty bits: a store after clear_refs takes no fault there.
 */
export function buildForStem(stem: string): Build {
  return {
    ...(stem.startsWith('7.') ? { procMem: 'unforced' } : {}),
    ...(/^5\.10\.262-|^6\.18\.44$|-guptest$/.test(stem) ? { softDirty: 'absent' } : {}),
  };
}

/** The model for a running kernel, by `uname -r`: whatever the distribution appends does not change rules. */
export function modelForRelease(release: string): string | null {
  const [, major = '', minor = ''] = /^(\d+)\.(\d+)/.exec(release) ?? [];
  const series = `${major}.${minor}`;
  const row = table.find(
    ({ recorded, alike }) =>
      recorded.includes(series) || recorded.includes(major) || (alike?.includes(series) ?? false),
  );
  return row?.builds[''] ?? null;
}
