/** The map itself: one tab stop, arrow keys along the moves and within a layer, Enter opens the run there. */
import { memo, useCallback, useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import type { MapNode, MapView } from '../../../worker/protocol/structure.ts';
import { useSession } from '../../live.ts';
import { useWidth } from '../../useWidth.ts';
import { nextOf, placesOf, runIn, type Placed, type Places } from './place.ts';

interface Props {
  readonly view: MapView;
  readonly open: (place: number) => void;
}

const BARS = 40;
/** Nearer to the side than this, a step is as good as out of the box. */
const EDGE = 24;

export function StateMap({ view, open }: Props): ReactNode {
  const { measure, node: box, width } = useWidth();
  const drawing = useRef<SVGSVGElement>(null);
  const at = useSession((state) => state.at);
  const places = useMemo(() => placesOf(view.nodes, view.layers.length, width), [view, width]);
  const here = view.nodes.findIndex(({ steps }) => steps.includes(at));
  const x = width > 0 ? places.nodes[here]?.x : undefined;
  // A deep map is wider than its box: the step on the screen stays in it.
  useEffect(() => {
    if (!box || x === undefined) return;
    const { scrollLeft, clientWidth } = box;
    if (x < scrollLeft + EDGE || x > scrollLeft + clientWidth - EDGE)
      box.scrollTo({ left: Math.max(0, x - clientWidth / 2) });
  }, [box, x]);
  const [held, hold] = useState<{ readonly view: MapView; readonly place: number } | null>(null);
  const stop = held?.view === view ? held.place : Math.max(0, here);
  const move = useCallback(
    (event: React.KeyboardEvent, from: number): void => {
      if (!event.key.startsWith('Arrow') || event.altKey || event.shiftKey) return;
      event.preventDefault();
      const place = nextOf(view.nodes, places, from, event.key);
      hold({ view, place });
      const node = drawing.current?.querySelector<SVGGElement>(`[data-place="${place}"]`);
      node?.focus();
      node?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    },
    [view, places],
  );
  return (
    <div className="states-scroll" ref={measure}>
      {width > 0 && (
        <>
          <Bars view={view} places={places} />
          <fieldset className="states-field" aria-label="Map of states">
            <svg ref={drawing} className="states-map" width={places.width} height={places.height}>
              <Lines nodes={view.nodes} places={places} />
              {view.nodes.map((node, place) => (
                <State
                  key={place}
                  node={node}
                  place={place}
                  at={places.nodes[place]!}
                  now={place === here}
                  stop={place === stop}
                  open={open}
                  move={move}
                />
              ))}
            </svg>
          </fieldset>
        </>
      )}
    </div>
  );
}

/** How many states each layer has, drawn or not. */
function Bars({ view, places }: { readonly view: MapView; readonly places: Places }): ReactNode {
  const most = Math.max(...view.layers.map(({ states }) => states));
  const every = Math.ceil(32 / places.pitch);
  return (
    <svg className="states-bars" width={places.width} height={BARS + 18} aria-hidden="true">
      {view.layers.map(({ states, broken }, depth) => {
        const x = 16 + depth * places.pitch,
          height = Math.max(1, (BARS * states) / most),
          bad = (BARS * broken) / most;
        return (
          <g key={depth}>
            <rect className="states-bar" x={x - 4} y={BARS - height} width="8" height={height} />
            {broken > 0 && <rect className="states-bad" x={x - 4} y={BARS - bad} width="8" height={bad} />}
            {depth % every === 0 && (
              <text className="states-depth" x={x} y={BARS + 14} textAnchor="middle">
                {depth}
              </text>
            )}
          </g>
        );
      })}
    </svg>
  );
}

const Lines = memo(function Lines({
  nodes,
  places,
}: {
  readonly nodes: readonly MapNode[];
  readonly places: Places;
}): ReactNode {
  const run = runIn(nodes).map((place) => places.nodes[place]!);
  return (
    <>
      {nodes.map(({ moves, steps, up }, i) => {
        const from = places.nodes[up],
          to = places.nodes[i];
        if (!from || !to || steps.length > 0) return null;
        const way = `M${from.x} ${from.y}L${to.x} ${to.y}`;
        return <path key={i} className="state-way" data-far={moves.length > 1} d={way} />;
      })}
      <path className="state-run" d={`M${run.map(({ x, y }) => `${x} ${y}`).join('L')}`} />
    </>
  );
});

interface StateProps {
  readonly node: MapNode;
  readonly place: number;
  readonly at: Placed;
  readonly now: boolean;
  readonly stop: boolean;
  readonly open: (place: number) => void;
  readonly move: (event: React.KeyboardEvent, from: number) => void;
}

const State = memo(function State({ node, place, at, now, stop, open, move }: StateProps): ReactNode {
  const says = wordsOf(node, now);
  const press = (event: React.KeyboardEvent): void => {
    move(event, place);
    if (event.key !== 'Enter' && event.key !== ' ') return;
    event.preventDefault();
    open(place);
  };
  return (
    <g
      // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- inside an SVG
      role="button"
      tabIndex={stop ? 0 : -1}
      className="state"
      data-place={place}
      aria-label={says}
      aria-current={now ? 'step' : undefined}
      transform={`translate(${at.x} ${at.y})`}
      onClick={() => open(place)}
      onKeyDown={press}
    >
      <title>{says}</title>
      <circle className="state-hit" r="7" />
      {now && <circle className="state-now" r="8.5" />}
      <path
        className="state-dot"
        data-run={node.steps.length > 0}
        data-end={node.end}
        data-broken={node.broken}
        data-breaks={node.breaks.length > 0}
        d={shapeOf(node)}
      />
    </g>
  );
});

function shapeOf({ breaks, end, steps }: MapNode): string {
  if (breaks.length > 0) return 'M0-6.5L6.5 0 0 6.5-6.5 0z';
  if (end) return 'M-4-4h8v8h-8z';
  return steps.length > 0
    ? 'M-4.5 0a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0-9 0'
    : 'M-3.5 0a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0-7 0';
}

function wordsOf({ depth, steps, breaks, broken, end }: MapNode, now: boolean): string {
  const breach = breaks.map((one) => one.replaceAll('-', ' ')).join(', ');
  return [
    steps.length > 0 ? `Step ${steps.join(' and ')} of this run` : `A state after ${depth} steps`,
    ...(now ? ['on the screen'] : []),
    ...(breach === '' ? (broken ? ['a rule is broken'] : []) : [`breaks: ${breach}`]),
    ...(end ? ['nobody can move'] : []),
  ].join(', ');
}
