/**
 * A lesson on paper, as a comic strip: a frame for each beat, with its words, the picture of memory where it
 * stands, its question without the answer, and a code that leads there. The answers stand at the end, on
 * their heads. Data here; `handout-html.ts` makes a page of it.
 */
import { sentence } from '../debugger/words.ts';
import { violationsOf } from '../debugger/violations.ts';
import { invariantById, invariantsFor, questionsOf } from '../invariants/index.ts';
import { guards } from '../kernel/guards.ts';
import { challengeIn, mustIn } from '../lessons/challenges.ts';
import { lookId } from '../lessons/look.ts';
import { predictionOf } from '../lessons/predictions.ts';
import { quizOf } from '../lessons/quiz.ts';
import { standOf } from '../lessons/stand.ts';
import type { Stand } from '../lessons/stand.ts';
import { paragraphsOf, stagesOf } from '../lessons/syntax.ts';
import type { Lesson, Stage } from '../lessons/syntax.ts';
import { EMPTY_LINK, encodeLink } from '../scenario/link.ts';
import type { Deflate, Source } from '../scenario/link.ts';
import { stopSvg } from './svg.ts';
import type { Drawn } from './svg.ts';
import type { Palette } from './svg-theme.ts';

export interface Frame {
  readonly title: string;
  readonly paragraphs: readonly string[];
  readonly picture: Drawn;
  /** What the step did on which the beat stands. */
  readonly says: string;
  /** `v5.7, step 12 of 59`. */
  readonly where: string;
  readonly asks: { readonly question: string; readonly options: readonly string[] } | null;
  readonly answer: { readonly text: string; readonly because: string } | null;
  /** Something to do, in a sentence, or ''. */
  readonly task: string;
  /** A link to the beat, or its part from # on; '' if the lesson is too long for one. */
  readonly link: string;
}
export interface Handout {
  readonly title: string;
  readonly about: string;
  readonly source: string;
  readonly minutes: number;
  readonly frames: readonly Frame[];
}

/** For whom a handout is made. */
export interface Paper {
  readonly palette: Palette;
  readonly deflate: Deflate;
  /** The lesson, as links name it. */
  readonly lesson: Source;
  /** The page that links lead to, without a fragment; '' = nobody knows. */
  readonly site: string;
}

/** Pixels of a picture that has two thirds of a page: its letters come out at 7 points. */
const WIDTH = 660;

/** Rejects with a sentence if a beat cannot be drawn. */
export async function handoutOf(lesson: Lesson, paper: Paper): Promise<Handout> {
  const frames: Frame[] = [];
  for (const [place, stage] of stagesOf(lesson).entries()) frames.push(await frameOf(stage, place, paper));
  const { title, about, source, minutes } = lesson;
  return { title: title.text, about: about.text, source: source.text, minutes, frames };
}

/** The picture of one beat alone. */
export function beatPicture(stage: Stage, palette: Palette, width: number): Drawn {
  return drawn(stage, standOf(stage), palette, width);
}

function drawn({ scene, beat }: Stage, { run, at, text }: Stand, palette: Palette, width: number): Drawn {
  const { plan } = run.machine,
    { look } = beat.said;
  const broken = violationsOf(run, [...invariantsFor(plan), ...questionsOf(plan).invariants]);
  const subject = { name: scene.name.text, text, run, at, broken, link: '' };
  return stopSvg(subject, palette, width, look === undefined ? null : lookId(look.text));
}

async function frameOf(stage: Stage, place: number, paper: Paper): Promise<Frame> {
  const stand = standOf(stage),
    { run, at } = stand,
    { beat, model } = stage;
  const { predict, until } = beat.said,
    asked = predict === undefined ? null : predictionOf(predict.text);
  const quiz = asked === null ? null : quizOf(run, at, until?.text ?? '', asked).quiz;
  const step = run.steps[at - 1];
  // Asked of a run, and so after the question: that goes through other worlds.
  const picture = drawn(stage, stand, paper.palette, WIDTH);
  return {
    title: beat.title.text,
    paragraphs: [...paragraphsOf(beat), ...(beat.said.free === undefined ? [] : [beat.said.free.text])],
    picture,
    says: step === undefined ? 'Before the first step.' : sentence(run, step),
    where: `${model.text}, step ${at} of ${run.steps.length}`,
    asks: quiz === null ? null : { question: quiz.asks, options: quiz.options.map((one) => one.text) },
    answer:
      quiz === null
        ? null
        : { text: quiz.options.find((one) => one.right)?.text ?? '', because: quiz.because },
    task: taskOf(stage),
    link: await linkOf(place, paper),
  };
}

function taskOf({ beat, model }: Stage): string {
  const made = beat.said.challenge === undefined ? null : challengeIn(beat.said.challenge.text);
  if (beat.said.sandbox !== undefined) {
    const musts = beat.musts.map(({ text }) => mustIn(text)?.words || text);
    return `Put rules together with which all of this holds: ${musts.join('; ')}.`;
  }
  if (made === null) return '';
  if (made.kind === 'remove') {
    const says = made.guards.map((id) => guards.find((one) => one.id === id)?.title ?? id);
    return `Which of these can be removed safely here, on ${model.text}? ${says.join(' ')}`;
  }
  if (made.kind === 'mend')
    return `Change one line of the scenario, so that nothing is broken on ${model.text}.`;
  const says = invariantById(made.invariant)?.says ?? made.invariant;
  return `Find an order on ${model.text} that breaks the rule: ${says}`;
}

const linkOf = (place: number, { lesson, deflate, site }: Paper): Promise<string> =>
  encodeLink({ ...EMPTY_LINK, lesson, beat: String(place + 1) }, deflate).then(
    (fragment) => `${site}${fragment}`,
    () => '',
  );
