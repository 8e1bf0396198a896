import { defineConfig } from 'vitest/config';

const report = process.env['FOLIOSCOPE_UNIT_REPORT'];

export default defineConfig({
  test: {
    include: ['{src,scripts,bench}/**/*.test.{ts,tsx}'],
    environment: 'node',
    // A model check can be slow on a loaded two-core machine; a hang must still end.
    testTimeout: 120_000,
    // Threads start faster than processes and the core keeps no process-wide state.
    pool: 'threads',
    // `npm test` counts from this file; absent, only the readable reporter is in use.
    ...(report ? { outputFile: { json: report } } : {}),
  },
});
