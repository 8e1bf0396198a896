/**
 * What random scripts are made of: one entry per kind of operation. An entry proposes an operation and says
 * whether one is legal and what it changes; generating and shrinking use both. A new verb is one entry here.
 *
 * Legal means that the recorder runs it. It may fail on purpose: a store into a read-only page (SIGSEGV), a
 * pipe reference to a page without protection (EFAULT), madvise over a hole (ENOMEM).
 */
import type { RecorderOp } from './ops.ts';
import type { Prng } from './prng.ts';
import type { RandomVerb, ScriptLimits } from './random-verb.ts';
import { deviceVerbs } from './random-devices.ts';
import { uffdVerbs } from './random-uffd.ts';
import type { PageState, Protection, ScriptState } from './script-state.ts';
import {
  actorLetters,
  forkedActor,
  freshByte,
  isBusy,
  onePage,
  operand,
  refusesPart,
  regionLetters,
} from './script-state.ts';

/** Percent of operands that are taken without asking whether the access will succeed. */
const anyPage = 6;

/** What is stored where pages are to be equal; fresh bytes begin behind it. */
const equalByte = '0f';

/** Percent of mappings that are made read-only. */
const readOnly = 4;

interface Place {
  readonly actor: string;
  readonly region: string;
  readonly page: number;
  readonly state: PageState;
}

function places(state: ScriptState): Place[] {
  return Object.entries(state.actors).flatMap(([actor, { regions }]) =>
    Object.entries(regions).flatMap(([region, pages]) =>
      pages.map((page, i) => ({ actor, region, page: i, state: page })),
    ),
  );
}

/** What an operation is done to. */
interface Target {
  readonly actor: string;
  /** `a` or `a.1` */
  readonly operand: string;
}

/** A page, mostly one that is in a wanted state. */
function pickPage(state: ScriptState, rng: Prng, wanted: readonly PageState[]): Target | null {
  const all = places(state);
  const good = all.filter((place) => wanted.includes(place.state));
  const from = good.length === 0 || rng.chance(anyPage) ? all : good;
  if (from.length === 0) return null;
  const { actor, region, page } = rng.pick(from);
  return { actor, operand: `${region}.${page}` };
}

/** A region of an actor; one page of it `percent` times in a hundred. */
function pickRange(state: ScriptState, rng: Prng, percent: number): Target | null {
  const all = places(state);
  if (all.length === 0) return null;
  const { actor, region, page } = rng.pick(all);
  return { actor, operand: rng.chance(percent) ? `${region}.${page}` : region };
}

/** `A st a.0` and the rest, or null if there is no target. */
const say = (target: Target | null, verb: string, rest = ''): string | null =>
  target && `${target.actor} ${verb} ${target.operand}${rest}`;

const count = (record: object): number => Object.keys(record).length;

/** Where `map` may go: a letter that this actor does not have, in the shape it has elsewhere. */
function mapTarget(state: ScriptState, rng: Prng, limits: ScriptLimits, kind: string): string | null {
  const actor = rng.pick(Object.keys(state.actors));
  const letters = regionLetters.slice(0, limits.regions).filter((letter) => {
    const shape = state.shapes[letter];
    return !state.actors[actor]?.regions[letter] && (!shape || shape.kind === kind);
  });
  if (letters.length === 0) return null;
  const letter = rng.pick(letters);
  const pages = kind === 'huge' ? 1 : (state.shapes[letter]?.pages ?? rng.between(1, limits.pages)),
    size = LARGE.has(kind) ? '' : ` ${pages}`,
    ro = rng.chance(readOnly) && !LARGE.has(kind) ? ' ro' : '';
  return `${actor} map ${letter} ${kind}${size}${ro}`;
}

/** Kinds of memory of one size; scripts name the first pages only. */
const LARGE: ReadonlyMap<string, number> = new Map([
  ['thp', 512],
  ['mthp', 16],
]);
const NAMED = 2;

