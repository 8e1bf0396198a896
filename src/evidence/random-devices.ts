/**
 * Random verbs of those who keep pages: io_uring's fixed buffers, direct I/O. What is legal here the recorder
 * can run; a `frd` into memory that may not be written would end its script, so none is made.
 */
import type { Prng } from './prng.ts';
import { joinAfter } from './random-uffd.ts';
import type { RandomVerb } from './random-verb.ts';
import type { PageState, ScriptState } from './script-state.ts';
import { freshByte, onePage, operand } from './script-state.ts';

/** Pages of the actors that `may`, as operands, that are in a wanted state. */
function pagesOf(
  state: ScriptState,
  wanted: readonly PageState[],
  may: (actor: string) => boolean,
): { readonly actor: string; readonly operand: string }[] {
  return Object.entries(state.actors).flatMap(([actor, { regions }]) =>
    Object.entries(regions).flatMap(([region, pages]) =>
      pages.flatMap((page, i) =>
        may(actor) && wanted.includes(page) ? [{ actor, operand: `${region}.${i}` }] : [],
      ),
    ),
  );
}

function propose(
  state: ScriptState,
  rng: Prng,
  verb: string,
  wanted: readonly PageState[],
  may: (actor: string) => boolean,
): string | null {
  const pages = pagesOf(state, wanted, may);
  if (pages.length === 0) return null;
  const { actor, operand } = rng.pick(pages);
  return `${actor} ${verb} ${operand}`;
}

/** Percent of registrations that are tried on a page that may not be written, and of other pages named. */
const wrong = 8;
/** Percent of registrations of all pages of a region at once. */
const wholeRegion = 35;
const anyState: readonly PageState[] = ['rw', 'ro', 'none'];

const ureg: RandomVerb = {
  weight: (state) => (Object.values(state.actors).some((a) => a.buffer !== null) ? 1 : 6),
  propose: (state, rng) => {
    const may = (actor: string): boolean =>
      state.actors[actor]?.ring !== 'shared' && state.actors[actor]?.buffer === null;
    const op = propose(state, rng, 'ureg', rng.chance(wrong) ? anyState : ['rw'], may);
    return rng.chance(wholeRegion) ? (op?.replace(/\.\d$/, '') ?? null) : op;
  },
  apply(state, { actor, args }) {
    const found = state.actors[actor],
      place = operand(state, actor, args[0]);
    if (!found || place === null || found.ring === 'shared' || found.buffer !== null) return false;
    const { region, pages, from, to } = place;
    const may = pages.slice(from, to).every((page) => page === 'rw');
    found.ring = 'own';
    found.buffer = may ? pages.slice(from, to).map((_, i) => `${region}.${from + i}`) : [];
    return true;
  },
};

function ringIo(verb: 'uwr' | 'urd'): RandomVerb {
  return {
    weight: (state) => (Object.values(state.actors).some((a) => a.buffer !== null) ? 9 : 0),
    propose: (state, rng) => {
      const users = Object.entries(state.actors).filter(([, a]) => a.buffer !== null);
      if (users.length === 0) return null;
      const [actor, { buffer, regions }] = rng.pick(users);
      const others = Object.entries(regions).flatMap(([r, pages]) => pages.map((_, i) => `${r}.${i}`));
      if (others.length === 0) return null;
      const elsewhere = rng.chance(wrong);
      const page = elsewhere || !buffer?.length ? rng.pick(others) : rng.pick(buffer);
      if (!others.includes(page)) return null;
      return `${actor} ${verb} ${page}${verb === 'urd' ? ` ${freshByte(state)}` : ''}`;
    },
    apply(state, { actor, args }) {
      const found = state.actors[actor];
      const [region = '', page = ''] = (args[0] ?? '').split('.');
      // The recorder goes by addresses: the page may be a hole, but the region must be the actor's.
      const pages = found?.regions[region];
      if (!found || found.buffer === null || !pages || Number(page) >= pages.length) return false;
      if (verb === 'urd') state.bytes++;
      return true;
    },
  };
}

const uunreg: RandomVerb = {
  weight: (state) => (Object.values(state.actors).some((a) => a.buffer !== null) ? 2 : 0),
  propose: (state, rng) => {
    const users = Object.entries(state.actors).flatMap(([actor, a]) => (a.buffer === null ? [] : [actor]));
    return users.length === 0 ? null : `${rng.pick(users)} uunreg`;
  },
  apply(state, { actor }) {
    const found = state.actors[actor];
    if (!found || found.buffer === null) return false;
    found.buffer = null;
    return true;
  },
};

const dio: RandomVerb = {
  weight: () => 2,
  propose: (state, rng) => {
    const op = propose(state, rng, 'dio', rng.chance(wrong) ? anyState : ['rw'], () => true);
    return op && `${op} ${freshByte(state)}`;
  },
  apply(state, { actor, args }) {
    if (onePage(state, actor, args[0]) === null) return false;
    state.bytes++;
    return true;
  },
};

const fopen: RandomVerb = {
  // The file must be there before most else, and a child inherits it.
  weight: (state) => (Object.values(state.actors).some((a) => a.opened) ? 0 : state.ops < 5 ? 6 : 1),
  propose: (state, rng) => `${rng.pick(Object.keys(state.actors))} fopen a`,
  apply(state, { actor }) {
    const found = state.actors[actor];
    if (!found || found.opened) return false;
    found.opened = true;
    return true;
  },
};

function flight(verb: 'frd' | 'fwr', needs: readonly PageState[]): RandomVerb {
  const may =
    (state: ScriptState) =>
    (actor: string): boolean => {
      const found = state.actors[actor];
      // The second thread does one thing at a time.
      return found?.opened === true && found.io === 'none' && !found.uffd?.job;
    };
  return {
    weight: (state) => (state.io || !Object.keys(state.actors).some(may(state)) ? 0 : 10),
    propose: (state, rng) => propose(state, rng, verb, needs, may(state)),
    apply(state, { actor, args }) {
      const page = onePage(state, actor, args[0]),
        found = state.actors[actor];
      if (!found || page === null || !needs.includes(page) || state.io || !may(state)(actor)) return false;
      state.io = { actor, write: verb === 'frd' };
      found.io = 'flying';
      return true;
    },
  };
}

const fdone: RandomVerb = {
  weight: (state) => (state.io ? 4 : 0),
  propose: (state) => (state.io ? `- fdone ${state.io.write ? freshByte(state) : '00'}` : null),
  apply(state, { actor }) {
    if (actor !== '-' || !state.io) return false;
    if (state.io.write) state.bytes++;
    const found = state.actors[state.io.actor];
    if (found) found.io = 'done';
    state.io = null;
    return true;
  },
};

const join: RandomVerb = {
  weight: (state) => (Object.values(state.actors).some((a) => a.io === 'done') ? 6 : 0),
  propose: (state, rng) => {
    const done = Object.entries(state.actors).flatMap(([actor, a]) => (a.io === 'done' ? [actor] : []));
    return done.length === 0 ? null : `${rng.pick(done)} join`;
  },
  apply(state, { actor }) {
    const found = state.actors[actor];
    if (found?.io !== 'done') return false;
    found.io = 'none';
    return true;
  },
};

export const deviceVerbs: Readonly<Record<string, RandomVerb>> = {
  ureg,
  uwr: ringIo('uwr'),
  urd: ringIo('urd'),
  uunreg,
  dio,
  fopen,
  frd: flight('frd', ['rw']),
  fwr: flight('fwr', ['rw', 'ro']),
  fdone,
  join: joinAfter(join),
};
