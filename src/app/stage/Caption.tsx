/** One fact and one consequence, always in the same box: the step's sentence, or the rule that broke. */
import type { ReactNode } from 'react';
import type { RunView, ViolationView } from '../../worker/protocol.ts';
import { IconBroken } from '../icons.tsx';
import { session, useSession } from '../live.ts';
import { brokenBy } from '../session/moves.ts';
import { stepOf, whereOf } from '../words.ts';
import { FirstWords, useFirstVisit } from './FirstVisit.tsx';

export function Caption(): ReactNode {
  const run = useSession((state) => state.run);
  const at = useSession((state) => state.at);
  const first = useFirstVisit();
  if (!run) return <div className="caption" />;
  const broken = brokenBy(run, at);
  return (
    <div className="caption">
      {broken ? (
        <Banner run={run} broken={broken} at={at} />
      ) : first ? (
        <FirstWords />
      ) : at === 0 ? (
        <AtStart run={run} />
      ) : (
        <StepWords run={run} at={at} />
      )}
    </div>
  );
}

function StepWords({ run, at }: { readonly run: RunView; readonly at: number }): ReactNode {
  const step = run.steps[at - 1];
  if (!step) return null;
  return (
    <>
      <p className="caption-where small quiet clip">
        {[stepOf(at, run), ...whereOf(run, step)].join(' · ')}
        {' · in '}
        <code>{step.routine}</code>
      </p>
      <Says text={step.says} />
    </>
  );
}

function AtStart({ run }: { readonly run: RunView }): ReactNode {
  const about = useSession((state) => state.about);
  const title = useSession((state) => state.title);
  return (
    <>
      <p className="caption-where small quiet">{stepOf(0, run)}</p>
      <Says text={firstSentence(about) || title} />
    </>
  );
}

/** From about here on one large line is not enough: in a narrow column, and in any. */
const LONG = 84;
const LONGER = 108;

/** One large line, or two smaller ones in the same box. */
function Says({ text }: { readonly text: string }): ReactNode {
  return (
    <p
      className="caption-says"
      data-long={text.length > LONGER ? 'always' : text.length > LONG ? 'narrow' : 'no'}
      title={text}
    >
      {text}
    </p>
  );
}

const firstSentence = (text: string): string => /^.*?[.?](?=\s|$)/s.exec(text)?.[0] ?? text;

interface BannerProps {
  readonly run: RunView;
  readonly broken: ViolationView;
  readonly at: number;
}

function Banner({ run, broken, at }: BannerProps): ReactNode {
  const decided = broken.decidedAt;
  return (
    <div className="banner" data-invariant={broken.invariant} data-word={broken.word}>
      <IconBroken size={24} />
      <div className="grow">
        <p className="banner-title">{broken.title}</p>
        <p className="banner-why small">
          Rule broken: <b className="strong">{broken.invariant.replaceAll('-', ' ')}</b>{' '}
          <code>{broken.alias}</code>. {broken.reason}
        </p>
      </div>
      {decided > 0 && decided !== at && (
        <button type="button" className="button" onClick={() => void session.goto(decided)}>
          Show the decision, step {decided}
        </button>
      )}
      {decided === 0 && at !== broken.at && (
        <button type="button" className="button" onClick={() => void session.goto(broken.at)}>
          Step {broken.at} of {run.steps.length}
        </button>
      )}
    </div>
  );
}
