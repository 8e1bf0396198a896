/** An operation of a plan in the recorder's spelling: `A st a.0 11`. Strings stay quoted. */
import type { Op, Plan } from '../kernel/plan.ts';
import { recorderAdvice } from '../scenario/advice.ts';
import { KINDS, KIND_WORDS, OPERATIONS } from '../scenario/words.ts';

const short: ReadonlyMap<string, string> = new Map(
  OPERATIONS.flatMap(({ verb, recorder }) => (recorder === '' ? [] : [[verb, recorder] as const])),
);

export function operationOf(plan: Plan, op: Op): string {
  // The recorder starts the second thread itself.
  const { name, process } = plan.threads[op.thread]!;
  return `${op.detached === true ? plan.processes[process]!.name : name} ${recorderSpelling(op.text)}`;
}

/** From the printer's spelling, without its actor. */
export function recorderSpelling(text: string): string {
  if (text.startsWith('&')) return `&${recorderSpelling(text.slice(1))}`;
  const [verb = '', ...rest] = text.split(' ');
  if (verb === 'uffd_register') return `uffd${rest[1] === 'wp' ? 'wp' : 'miss'} ${rest[0]}`;
  if (verb === 'uffd_writeprotect') return `${rest[1] === 'on' ? 'wp' : 'unwp'} ${rest[0]}`;
  if (verb === 'mmap')
    return ['map', ...rest.map((w, i) => (i === 1 ? KINDS[KIND_WORDS.get(w)!].recorder : w))].join(' ');
  if (verb === 'madvise') return ['adv', ...rest.map((w, i) => (i === 1 ? recorderAdvice(w) : w))].join(' ');
  if (verb === 'vmsplice') return ['vms', ...rest.filter((w) => w !== '->')].join(' ');
  if (verb === 'pin' && rest.includes('longterm') && !rest.includes('as'))
    return `${rest[1] === 'write' ? 'grw' : rest.includes('fast') ? 'grof' : 'gro'} ${rest[0]}`;
  if (verb === 'pin' && rest.length === 2) return `${rest[1] === 'write' ? 'hrw' : 'hro'} ${rest[0]}`;
  if (verb === 'poke' || verb === 'ptpoke' || verb === 'process_vm_writev')
    return [short.get(verb) ?? verb, ...rest.filter((w) => w !== 'in')].join(' ');
  const result = rest.indexOf('->');
  const words = result < 0 ? rest : rest.slice(0, result);
  return [short.get(verb) ?? verb, ...words].join(' ');
}
