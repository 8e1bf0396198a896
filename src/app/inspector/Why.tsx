/** "Why is this refcount 2?": everyone who holds the folio, since when, and whether mapcount sees them. */
import type { ReactNode } from 'react';
import type { HolderView, WhyView } from '../../worker/protocol.ts';
import { Explained } from '../glossary/glossary.ts';
import { IconDisk, IconHand, IconList, IconPin } from '../icons.tsx';
import { useSession } from '../live.ts';
import { Swatch } from '../parts/Swatch.tsx';
import { pretty } from '../words.ts';
import { chosen, nameOf } from './chosen.ts';
import { Section } from './Section.tsx';
import { StepLink } from './StepLink.tsx';

export function Why(): ReactNode {
  const why = useSession(chosen);
  const selected = useSession((state) => state.selection);
  if (!why) return null;
  const asked = selected?.startsWith('mapcount:') ? 'mapcount' : 'refcount';
  return (
    <Section
      title={
        <Explained text={`Why is this ${asked} ${asked === 'mapcount' ? why.mapcount : why.refcount}?`} />
      }
      aside={<span className="mono">{nameOf(why.folio)}</span>}
      tab="why"
      explains
    >
      <ul className="holders">
        {why.holders.length === 0 && <li className="quiet">Nobody holds it. The folio is free.</li>}
        {why.holders
          .filter((one) => asked === 'refcount' || one.inMapcount)
          .map((holder) => (
            <Holder key={holder.token} holder={holder} reads={why.reads} chosen={holder.token === selected} />
          ))}
      </ul>
      {why.gone.length > 0 && (
        <p className="gone small faint">
          Gone:{' '}
          {why.gone.map((one, place) => (
            <span key={`${one.label} ${one.from}`}>
              {place > 0 && ', '}
              {one.label}, <StepLink at={one.from} /> to <StepLink at={one.to}>{one.to}</StepLink>
            </span>
          ))}
        </p>
      )}
    </Section>
  );
}

function Holder({
  holder,
  reads,
  chosen: isChosen,
}: {
  readonly holder: HolderView;
  readonly reads: WhyView['reads'];
  readonly chosen: boolean;
}): ReactNode {
  return (
    <li className="holder" data-chosen={isChosen} data-lit={holder.token}>
      <span className="holder-sign">
        <HolderSign holder={holder} />
      </span>
      <span className="holder-name strong">{holder.label}</span>
      <span className={`chip ${holder.counted ? '' : 'chip-open'}`}>{inWords(holder, reads)}</span>
      {holder.since !== '' && (
        <span className="holder-since small faint">
          {holder.sinceStep > 0 ? <Since holder={holder} /> : pretty(holder.since)}
          <Until holder={holder} />
        </span>
      )}
    </li>
  );
}

/** `since step 4, parent's store`: only the number is the link. */
function Since({ holder }: { readonly holder: HolderView }): ReactNode {
  const [before = '', after = ''] = pretty(holder.since).split(`step ${holder.sinceStep}`, 2);
  return (
    <>
      {before}
      <StepLink at={holder.sinceStep} />
      {after}
    </>
  );
}

/** Whether the number that the rule reads knows of it; a mark on the page counts nobody. */
function inWords({ counted, inMapcount }: HolderView, reads: WhyView['reads']): string {
  if (reads === 'bit') return inMapcount ? 'in mapcount' : 'not in mapcount';
  const number = reads === 'pins' ? 'a pin' : reads;
  if (reads === 'pins') return counted ? number : `not ${number}`;
  return counted ? `in ${number}` : `not in ${number}`;
}

/** Who lets go of it, and when. */
function Until({ holder: { drop, dropStep } }: { readonly holder: HolderView }): ReactNode {
  if (drop === '') return null;
  const by = <code>{drop}()</code>;
  if (dropStep === 0) return <>; kept to the end, {by} would drop it</>;
  return (
    <>
      ; {by} drops it at <StepLink at={dropStep} />
    </>
  );
}

function HolderSign({ holder }: { readonly holder: HolderView }): ReactNode {
  switch (holder.kind) {
    case 'pte':
    case 'swap':
      return <Swatch who={holder.who} size={14} />;
    case 'pin':
      return <IconPin />;
    case 'batch':
      return <IconList />;
    case 'cache':
    case 'swap-cache':
      return <IconDisk />;
    default:
      return <IconHand />;
  }
}