function map(kind: string): RandomVerb {
  return {
    weight: (state, { regions }) =>
      count(state.shapes) < regions ? (LARGE.has(kind) ? 1 : 3) : LARGE.has(kind) ? 0 : 1,
    propose: (state, rng, limits) => mapTarget(state, rng, limits, kind),
    apply(state, { actor, args }) {
      const [letter = '', word, ...rest] = args,
        [pages = '1', access] = LARGE.has(kind) ? [String(NAMED), ...rest] : rest;
      const regions = state.actors[actor]?.regions;
      const shape = state.shapes[letter];
      const size = Number(pages);
      if (!regions || regions[letter] || word !== kind || !/^[a-d]$/.test(letter)) return false;
      if (shape && (shape.kind !== kind || shape.pages !== size)) return false;
      state.shapes[letter] = { kind, pages: size };
      const protection: Protection = access === 'ro' ? 'ro' : 'rw';
      regions[letter] = Array.from({ length: size }, () => protection);
      return true;
    },
  };
}

const unmap: RandomVerb = {
  weight: () => 12,
  propose: (state, rng) => {
    const target = pickRange(state, rng, 25);
    if (target === null || !target.operand.includes('.')) return say(target, 'unmap');
    // From the second page to the end, or all that no script names.
    const length = LARGE.get(state.shapes[target.operand.charAt(0)]?.kind ?? '') ?? 0;
    if (length === 0 || rng.chance(50)) return say(target, 'unmap', ' 1');
    const from = rng.pick([NAMED - 1, NAMED]);
    const operand_ = `${target.operand.charAt(0)}.${from}`;
    return say({ ...target, operand: operand_ }, 'unmap', ` ${rng.chance(50) ? length - from : 5}`);
  },
  apply(state, { actor, args }) {
    const found = operand(state, actor, args[0]);
    const region = (args[0] ?? '').charAt(0);
    if (!found) {
      const pages = state.actors[actor]?.regions[region];
      return (
        args[0] === `${region}.${NAMED}` && pages !== undefined && LARGE.has(state.shapes[region]?.kind ?? '')
      );
    }
    if (refusesPart(state, found)) return true;
    if (found.whole) delete state.actors[actor]?.regions[found.region];
    else found.pages[found.from] = 'hole';
    for (let i = found.from; i < found.to; i++) state.actors[actor]?.dontfork.delete(`${found.region}.${i}`);
    return true;
  },
};

const ld: RandomVerb = {
  weight: () => 8,
  propose: (state, rng) => say(pickPage(state, rng, ['rw', 'ro']), 'ld'),
  apply: (state, { actor, args }) => onePage(state, actor, args[0]) !== null,
};

const st: RandomVerb = {
  weight: () => 44,
  propose: (state, rng) => {
    // Pages that are equal, for ksmd to find.
    const byte = state.ksm === 'offered' && rng.chance(70) ? equalByte : freshByte(state);
    return say(pickPage(state, rng, ['rw']), 'st', ` ${byte}`);
  },
  apply(state, { actor, args }) {
    if (onePage(state, actor, args[0]) === null) return false;
    state.bytes++;
    return true;
  },
};

const fork: RandomVerb = {
  // Most of what is worth seeing needs a second process, so it comes early.
  weight: (state, { processes }) => {
    if (state.letters.length >= processes) return 0;
    return state.letters.length === 1 ? 60 : 14;
  },
  propose: (state, rng) => {
    const child = actorLetters[state.letters.length];
    return child === undefined ? null : `${rng.pick(Object.keys(state.actors))} fork ${child}`;
  },
  apply(state, { actor, args }) {
    const [child = ''] = args;
    const parent = state.actors[actor];
    if (!parent || state.letters.includes(child) || !actorLetters.some((l) => l === child)) return false;
    state.letters.push(child);
    state.actors[child] = forkedActor(parent);
    return true;
  },
};

