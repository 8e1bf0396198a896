/** What a beat asks its reader to do: `challenge:` and `sandbox:`. Form only; `verify.ts` runs them. */
import type { Problems } from '../scenario/diagnostic.ts';
import { didYouMean } from '../scenario/nearest.ts';
import type { Beat, Lesson, Said } from './syntax.ts';

export type Challenge =
  /** A schedule that breaks the rule. */
  | { readonly kind: 'find'; readonly invariant: string }
  /** A text, one line from this one, that breaks none. */
  | { readonly kind: 'mend' }
  /** One of these guards, without which nothing breaks either. */
  | { readonly kind: 'remove'; readonly guards: readonly string[] };

const CHALLENGE = 'challenge: find INVARIANT, challenge: mend, or challenge: remove GUARD GUARD';
const ID = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;

export function challengeIn(text: string): Challenge | null {
  const [kind = '', ...names] = text.split(/\s+/);
  if (!names.every((name) => ID.test(name))) return null;
  const [invariant] = names;
  if (kind === 'find' && invariant !== undefined && names.length === 1) return { kind, invariant };
  if (kind === 'mend' && names.length === 0) return { kind };
  return kind === 'remove' && new Set(names).size === names.length && names.length > 1
    ? { kind, guards: names }
    : null;
}

/** The one line that an answer changes: `OLD => NEW`. */
export function changeIn(text: string): { readonly from: string; readonly to: string } | null {
  const [, from = '', to = ''] = /^(\S.*?)\s*=>\s*(.*)$/.exec(text) ?? [];
  return from === '' ? null : { from, to: to.trim() };
}

export function challengeOf(said: Said, answer: Said | undefined, found: Problems): void {
  const made = challengeIn(said.text);
  if (made === null) return found.error(said.span, 'this challenge is not understood', CHALLENGE);
  if (made.kind !== 'mend' && answer !== undefined)
    found.error(answer.span, 'the checker finds the answer itself', 'Leave the answer out.');
  if (made.kind === 'mend' && (answer === undefined || changeIn(answer.text) === null))
    found.error((answer ?? said).span, 'the answer is missing', 'answer: THE LINE => WHAT IT BECOMES');
}

/** A base, and the switches that may be used: none = all. */
export interface Sandbox {
  readonly base: string;
  readonly switches: readonly string[];
}
export function sandboxIn(text: string): Sandbox {
  const [base = '', ...switches] = text.split(/\s+/);
  return { base, switches };
}
/** `SCENARIO holds [INVARIANT][: what it is about]` */
export interface Must {
  readonly scenario: string;
  /** '' = all. */
  readonly invariant: string;
  readonly words: string;
}
export function mustIn(text: string): Must | null {
  const [, scenario, invariant = '', words = ''] =
    /^([a-z0-9-]+) holds(?: ([a-z][a-z-]*))?(?::\s+(.+))?$/.exec(text) ?? [];
  return scenario === undefined ? null : { scenario, invariant, words };
}

const MUST = 'must: SCENARIO holds, or: must: SCENARIO holds INVARIANT: what it is about';

export function sandboxOf({ said, musts }: Beat, { scenes }: Lesson, found: Problems): void {
  const { sandbox, answer } = said;
  if (sandbox === undefined) {
    for (const { span } of musts)
      found.error(span, 'must belongs to sandbox', 'Write `sandbox: v5.7` above.');
    return;
  }
  if (musts.length === 0) found.error(sandbox.span, 'nothing is asked of the rules', MUST);
  if (answer === undefined)
    found.error(
      sandbox.span,
      'the answer is missing',
      'answer: v5.7~reuse.refcount, a rule set that does it',
    );
  for (const { text, span } of musts) {
    const must = mustIn(text);
    if (must === null) found.error(span, 'this is not understood', MUST);
    else if (!scenes.some((scene) => scene.name.text === must.scenario)) {
      const names = scenes.map((scene) => scene.name.text);
      const hint = didYouMean(must.scenario, names, `The head has: ${names.join(', ')}.`);
      found.error(span, `no scenario ${must.scenario} in the head`, hint);
    }
  }
}
