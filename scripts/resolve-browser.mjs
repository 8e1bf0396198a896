// Finds a Chromium that Playwright can drive. Order: FOLIOSCOPE_CHROMIUM, Playwright's own, the system's,
// the one shipped on npm. Loaded again by every Playwright worker, so it must be cheap and idempotent.
import { execFileSync } from 'node:child_process';
import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { withLock } from './lock.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const shipped = join(here, 'browser');

const namesOnPath = [
  'chromium-headless-shell',
  'chromium',
  'chromium-browser',
  'google-chrome-stable',
  'google-chrome',
  'microsoft-edge',
];
const macApps = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
];

export const howToGetOne = [
  'No Chromium found. Either:  npx playwright install chromium',
  'or, on Debian and Ubuntu:   apt-get install chromium-headless-shell   (FOLIOSCOPE_APT=1 lets root do it here)',
].join('\n');

/**
 * @param {{ install?: boolean }} [options] install: may download the npm-shipped browser
 * @returns {Promise<{ source: string, executablePath: string, env?: Record<string, string> } | null>}
 */
export async function resolveBrowser({ install = false } = {}) {
  // A path, or one of: bundled | system | npm
  const wish = process.env.FOLIOSCOPE_CHROMIUM;
  if (wish && /[/\\]/.test(wish)) {
    if (!canRun(wish)) throw new Error(`FOLIOSCOPE_CHROMIUM names ${wish}, which cannot be run`);
    return { source: 'FOLIOSCOPE_CHROMIUM', executablePath: wish };
  }
  if (wish && !['bundled', 'system', 'npm'].includes(wish)) {
    throw new Error(`FOLIOSCOPE_CHROMIUM is "${wish}"; give a path, or one of: bundled, system, npm`);
  }
  const may = (source) => !wish || wish === source;
  return (
    (may('bundled') && (await bundled())) ||
    (may('system') && system()) ||
    (may('npm') && process.platform === 'linux' && process.arch === 'x64' && (await npmShipped(install))) ||
    (may('system') && install && fromApt()) ||
    null
  );
}

async function bundled() {
  const { chromium } = await import('@playwright/test');
  const path = chromium.executablePath();
  return path && existsSync(path) ? { source: 'bundled with Playwright', executablePath: path } : null;
}

function system() {
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  const candidates = [...namesOnPath.flatMap((name) => folders.map((dir) => join(dir, name))), ...macApps];
  const path = candidates.find(canRun);
  return path ? { source: 'system', executablePath: path } : null;
}

/** Only on request: a test command must not change somebody's machine by itself. */
function fromApt() {
  if (process.env.FOLIOSCOPE_APT !== '1' || process.getuid?.() !== 0) return null;
  const apt = (...args) => execFileSync('apt-get', args, { stdio: ['ignore', 2, 2] });
  try {
    apt('update');
    apt('install', '-y', '--no-install-recommends', 'chromium-headless-shell');
  } catch (error) {
    console.error(`apt-get: ${error.message}`);
  }
  return system();
}

async function npmShipped(install) {
  const home = join(shipped, 'node_modules/@sparticuz/chromium');
  const wanted = JSON.parse(readFileSync(join(shipped, 'package.json'), 'utf8'));
  const version = wanted.dependencies['@sparticuz/chromium'];
  const unpacked = join(shipped, 'unpacked', version);
  if (!existsSync(join(unpacked, 'chromium'))) {
    if (!install) return null;
    try {
      await withLock(join(shipped, '.lock'), () => unpack(home, version, unpacked));
    } catch (error) {
      console.error(`The Chromium shipped on npm could not be installed: ${error.message}`);
      return null;
    }
  }
  return {
    source: 'shipped on npm',
    executablePath: join(unpacked, 'chromium'),
    // A machine with no desktop lacks nss and fonts; without fonts all text measures 0 px.
    env: {
      ...process.env,
      LD_LIBRARY_PATH: join(unpacked, 'al2023/lib'),
      FONTCONFIG_PATH: join(unpacked, 'fonts'),
    },
  };
}

async function unpack(home, version, unpacked) {
  if (existsSync(join(unpacked, 'chromium'))) return;
  if (installedVersion(home) !== version) {
    const flags = ['--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'];
    execFileSync('npm', ['ci', '--prefix', shipped, ...flags], { stdio: ['ignore', 2, 2] });
  }
  const half = `${unpacked}.${process.pid}`;
  rmSync(half, { recursive: true, force: true });
  mkdirSync(half, { recursive: true });
  // The package unpacks to a fixed name in the temp folder and trusts whatever it finds there: a half-written
  // file, an old version, somebody else's. So it gets a temp folder of its own, which is then renamed.
  const keep = process.env.TMPDIR;
  process.env.TMPDIR = half;
  try {
    const { default: chromium, inflate } = await import(pathToFileURL(join(home, 'build/index.js')).href);
    await chromium.executablePath();
    await inflate(join(home, 'bin/al2023.tar.br'));
  } finally {
    if (keep === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = keep;
  }
  chmodSync(join(half, 'chromium'), 0o755);
  renameSync(half, unpacked);
}

function installedVersion(home) {
  const file = join(home, 'package.json');
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).version : null;
}

/** The browser's own words, such as "Chromium 153.0.7891.0"; it starts no window with --version. */
export function browserVersion({ executablePath, env }) {
  if (process.platform === 'win32') return 'version unknown';
  try {
    const options = { env: env ?? process.env, timeout: 20_000, stdio: ['ignore', 'pipe', 'ignore'] };
    return execFileSync(executablePath, ['--version'], options).toString().trim();
  } catch {
    return 'version unknown';
  }
}

function canRun(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const browser = await resolveBrowser({ install: process.argv.includes('--install') }).catch((error) => {
    console.log(error.message);
    process.exit(1);
  });
  console.log(browser ? `${browserVersion(browser)}, ${browser.source}` : howToGetOne);
  process.exit(browser ? 0 : 1);
}
