/** Makes an export: asks the worker for texts, and draws what has to be drawn. */
import tokens from '../theme/tokens.css?raw';
import { linkToHere } from '../address.ts';
import { engine } from '../live.ts';
import type { State } from '../session/state.ts';
import { createGif, frameMs, GIF_WIDTH, PNG_SCALE } from '../../export/gif.ts';
import { slug } from '../save.ts';
import type { Form } from './forms.ts';
import { recorderSources } from './recorder-sources.ts';

export type Theme = 'light' | 'dark' | 'contrast';

export interface Options {
  /** Only up to the step on the screen. */
  readonly until: boolean;
  /** Every step of every operation. */
  readonly steps: boolean;
  readonly theme: Theme;
}

/** `text`: null where it is none. */
export interface Made {
  readonly file: Blob;
  /** Of the page's own memory; whoever shows it gives it back. */
  readonly url: string;
  readonly name: string;
  readonly text: string | null;
}

export type Outcome = { readonly made: Made } | { readonly refused: string; readonly line: number };

/** Rejects with a sentence; `told` says how far an animation is, 0 to 1. */
export async function make(
  state: State,
  form: Form,
  { until, steps, theme }: Options,
  told: (done: number) => void,
  signal: AbortSignal,
): Promise<Outcome> {
  const { run } = state;
  if (!run) throw new Error('There is no run to export.');
  const name = `${state.scenario || slug(state.title, 'scenario')}-${state.model}`;
  const done = (parts: BlobPart, text: string | null): Outcome => {
    const file = new Blob([parts], { type: form.type });
    return { made: { file, url: URL.createObjectURL(file), name: `${name}${form.suffix}`, text } };
  };
  if (form.of === '') return done(state.openText, state.openText);
  const at = form.about === 'step' || (form.about === 'until' && until) ? state.at : run.steps.length;
  // The text of a mail is in the mail; a link with all of it would only be long.
  const link = form.id === 'ascii' && state.scenario !== '' ? await linkToHere(state).catch(() => '') : '';
  const { texts, refused, line } = await engine.export({
    form: form.of,
    at,
    name: state.scenario || slug(state.title, 'scenario'),
    link: link.length > 300 ? '' : link,
    steps,
    tokens,
    theme,
    sources: form.of === 'c' ? recorderSources : [],
  });
  if (refused !== '') return { refused, line };
  signal.throwIfAborted();
  const [text = ''] = texts;
  if (form.id === 'png') return done(await pngOf(text), null);
  if (form.id === 'gif') return done(await gifOf(texts, told, signal), null);
  return done(text, text);
}

async function imageOf(svg: string): Promise<HTMLImageElement> {
  const url = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    return image;
  } finally {
    URL.revokeObjectURL(url);
  }
}

function canvasOf(width: number, height: number): readonly [HTMLCanvasElement, CanvasRenderingContext2D] {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('This browser cannot draw the picture.');
  return [canvas, context];
}

async function pngOf(svg: string): Promise<Blob> {
  const image = await imageOf(svg);
  const [canvas, context] = canvasOf(image.naturalWidth * PNG_SCALE, image.naturalHeight * PNG_SCALE);
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  const png = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  if (!png) throw new Error('This browser cannot make a PNG of a picture of this size.');
  return png;
}

async function gifOf(
  frames: readonly string[],
  told: (done: number) => void,
  signal: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>> {
  const images = await Promise.all(frames.map(imageOf));
  const ratio = Math.max(...images.map((one) => one.naturalHeight / one.naturalWidth));
  const height = Math.round(GIF_WIDTH * ratio);
  const [, context] = canvasOf(GIF_WIDTH, height);
  const gif = createGif(GIF_WIDTH, height);
  for (const [i, image] of images.entries()) {
    context.clearRect(0, 0, GIF_WIDTH, height);
    context.drawImage(image, 0, 0, GIF_WIDTH, (GIF_WIDTH * image.naturalHeight) / image.naturalWidth);
    gif.frame(context.getImageData(0, 0, GIF_WIDTH, height), frameMs(i, images.length));
    told((i + 1) / images.length);
    // The page stays alive in between.
    await new Promise((resolve) => setTimeout(resolve));
    signal.throwIfAborted();
  }
  return gif.end();
}
