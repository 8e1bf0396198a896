/**
 * SVG to pixels without a browser: resvg as WebAssembly, with the fonts of this repository and no others, so
 * that a picture has the same bytes on every machine. It is a package for development; where it was not
 * installed, pictures of pixels are refused in words.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Pixels } from '../export/gif.ts';
import { BadInput } from './command.ts';
import { packageRoot } from './package-root.ts';

export interface Raster {
  /** `zoom` pixels for each unit of the picture. */
  png(svg: string, zoom: number): Uint8Array;
  /** So many pixels wide. */
  pixels(svg: string, width: number): Pixels;
}

interface Image {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
  asPng(): Uint8Array;
  free(): void;
}
interface FitTo {
  readonly mode: 'width' | 'zoom';
  readonly value: number;
}
/** What of the package is used. */
interface Package {
  initWasm(module: Uint8Array): Promise<void>;
  readonly Resvg: new (
    svg: string,
    options: { readonly fitTo: FitTo; readonly font: Readonly<Record<string, unknown>> },
  ) => { render(): Image; free(): void };
}

const PACKAGE = '@resvg/resvg-wasm';
const FACES = [
  'src/app/theme/fonts/inter.woff2',
  'src/app/theme/fonts/jetbrains-mono.woff2',
  'src/cli/fonts/inter-600.woff2',
  'src/cli/fonts/jetbrains-mono-600.woff2',
] as const;

let loaded: Promise<Raster> | null = null;

/** Loads it once; rejects with BadInput where it is not installed. */
export const rasterizer = (): Promise<Raster> => (loaded ??= load());

/** For tests, which say why they do not run. */
export const canDraw = (): boolean => wasmFile() !== null;

function wasmFile(): string | null {
  try {
    return createRequire(join(packageRoot(), 'package.json')).resolve(`${PACKAGE}/index_bg.wasm`);
  } catch {
    return null;
  }
}

async function load(): Promise<Raster> {
  const wasm = wasmFile();
  if (wasm === null)
    throw new BadInput(
      `the package ${PACKAGE}, which draws pixels, is not installed`,
      '`npm ci` installs it; --to svg and --to comic do without.',
    );
  // By a variable: the bundle of the command line has to start without it.
  const name: string = PACKAGE;
  const { Resvg, initWasm } = (await import(/* @vite-ignore */ name)) as Package;
  await initWasm(readFileSync(wasm));
  const font = {
    fontBuffers: FACES.map((path) => new Uint8Array(readFileSync(join(packageRoot(), path)))),
    defaultFontFamily: 'Inter',
    sansSerifFamily: 'Inter',
    monospaceFamily: 'JetBrains Mono',
  };
  /** Memory of WebAssembly is given back by hand. */
  function drawn<T>(svg: string, fitTo: FitTo, take: (image: Image) => T): T {
    const picture = new Resvg(svg, { fitTo, font }),
      image = picture.render();
    const made = take(image);
    image.free();
    picture.free();
    return made;
  }
  return {
    png: (svg, zoom) => drawn(svg, { mode: 'zoom', value: zoom }, (image) => image.asPng()),
    pixels: (svg, width) =>
      drawn(svg, { mode: 'width', value: width }, (image) => ({
        width: image.width,
        height: image.height,
        data: image.pixels,
      })),
  };
}
