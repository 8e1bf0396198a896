/** Edges: the shape of the line and of its end say what it grants; ink only, never the hue of a process. */
import { memo } from 'react';
import type { RoutedEdge } from '../../scene/route.ts';
import type { Edge } from '../../scene/scene.ts';
import { IconAt } from '../icons.tsx';

/** How far the line stops short of the card, so that it does not stick out of its head. */
const SHORT: Readonly<Record<Edge['kind'], number>> = {
  writable: 9,
  'read-only': 1,
  stale: 11,
  away: 9,
  get: 0,
  pin: 0,
  belongs: 0,
};

interface EdgeProps {
  readonly kind: Edge['kind'];
  readonly path: string;
  readonly says: string;
  /** Ids of what it joins. */
  readonly joins?: string;
  readonly changed: boolean;
  /** Where it ends, and the direction in which it arrives. */
  readonly x: number;
  readonly y: number;
  readonly dx: number;
  readonly dy: number;
}

export const EdgeLine = memo(function EdgeLine({
  kind,
  path,
  says,
  joins,
  changed,
  x,
  y,
  dx,
  dy,
}: EdgeProps) {
  const turn = (Math.atan2(dy, dx) * 180) / Math.PI;
  return (
    <g
      className={`edge edge-${kind} ${changed ? 'edge-changed' : ''}`}
      role="graphics-symbol"
      aria-label={says}
      data-lit={joins}
    >
      {kind !== 'belongs' && <path className="halo" d={path} />}
      <path
        className="line"
        d={path}
        pathLength={changed && kind !== 'stale' && kind !== 'away' ? 1 : undefined}
      />
      {(kind === 'get' || kind === 'pin') && (
        <g className="disc">
          <circle cx={x - dx * 12} cy={y - dy * 12} r="11.25" />
          <IconAt name={kind === 'get' ? 'hand' : 'pin'} x={x - dx * 12 - 8} y={y - dy * 12 - 8} />
        </g>
      )}
      <g transform={`translate(${x} ${y}) rotate(${turn})`}>
        <Head kind={kind} />
      </g>
    </g>
  );
});

export function Head({ kind }: { readonly kind: Edge['kind'] }) {
  if (kind === 'writable') return <path className="head head-filled" d="M-11-7L0 0l-11 7z" />;
  if (kind === 'read-only') return <path className="head" d="M-8-5L0 0l-8 5" />;
  if (kind === 'stale') return <path className="head head-hollow" d="M-11-6.5L-1 0l-10 6.5z" />;
  if (kind === 'away') return <circle className="head head-hollow" cx="-5" r="4" />;
  return null;
}

export function EdgeAt({ routed }: { readonly routed: RoutedEdge }) {
  const { edge, points } = routed;
  const end = points.at(-1);
  const before = points.at(-2);
  if (!end || !before) return null;
  const dx = Math.sign(end.x - before.x);
  const dy = Math.sign(end.y - before.y);
  return (
    <EdgeLine
      kind={edge.kind}
      path={shorten(routed.path, end.x, end.y, dx * SHORT[edge.kind], dy * SHORT[edge.kind])}
      says={edge.says}
      joins={`${edge.from} ${edge.to}`}
      changed={edge.changed}
      x={end.x}
      y={end.y}
      dx={dx}
      dy={dy}
    />
  );
}

/** The path ends with `Lx y`: the same, a little earlier. */
const shorten = (path: string, x: number, y: number, dx: number, dy: number): string =>
  path.replace(/L[^L]*$/, `L${x - dx} ${y - dy}`);
