/**
 * userfaultfd and soft-dirty in random scripts. An operation that could block where nobody answers would hang
 * the recorder, so the state knows which pages may be protected, and which surely are: only those are stored
 * to, on a second thread, and answered.
 */
import type { RecorderOp } from './ops.ts';
import type { Prng } from './prng.ts';
import type { RandomVerb } from './random-verb.ts';
import { freshByte, onePage, operand } from './script-state.ts';
import type { ScriptState, Uffd } from './script-state.ts';

const registered = (state: ScriptState): [string, Uffd][] =>
  Object.entries(state.actors).flatMap(([actor, { uffd }]) => (uffd === null ? [] : [[actor, uffd]]));
const pagesOf = (state: ScriptState, actor: string, word: string | undefined): string[] => {
  const found = operand(state, actor, word);
  if (!found) return [];
  return found.pages.flatMap((_, i) => (i >= found.from && i < found.to ? [`${found.region}.${i}`] : []));
};
const set = (state: ScriptState, actor: string, changed: Partial<Uffd>): void => {
  const own = state.actors[actor];
  if (own?.uffd) own.uffd = { ...own.uffd, ...changed };
};
const without = (pages: ReadonlySet<string>, gone: readonly string[]): Set<string> =>
  new Set([...pages].filter((p) => !gone.includes(p)));

/** Operations that never wait for a monitor, whatever is protected. */
const HARMLESS: ReadonlySet<string> = new Set(
  (
    'map unmap fork exit prot prd hrel clearrefs nodrain uwait join fdone wp unwp ' +
    'ucopy &st &ld uunreg uwr urd munlock'
  ).split(' '),
);
/** They only look: harmless where pages are write-protected. */
const READING: ReadonlySet<string> = new Set(['ld', 'vms', 'hro', 'pvr']);
const AWAITING: ReadonlySet<string> = new Set(['uwait', 'unwp', 'ucopy', 'join']);

/** Whether the operation might block with nobody to answer, or is not for an actor that waits. */
export function mightBlock(state: ScriptState, { actor, verb, args }: RecorderOp): boolean {
  const own = state.actors[actor]?.uffd;
  if (own?.job && !own.job.answered && !AWAITING.has(verb)) return true;
  if (own?.job && /^(exit|exec|frd|fwr|&.*)$/.test(verb)) return true;
  // An mprotect of locked memory faults it in, too.
  if (state.locks && (verb === 'uffdwp' || verb === 'uffdmiss')) return true;
  if (verb === 'mlock' && registered(state).length > 0) return true;
  if (HARMLESS.has(verb) || (verb === 'adv' && args[1] === 'dontneed')) return false;
  return [actor, args[2] ?? ''].some((who) => {
    const uffd = state.actors[who]?.uffd;
    if (!uffd || uffd.may.size === 0) return false;
    if (uffd.mode === 'wp' && READING.has(verb)) return false;
    const named = pagesOf(state, who, args[0]);
    return named.length === 0 || named.some((p) => uffd.may.has(p));
  });
}

/** What an operation that was legal means for the pages that a userfaultfd watches. */
export function watchUffd(state: ScriptState, { actor, verb, args }: RecorderOp): void {
  if (verb === 'mlock') state.locks = true;
  const uffd = state.actors[actor]?.uffd;
  if (!uffd) return;
  const pages = pagesOf(state, actor, args[0]),
    changes = ['unmap', 'adv', 'mremap', 'exec', 'map'].includes(verb);
  if (verb === 'st') set(state, actor, { written: new Set([...uffd.written, ...pages]) });
  // Unmapped as a whole: the region is gone from the state already.
  const gone = pages.length > 0 ? pages : [...uffd.written].filter((p) => p.startsWith(args[0] ?? ''));
  if (!changes) return;
  // Nothing is registered there any more; the descriptor stays, and does nothing.
  const ends = verb === 'exec' || (args[0] === uffd.region && (verb === 'mremap' || verb === 'unmap'));
  if (ends) {
    set(state, actor, { region: '-', may: new Set(), sure: new Set(), written: new Set() });
    return;
  }
  set(state, actor, { written: without(uffd.written, gone), sure: without(uffd.sure, gone) });
  const all = Array.from({ length: state.shapes[uffd.region]?.pages ?? 0 }, (_, i) => `${uffd.region}.${i}`);
  if (uffd.mode === 'missing' && verb === 'adv') set(state, actor, { may: new Set([...uffd.may, ...all]) });
}

