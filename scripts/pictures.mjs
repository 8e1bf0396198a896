// The pictures of the README and the docs, made again from the built app: npm run build, then npm run pictures.
// They are looked at before they are committed; nothing compares them.
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from '@playwright/test';
import { preview } from 'vite';
import { freePort } from './free-port.mjs';
import { howToGetOne, resolveBrowser } from './resolve-browser.mjs';
import { smallPng } from './small-png.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = join(root, 'docs/pictures');
const most = 150 * 1024;

/** What is on the screen before the picture is taken. */
const pictures = [
  {
    name: 'leak',
    link: '#/s/vmsplice-leak?model=v5.7&at=end',
    wait: (page) => page.getByText('Rule broken:'),
  },
  {
    name: 'matrix',
    link: '#/s/vmsplice-leak?model=v5.7',
    go: (page) => page.getByRole('button', { name: 'Matrix', exact: true }).click(),
    wait: (page) => page.getByRole('region', { name: 'Matrix', exact: true }).getByRole('table').first(),
  },
  {
    name: 'compare',
    link: '#/s/vmsplice-leak?model=v5.7&at=parent@store~2.end&vs=v5.9',
    wait: (page) => page.getByText('What does it cost?'),
  },
  {
    name: 'lesson',
    link: '#/l/vmsplice-leak?beat=4',
    wait: (page) => page.getByRole('region', { name: 'Predict' }).getByRole('button').first(),
  },
];

const found = await resolveBrowser();
if (!found) throw new Error(howToGetOne);
const port = await freePort();
const host = '127.0.0.1';
const server = await preview({ root, preview: { port, strictPort: true, host }, logLevel: 'error' });
const browser = await chromium.launch({
  executablePath: found.executablePath,
  ...(found.env ? { env: found.env } : {}),
});
mkdirSync(folder, { recursive: true });
let tooLarge = false;
try {
  for (const { name, link, go, wait } of pictures) {
    const page = await browser.newPage({
      viewport: { width: 1440, height: 900 },
      colorScheme: 'light',
      reducedMotion: 'reduce',
    });
    await page.goto(`http://${host}:${port}/${link}`);
    await page.locator('[aria-busy="false"]').first().waitFor();
    if (go) await go(page);
    await wait(page).waitFor();
    // Every sign of the strip has its verdict, and nothing is on its way.
    await page.waitForLoadState('networkidle');
    await page.waitForFunction(() => document.fonts.status === 'loaded');
    await page.waitForTimeout(2000);
    const file = join(folder, `${name}.png`);
    writeFileSync(file, smallPng(await page.screenshot()));
    const { size } = statSync(file);
    console.log(`pictures: ${name}.png ${Math.round(size / 1024)} kB`);
    if (size > most) tooLarge = true;
    await page.close();
  }
} finally {
  await browser.close();
  await server.close();
}
if (tooLarge) {
  console.error(`pictures: at most ${most / 1024} kB each`);
  process.exit(1);
}
