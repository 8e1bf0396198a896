// What is shipped works where people put it: in a sub-folder of any static host, and as one file on a disk.
import { pathToFileURL } from 'node:url';
import { expect, test, type Page } from '@playwright/test';
import { serve } from './helpers/host.ts';

interface Seen {
  readonly requests: string[];
  readonly complaints: string[];
}

/** Everything that the page asks for, and everything that it or its policy complains about. */
function watch(page: Page): Seen {
  const seen: Seen = { requests: [], complaints: [] };
  page.on('request', (request) => seen.requests.push(request.url()));
  page.on('requestfailed', (request) => seen.complaints.push(`not loaded: ${request.url()}`));
  page.on('pageerror', (error) => seen.complaints.push(String(error)));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) seen.complaints.push(message.text());
  });
  return seen;
}

async function isUsable(page: Page): Promise<void> {
  await expect(page.locator('#root')).not.toBeEmpty();
  await page.waitForLoadState('networkidle');
  const loaded = await page.evaluate(async () => {
    await Promise.all([document.fonts.load('16px Inter'), document.fonts.load('16px "JetBrains Mono"')]);
    return document.fonts.check('16px Inter') && document.fonts.check('16px "JetBrains Mono"');
  });
  expect(loaded, 'both faces come with the page').toBe(true);
}

test('the build works from a sub-folder and asks no other host', async ({ page }) => {
  const host = await serve('dist');
  const seen = watch(page);
  try {
    await page.goto(host.address);
    await isUsable(page);
  } finally {
    await host.stop();
  }
  expect(seen.complaints).toEqual([]);
  const elsewhere = seen.requests.filter(
    (url) => !/^(?:blob|data):/.test(url) && !url.startsWith(host.origin),
  );
  expect(elsewhere).toEqual([]);
});

test('the single file works from a disk and asks for nothing', async ({ page }) => {
  const file = pathToFileURL('dist/folioscope.html').href;
  const seen = watch(page);
  await page.goto(file);
  await isUsable(page);
  expect(seen.complaints).toEqual([]);
  expect(seen.requests.filter((url) => url !== file && !/^(?:blob|data):/.test(url))).toEqual([]);
});

test('the policy refuses what it must', async ({ page }) => {
  await page.goto('/');
  const refused = await page.evaluate(async () => {
    const outcomes: string[] = [];
    document.addEventListener('securitypolicyviolation', (event) => outcomes.push(event.effectiveDirective));
    const script = document.createElement('script');
    script.textContent = 'window.injected = true';
    document.body.append(script);
    const image = document.createElement('img');
    image.src = 'https://elsewhere.invalid/pixel.png';
    document.body.append(image);
    await fetch('https://elsewhere.invalid/').catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 200));
    return { outcomes, injected: 'injected' in window };
  });
  expect(refused.injected).toBe(false);
  expect(refused.outcomes.join(' ')).toContain('script-src');
  expect(refused.outcomes).toContain('img-src');
  expect(refused.outcomes).toContain('connect-src');
});
