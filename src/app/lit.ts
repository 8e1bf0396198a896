/**
 * What is pointed at, or has the focus, is lit wherever else it stands: an entry, its token and its edge, the
 * line of the inspector about it, the operation of a step. Loaded behind the first picture.
 *
 * `data-id` names a thing of the scene, `data-lit` what something else is about (several, with blanks
 * between); `step:22` lies in the operation whose `data-steps` are `20 31`.
 */
import './lit.css';

const NAMED = '[data-id], [data-lit], [data-steps]';

/** A token stands for its holder, too: `token:folio:f0:pte:parent:a.0`. */
export function keysOf(names: string): readonly string[] {
  return names.split(' ').flatMap((name) => {
    const holder = /^token:folio:[^:]+:(.+)$/.exec(name)?.[1];
    return holder === undefined ? [name] : [name, holder];
  });
}

/** What two things are about is the same, or a step of the one is of the other. */
export function isAbout(one: Subject, other: Subject): boolean {
  return (
    one.keys.some((key) => other.keys.includes(key)) ||
    other.keys.some((key) => isWithin(key, one.steps)) ||
    one.keys.some((key) => isWithin(key, other.steps))
  );
}
export interface Subject {
  readonly keys: readonly string[];
  readonly steps: readonly [first: number, last: number] | null;
}
function isWithin(key: string, steps: Subject['steps']): boolean {
  const step = steps && /^step:(\d+)$/.exec(key);
  return step ? Number(step[1]) >= steps[0] && Number(step[1]) <= steps[1] : false;
}

function subjectOf({ dataset }: HTMLElement | SVGElement): Subject {
  const { id = '', lit = '', steps = '' } = dataset;
  const [first, last] = steps.split(' ').map(Number);
  return {
    keys: keysOf(`${id} ${lit}`.trim()).filter((key) => key !== ''),
    steps: first !== undefined && last !== undefined ? [first, last] : null,
  };
}

export function listenForPointing(page: Document): void {
  let from: Element | null = null;
  const point = ({ target }: Event): void => {
    const found = target instanceof Element ? target.closest<HTMLElement>(NAMED) : null;
    if (found === from) return;
    from = found;
    for (const one of page.querySelectorAll('[data-pointed]')) one.removeAttribute('data-pointed');
    if (!found) return;
    const subject = subjectOf(found);
    for (const one of page.querySelectorAll<HTMLElement>(NAMED))
      if (one !== found && isAbout(subject, subjectOf(one))) one.setAttribute('data-pointed', '');
  };
  page.addEventListener('pointerover', point, { passive: true });
  page.addEventListener('focusin', point);
}
