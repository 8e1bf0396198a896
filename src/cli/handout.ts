/** A lesson as one HTML file to print: the page that the app prints, with everything inside. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { handoutOf } from '../export/handout.ts';
import { handoutHtml } from '../export/handout-html.ts';
import { escaped } from '../export/svg-parts.ts';
import { paletteOf } from '../export/svg-theme.ts';
import type { Lesson } from '../lessons/syntax.ts';
import type { Source } from '../scenario/link.ts';
import { webDeflate } from '../worker/deflate.ts';
import { packageRoot } from './package-root.ts';

/** `site`: the page that the codes lead to, '' = none. Rejects with a sentence if a beat cannot be drawn. */
export async function handoutFile(lesson: Lesson, named: Source, site: string): Promise<string> {
  const styles = (...path: string[]): string =>
    readFileSync(join(packageRoot(), 'src', 'app', ...path), 'utf8');
  const tokens = styles('theme', 'tokens.css');
  const paper = { palette: paletteOf(tokens, 'light'), deflate: webDeflate, lesson: named, site };
  const handout = await handoutOf(lesson, paper);
  const inside = handoutHtml(
    handout,
    (place) =>
      `data:image/svg+xml;base64,${Buffer.from(handout.frames[place]!.picture.svg).toString('base64')}`,
  );
  return [
    '<!doctype html>',
    '<html lang="en" data-theme="light">',
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escaped(handout.title)}</title>`,
    `<style>\n${tokens}\n${styles('panels', 'walkthrough', 'handout.css')}\n</style>`,
    '</head>',
    `<body>\n<article class="handout">\n${inside}\n</article>\n</body>`,
    '</html>',
    '',
  ].join('\n');
}
