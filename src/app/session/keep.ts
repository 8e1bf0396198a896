/**
 * The text of the editor survives reload, crash and a broken link. Every tab keeps its own copy, so two tabs
 * cannot overwrite each other; another tab's copy is offered, never taken.
 */
export interface Draft {
  readonly version: 1;
  readonly tab: string;
  readonly scenario: string;
  readonly text: string;
  /** Milliseconds since 1970. */
  readonly saved: number;
}

const PREFIX = 'folioscope.draft.';
const OFFERED = 'folioscope.offered';
const KEPT = 6;
export const LONGEST_DRAFT = 1_000_000;

/** The part of Storage that is used. */
export type Shelf = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>;

export interface Keep {
  readonly tab: string;
  /** false if the browser refused (private mode, full). */
  save(scenario: string, text: string): boolean;
  /** The text is left for another scenario: it no longer comes back by itself, but can be found. */
  leave(): void;
  mine(): Draft | null;
  /** Newest draft of another tab that was not offered yet. */
  others(): Draft | null;
  /** Offered once is enough: nobody wants to be asked at every visit. */
  offered(draft: Draft): void;
  /** A changed entry of another tab, from a storage event's key and value. */
  fromEvent(key: string | null, value: string | null): Draft | null;
}

export function createKeep(shelf: Shelf, tab: string, now: () => number): Keep {
  const own = PREFIX + tab;

  const all = (): readonly Draft[] => {
    const drafts: Draft[] = [];
    for (let i = 0; i < shelf.length; i++) {
      const key = shelf.key(i);
      const draft = key?.startsWith(PREFIX) ? read(shelf.getItem(key)) : null;
      if (draft) drafts.push(draft);
    }
    return drafts.sort((a, b) => b.saved - a.saved);
  };

  return {
    tab,
    save(scenario, text) {
      if (text.length > LONGEST_DRAFT) return false;
      try {
        shelf.setItem(own, JSON.stringify({ version: 1, tab, scenario, text, saved: now() } satisfies Draft));
        for (const old of all().slice(KEPT)) if (old.tab !== tab) shelf.removeItem(PREFIX + old.tab);
        return true;
      } catch {
        return false;
      }
    },
    leave: () =>
      quietly(() => {
        const draft = read(shelf.getItem(own));
        if (!draft) return;
        const left = `left-${tab}`;
        shelf.setItem(PREFIX + left, JSON.stringify({ ...draft, tab: left } satisfies Draft));
        shelf.removeItem(own);
      }, undefined),
    mine: () => quietly(() => read(shelf.getItem(own)), null),
    others: () =>
      quietly(() => {
        const seen = Number(shelf.getItem(OFFERED) ?? 0);
        return all().find((one) => one.tab !== tab && one.saved > seen) ?? null;
      }, null),
    offered: (draft) => quietly(() => shelf.setItem(OFFERED, String(draft.saved)), undefined),
    fromEvent: (key, value) => (key?.startsWith(PREFIX) && key !== own ? read(value) : null),
  };
}

/** Storage can be switched off, and then every touch throws. */
function quietly<T>(touch: () => T, otherwise: T): T {
  try {
    return touch();
  } catch {
    return otherwise;
  }
}

function read(value: string | null): Draft | null {
  const found = quietly(() => JSON.parse(value ?? 'null') as Partial<Draft> | null, null);
  if (found?.version !== 1 || typeof found.text !== 'string' || typeof found.scenario !== 'string')
    return null;
  if (typeof found.tab !== 'string' || typeof found.saved !== 'number') return null;
  return found as Draft;
}
