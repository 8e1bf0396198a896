/** An operation of a plan in the recorder's spelling: `A st a.0 11`. Strings stay quoted. */
import type { Op, Plan } from '../kernel/plan.ts';
import { OPERATIONS } from '../scenario/words.ts';

const short: ReadonlyMap<string, string> = new Map(
  OPERATIONS.flatMap(({ verb, recorder }) => (recorder === '' ? [] : [[verb, recorder] as const])),
);

export function operationOf(plan: Plan, op: Op): string {
  return `${plan.threads[op.thread]!.name} ${recorderSpelling(op.text)}`;
}

/** From the printer's spelling, without its actor. */
export function recorderSpelling(text: string): string {
  const [verb = '', ...rest] = text.split(' ');
  if (verb === 'mmap')
    return ['map', ...rest.map((w, i) => (i === 1 && w === 'shared' ? 'shanon' : w))].join(' ');
  if (verb === 'vmsplice') return ['vms', ...rest.filter((w) => w !== '->')].join(' ');
  if (verb === 'pin' && rest.length === 2) return `${rest[1] === 'write' ? 'hrw' : 'hro'} ${rest[0]}`;
  const result = rest.indexOf('->');
  const words =
    verb === 'load' || verb === 'read' || verb === 'release'
      ? rest.slice(0, result < 0 ? rest.length : result)
      : rest;
  return [short.get(verb) ?? verb, ...words].join(' ');
}