const exit: RandomVerb = {
  weight: (state) => (count(state.actors) > 1 ? 14 : 0),
  propose: (state, rng) => {
    const free = Object.keys(state.actors).filter((actor) => !isBusy(state, actor));
    return free.length === 0 ? null : `${rng.pick(free)} exit`;
  },
  apply(state, { actor }) {
    // A held pin is a system call that keeps the mm: it would not be torn down, and `exit` would mean less.
    if (!state.actors[actor] || count(state.actors) < 2 || isBusy(state, actor)) return false;
    delete state.actors[actor];
    return true;
  },
};

const dontneed: RandomVerb = {
  weight: () => 8,
  propose: (state, rng) => say(pickRange(state, rng, 30), 'adv', ' dontneed'),
  apply: (state, { actor, args }) => operand(state, actor, args[0]) !== null,
};

/** Advice that succeeds or fails without changing what may follow. */
function advice(word: string, weight: number, part = 30): RandomVerb {
  return {
    weight: () => weight,
    propose: (state, rng) => say(pickRange(state, rng, part), 'adv', ` ${word}`),
    apply: (state, { actor, args }) => operand(state, actor, args[0]) !== null,
  };
}

/** Not for shared memory and files: their pages are not swapped out here (docs/limits.md). */
const SWAPPED: ReadonlySet<string | undefined> = new Set(['anon', 'huge', 'thp', 'mthp']);
const onPrivate = (verb: RandomVerb): RandomVerb => ({
  ...verb,
  propose: (state, rng, limits) => {
    const op = verb.propose(state, rng, limits);
    return op !== null && SWAPPED.has(state.shapes[/adv ([a-d])/.exec(op)?.[1] ?? '']?.kind) ? op : null;
  },
  apply: (state, op) => SWAPPED.has(state.shapes[op.args[0]?.charAt(0) ?? '']?.kind) && verb.apply(state, op),
});

/** Pages that the next fork leaves out, or no longer. */
function forkAdvice(word: 'dontfork' | 'dofork'): RandomVerb {
  return {
    ...advice(word, 1),
    apply(state, { actor, args }) {
      const found = operand(state, actor, args[0]);
      const apart = state.actors[actor]?.dontfork;
      if (!found || !apart) return false;
      if (refusesPart(state, found)) return true;
      for (let i = found.from; i < found.to; i++) {
        const page = `${found.region}.${i}`;
        if (word === 'dofork') apart.delete(page);
        else if (found.pages[i] !== 'hole') apart.add(page);
      }
      return true;
    },
  };
}

/** Small pages, or a huge page that was split, become a huge page. */
const collapse: RandomVerb = {
  weight: (state) => (Object.values(state.shapes).some(({ kind }) => kind === 'thp') ? 5 : 0),
  propose: (state, rng) => say(pickRange(state, rng, 0), 'adv', ' collapse'),
  apply: (state, { actor, args }) => {
    const found = operand(state, actor, args[0]);
    return found?.whole === true && state.shapes[found.region]?.kind === 'thp';
  },
};

/** Moves a region; with holes or more than one VMA it may fail with EFAULT. */
const mremap: RandomVerb = {
  weight: () => 3,
  propose: (state, rng) => say(pickRange(state, rng, 0), 'mremap'),
  apply: (state, { actor, args }) => operand(state, actor, args[0])?.whole === true,
};

/** May fail with ENOMEM at a hole, or where nothing may be read. */
function locking(verb: 'mlock' | 'munlock'): RandomVerb {
  return {
    weight: () => 1,
    propose: (state, rng) => say(pickRange(state, rng, 30), verb),
    apply: (state, { actor, args }) => operand(state, actor, args[0]) !== null,
  };
}

