/** The rule set that is being put together, and what a lesson asks of it. It outlives the panel. */
import { createStore, useStore } from 'zustand';
import type { RulesView } from '../../../worker/protocol.ts';
import { engine, session } from '../../live.ts';
import { wordsOf } from '../../session/core.ts';

/** A scenario and what of it is looked at. */
export interface Asked {
  readonly id: string;
  readonly says: string;
  /** Gallery id, or ''. */
  readonly scenario: string;
  readonly text: string;
  /** null: everything. */
  readonly invariant: string | null;
}
/** What a beat asks for. */
export interface Task {
  readonly lesson: string;
  readonly place: number;
  readonly title: string;
  readonly base: string;
  /** Switches that may be used; none: all. */
  readonly free: readonly string[];
  readonly musts: readonly Asked[];
}
interface Composing {
  readonly view: RulesView | null;
  readonly error: string;
  /** The change that is under way: it shows at once. */
  readonly next: readonly [name: string, at: string] | null;
  readonly task: Task | null;
}

const store = createStore<Composing>(() => ({ view: null, error: '', next: null, task: null }));
export const useComposing = <T>(select: (state: Composing) => T): T => useStore(store, select);

let latest = 0;
async function ask(model: string, change: readonly [name: string, at: string] | null): Promise<void> {
  const mine = ++latest;
  store.setState({ next: change, error: '' });
  try {
    const view = await engine.rules(model, change);
    if (mine === latest) store.setState({ view, next: null });
  } catch (error) {
    if (mine === latest) store.setState({ error: wordsOf(error), next: null });
  }
}

/** Begins with what is on the screen, or goes on where it was left. */
export function begin(): void {
  const { view, task } = store.getState();
  if (view === null) void ask(task?.base ?? session.store.getState().model, null);
}
export function change(name: string, at: string): void {
  const { view } = store.getState();
  if (view !== null) void ask(view.model.id, [name, at]);
}
export const startFrom = (model: string): void => void ask(model, null);

/** The same task goes on where it was left. */
export function take(task: Task): void {
  const before = store.getState().task;
  store.setState({ task });
  if (before?.lesson !== task.lesson || before.place !== task.place) startFrom(task.base);
}
export function leaveTask(): void {
  store.setState({ task: null });
}