const register = (verb: 'uffdwp' | 'uffdmiss'): RandomVerb => {
  const eligible = (state: ScriptState): string[] =>
    Object.entries(state.actors).flatMap(([actor, { regions, uffd }]) =>
      uffd !== null
        ? []
        : Object.keys(regions).flatMap((r) => (may(state, actor, r) ? [`${actor} ${verb} ${r}`] : [])),
    );
  const may = (state: ScriptState, actor: string, region: string): boolean =>
    state.shapes[region]?.kind === 'anon' &&
    (state.actors[actor]?.regions[region]?.every((p) => p !== 'hole') ?? false) &&
    // Only of fresh memory is it known what is missing.
    (verb === 'uffdwp' || state.ops === 1);
  return {
    weight: (state) => (eligible(state).length > 0 ? (registered(state).length === 0 ? 3 : 1) : 0),
    propose: (state, rng) => {
      const targets = eligible(state);
      return targets.length === 0 ? null : rng.pick(targets);
    },
    apply(state, { actor, args }) {
      const own = state.actors[actor],
        region = args[0] ?? '';
      if (!own || own.uffd !== null || !/^[a-d]$/.test(region) || !may(state, actor, region)) return false;
      const missing = new Set(verb === 'uffdmiss' ? pagesOf(state, actor, region) : []);
      const mode = verb === 'uffdwp' ? 'wp' : 'missing';
      own.uffd = { mode, region, may: missing, sure: new Set(missing), written: new Set(), job: null };
      return true;
    },
  };
};

const protect = (verb: 'wp' | 'unwp'): RandomVerb => ({
  weight: (state) => (registered(state).some(([, u]) => u.mode === 'wp') ? (verb === 'wp' ? 9 : 5) : 0),
  propose: (state, rng) => {
    const wps = registered(state).filter(([, u]) => u.mode === 'wp' && (verb === 'unwp' || !u.job));
    if (wps.length === 0) return null;
    const [actor, { region, job }] = rng.pick(wps);
    if (job) return `${actor} ${verb} ${job.page}`;
    const pages = pagesOf(state, actor, region);
    if (pages.length === 0) return null;
    return `${actor} ${verb} ${rng.chance(30) ? region : rng.pick(pages)}`;
  },
  apply(state, { actor, args }) {
    const uffd = state.actors[actor]?.uffd,
      pages = pagesOf(state, actor, args[0]);
    if (!uffd || uffd.mode !== 'wp' || pages.length === 0 || !args[0]?.startsWith(uffd.region)) return false;
    if (verb === 'wp') {
      const sure = pages.filter((p) => uffd.written.has(p));
      set(state, actor, { may: new Set([...uffd.may, ...pages]), sure: new Set([...uffd.sure, ...sure]) });
      return true;
    }
    if (uffd.job && !uffd.job.answered && !pages.includes(uffd.job.page)) return false;
    const job = uffd.job && { ...uffd.job, answered: true };
    set(state, actor, { may: without(uffd.may, pages), sure: without(uffd.sure, pages), job });
    return true;
  },
});

/** A store or load of a page that surely waits for the monitor. */
const second = (verb: '&st' | '&ld'): RandomVerb => {
  const targets = (state: ScriptState): string[] =>
    registered(state).flatMap(([actor, u]) => {
      if (u.job || state.actors[actor]?.io !== 'none' || (verb === '&ld' && u.mode === 'wp')) return [];
      return [...u.sure].flatMap((p) => (onePage(state, actor, p) === 'rw' ? [`${actor} ${verb} ${p}`] : []));
    });
  return {
    weight: (state) => (targets(state).length > 0 ? 14 : 0),
    propose: (state, rng) => {
      const found = targets(state);
      return found.length === 0 ? null : rng.pick(found) + (verb === '&st' ? ` ${freshByte(state)}` : '');
    },
    apply(state, { actor, args }) {
      const [page = ''] = args;
      if (!targets(state).includes(`${actor} ${verb} ${page}`)) return false;
      if (verb === '&st') state.bytes++;
      set(state, actor, { job: { page, read: false, answered: false } });
      return true;
    },
  };
};

