/** The picture as an SVG file that needs nothing else: at one step, or of the whole run as a comic strip. */
import type { StepRecord } from '../debugger/run.ts';
import { actorName, sentence } from '../debugger/words.ts';
import { buildScene } from '../scene/build.ts';
import { factsOf } from '../scene/facts.ts';
import type { Facts } from '../scene/facts.ts';
import { layout, shapeFor } from '../scene/layout.ts';
import { RIM } from '../scene/places.ts';
import { operationText, verdictOf } from './subject.ts';
import type { Subject } from './subject.ts';
import { escaped, text } from './svg-parts.ts';
import { sceneSvg } from './svg-scene.ts';
import { styleOf } from './svg-theme.ts';
import type { Palette } from './svg-theme.ts';

const WIDTH = 1200,
  MARGIN = 24,
  /** Above the cards: two lines of words and the heads of the columns. */
  TOP = 84,
  /** The heads of the columns alone. */
  HEADS = 26;
/** Frames of a strip; of a longer run the ends of its operations, evenly, are taken. */
const FRAMES_MOST = 60;

/** After step `subject.at`. */
export function pictureSvg(subject: Subject, palette: Palette): string {
  const { at, name } = subject,
    { title } = subject.run.machine.plan;
  const frame = frameOf(subject, factsOf(subject.run), at);
  const foot = text(verdictOf(subject), {
    x: MARGIN,
    mid: frame.height + 64,
    tone: 'ink2',
    max: WIDTH - 2 * MARGIN,
  });
  return file(subject, palette, frame.height + 84, [
    text(title || name, { x: MARGIN, mid: 26, style: 'title', max: WIDTH - 2 * MARGIN }),
    `<g transform="translate(0 44)">${frame.svg}</g>`,
    foot,
  ]);
}

/** A frame for each operation that has ended, and each step that breaks a rule or is followed by a switch. */
export function comicSvg(subject: Subject, palette: Palette): string {
  const { run, name } = subject,
    { title } = run.machine.plan;
  const facts = factsOf(run);
  let y = 88;
  const frames = stopsOf(subject).map((at) => {
    const frame = frameOf(subject, facts, at);
    const placed = `<g transform="translate(0 ${y})">${frame.svg}</g>`;
    y += frame.height + 24;
    return placed;
  });
  return file(subject, palette, y + 16, [
    text(title || name, { x: MARGIN, mid: 30, style: 'title', max: WIDTH - 2 * MARGIN }),
    text(verdictOf(subject), { x: MARGIN, mid: 58, tone: 'ink2', max: WIDTH - 2 * MARGIN }),
    ...frames,
  ]);
}

/** A picture for each frame of an animation: the beginning, and where a strip has a frame. */
export function animationSvgs(subject: Subject, palette: Palette): string[] {
  const stops = [0, ...stopsOf(subject).filter((stop) => stop > 0)];
  return stops.map((at) => pictureSvg({ ...subject, at }, palette));
}

/** Steps after which a strip has a frame. */
export function stopsOf({ run, at: until, broken }: Subject): number[] {
  const ends = (s: StepRecord): boolean => s.effects.some((e) => e.name === 'end');
  const stops = run.steps
    .slice(0, until)
    .filter((s, i) => {
      const next = run.steps[i + 1];
      return ends(s) || next === undefined || next.thread !== s.thread || broken.some((b) => b.at === s.at);
    })
    .map((s) => s.at);
  if (stops.length === 0) return [0];
  if (stops.length <= FRAMES_MOST) return stops;
  const telling = new Set(broken.map((b) => b.at));
  const every = Math.ceil(stops.length / (FRAMES_MOST - telling.size));
  return stops.filter((at, i) => telling.has(at) || i % every === 0 || i === stops.length - 1);
}

/** A picture that somebody else puts words around. */
export interface Drawn {
  readonly svg: string;
  readonly width: number;
  readonly height: number;
}

/** The picture alone, after step `subject.at`, as a phone or a sheet of paper has room for it. */
export function stopSvg(subject: Subject, palette: Palette, width: number, look: string | null): Drawn {
  const { run, at, broken } = subject,
    facts = factsOf(run);
  const so = broken.filter((b) => b.at <= at);
  const scene = buildScene(run, facts, at, so);
  const shape = shapeFor(width),
    // Where cards stand in columns they stand closer rather than be higher than a screen is.
    room = { width: width - 2 * RIM, height: shape === 'phone' ? 0 : Math.round(width * 0.6), shape };
  const placed = layout(scene, facts.extent, room, look);
  const top = placed.plan.heads.length === 0 ? RIM : HEADS,
    height = Math.ceil(placed.plan.height) + top + RIM;
  const rings = so.flatMap((b) => b.cards.slice(0, 1));
  const svg = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" ` +
      `viewBox="0 0 ${width} ${height}" role="img">`,
    `<style>${styleOf(palette)}</style>`,
    `<g transform="translate(${RIM} ${top})">`,
    sceneSvg(scene, placed, rings, look),
    '</g></svg>',
    '',
  ].join('\n');
  return { svg, width, height };
}

function frameOf(subject: Subject, facts: Facts, at: number): { svg: string; height: number } {
  const { run, broken } = subject;
  const so = broken.filter((b) => b.at <= at);
  const scene = buildScene(run, facts, at, so);
  const placed = layout(scene, facts.extent, { width: WIDTH - 2 * MARGIN, height: 0, shape: 'wide' });
  const step = run.steps[at - 1];
  const said = step === undefined ? 'Before the first step.' : sentence(run, step);
  const who =
    step === undefined ? '' : `${actorName(run.machine.plan, step.thread)}: ${operationText(run, step.op)}`;
  const now = so.find((b) => b.at === at);
  const words = now === undefined ? said : `${said} This breaks ${now.invariant.id}.`;
  const svg = [
    text(`${at} of ${run.steps.length}`, { x: WIDTH - MARGIN, mid: 12, tone: 'ink3', anchor: 'end' }),
    text(who, { x: MARGIN, mid: 12, style: 'mono', max: WIDTH - 160 }),
    text(words, {
      x: MARGIN,
      mid: 34,
      tone: now === undefined ? '' : 'bad',
      style: now === undefined ? '' : 'strong',
      max: WIDTH - 2 * MARGIN,
    }),
    `<g transform="translate(${MARGIN} ${TOP})">`,
    sceneSvg(
      scene,
      placed,
      so.flatMap((b) => b.cards.slice(0, 1)),
    ),
    '</g>',
  ].join('\n');
  return { svg, height: TOP + placed.plan.height };
}

function file(subject: Subject, palette: Palette, height: number, parts: readonly string[]): string {
  const { plan, model } = subject.run.machine;
  const h = Math.ceil(height);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${h}" ` +
      `viewBox="0 0 ${WIDTH} ${h}" role="img">`,
    `<title>${escaped(plan.title || subject.name)}, ${escaped(model.id)}</title>`,
    `<style>${styleOf(palette)}</style>`,
    `<rect class="bg" width="${WIDTH}" height="${h}"/>`,
    ...parts.filter((p) => p !== ''),
    '</svg>',
    '',
  ].join('\n');
}
