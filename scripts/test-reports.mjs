// Counts tests in the JSON reports of vitest and Playwright. No test at all counts as a failure: a suite whose
// files are no longer found must not look green.
import { existsSync, readFileSync } from 'node:fs';

function read(report) {
  return existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : null;
}

function orNothing(passed, failed) {
  return passed + failed === 0 ? { passed, failed: 1, why: 'no test was found' } : { passed, failed };
}

export function countVitest(report) {
  const json = read(report);
  if (!json) return { passed: 0, failed: 1, why: 'vitest wrote no report' };
  let passed = 0;
  let failed = 0;
  for (const file of json.testResults) {
    const statuses = file.assertionResults.map((test) => test.status);
    const failedHere = statuses.filter((status) => status === 'failed').length;
    passed += statuses.filter((status) => status === 'passed').length;
    // A file that cannot be loaded holds no test, and is one failure.
    failed += failedHere || (file.status === 'failed' ? 1 : 0);
  }
  return orNothing(passed, failed);
}

export function countPlaywright(report) {
  const json = read(report);
  if (!json) return { passed: 0, failed: 1, why: 'Playwright wrote no report' };
  const { expected, flaky, unexpected } = json.stats;
  const outside = json.errors?.length ?? 0;
  return orNothing(expected + flaky, unexpected + outside);
}
