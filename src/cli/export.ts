/** folioscope export: a scenario as something to send or to keep. */
import { newRun } from '../debugger/run.ts';
import { follow, printPosition, scheduleText, seekPosition } from '../debugger/schedule.ts';
import { changes, sentence } from '../debugger/words.ts';
import { RESULTS } from '../kernel/compile.ts';
import { boot } from '../kernel/machine.ts';
import type { Model } from '../kernel/rules.ts';
import { EMPTY_LINK, encodeLink } from '../scenario/link.ts';
import { didYouMean } from '../scenario/nearest.ts';
import { webDeflate } from '../worker/deflate.ts';
import { BadInput, operandOf } from './command.ts';
import type { Args, Command } from './command.ts';
import { modelNamed, scheduleOf } from './lookup.ts';
import { readScenario } from './source.ts';
import type { Scenario } from './source.ts';

const ready = ['link', 'json'],
  later = ['ascii', 'c', 'svg'];

export const exportTo: Command = {
  name: 'export',
  operands: 'FILE|NAME',
  summary: 'a scenario as a link or as JSON',
  options: {
    to: { value: 'link|json', says: 'what to make' },
    model: { value: 'ID', says: 'the rules; json: the run is in it' },
    at: { value: 'N', says: 'the step to show, by number or as a link writes it' },
    schedule: { value: 'S', says: 'switches of threads' },
  },
  run: async (args, io) => {
    const operand = operandOf(args, exportTo),
      to = formOf(args);
    const scenario = readScenario(operand, io),
      id = args.text('model');
    const model = id === undefined ? null : modelNamed(id);
    if (model === null && args.text('at') !== undefined) throw new BadInput('--at needs a --model');
    io.out(to === 'link' ? await linkOf(scenario, model, args) : jsonOf(scenario, model, args));
    return 0;
  },
};

function formOf(args: Args): string {
  const to = args.text('to');
  if (to === undefined) throw new BadInput('--to is missing', `Write --to ${ready.join(' or --to ')}.`);
  if (ready.includes(to)) return to;
  if (later.includes(to)) throw new BadInput(`--to ${to} comes later`, `There is ${ready.join(' and ')}.`);
  throw new BadInput(
    `nothing is called --to ${to}`,
    didYouMean(to, ready, `There is ${ready.join(' and ')}.`),
  );
}

function runOf({ plan }: Scenario, model: Model, args: Args) {
  const run = newRun(boot(plan, model));
  const notes = follow(run, scheduleOf(args, plan));
  const { at, note } = seekPosition(run, args.text('at') ?? 'end');
  if (note !== '') throw new BadInput(`--at ${args.text('at') ?? ''}: ${note}`);
  return { run, notes, at };
}

async function linkOf(scenario: Scenario, model: Model | null, args: Args): Promise<string> {
  const source =
    scenario.id === null
      ? { kind: 'inline' as const, text: scenario.text }
      : { kind: 'named' as const, id: scenario.id };
  const link = { ...EMPTY_LINK, scenario: source, run: args.text('schedule') ?? '' };
  if (model === null) return encodeLink(link, webDeflate);
  const { run, at } = runOf(scenario, model, args);
  const position = args.text('at') === undefined ? '' : printPosition(run, at);
  return encodeLink({ ...link, model: model.id, at: position }, webDeflate);
}

function jsonOf(scenario: Scenario, model: Model | null, args: Args): string {
  const { name, plan, text } = scenario;
  const about = { name, title: plan.title, text };
  if (model === null) return JSON.stringify({ ...about, plan });
  const { run, notes, at } = runOf(scenario, model, args);
  const steps = run.steps.map((s) => {
    const { routine, label } = run.machine.program.rows[s.pc]!,
      end = s.effects.find((e) => e.name === 'end');
    return {
      at: s.at,
      thread: plan.threads[s.thread]!.name,
      op: plan.ops[s.op]?.text ?? '',
      routine: routine.name,
      label,
      says: sentence(run, s),
      changes: changes(run, s),
      ...(end === undefined ? {} : { ends: RESULTS[end.a] }),
    };
  });
  return JSON.stringify({ ...about, model: model.id, schedule: scheduleText(run), at, notes, steps, plan });
}
