/** Models as the app names and shows them. */
import { modelOrWhy } from '../kernel/models/index.ts';
import type { Model } from '../kernel/rules.ts';
import { isMade, isRefused } from '../kernel/switches/compose.ts';
import type { ModelInfo } from './protocol.ts';

/** Errors reject with words for people: an unknown model names those that exist. */
export function modelOf(id: string): Model {
  const model = modelOrWhy(id);
  if (!isRefused(model)) return model;
  if (isMade(id))
    throw new Error(`There is no rule set "${id.slice(0, 60)}": ${model.message}. ${model.hint}`);
  throw new Error(`There is no model "${id.slice(0, 40)}". ${model.hint}`);
}

export function modelInfo(m: Model): ModelInfo {
  const { id, title, rule, since, replaces, breaks, notHere, composed, proposal, mailSays, ours, looksAt } =
    m;
  return { id, title, rule, since, replaces, breaks, notHere, composed, proposal, mailSays, ours, looksAt };
}
