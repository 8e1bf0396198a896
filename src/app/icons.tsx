/** The icon set: a 16 px grid, 1.5 px strokes, round ends. An icon never stands without a word or a name. */
import type { ReactNode } from 'react';

const dot = 'h.01';

/** Stroked paths, and what is filled besides. */
const drawings = {
  hand: stroke(
    'M5 8.6V4.4a1 1 0 0 1 2 0v3M7 7.2v-4a1 1 0 0 1 2 0v4M9 7.2V3.8a1 1 0 0 1 2 0v4',
    'M11 7.8V5.6a1 1 0 0 1 2 0v4.6c0 2.4-1.7 4-4.2 4-2 0-3.2-.8-4.2-2.4L3 9.3a1 1 0 0 1 1.7-1l.9 1.3',
  ),
  pin: (
    <>
      <circle cx="8" cy="5" r="3" fill="currentColor" />
      <path d="M8 8v6" />
    </>
  ),
  lock: stroke(
    'M5 7h6q1.5 0 1.5 1.5V12q0 1.5-1.5 1.5H5Q3.5 13.5 3.5 12V8.5Q3.5 7 5 7zM5.5 7V5a2.5 2.5 0 0 1 5 0v2',
  ),
  eye: (
    <>
      <path d="M1.8 8S4 3.8 8 3.8 14.2 8 14.2 8 12 12.2 8 12.2 1.8 8 1.8 8z" />
      <circle cx="8" cy="8" r="1.8" />
    </>
  ),
  cpu: stroke(
    'M5 4h6q1 0 1 1v6q0 1-1 1H5q-1 0-1-1V5q0-1 1-1z',
    'M6.5 4V2m3 2V2m-3 12v-2m3 2v-2M4 6.5H2m2 3H2m12-3h-2m2 3h-2',
  ),
  pipe: stroke('M2 5.5h12M2 10.5h12M2 4v8M14 4v8'),
  disk: stroke('M3 4.5a5 2 0 0 1 10 0a5 2 0 0 1-10 0v7c0 1.1 2.2 2 5 2s5-.9 5-2v-7'),
  list: stroke(`M5.5 4h8m-8 4h8m-8 4h8M2.5 4${dot}M2.5 8${dot}M2.5 12${dot}`),
  copy: stroke(
    'M6.5 5.5h6q1 0 1 1v6q0 1-1 1h-6q-1 0-1-1v-6q0-1 1-1z',
    'M10.5 5.5v-2a1 1 0 0 0-1-1h-6a1 1 0 0 0-1 1v6a1 1 0 0 0 1 1h2',
  ),
  fault: stroke('M9 2L4 9h4l-1 5 5-7H8z'),
  flush: stroke('M3 13l6-6M8 4l4 4-2.5 2.5-4-4zm4 4l1.5-4.5L9 5'),
  flag: stroke('M4 14V2.5h8l-2 2.7 2 2.8H4'),
  bang: stroke(`M8 1.8L14.2 8 8 14.2 1.8 8zM8 5.2v3.3M8 10.7${dot}`),
  evidence: stroke(
    'M8 1.8l1.7 1.4 2.2-.2.6 2.1 1.8 1.2-.8 2 .8 2-1.8 1.2-.6 2.1-2.2-.2L8 14.8',
    'l-1.7-1.4-2.2.2-.6-2.1-1.8-1.2.8-2-.8-2 1.8-1.2.6-2.1 2.2.2z',
    'M5.5 8.3l1.8 1.8 3.3-3.6',
  ),
  play: <path d="M5 3.5L12 8l-7 4.5z" fill="currentColor" />,
  pause: <path d="M5.5 3.5v9m5-9v9" strokeWidth="2" />,
  prev: stroke('M10 3.5L5.5 8l4.5 4.5'),
  next: stroke('M6 3.5L10.5 8 6 12.5'),
  first: stroke('M11 3.5L6.5 8l4.5 4.5m-7-9v9'),
  last: stroke('M5 3.5L9.5 8 5 12.5m7-9v9'),
  share: stroke('M8 10V2.5M5 5l3-2.7L11 5M3.5 8.5v4a1 1 0 0 0 1 1h7a1 1 0 0 0 1-1v-4'),
  save: stroke('M8 2.5V10M5 7.5l3 2.7 3-2.7M3 13.5h10'),
  folder: stroke('M2.5 12.5V4q0-1 1-1h3l1.5 2h4.5q1 0 1 1v6.5q0 .5-.5.5H3q-.5 0-.5-.5z'),
  note: stroke('M3 3.5q0-1 1-1h8q1 0 1 1V9l-4 4.5H4q-1 0-1-1zM9 13V9.5h4M5.5 5.5h5m-5 2.5h3'),
  compare: stroke(
    'M3.5 3H6q1 0 1 1v8q0 1-1 1H3.5q-1 0-1-1V4q0-1 1-1zM10 3h2.5q1 0 1 1v8q0 1-1 1H10q-1 0-1-1V4q0-1 1-1z',
  ),
  gallery: stroke('M3 2.5h3.5v4H2.5V3zM9 2.5h4.5v4.5H9zM2.5 9H7v4.5H2.5zM9 9h4.5v4.5H9z'),
  lesson: stroke(
    'M8 4.5C6.5 3.3 4.5 3 2.5 3.2v9c2-.2 4 .1 5.5 1.3 1.5-1.2 3.5-1.5 5.5-1.3v-9c-2-.2-4 .1-5.5 1.3zm0 0v9',
  ),
  source: stroke('M5.5 4.5L2 8l3.5 3.5m5-7L14 8l-3.5 3.5'),
  clock: stroke('M2.5 8a5.5 5.5 0 1 1 1.6 3.9M2.2 13.6l1.9-1.7 1.7 1.9M8 4.8V8l2.2 1.5'),
  check: stroke('M2.8 7a4.2 4.2 0 1 1 8.4 0 4.2 4.2 0 0 1-8.4 0zm7.4 3.2l3.3 3.3'),
  matrix: stroke(
    'M2.5 6h11m-11 4h11M6 2.5v11m4-11v11',
    'M4 2.5h8q1.5 0 1.5 1.5v8q0 1.5-1.5 1.5H4q-1.5 0-1.5-1.5V4q0-1.5 1.5-1.5z',
  ),
  theme: (
    <>
      <circle cx="8" cy="8" r="5" />
      <path d="M8 3a5 5 0 0 0 0 10z" fill="currentColor" stroke="none" />
    </>
  ),
  help: (
    <>
      <circle cx="8" cy="8" r="5.7" />
      <path d={`M6.3 6.3c.2-1.9 3.4-1.8 3.4.1 0 1.3-1.7 1.3-1.7 2.7M8 11.3${dot}`} />
    </>
  ),
  mail: stroke('M4 3.5h8q1.5 0 1.5 1.5v6q0 1.5-1.5 1.5H4q-1.5 0-1.5-1.5V5q0-1.5 1.5-1.5zm-1 1l5 4 5-4'),
  down: stroke('M4 6l4 4 4-4'),
  full: stroke('M2.5 6V2.5H6m4 0h3.5V6m0 4v3.5H10m-4 0H2.5V10'),
  close: stroke('M4 4l8 8m0-8l-8 8'),
  tick: stroke('M3.5 8.5l3 3 6-7'),
  dash: stroke('M5 8h6'),
  dots: <path d={`M4 8${dot}M8 8${dot}M12 8${dot}`} strokeWidth="2" />,
  table: stroke('M2.5 3.5h11v9h-11zm0 3h11m-11 3h11m-7-6v9'),
} satisfies Record<string, ReactNode>;

