/** A handout as the inside of a page. Every text goes through `escaped()`; the style is handout.css. */
import type { Frame, Handout } from './handout.ts';
import { QR_MAX, qrCode, squaresOf } from './qr.ts';
import { escaped } from './svg-parts.ts';

/** Longer ones do not fit into a line, and nobody would type them. */
const TYPED_MAX = 130;
/** Light squares around a code, which a reader needs. */
const QUIET = 2;

/** `sourceOf`: the address of the picture of a frame, as `src` has it. */
export function handoutHtml(handout: Handout, sourceOf: (place: number) => string): string {
  const { title, about, source, minutes, frames } = handout;
  const facts = [source, `about ${minutes} minutes`, `${frames.length} frames`].filter((one) => one !== '');
  return [
    '<header class="handout-head">',
    `<h1>${escaped(title)}</h1>`,
    `<p>${escaped(about)}</p>`,
    `<p class="handout-source">${escaped(facts.join('; '))}</p>`,
    '</header>',
    ...frames.map((frame, i) => frameHtml(frame, i + 1, sourceOf(i))),
    answersHtml(frames),
  ].join('\n');
}

function frameHtml(frame: Frame, number: number, source: string): string {
  const { title, paragraphs, picture, says, where, asks, task, link } = frame;
  const size = `width="${picture.width}" height="${picture.height}"`;
  return [
    '<section class="handout-frame">',
    `<h2><span class="handout-number">${number}</span> ${escaped(title)}</h2>`,
    '<div class="handout-words">',
    ...paragraphs.map((one) => `<p>${escaped(one)}</p>`),
    asks === null
      ? ''
      : `<div class="handout-box"><p><b>Predict.</b> ${escaped(asks.question)}</p><ul>` +
        `${asks.options.map((one) => `<li>${escaped(one)}</li>`).join('')}</ul></div>`,
    task === '' ? '' : `<div class="handout-box"><p><b>To do.</b> ${escaped(task)}</p></div>`,
    codeHtml(link, number),
    '</div>',
    `<figure><img src="${escaped(source)}" ${size} alt="${escaped(`Memory after: ${says}`)}">`,
    `<figcaption><b>${escaped(where)}.</b> ${escaped(says)}</figcaption></figure>`,
    link === '' || link.length > TYPED_MAX ? '' : `<p class="handout-link">${escaped(link)}</p>`,
    '</section>',
  ].join('\n');
}

/** A code leads somewhere only if the link says on which page; the code itself can be clicked in a PDF. */
function codeHtml(link: string, number: number): string {
  if (!/^(?:https?|file):/.test(link) || link.length > QR_MAX) return '';
  const rows = qrCode(link, link.length > 400 ? 'L' : 'M'),
    size = rows.length + 2 * QUIET;
  const name = `Open frame ${number} in Folioscope`;
  return (
    `<a class="handout-code" href="${escaped(link)}" aria-label="${name}">` +
    `<svg viewBox="${-QUIET} ${-QUIET} ${size} ${size}" aria-hidden="true">` +
    `<rect x="${-QUIET}" y="${-QUIET}" width="${size}" height="${size}" fill="#fff"/>` +
    `<path d="${squaresOf(rows)}" fill="#000" shape-rendering="crispEdges"/></svg></a>`
  );
}

function answersHtml(frames: readonly Frame[]): string {
  const answers = frames.flatMap(({ answer }, i) =>
    answer === null
      ? []
      : [`<p><b>Frame ${i + 1}: ${escaped(answer.text)}.</b> ${escaped(answer.because)}</p>`],
  );
  if (answers.length === 0) return '';
  return `<section class="handout-answers"><h2>Answers</h2>${answers.join('')}</section>`;
}
