import { createHash } from 'node:crypto';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';
import { evidence } from './scripts/evidence-plugin.ts';
import { glossary } from './scripts/glossary-plugin.ts';
import { reference } from './scripts/reference-plugin.ts';
import { verdicts } from './scripts/verdicts-plugin.ts';

// One file that can be mailed and opened from a disk. There a browser refuses module scripts and module
// workers, so
// page and worker become classic scripts, the page's inline and the worker's inside it.

/** `new Worker(new URL('./x.ts', import.meta.url), ...)` becomes a worker whose text is part of the page. */
const workerInside: Plugin = {
  name: 'worker-inside',
  enforce: 'pre',
  transform(code, id) {
    if (!/\.tsx?$/.test(id)) return null;
    const imports: string[] = [];
    const found = /new\s+Worker\(\s*new\s+URL\(\s*(['"][^'"]+)(['"])\s*,\s*import\.meta\.url\s*\)[^)]*\)/g;
    const changed = code.replace(found, (_, path: string, quote: string) => {
      const name = `InsideWorker${imports.length}`;
      imports.push(`import ${name} from ${path}?worker&inline${quote};`);
      return `new ${name}()`;
    });
    return imports.length ? { code: `${imports.join('\n')}\n${changed}`, map: null } : null;
  },
};

const sha256 = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/**
 * Same promises as the policy in index.html; inline parts are allowed by their hashes and nothing else is.
 */
function policy(script: string, styles: readonly string[]): string {
  return [
    `default-src 'none'`,
    `script-src ${sha256(script)}`,
    `style-src ${styles.map(sha256).join(' ') || `'none'`}`,
    `worker-src blob:`,
    `font-src data:`,
    `img-src data: blob:`,
    `base-uri 'none'`,
    `form-action 'none'`,
  ].join('; ');
}

const oneFile: Plugin = {
  name: 'one-file',
  enforce: 'post',
  // Links to files of their own. Left in, vite would also keep those files out of the style sheet.
  transformIndexHtml: {
    order: 'pre',
    handler: (html) => html.replace(/\s*<link\s[^>]*rel="(?:preload|icon|manifest)"[^>]*>/g, ''),
  },
  generateBundle(_, bundle) {
    const page = Object.values(bundle).find((file) => file.fileName.endsWith('.html'));
    if (page?.type !== 'asset') throw new Error('one-file: the build made no page');
    const scripts: string[] = [];
    const styles: string[] = [];
    for (const file of Object.values(bundle)) {
      if (file === page) continue;
      if (file.type === 'chunk') scripts.push(file.code);
      else if (file.fileName.endsWith('.css')) styles.push(String(file.source));
      else throw new Error(`one-file: ${file.fileName} is left over; import it so that vite inlines it`);
      delete bundle[file.fileName];
    }
    // An end tag or a comment inside a string would be read as the page's own.
    const script = scripts.join('\n').replace(/<(\/script|!--)/gi, '<\\$1');
    const inlineStyles = styles.map((text) => `<style>${text}</style>`).join('');
    // Functions as replacements: dollar signs in code would be taken for references otherwise.
    page.source = String(page.source)
      .replace(/<script[^>]*\ssrc="[^"]*"[^>]*><\/script>/g, '')
      .replace(/<link\s[^>]*rel="(?:stylesheet|modulepreload)"[^>]*>/g, '')
      .replace(/(http-equiv="Content-Security-Policy"\s+content=")[^"]*/, (_all, head: string) => {
        return head + policy(script, styles);
      })
      .replace('</head>', () => `${inlineStyles}</head>`)
      .replace('</body>', () => `<script>${script}</script></body>`);
    page.fileName = 'folioscope.html';
  },
};

export default defineConfig({
  base: './',
  plugins: [
    workerInside,
    react(),
    verdicts({ stored: false }),
    evidence({ stored: false }),
    reference(),
    glossary(),
    oneFile,
  ],
  publicDir: false,
  worker: { format: 'iife' },
  build: {
    target: 'es2023',
    // Beside the page in many files, which is built first and empties the folder.
    outDir: 'dist',
    emptyOutDir: false,
    modulePreload: false,
    assetsInlineLimit: Number.MAX_SAFE_INTEGER,
    cssCodeSplit: false,
    chunkSizeWarningLimit: 2000,
    rolldownOptions: {
      output: { format: 'iife', codeSplitting: false },
      // A classic script has no import.meta; what is left of it is vite's code for files that are not there.
      checks: { emptyImportMeta: false },
    },
  },
});