const prot: RandomVerb = {
  // A page that cannot be written makes the rest of the script dull: more often back than there.
  weight: (state) => (places(state).some(({ state: page }) => page === 'ro' || page === 'none') ? 14 : 6),
  propose: (state, rng) => {
    const closed = places(state).filter(({ state: page }) => page === 'ro' || page === 'none');
    if (closed.length > 0 && rng.chance(70)) {
      const { actor, region } = rng.pick(closed);
      return `${actor} prot ${region} rw`;
    }
    return say(pickRange(state, rng, 30), 'prot', ` ${rng.pick(['ro', 'ro', 'rw', 'none'])}`);
  },
  apply(state, { actor, args }) {
    const found = operand(state, actor, args[0]);
    const to = (['rw', 'ro', 'none'] as const).find((word) => word === args[1]);
    if (!found || !to) return false;
    if (refusesPart(state, found)) return true;
    // mprotect stops with ENOMEM at the first hole; what came before it is changed.
    for (let i = found.from; i < found.to && found.pages[i] !== 'hole'; i++) found.pages[i] = to;
    return true;
  },
};

const vms: RandomVerb = {
  weight: (state) => (state.pipes.some((n) => n === 0) ? 18 : 3),
  propose: (state, rng) => {
    const empty = state.pipes.findIndex((n) => n === 0);
    return say(pickPage(state, rng, ['rw', 'ro']), 'vms', ` ${Math.max(empty, 0)}`);
  },
  apply(state, { actor, args }) {
    const page = onePage(state, actor, args[0]);
    const pipe = Number(args[1]);
    if (page === null || state.pipes[pipe] === undefined) return false;
    if (page === 'rw' || page === 'ro') state.pipes[pipe]++;
    return true;
  },
};

const prd: RandomVerb = {
  weight: (state) => (state.pipes.some((n) => n > 0) ? 3 : 0),
  propose: (state, rng) => {
    const full = state.pipes.flatMap((n, pipe) => (n > 0 ? [pipe] : []));
    return full.length === 0 ? null : `- prd ${rng.pick(full)}`;
  },
  apply(state, { actor, args }) {
    const pipe = Number(args[0]);
    const waiting = state.pipes[pipe] ?? 0;
    if (actor !== '-' || waiting === 0) return false;
    state.pipes[pipe] = waiting - 1;
    return true;
  },
};

function hold(verb: 'hro' | 'hrw', needs: readonly PageState[]): RandomVerb {
  return {
    weight: (state) => (state.hold ? 0 : 12),
    propose: (state, rng) => say(pickPage(state, rng, needs), verb),
    apply(state, { actor, args }) {
      const page = onePage(state, actor, args[0]);
      if (page === null || state.hold) return false;
      // A page that may not be pinned fails at once with EFAULT: then nothing is held.
      if (needs.includes(page)) state.hold = { actor, write: verb === 'hrw' };
      return true;
    },
  };
}

const hrel: RandomVerb = {
  weight: (state) => (state.hold ? 4 : 0),
  propose: (state) => (state.hold ? `- hrel ${state.hold.write ? freshByte(state) : '00'}` : null),
  apply(state, { actor }) {
    if (actor !== '-' || !state.hold) return false;
    if (state.hold.write) state.bytes++;
    state.hold = null;
    return true;
  },
};

/** Reads and writes of a page from outside; they may fail with EFAULT or EIO. */
const pvr: RandomVerb = {
  weight: () => 2,
  propose: (state, rng) => say(pickPage(state, rng, ['rw', 'ro']), 'pvr'),
  apply: (state, { actor, args }) => onePage(state, actor, args[0]) !== null,
};

/** `wanted`: pages it succeeds on. `others`: it may name the actor whose page it is. */
function outsideWrite(verb: string, wanted: readonly PageState[], others: boolean): RandomVerb {
  return {
    weight: () => 1,
    propose: (state, rng) => {
      const target = pickPage(state, rng, wanted);
      const by = others && rng.chance(40) ? rng.pick(Object.keys(state.actors)) : target?.actor;
      if (!target || by === undefined) return null;
      // The recorder looks up the page in the writer, too.
      const [region = ''] = target.operand.split('.');
      if (!state.actors[by]?.regions[region]) return null;
      const whose = by === target.actor ? '' : ` ${target.actor}`;
      return `${by} ${verb} ${target.operand} ${freshByte(state)}${whose}`;
    },
    apply(state, { actor, args }) {
      const [page, , whose = actor] = args;
      if (onePage(state, actor, page) === null || onePage(state, whose, page) === null) return false;
      state.bytes++;
      return true;
    },
  };
}

