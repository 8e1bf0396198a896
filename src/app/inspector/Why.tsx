/** "Why is this refcount 2?": everyone who holds the folio, since when, and whether mapcount sees them. */
import type { ReactNode } from 'react';
import type { HolderView } from '../../worker/protocol.ts';
import { IconCopy, IconDisk, IconHand, IconList, IconPin } from '../icons.tsx';
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
  return (
    <Section
      title={`Why is this refcount ${why.refcount}?`}
      aside={<span className="mono">{nameOf(why.folio)}</span>}
      tab="why"
      explains
    >
      <ul className="holders">
        {why.holders.length === 0 && <li className="quiet">Nobody holds it. The folio is free.</li>}
        {why.holders.map((holder) => (
          <Holder key={holder.token} holder={holder} chosen={holder.token === selected} />
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
  chosen: isChosen,
}: {
  readonly holder: HolderView;
  readonly chosen: boolean;
}): ReactNode {
  return (
    <li className="holder" data-chosen={isChosen}>
      <span className="holder-sign">
        <HolderSign holder={holder} />
      </span>
      <span className="holder-name strong">{holder.label}</span>
      <span className={`chip ${holder.inMapcount ? '' : 'chip-open'}`}>
        {holder.inMapcount ? 'in mapcount' : 'not in mapcount'}
      </span>
      {holder.since !== '' && (
        <span className="holder-since small faint">
          {holder.sinceStep > 0 ? <Since holder={holder} /> : pretty(holder.since)}
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

function HolderSign({ holder }: { readonly holder: HolderView }): ReactNode {
  switch (holder.kind) {
    case 'pte':
      return <Swatch who={holder.who} size={14} />;
    case 'pin':
      return <IconPin />;
    case 'lru':
      return <IconList />;
    case 'copy':
      return <IconCopy />;
    case 'cache':
      return <IconDisk />;
    default:
      return <IconHand />;
  }
}
