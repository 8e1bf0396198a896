/** The scale, the broken rules as diamonds, and the scrubber: one slider. */
import type { ReactNode } from 'react';
import type { RunView } from '../../worker/protocol.ts';
import { useSession } from '../live.ts';
import { brokenSteps } from '../session/moves.ts';
import { stepOf } from '../words.ts';
import { marksOf, spanOfWord, wordsThatFit } from './diamond-words.ts';
import { Diamond } from './Diamond.tsx';
import { centreOf, scaleOf, type Track } from './track.ts';

const Y = 12;
const HEIGHT = 44;

interface Props {
  readonly run: RunView;
  readonly track: Track;
}

export function Axis({ run, track }: Props): ReactNode {
  const at = useSession((state) => state.at);
  const here = centreOf(track, at);
  const broken = brokenSteps(run);
  const marks = marksOf(broken, track);
  const words = wordsThatFit(marks, here);
  const taken = marks.flatMap((mark, i) => (words[i] === '' ? [] : [spanOfWord(mark)]));
  const says = run.steps[at - 1]?.says ?? 'Nothing has happened yet.';
  return (
    <>
      <svg className="axis" width={track.width} height={HEIGHT} aria-hidden="true" overflow="visible">
        <line className="axis-ahead" x1={here} y1={Y} x2={track.width} y2={Y} />
        <line className="axis-done" x1={centreOf(track, 0)} y1={Y} x2={here} y2={Y} />
        <Stops track={track} />
        <Ticks track={track} at={at} taken={taken} />
        {broken.map((one, i) => (
          <Diamond
            key={`${one.at} ${one.invariant}`}
            x={centreOf(track, one.at)}
            y={Y}
            room={track.width - centreOf(track, one.at)}
            word={words[i] ?? ''}
            reached={at >= one.at}
          />
        ))}
      </svg>
      <div
        // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- a range field cannot be drawn so
        role="slider"
        tabIndex={0}
        className="thumb"
        aria-label="Step"
        aria-valuemin={0}
        aria-valuemax={track.steps}
        aria-valuenow={at}
        aria-valuetext={`${stepOf(at, run)}. ${says}`}
        style={{ left: here }}
      >
        {at > 0 && <b className="thumb-number mono">{at}</b>}
      </div>
    </>
  );
}

/** Breakpoints over the line, where the run comes to them; bookmarks and notes as flags on it. */
function Stops({ track }: { readonly track: Track }): ReactNode {
  const stops = useSession((state) => state.stops);
  const bookmarks = useSession((state) => state.bookmarks);
  const notes = useSession((state) => state.run?.notes ?? NO_NOTES);
  const flags = [...new Set([...bookmarks, ...notes.map((note) => note.at)])];
  return (
    <>
      {stops.map((at) => (
        <path
          key={at}
          className="axis-stop"
          d="M-4.5-4h9v4.5L0 5l-4.5-4.5z"
          transform={`translate(${centreOf(track, at)} 3)`}
        />
      ))}
      {flags.map((at) => (
        <path
          key={`f${at}`}
          className="axis-flag"
          d="M0 0v-15h8l-2.2 3.2L8-8.6H0"
          transform={`translate(${centreOf(track, at)} ${Y})`}
        />
      ))}
    </>
  );
}
const NO_NOTES: RunView['notes'] = [];

/** Half of the number of a step, and some air. */
const NUMBER = 20;

interface TicksProps {
  readonly track: Track;
  readonly at: number;
  /** Where the words of diamonds stand. */
  readonly taken: readonly (readonly [left: number, right: number])[];
}

function Ticks({ track, at, taken }: TicksProps): ReactNode {
  const { labels, ticks } = scaleOf(track);
  const marks: ReactNode[] = [];
  const far = (x: number): boolean =>
    Math.abs(x - centreOf(track, at)) > 30 &&
    taken.every(([left, right]) => x + NUMBER < left || x - NUMBER > right);
  const marked = new Set(track.steps > 0 ? [1] : []);
  for (const every of [ticks, labels]) {
    for (let step = every; step <= track.steps; step += every) marked.add(step);
  }
  for (const step of marked) {
    const numbered = step === 1 || step % labels === 0;
    const x = centreOf(track, step);
    marks.push(
      <line
        key={step}
        className={step <= at ? 'tick tick-done' : 'tick'}
        x1={x}
        x2={x}
        y1={Y}
        y2={Y + (numbered ? 8 : 4)}
      />,
    );
    if (numbered && far(x) && (step > 1 || track.pitch * labels > 50)) {
      marks.push(
        <text key={`n${step}`} className="tick-number" x={x} y={Y + 22} textAnchor="middle">
          {step}
        </text>,
      );
    }
  }
  return marks;
}
