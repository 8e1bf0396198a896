// How long a person waits, in a real browser: `npm run bench:page [-- --dist FOLDER] [--runs 7]`.
// Builds the page (or takes a folder where it was built), serves it from here and opens it with nothing in the
// cache, once for each run. Prints medians and the worst; never an assertion, as times depend on the machine.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium } from '@playwright/test';
import { howToGetOne, resolveBrowser } from '../scripts/resolve-browser.mjs';
import { LONG } from './long-run.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const { values: given } = parseArgs({ options: { dist: { type: 'string' }, runs: { type: 'string' } } });
const runs = Math.max(1, Number(given.runs ?? 7));

const TYPES = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

/** Five threads at four pages: far too much for a moment, so that there is something to stop. */
const LARGE = readFileSync(new URL('../fixtures/five-writers.txt', import.meta.url), 'utf8');

const browser = await resolveBrowser();
if (browser === null) {
  console.log(`skipped: ${howToGetOne}`);
  process.exit(0);
}
const dist = given.dist ?? build();
const server = createServer((request, response) => {
  const path = normalize(decodeURIComponent(new URL(request.url ?? '/', 'http://here').pathname));
  try {
    const body = readFileSync(join(dist, path === '/' ? 'index.html' : path));
    response.writeHead(200, { 'content-type': TYPES[extname(path)] ?? TYPES['.html'] }).end(body);
  } catch {
    response.writeHead(404).end();
  }
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
const home = `http://127.0.0.1:${server.address().port}/`;
const chrome = await chromium.launch({
  executablePath: browser.executablePath,
  ...(browser.env ? { env: browser.env } : {}),
});

/** @type {Map<string, number[]>} */
const found = new Map();
const note = (name, ms, unit = 'ms') =>
  found.set(name, [...(found.get(name) ?? []), ms]) && units.set(name, unit);
/** @type {Map<string, string>} */
const units = new Map();
try {
  for (let run = 0; run < runs; run += 1) {
    await coldPage();
    await checkOnceLoaded();
    await stopLarge(null);
    await stopLarge('2');
    await longRun();
  }
} finally {
  await chrome.close();
  server.close();
  if (given.dist === undefined) rmSync(dist, { recursive: true });
}
const width = Math.max(...[...found.keys()].map((name) => name.length));
for (const [name, all] of found) {
  const sorted = all.toSorted((a, b) => a - b);
  const of = (ms) => `${ms.toFixed(ms < 10 ? 1 : 0).padStart(6)} ${units.get(name)}`;
  console.log(`${name.padEnd(width)}  median ${of(sorted[sorted.length >> 1])}  worst ${of(sorted.at(-1))}`);
}

function build() {
  const folder = mkdtempSync(join(tmpdir(), 'folioscope-page-'));
  const vite = join(root, 'node_modules/vite/bin/vite.js');
  execFileSync(process.execPath, [vite, 'build', '--outDir', folder, '--emptyOutDir', '--logLevel', 'warn'], {
    cwd: root,
    stdio: 'inherit',
  });
  return folder;
}

/**
 * A page with nothing cached. `watch`: selectors whose first appearance is wanted, and a text in each; the page
 * itself notes the times, so that none is of the wire between here and there.
 */
async function cold(fragment, watch) {
  const context = await chrome.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  await page.addInitScript((list) => {
    const seen = {};
    globalThis.seen = seen;
    globalThis.watched = list;
    const look = () => {
      for (const [name, selector, text] of globalThis.watched) {
        if (seen[name] !== undefined) continue;
        const hit = [...document.querySelectorAll(selector)].some((one) => one.textContent.includes(text));
        // On the screen with the next frame.
        if (hit) {
          seen[name] = performance.now();
          requestAnimationFrame(() => {
            seen[name] = performance.now();
          });
        }
      }
    };
    new MutationObserver(look).observe(document, {
      subtree: true,
      childList: true,
      characterData: true,
      attributes: true,
    });
  }, watch);
  await page.goto(home + fragment, { waitUntil: 'load' });
  return { page, done: () => context.close() };
}
async function seen(page, name) {
  await page.waitForFunction((key) => globalThis.seen[key] !== undefined, name, { polling: 20 });
  await page.waitForTimeout(30);
  return page.evaluate((key) => globalThis.seen[key], name);
}
function loadedAt(page) {
  return page.evaluate(() => performance.getEntriesByType('navigation')[0].loadEventEnd);
}

/** The picture, and the sign of the seeded bug in the strip, which is worked out on the page. */
async function coldPage() {
  const { page, done } = await cold('#/s/vmsplice-leak?model=v5.7', [
    ['picture', 'svg.picture-svg [data-id]', ''],
    ['strip', '.strip [aria-label^="v5.7,"][data-sign=broken]', ''],
  ]);
  const picture = await seen(page, 'picture'),
    strip = await seen(page, 'strip'),
    loaded = await loadedAt(page);
  note('cold page to its first picture', picture);
  note('cold page to the verdict of the leak in the strip', strip);
  note('  the same, from when the page was loaded', strip - loaded);
  await done();
}

/** From the first picture on: the Check panel, its button, and what it answers. */
async function checkOnceLoaded() {
  const { page, done } = await cold('#/s/leak-any-order?model=v5.7', [
    ['picture', 'svg.picture-svg [data-id]', ''],
    ['answer', '.check-answer h3', 'Broken on v5.7'],
    ['run', '.check-answer button', 'Open the shortest run'],
  ]);
  await seen(page, 'picture');
  await page.getByRole('navigation', { name: 'Panels' }).getByRole('button', { name: 'Check' }).click();
  const button = page.getByRole('button', { name: 'Check every order' });
  const from = await button.evaluate((one) => {
    const now = performance.now();
    one.click();
    return now;
  });
  note(
    'Check every order, to verdict and shortest run',
    Math.max(await seen(page, 'answer'), await seen(page, 'run')) - from,
  );
  await done();
}

async function stopLarge(within) {
  const link = `#/x/1t.${encodeURIComponent(LARGE)}?model=v6.18`;
  const { page, done } = await cold(link, [
    ['picture', 'svg.picture-svg [data-id]', ''],
    ['stopped', '.check-answer', 'topped'],
    ['states', '.check-progress', ' states so far'],
  ]);
  await seen(page, 'picture');
  await page.getByRole('navigation', { name: 'Panels' }).getByRole('button', { name: 'Check' }).click();
  if (within !== null) await page.getByLabel('Runs').selectOption(within);
  await page.getByRole('button', { name: 'Check every order' }).click();
  const what = within === null ? 'all orders' : `at most ${within} preemptions`;
  await seen(page, 'states');
  // How long the page is deaf meanwhile: timers of 5 ms, and how late the latest was.
  const late = await page.evaluate(
    () =>
      new Promise((resolve) => {
        let worst = 0,
          due = performance.now() + 5;
        const until = due + 700;
        const tick = () => {
          const now = performance.now();
          worst = Math.max(worst, now - due);
          due = now + 5;
          if (now > until) resolve(worst);
          else setTimeout(tick, 5);
        };
        setTimeout(tick, 5);
      }),
  );
  note(`a large check (${what}): input waits at most`, late);
  const from = await page.getByRole('button', { name: 'Stop', exact: true }).evaluate((one) => {
    const now = performance.now();
    one.click();
    return now;
  });
  note(`a large check (${what}): Stop to stopped`, (await seen(page, 'stopped')) - from);
  await done();
}

/** A run of more than 10,000 steps: from a key to the drawn step, scrubbing from end to end, and memory. */
async function longRun() {
  const { page, done } = await cold(`#/x/1t.${encodeURIComponent(LONG)}?model=v6.18`, [
    ['picture', 'svg.picture-svg [data-id]', ''],
  ]);
  await seen(page, 'picture');
  await page.waitForTimeout(2500);
  const elements = await page.evaluate(() => document.querySelectorAll('svg.picture-svg *').length);
  note('long run: elements of its picture', elements, 'elements');
  const scrubber = page.getByRole('slider', { name: 'Step' });
  note('long run: steps', Number(await scrubber.getAttribute('aria-valuemax')), 'steps');
  // From a key to the picture of the next step, in the page itself.
  await page.evaluate(() => {
    globalThis.drawn = () =>
      new Promise((resolve) => {
        const slider = document.querySelector('[role=slider][aria-label=Step]');
        const from = performance.now();
        const watcher = new MutationObserver(() => {
          watcher.disconnect();
          resolve(performance.now() - from);
        });
        watcher.observe(slider, { attributeFilter: ['aria-valuenow'] });
        document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight', bubbles: true }));
      });
  });
  const wire = await page.context().newCDPSession(page);
  await wire.send('Performance.enable');
  const busy = async () => {
    const { metrics } = await wire.send('Performance.getMetrics');
    const of = (name) => metrics.find((one) => one.name === name).value;
    return 1000 * (of('ScriptDuration') + of('LayoutDuration') + of('RecalcStyleDuration'));
  };
  const STEPS = 12;
  for (const share of [0.1, 0.5, 0.9]) {
    await scrubTo(page, share);
    await page.waitForTimeout(400);
    const before = await busy();
    for (let i = 0; i < STEPS; i += 1) {
      note('long run: key to drawn step', await page.evaluate(() => globalThis.drawn()));
      await page.waitForTimeout(40);
    }
    note('long run: script, style and layout of a step', ((await busy()) - before) / STEPS);
  }
  // How far apart frames are while somebody scrubs.
  await page.evaluate(() => {
    globalThis.gaps = [];
    let last = performance.now();
    const look = (now) => {
      globalThis.gaps.push(now - last);
      last = now;
      globalThis.looking = requestAnimationFrame(look);
    };
    globalThis.looking = requestAnimationFrame(look);
  });
  const { track, y } = await trackOf(page);
  await page.mouse.move(track.x + 2, y);
  await page.mouse.down();
  for (let i = 0; i <= 60; i += 1) {
    await page.mouse.move(track.x + 2 + ((track.width - 4) * i) / 60, y);
    await page.waitForTimeout(16);
  }
  await page.mouse.up();
  const gaps = await page.evaluate(() => {
    cancelAnimationFrame(globalThis.looking);
    return globalThis.gaps.slice(1);
  });
  note('long run: scrubbed end to end, longest frame', Math.max(...gaps));
  note('long run: scrubbed end to end, frames over 50 ms', gaps.filter((gap) => gap > 50).length, 'frames');
  await wire.send('HeapProfiler.collectGarbage');
  const { usedSize } = await wire.send('Runtime.getHeapUsage');
  note('long run: heap of the page', usedSize / 2 ** 20, 'MB');
  for (const worker of page.workers().slice(0, 1)) {
    const used = await worker.evaluate(() => performance.memory?.usedJSHeapSize ?? 0);
    if (used > 0) note('long run: heap of the simulation', used / 2 ** 20, 'MB');
  }
  await done();
}
async function trackOf(page) {
  const track = await page.locator('.lane-track').first().boundingBox();
  const axis = await page.locator('.axis').boundingBox();
  return { track: { x: axis.x, width: track.width }, y: axis.y + 12 };
}
async function scrubTo(page, share) {
  const { track, y } = await trackOf(page);
  await page.mouse.click(track.x + track.width * share, y);
}