const waiting = (state: ScriptState): [string, Uffd][] =>
  registered(state).filter(([, { job }]) => job !== null && !job.answered);

const uwait: RandomVerb = {
  weight: (state) => (waiting(state).some(([, { job }]) => job?.read === false) ? 12 : 0),
  propose: (state, rng) => {
    const found = waiting(state).filter(([, { job }]) => job?.read === false);
    if (found.length === 0) return null;
    const [actor, { region }] = rng.pick(found);
    return state.actors[actor]?.regions[region] ? `${actor} uwait ${region}` : null;
  },
  apply(state, { actor, args }) {
    const uffd = state.actors[actor]?.uffd;
    if (!uffd?.job || uffd.job.answered || uffd.job.read || args[0] !== uffd.region) return false;
    set(state, actor, { job: { ...uffd.job, read: true } });
    return true;
  },
};

const ucopy: RandomVerb = {
  weight: (state) => (registered(state).some(([, u]) => u.mode === 'missing') ? 10 : 0),
  propose: (state, rng) => {
    const found = registered(state).filter(([, u]) => u.mode === 'missing');
    if (found.length === 0) return null;
    const [actor, { region, job }] = rng.pick(found);
    const pages = pagesOf(state, actor, region),
      page = job && !job.answered ? job.page : pages.length === 0 ? null : rng.pick(pages);
    return page === null ? null : `${actor} ucopy ${page} ${freshByte(state)}`;
  },
  apply(state, { actor, args }) {
    const uffd = state.actors[actor]?.uffd,
      [page = ''] = args;
    if (!uffd || uffd.mode !== 'missing' || !page.startsWith(`${uffd.region}.`)) return false;
    const is = onePage(state, actor, page);
    if (is === null || is === 'hole' || (uffd.job && !uffd.job.answered && uffd.job.page !== page))
      return false;
    const job = uffd.job && { ...uffd.job, answered: true };
    set(state, actor, { may: without(uffd.may, [page]), sure: without(uffd.sure, [page]), job });
    state.bytes++;
    return true;
  },
};

/** Also the join of a second thread that waited for the monitor; else that of direct I/O. */
export const joinAfter = (io: RandomVerb): RandomVerb => {
  const done = (state: ScriptState): string[] =>
    registered(state).flatMap(([actor, { job }]) => (job?.answered ? [actor] : []));
  return {
    weight: (state, limits) => (done(state).length > 0 ? 8 : io.weight(state, limits)),
    propose: (state, rng: Prng, limits) =>
      done(state).length > 0 ? `${rng.pick(done(state))} join` : io.propose(state, rng, limits),
    apply(state, op) {
      if (!done(state).includes(op.actor)) return io.apply(state, op);
      set(state, op.actor, { job: null });
      return true;
    },
  };
};

const clearrefs: RandomVerb = {
  weight: () => 2,
  propose: (state, rng) => `${rng.pick(Object.keys(state.actors))} clearrefs`,
  apply: (state, { actor }) => state.actors[actor] !== undefined,
};

/** Verbs that answer what waits. */
export function answers(state: ScriptState): string[] {
  const found = registered(state).flatMap(([, { job, mode }]) => (job === null ? [] : [{ job, mode }]));
  return [
    ...found.flatMap(({ job, mode }) => (job.answered ? [] : [mode === 'wp' ? 'unwp' : 'ucopy'])),
    ...(found.some(({ job }) => job.answered) ? ['join'] : []),
  ];
}

export const uffdVerbs: Readonly<Record<string, RandomVerb>> = {
  uffdwp: register('uffdwp'),
  uffdmiss: register('uffdmiss'),
  wp: protect('wp'),
  unwp: protect('unwp'),
  '&st': second('&st'),
  '&ld': second('&ld'),
  uwait,
  ucopy,
  clearrefs,
};
