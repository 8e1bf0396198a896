// What `npm test` runs, in order. Always ends with one line "N passed, N failed", whatever happens on the way.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.mjs';
import { install } from './install.mjs';
import { killCurrent, runNode } from './run-node.mjs';
import { countPlaywright, countVitest } from './test-reports.mjs';

const minutes = (n) => n * 60_000;
const reports = mkdtempSync(join(tmpdir(), 'folioscope-test-'));

/** A stage that is one check: it passes if every command ends with 0. */
async function commands(limit, ...lines) {
  for (const line of lines) {
    const failure = await runNode(line, { limit });
    if (failure) throw new Error(failure);
  }
  return { passed: 1, failed: 0 };
}

/** A stage that is many tests: its report is counted, and an exit status that the report cannot explain is too. */
async function suite(limit, line, count, report, env) {
  const failure = await runNode(line, { limit, env: { CI: '1', ...env } });
  const result = count(report);
  if (!failure || (result.failed > 0 && !result.why)) return result;
  return { ...result, failed: Math.max(1, result.failed), why: failure };
}

const unitReport = join(reports, 'unit.json');
const checksReport = join(reports, 'checks.json');
const e2eReport = join(reports, 'e2e.json');
const vite = 'node_modules/vite/bin/vite.js';

const vitest = (report, args) =>
  suite(
    minutes(20),
    ['node_modules/vitest/vitest.mjs', 'run', '--reporter=default', '--reporter=json', ...args],
    countVitest,
    report,
    { FOLIOSCOPE_UNIT_REPORT: report },
  );

const stages = {
  browser: () => commands(minutes(15), ['scripts/resolve-browser.mjs', '--install']),
  types: () => commands(minutes(5), ['scripts/type-check.mjs']),
  lint: () => commands(minutes(5), ['node_modules/oxlint/bin/oxlint', '--deny-warnings']),
  unit: (args) => vitest(unitReport, ['--exclude', 'src/checker/**', ...args]),
  // What the checker finds in every order of every scenario: must-fail, must-hold, reductions, the gallery.
  checks: (args) => vitest(checksReport, ['src/checker', ...args]),
  build: () =>
    commands(
      minutes(20),
      [vite, 'build', '--logLevel', 'warn'],
      [vite, 'build', '--config', 'vite.single.config.ts', '--logLevel', 'warn'],
      ['scripts/build-cli.mjs'],
    ),
  size: () => commands(minutes(1), ['scripts/bundle-size.mjs']),
  e2e: async (args) =>
    suite(
      minutes(40),
      ['node_modules/@playwright/test/cli.js', 'test', ...args],
      countPlaywright,
      e2eReport,
      {
        FOLIOSCOPE_E2E_REPORT: e2eReport,
        // Playwright forces colours on the server it starts, which would then warn about the contradiction.
        NO_COLOR: undefined,
        FOLIOSCOPE_PORT: String(await freePort()),
      },
    ),
};

/** What a stage needs from earlier ones; without it, it would only repeat their failure. */
const needs = { size: ['build'], e2e: ['browser', 'build'] };

const results = [];
let ended = false;

async function runStage(name, work) {
  console.log(`\n── ${name}`);
  const since = Date.now();
  let result;
  try {
    result = await work();
  } catch (error) {
    result = { passed: 0, failed: 1, why: error.message };
  }
  results.push({ name, seconds: (Date.now() - since) / 1000, ...result });
  if (result.why) console.log(`${name}: ${result.why}`);
  return result.failed === 0;
}

function end() {
  ended = true;
  rmSync(reports, { recursive: true, force: true });
  console.log('');
  for (const { name, passed, failed, seconds } of results) {
    const outcome = failed ? `${passed} passed, ${failed} FAILED` : `${passed} passed`;
    console.log(`${name.padEnd(9)} ${`${seconds.toFixed(1)} s`.padStart(8)}   ${outcome}`);
  }
  const total = (key) => results.reduce((sum, result) => sum + result[key], 0);
  console.log(`\n${total('passed')} passed, ${total('failed')} failed`);
  process.exit(total('failed') === 0 ? 0 : 1);
}

function endEarly(why) {
  killCurrent();
  results.push({ name: 'stopped', passed: 0, failed: 1, seconds: 0 });
  console.log(`\n${why}`);
  end();
}

/** Arguments: names of stages (all if none), then arguments for the test runners. */
export async function testAll(args) {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
    process.on(signal, () => endEarly(`stopped by ${signal}`));
  process.on('uncaughtException', (error) => endEarly(error.stack));
  process.on(
    'exit',
    () => ended || endEarly('nothing was left to wait for, which is a bug of the test script'),
  );

  const named = args.filter((arg) => Object.hasOwn(stages, arg));
  const rest = args.filter((arg) => !Object.hasOwn(stages, arg));
  const wanted = new Set(named.flatMap((name) => [...(needs[name] ?? []), name]));

  console.log(`folioscope: node ${process.version} on ${process.platform} ${process.arch}`);
  const installed = await runStage('install', async () => {
    console.log(await install());
    return { passed: 1, failed: 0 };
  });
  if (!installed && !existsSync('node_modules/vitest')) return end();

  const broken = new Set();
  for (const [name, work] of Object.entries(stages)) {
    if (wanted.size && !wanted.has(name)) continue;
    const missing = (needs[name] ?? []).find((need) => broken.has(need));
    if (missing) {
      broken.add(name);
      results.push({ name, passed: 0, failed: 1, seconds: 0 });
      console.log(`\n── ${name}\n${name}: not run, because ${missing} failed`);
    } else if (!(await runStage(name, () => work(rest)))) broken.add(name);
  }
  end();
}
