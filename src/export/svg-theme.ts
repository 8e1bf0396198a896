/**
 * Colours of an exported picture: those of the app, read out of its `tokens.css`, so that there is one list.
 * Written out as plain values, because many programs that show SVG know no custom properties.
 */
export const THEMES = ['light', 'dark', 'contrast'] as const;
export type Theme = (typeof THEMES)[number];

/** Custom property without its dashes, to its value. */
export type Palette = ReadonlyMap<string, string>;

/** Throws a RangeError if the style sheet has no such block: it is not a user's. */
export function paletteOf(tokens: string, theme: Theme): Palette {
  const from = tokens.indexOf(`[data-theme='${theme}'] {`);
  const block = from < 0 ? '' : tokens.slice(from, tokens.indexOf('}', from));
  const found = new Map(
    [...block.matchAll(/--([\w-]+): (#[0-9a-f]{3,8});/g)].map(([, name, value]) => [name!, value!]),
  );
  if (!['bg', 'surface', 'ink', 'who0', 'kernel'].every((name) => found.has(name)))
    throw new RangeError(`tokens.css has no theme ${theme}`);
  return found;
}

const SANS = `Inter, 'Inter Variable', 'Helvetica Neue', Arial, 'Liberation Sans', sans-serif`,
  MONO = `'JetBrains Mono', 'DejaVu Sans Mono', Menlo, Consolas, monospace`;

/** Longhands: many programs that draw SVG do not know the shorthand. */
const face = (weight: number, size: number, family: string): string =>
  `font-weight:${weight};font-size:${size}px;font-family:${family}`;

/** The style of all parts. Fonts are asked for, never fetched. */
export function styleOf(palette: Palette): string {
  const c = (name: string): string => palette.get(name) ?? '#888888';
  const hues = ['who0', 'who1', 'who2', 'who3', 'kernel'].flatMap((who) => [
    `.${who} .solid{fill:${c(who)};stroke:${c(`${who}-ink`)}}`,
    `.${who} .pale{fill:${c(`${who}-tint`)};stroke:${c(`${who}-ink`)}}`,
    `.${who} .on{fill:${c(`${who}-on`)}}.${who} .hue{fill:${c(`${who}-ink`)}}`,
    `.${who} .band{stroke:${c(`${who}-ink`)}}.${who} .band-on{stroke:${c(`${who}-on`)}}`,
  ]);
  return [
    `text{${face(400, 12, SANS)};fill:${c('ink')}}`,
    `.mono{font-family:${MONO};font-weight:600}.strong{font-weight:600}`,
    `.title{font-size:17px;font-weight:600}`,
    `.number{${face(700, 18, MONO)}}.big{font-size:15px}`,
    `.ink2{fill:${c('ink2')}}.ink3{fill:${c('ink3')}}.bad{fill:${c('bad')}}.inv{fill:${c('surface')}}`,
    `.bg{fill:${c('bg')}}.card{fill:${c('surface')};stroke:${c('edge')}}`,
    `.kept{fill:none;stroke:${c('edge')};stroke-dasharray:4 3}.gone{stroke-dasharray:4 3}`,
    `.broken{fill:none;stroke:${c('bad')};stroke-width:2.5}.mark{fill:${c('mark')}}`,
    `.ring{fill:none;stroke:${c('markline')};stroke-width:2}.row{fill:${c('bg')}}`,
    `.box{fill:${c('surface')};stroke:${c('ink2')};stroke-width:1.5}`,
    `.set{fill:${c('ink2')};stroke:${c('ink2')}}`,
    `.clear{fill:${c('surface')};stroke:${c('edge')}}.hair{fill:none;stroke:${c('line')}}`,
    `.bracket{fill:none;stroke:${c('ink2')};stroke-width:1.5}`,
    `.edge{fill:none;stroke:${c('ink')};stroke-width:1.5}.e-writable{stroke-width:3.5}`,
    `.e-stale{stroke-dasharray:6 4;stroke-width:2.5}.e-belongs{stroke:${c('edge')};stroke-width:1}`,
    `.head{fill:${c('ink')};stroke:${c('ink')}}`,
    `.hollow{fill:${c('surface')};stroke:${c('ink')};stroke-width:1.5}`,
    `.band,.band-on{stroke-width:3;fill:none}`,
    ...hues,
  ].join('\n');
}
