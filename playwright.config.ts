import { defineConfig } from '@playwright/test';
import { freePort } from './scripts/free-port.mjs';
import { howToGetOne, resolveBrowser } from './scripts/resolve-browser.mjs';

const browser = await resolveBrowser();
if (!browser) throw new Error(`${howToGetOne}\n(npm test fetches one by itself where it can)`);

// This file is read again in every worker process, which must see the port that the first reading chose.
const port = (process.env['FOLIOSCOPE_PORT'] ??= String(await freePort()));
const url = `http://127.0.0.1:${port}`;
const report = process.env['FOLIOSCOPE_E2E_REPORT'];

export default defineConfig({
  testDir: 'e2e',
  workers: 1,
  forbidOnly: Boolean(process.env['CI']),
  timeout: 30_000,
  reporter: report ? [['list'], ['json', { outputFile: report }]] : 'list',
  use: {
    baseURL: url,
    launchOptions: { executablePath: browser.executablePath, ...(browser.env ? { env: browser.env } : {}) },
    trace: 'retain-on-failure',
    video: 'off',
    viewport: { width: 1440, height: 900 },
    // Nothing is kept for use without a network, so that no test meets files of another; offline.spec.ts does.
    storageState: {
      cookies: [],
      origins: [{ origin: url, localStorage: [{ name: 'folioscope.offline', value: 'off' }] }],
    },
  },
  // The built app, not the dev server; never a server that was already there, which might serve something else.
  webServer: {
    command: `"${process.execPath}" node_modules/vite/bin/vite.js preview --host 127.0.0.1 --port ${port} --strictPort`,
    url,
    reuseExistingServer: false,
    timeout: 60_000,
  },
});