function stroke(...paths: readonly string[]): ReactNode {
  return <path d={paths.join('')} />;
}

export type IconName = keyof typeof drawings;

const pen = {
  fill: 'none',
  stroke: 'currentColor',
  strokeWidth: 1.5,
  strokeLinecap: 'round',
  strokeLinejoin: 'round',
} as const;

/** An icon in HTML. It is hidden from readers: the word beside it, or the button's name, says it. */
export function Icon({ name, size = 16 }: { readonly name: IconName; readonly size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 16 16" className="icon" aria-hidden="true" {...pen}>
      {drawings[name]}
    </svg>
  );
}

/** The same inside another SVG, with its upper left corner at x, y. */
export function IconAt({
  name,
  x,
  y,
  size = 16,
}: {
  readonly name: IconName;
  readonly x: number;
  readonly y: number;
  readonly size?: number;
}) {
  return (
    <g transform={`translate(${x} ${y}) scale(${size / 16})`} aria-hidden="true" {...pen}>
      {drawings[name]}
    </g>
  );
}

interface Size {
  readonly size?: number;
}

const icon = (name: IconName) =>
  function IconOf({ size = 16 }: Size) {
    return <Icon name={name} size={size} />;
  };

export const IconHand = icon('hand');
export const IconPin = icon('pin');
export const IconLock = icon('lock');
export const IconEye = icon('eye');
export const IconCpu = icon('cpu');
export const IconPipe = icon('pipe');
export const IconDisk = icon('disk');
export const IconList = icon('list');
export const IconCopy = icon('copy');
export const IconFault = icon('fault');
export const IconFlush = icon('flush');
export const IconFlag = icon('flag');
export const IconBang = icon('bang');
export const IconEvidence = icon('evidence');
export const IconPlay = icon('play');
export const IconPause = icon('pause');
export const IconPrev = icon('prev');
export const IconNext = icon('next');
export const IconFirst = icon('first');
export const IconLast = icon('last');
export const IconShare = icon('share');
export const IconSave = icon('save');
export const IconFolder = icon('folder');
export const IconNote = icon('note');
export const IconCompare = icon('compare');
export const IconGallery = icon('gallery');
export const IconLesson = icon('lesson');
export const IconSource = icon('source');
export const IconCheck = icon('check');
export const IconMatrix = icon('matrix');
export const IconTheme = icon('theme');
export const IconHelp = icon('help');
export const IconMail = icon('mail');
export const IconDown = icon('down');
export const IconFull = icon('full');
export const IconClose = icon('close');
export const IconTick = icon('tick');
export const IconDash = icon('dash');
export const IconDots = icon('dots');
export const IconClock = icon('clock');
export const IconTable = icon('table');

