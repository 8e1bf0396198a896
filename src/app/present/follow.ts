/**
 * Windows of one presentation: what one of them shows the others show, too, and any may lead. A window that
 * comes late asks, and hears what is shown; one that goes says so, and one that crashed answers no more.
 * Nothing here knows what is shown, which channel carries it, or what time it is.
 */

/** Messages of another version of the page are not understood, and not answered. */
export const VERSION = 1;

export type Message<S> =
  | { readonly folioscope: 1; readonly from: string; readonly kind: 'hello' | 'here' | 'bye' }
  | {
      readonly folioscope: 1;
      readonly from: string;
      readonly kind: 'shown';
      readonly clock: number;
      readonly by: string;
      readonly shown: S;
    };

export interface Wire {
  post(message: unknown): void;
  /** Until the returned function is called. */
  listen(hear: (message: unknown) => void): () => void;
}

export interface Follow<S> {
  /** Something else is shown here now, since somebody wanted it. */
  tell(shown: S): void;
  /** What is shown here is there now: whoever asked meanwhile hears of it. */
  ready(): void;
  /** Called every few seconds: asks whether the others are still there. */
  tick(): void;
  /** Says good-bye, and hears no more. */
  close(): void;
}

interface Options<S> {
  readonly wire: Wire;
  /** Of this window: no other has it. */
  readonly me: string;
  /** What a message says is shown, or null if it cannot be that. */
  readonly read: (value: unknown) => S | null;
  /** What is shown here. null: nothing that could be followed yet, or it follows itself. */
  readonly shown: () => S | null;
  readonly take: (shown: S) => void;
  /** So many other windows are there now. */
  readonly others: (count: number) => void;
}

/** Questions that a window may leave without an answer before it counts as gone. */
const MISSED_MAX = 2;

export function createFollow<S>({ wire, me, read, shown, take, others }: Options<S>): Follow<S> {
  /** The newest that is known: later clock, then later name. '' is before every name. */
  let clock = 0,
    by = '';
  const missed = new Map<string, number>();
  /** Somebody asked while the picture was on its way. */
  let owed = false;

  const post = (message: Partial<Message<S>>): void =>
    wire.post({ folioscope: VERSION, from: me, ...message });

  function count(change: () => void): void {
    const before = missed.size;
    change();
    if (missed.size !== before) others(missed.size);
  }

  function answer(): void {
    const here = shown();
    owed = here === null;
    if (here === null) return post({ kind: 'here' });
    if (by === '') by = me;
    post({ kind: 'shown', clock, by, shown: here });
  }

  function hear(value: unknown): void {
    const message = messageIn(value);
    if (message === null || message.from === me) return;
    const { from, kind } = message;
    if (kind === 'bye') return count(() => missed.delete(from));
    count(() => missed.set(from, 0));
    if (kind === 'hello') answer();
    if (kind !== 'shown') return;
    const newer = message.clock > clock || (message.clock === clock && message.by > by);
    const found = newer ? read(message.shown) : null;
    if (found === null) return;
    clock = message.clock;
    by = message.by;
    take(found);
  }

  const deaf = wire.listen(hear);
  post({ kind: 'hello' });
  return {
    tell(now) {
      owed = false;
      clock += 1;
      by = me;
      post({ kind: 'shown', clock, by, shown: now });
    },
    ready() {
      if (owed && shown() !== null) answer();
    },
    tick() {
      count(() => {
        for (const [name, times] of missed) {
          if (times >= MISSED_MAX) missed.delete(name);
          else missed.set(name, times + 1);
        }
      });
      post({ kind: 'hello' });
    },
    close() {
      post({ kind: 'bye' });
      deaf();
    },
  };
}

interface Heard {
  readonly from: string;
  readonly kind: string;
  readonly clock: number;
  readonly by: string;
  readonly shown: unknown;
}

function messageIn(value: unknown): Heard | null {
  if (typeof value !== 'object' || value === null) return null;
  const { folioscope, from, kind, clock = 0, by = '', shown } = value as Readonly<Record<string, unknown>>;
  if (folioscope !== VERSION || typeof from !== 'string' || typeof kind !== 'string') return null;
  if (typeof clock !== 'number' || !Number.isSafeInteger(clock) || clock < 0) return null;
  return typeof by === 'string' ? { from, kind, clock, by, shown } : null;
}
