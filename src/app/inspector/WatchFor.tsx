/** Step 0: the two words that matter, the signs, and where to go from here. */
import type { ReactNode } from 'react';
import { IconGallery, IconHand, IconLesson, IconSource } from '../icons.tsx';
import { session, useSession } from '../live.ts';
import { isEdited, scenarioOf } from '../session/state.ts';
import { useFirstVisit } from '../stage/FirstVisit.tsx';
import { hueClass } from '../parts/Swatch.tsx';
import { Section } from './Section.tsx';

const WORDS = [
  {
    word: 'mapcount',
    means: 'How many page tables point at the page.',
    then: 'Up to v5.7 this alone decided who may write in place.',
  },
  {
    word: 'refcount',
    means: 'How many hold the page at all: page tables, pipes, devices.',
    then: 'From v5.9 this decides.',
  },
] as const;

export function WatchFor(): ReactNode {
  const others = useSession((state) => Math.max(0, (state.info?.scenarios.length ?? 1) - 1));
  const first = useFirstVisit();
  return (
    <>
      {!first && <About />}
      <Section title="What to watch" tab="changed">
        <dl className="watch">
          {WORDS.map(({ word, means, then }) => (
            <div key={word}>
              <dt className="mono strong">{word}</dt>
              <dd className="quiet">{means}</dd>
              <dd className="small faint">{then}</dd>
            </div>
          ))}
        </dl>
      </Section>
      <Section title="Signs" tab="why">
        <ul className="signs">
          <li>
            <svg width="44" height="20" aria-hidden="true" fill="none" stroke="var(--ink)" strokeWidth="1.5">
              <path d="M0 10h40M32 5l8 5-8 5" />
            </svg>
            mapped read-only
          </li>
          <li>
            <svg width="44" height="20" aria-hidden="true" fill="var(--ink)" stroke="var(--ink)">
              <path d="M0 10h32" strokeWidth="4" />
              <path d="M30 3l11 7-11 7z" stroke="none" />
            </svg>
            mapped writable
          </li>
          <li>
            <span className="sign-hand">
              <IconHand size={14} />
            </span>
            held by a pipe or a device
          </li>
          <li>
            <b className="mono sign-bits">PWDA</b>
            present, writable, dirty, accessed
          </li>
          <li>
            <Letters text="old" who={0} pale />
            bytes from before fork
          </li>
          <li>
            <Letters text="new" who={0} />
            written by the first process since
          </li>
          <li>
            <Letters text="new" who={1} />
            written by the second process since
          </li>
        </ul>
      </Section>
      <Section title="Then" tab="rule">
        <ul className="then">
          <Go
            icon={<IconLesson size={20} />}
            title="Take a lesson"
            sub="the picture, with words"
            to="walkthrough"
          />
          <Go
            icon={<IconGallery size={20} />}
            title={`${others} other scenarios`}
            sub="races, pins, copies"
            to="gallery"
          />
          <Go
            icon={<IconSource size={20} />}
            title="Write your own"
            sub="and check every order"
            to="source"
          />
        </ul>
      </Section>
    </>
  );
}

/** What the scenario is about, in all its words, and where it comes from. */
function About(): ReactNode {
  const about = useSession((state) => state.about);
  const source = useSession((state) => (isEdited(state) ? '' : (scenarioOf(state)?.source ?? '')));
  if (about === '') return null;
  return (
    <Section title="What is this?" tab="changed">
      <p className="quiet">{about}</p>
      {source !== '' && <p className="watch-source small faint">{source}</p>}
    </Section>
  );
}

interface LettersProps {
  readonly text: string;
  readonly who: number;
  readonly pale?: boolean;
}

function Letters({ text, who, pale = false }: LettersProps): ReactNode {
  return (
    <span className={`letters ${hueClass(who)}`} data-pale={pale} aria-hidden="true">
      {[...text].map((letter, place) => (
        <b key={place}>
          {letter}
          <i className={pale ? '' : `pattern ${hueClass(who)}`} />
        </b>
      ))}
    </span>
  );
}

interface GoProps {
  readonly icon: ReactNode;
  readonly title: string;
  readonly sub: string;
  readonly to: 'walkthrough' | 'gallery' | 'source';
}

function Go({ icon, title, sub, to }: GoProps): ReactNode {
  return (
    <li>
      <button type="button" className="then-go" onClick={() => session.show(to)}>
        {icon}
        <span>
          <span className="strong">{title}</span>
          <span className="small faint">{sub}</span>
        </span>
      </button>
    </li>
  );
}