/** Broken: loud and filled. Outlined: broken only with a named feature, such as swap. */
function cross(solid: boolean) {
  return function IconOf({ size = 16 }: Size) {
    return (
      <svg
        width={size}
        height={size}
        viewBox="0 0 16 16"
        className="icon"
        aria-hidden="true"
        {...pen}
        stroke="var(--bad)"
      >
        <rect x="1.75" y="1.75" width="12.5" height="12.5" rx="3" fill={solid ? 'var(--bad)' : 'none'} />
        <path
          d="M5.2 5.2l5.6 5.6m0-5.6l-5.6 5.6"
          stroke={solid ? 'var(--onbad)' : 'var(--bad)'}
          strokeWidth="1.8"
        />
      </svg>
    );
  };
}

export const IconBroken = cross(true);
export const IconBrokenFeature = cross(false);

/** The mark of the app: two pages, one written on. */
export function Logo({ size = 28 }: { readonly size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 28 28"
      aria-hidden="true"
      {...pen}
      strokeWidth="1.7"
      stroke="var(--ink)"
    >
      <path d="M7 8h9q3 0 3 3v9q0 3-3 3H7q-3 0-3-3v-9q0-3 3-3z" />
      <path d="M9 8V7a2.5 2.5 0 0 1 2.5-2.5H21A2.5 2.5 0 0 1 23.5 7v9.5A2.5 2.5 0 0 1 21 19h-2" />
      <path d="M8.5 19l6.5-6.5" stroke="var(--who0)" strokeWidth="2.5" />
    </svg>
  );
}
