import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';
import { docs } from './scripts/docs-plugin.ts';
import { evidence } from './scripts/evidence-plugin.ts';
import { glossary } from './scripts/glossary-plugin.ts';
import { offline } from './scripts/offline-plugin.ts';
import { reference } from './scripts/reference-plugin.ts';
import { verdicts } from './scripts/verdicts-plugin.ts';

/** The dev server needs an inline script for hot reload; what is shipped keeps the policy of index.html. */
const relaxedWhileDeveloping: Plugin = {
  name: 'relaxed-while-developing',
  apply: 'serve',
  transformIndexHtml: (html) => html.replace(/\s*<meta\s+http-equiv="Content-Security-Policy"[^>]*>/, ''),
};

export default defineConfig({
  // Relative, so that the same build works from any sub-folder of any static host.
  base: './',
  plugins: [
    react(),
    relaxedWhileDeveloping,
    verdicts({ stored: true }),
    evidence({ stored: true }),
    reference(),
    glossary(),
    docs(),
    offline(),
  ],
  server: { host: '127.0.0.1' },
  preview: { host: '127.0.0.1' },
  worker: {
    format: 'es',
    // The bundle-size gate tells worker files from page files by these names.
    rolldownOptions: {
      output: {
        entryFileNames: 'assets/worker-[name]-[hash].js',
        chunkFileNames: 'assets/workerpart-[name]-[hash].js',
      },
    },
  },
  build: {
    target: 'es2023',
    // Nothing becomes a data: URL, which the policy would refuse.
    assetsInlineLimit: 0,
    // Every browser that runs es2023 preloads modules; the polyfill would be bytes for nobody.
    modulePreload: { polyfill: false },
  },
});
