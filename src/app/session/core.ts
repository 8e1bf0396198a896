/** What the parts of the session share. */
import type { Engine } from '../../worker/protocol.ts';
import type { Frames } from './frames.ts';
import type { Notice, State } from './state.ts';

export interface Core {
  readonly engine: Engine;
  readonly frames: Frames;
  get(): State;
  set(patch: Partial<State>): void;
  goto(at: number): Promise<void>;
  pause(): void;
  tell(kind: Notice['kind'], title: string, lines: readonly string[], action?: Notice['action']): void;
  /** `tell`, or take the notice of that kind away if there is nothing to say. */
  told(kind: Notice['kind'], title: string, lines: readonly string[]): void;
  words(error: unknown): string;
}

export const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
