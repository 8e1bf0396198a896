/** The switches of a model in words, and what becomes of it when one of them is changed. */
import { isRefused, positionOf, positionsOf, readId } from '../kernel/switches/compose.ts';
import type { Written } from '../kernel/switches/compose.ts';
import type { Model } from '../kernel/rules.ts';
import { printId, settle } from '../kernel/switches/settle.ts';
import { switchWords } from '../kernel/switches/words.ts';
import { switches } from '../kernel/switches/switches.ts';
import type { ModelInfo, RulesView } from './protocol.ts';

/** The registry as a value: a part that is fetched later must not decide how the worker is cut into files. */
export interface Registry {
  readonly models: readonly Model[];
  readonly modelOf: (id: string) => Model;
  readonly modelInfo: (model: Model) => ModelInfo;
}
type Change = readonly [name: string, at: string] | null;

export function rulesView(id: string, change: Change, registry: Registry): RulesView {
  const { models, modelOf, modelInfo } = registry,
    { base, chosen, last } = changed(id, change, modelOf);
  const model = modelOf(base),
    settled = settle(model, chosen, last, models),
    at = positionsOf(model, settled.chosen, models);
  return {
    model: modelInfo(modelOf(printId(model, settled.chosen, models))),
    base,
    moved: change === null ? [] : settled.moved,
    groups: switchWords.map(({ title, switches: all }) => ({
      title,
      switches: all.map(({ id: name, name: called, asks, positions }) => ({
        id: name,
        name: called,
        asks,
        at: at[name] ?? '',
        usual: positionOf(model, name, models) ?? '',
        positions: Object.entries(positions).map(([position, words]) => ({
          id: position,
          ...words,
          from: switches[name]!.positions[position]!.from,
        })),
      })),
    })),
  };
}

/** The words of the id after the change. Throws what is wrong with either. */
function changed(
  id: string,
  change: Change,
  modelOf: Registry['modelOf'],
): Written & { readonly last: string } {
  modelOf(id);
  const { base, chosen } = readId(id) as Written;
  if (change === null) return { base, chosen, last: '' };
  const [last, at] = change;
  if (last === 'base') return { base: modelOf(at).id, chosen, last };
  const asked = readId(`${base}~${last}.${at}`);
  if (isRefused(asked)) throw new Error(`${asked.message}. ${asked.hint}`);
  return { base, chosen: { ...chosen, [last]: at }, last };
}
