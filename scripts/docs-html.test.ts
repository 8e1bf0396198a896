// Pages of the docs: everything that the Markdown of this repository uses is written as HTML, and nothing of it is
// taken for markup that is none.
import { expect, test } from 'vitest';
import { pageOf } from './docs-html.ts';
import { linkFrom, pages, placeOf } from './docs-plugin.ts';

const html = async (text: string): Promise<string> => (await pageOf(text, (target) => target)).html;

test('headings, lists, code, tables and links', async () => {
  expect(await html('# A `b` c\n\nText with *one* and **two**.\n')).toBe(
    '<h1 id="a-b-c">A <code>b</code> c</h1>\n<p>Text with <em>one</em> and <strong>two</strong>.</p>\n',
  );
  expect(await html('1. a\n2. [b](c.md)\n')).toContain('<ol><li><p>a</p>\n</li><li><p><a href="c.md">b</a>');
  expect(await html('```\nx < y\n```\n')).toBe('<pre tabindex="0"><code>x &lt; y</code></pre>\n');
  expect(await html('| a | b |\n| - | - |\n| 1 | `x \\| y` |\n')).toContain(
    '<tbody><tr><td>1</td><td><code>x | y</code></td></tr>',
  );
});

test('text stays text', async () => {
  expect(await html('a <script>alert(1)</script> & $x$ b\n')).toBe(
    '<p>a &lt;script&gt;alert(1)&lt;/script&gt; &amp; $x$ b</p>\n',
  );
});

test('links lead to other pages, into the app, or stay text', () => {
  expect(linkFrom('README.md', 'docs/how-to/add-a-model.md')).toBe('how-to/add-a-model.html');
  expect(linkFrom('docs/how-to/add-a-model.md', '../limits.md#evidence')).toBe('../limits.html#evidence');
  expect(linkFrom('docs/how-to/read-the-picture.md', '../pictures/leak.png')).toBe('../pictures/leak.png');
  expect(linkFrom('docs/evidence.md', '../recorder/README.md')).toBe('recorder.html');
  expect(linkFrom('README.md', 'http://localhost:5173/#/s/zero-page')).toBe('../index.html#/s/zero-page');
  expect(linkFrom('docs/features.md', '../e2e/leak.spec.ts')).toBeNull();
  expect(linkFrom('docs/features.md', 'https://example.org/')).toBe('https://example.org/');
  expect(placeOf('src/x.md')).toBeNull();
});

test('every page is made, and every link between them leads to one', async () => {
  const made = await pages();
  const texts = [...made].filter(([place]) => place.endsWith('.html'));
  expect(texts.length).toBeGreaterThan(15);
  for (const [place, text] of texts) {
    const page = String(text);
    expect(page).toMatch(/<title>[^<]+<\/title>/);
    for (const [, target = ''] of page.matchAll(/(?:href|src)="([^"#]+)(?:#[^"]*)?"/g)) {
      if (/^https?:/.test(target)) continue;
      const to = new URL(target, `file:///${place}`).pathname.slice(1);
      expect(made.has(to) || ['index.html', 'icon.svg'].includes(to), `${place}: ${target}`).toBe(true);
    }
  }
});