/**
 * ksmd, and what takes its work back. Once in a script: from 6.7 on ksmd skips pages that it has seen often
 * without merging them.
 */
const ksm: RandomVerb = {
  weight: (state) => (state.ksm === 'offered' ? 10 : 0),
  propose: () => '- ksm',
  apply(state, { actor }) {
    if (actor !== '-' || state.ksm !== 'offered') return false;
    state.ksm = 'merged';
    return true;
  },
};
const ksmun: RandomVerb = {
  weight: (state) => (state.ksm === 'merged' ? 20 : 0),
  propose: () => '- ksmun',
  apply(state, { actor }) {
    if (actor !== '-' || state.ksm !== 'merged') return false;
    state.ksm = 'over';
    return true;
  },
};
/** Memory that ksmd may merge. */
const mergeable: RandomVerb = {
  ...advice('mergeable', 2, 10),
  apply(state, { actor, args }) {
    if (operand(state, actor, args[0]) === null) return false;
    if (state.ksm === 'none') state.ksm = 'offered';
    return true;
  },
};

const nodrain: RandomVerb = {
  // Only as the first operation: what is in a batch depends on all that came before.
  weight: (state) => (state.ops === 0 ? 1 : 0),
  propose: () => 'A nodrain',
  apply: (state, { actor }) => state.ops === 0 && actor === 'A',
};

/** By verb; `map` and `adv` with the word that says which: `adv dontneed`. */
export const randomVerbs: Readonly<Record<string, RandomVerb>> = {
  'map anon': map('anon'),
  'map shanon': map('shanon'),
  'map memfd': map('memfd'),
  'map pfile': map('pfile'),
  'map thp': map('thp'),
  'map mthp': map('mthp'),
  'map huge': map('huge'),
  unmap,
  ld,
  st,
  fork,
  exit,
  'adv dontneed': dontneed,
  'adv dontfork': forkAdvice('dontfork'),
  'adv dofork': forkAdvice('dofork'),
  'adv wipeonfork': advice('wipeonfork', 1),
  'adv keeponfork': advice('keeponfork', 1),
  'adv popread': advice('popread', 1),
  'adv popwrite': advice('popwrite', 1),
  'adv cold': advice('cold', 1),
  'adv pageout': onPrivate(advice('pageout', 4)),
  'adv free': advice('free', 1),
  'adv huge': advice('huge', 1),
  'adv nohuge': advice('nohuge', 1),
  'adv mergeable': mergeable,
  'adv unmergeable': advice('unmergeable', 1),
  'adv collapse': collapse,
  mremap,
  mlock: locking('mlock'),
  munlock: locking('munlock'),
  prot,
  vms,
  prd,
  hro: hold('hro', ['rw', 'ro']),
  hrw: hold('hrw', ['rw']),
  hrel,
  pvr,
  pvw: outsideWrite('pvw', ['rw'], false),
  poke: outsideWrite('poke', ['rw', 'ro', 'none'], true),
  ptpoke: outsideWrite('ptpoke', ['rw', 'ro', 'none'], false),
  ksm,
  ksmun,
  ...deviceVerbs,
  ...uffdVerbs,
  nodrain,
};

const variantVerbs: ReadonlySet<string> = new Set(['map', 'adv']);

/** The key of `randomVerbs` for an operation. */
export function randomVerbOf({ verb, args }: RecorderOp): string {
  return variantVerbs.has(verb) ? `${verb} ${args[1] ?? ''}` : verb;
}
