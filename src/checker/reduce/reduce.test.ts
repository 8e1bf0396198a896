// A reduced search says what the full search says: on the gallery and on random scenarios; and what each
// reduction rests on is true in every world of small scenarios.
import { expect, test } from 'vitest';
import { choicesOf, pcOf, program, step } from '../../kernel/engine.ts';
import { heldBy } from '../../kernel/locks.ts';
import { boot } from '../../kernel/machine.ts';
import type { Machine } from '../../kernel/machine.ts';
import { models } from '../../kernel/models/index.ts';
import { ties, forgetTies } from '../../kernel/verbs/folio.ts';
import { OP, cells, fields, load, now, taskOf, words } from '../../kernel/world.ts';
import type { Counts, Field } from '../../kernel/world.ts';
import { invariantsFor } from '../../invariants/index.ts';
import type { Invariant } from '../../invariants/index.ts';
import { gallery } from '../../scenario/gallery/index.ts';
import { advance, begin, check, resultOf } from '../check.ts';
import { planOf } from '../plan-of.ts';
import { randomPlan } from '../random-plans.ts';
import type { About } from '../random-plans.ts';
import { canonicalFolios, renameFolios } from './folios.ts';
import { keptToItself, mayGoAlone, persistentOf } from './persistent.ts';
import type { Persistent } from './persistent.ts';
import { difference, keyOf, reachable, worldNow } from './reduced.ts';
import { reductionNames } from './reduction.ts';
import type { ReductionName } from './reduction.ts';
import { canonicalThreads, newThread, renameThreadsTo, symmetryOf } from './threads.ts';

/** Runs are the same every time; FOLIOSCOPE_SEED and FOLIOSCOPE_RUNS look further. */
const seed = Number(process.env['FOLIOSCOPE_SEED'] ?? 20210108),
  factor = Number(process.env['FOLIOSCOPE_RUNS'] ?? 1);

/** Numbers from 0 to n - 1, the same for the same beginning. */
function dice(from: number): (n: number) => number {
  let s = from >>> 0;
  return (n) => {
    s = (Math.imul(s, 1664525) + 1013904223) >>> 0;
    return Math.floor((s / 2 ** 32) * n);
  };
}
/** Two threads that do the same, so that there is something to swap. */
const TWINS = `process parent
region a anon 1 page

parent: store a.0 "old"
parallel
  parent/2: load a.0
  parent/2: pin a.0 read as h2
  parent/2: release h2
  parent/3: load a.0
  parent/3: pin a.0 read as h3
  parent/3: release h3
  parent: fork child
end
child: store a.0 "new"
`;
interface Case {
  readonly name: string;
  readonly machine: () => Machine;
}
const caseOf = (name: string, text: string, model: (typeof models)[number]): Case => ({
  name: `${name} on ${model.id}`,
  machine: () => boot(planOf(text), model),
});
const scenarios = [...gallery, { id: 'twins', text: TWINS }];
/** Every scenario of the gallery, each on a few models, so that all models have their turn. */
const cases: readonly Case[] = scenarios.flatMap(({ id, text }, i) =>
  [0, 1].map((k) => caseOf(id, text, models[(i * 3 + k * 8) % models.length]!)),
);
/** What they are about: small private memory, files, huge pages, KSM and migration. */
const KINDS: readonly About[] = [
  {},
  { huge: true },
  { swap: true },
  { files: true },
  {},
  { moving: true },
  { swap: true },
  { files: true },
];
/** Larger worlds, which only verdicts are compared on. */
const LARGER: readonly About[] = [
  ...(['thp', 'mthp'] as const).flatMap((large): About[] => [{ large }, { large, swap: true }]),
  { compacted: true },
  { compacted: true, swap: true },
];
/** A random scenario on a random model. */
function randomCase(n: number, about = KINDS[n % KINDS.length]!): Case | null {
  const pick = dice(seed + 7919 * n),
    model = models[pick(models.length)]!,
    made = randomPlan(pick, about);
  if (made === null) return null;
  return { name: `${model.id}, number ${n}\n${made.text}`, machine: () => boot(made.plan, model) };
}
const randomCases = (from: number, count: number): Case[] =>
  Array.from({ length: count * factor }, (_, n) => randomCase(from + n)).filter((c) => c !== null);

/** First thing that `wrong` says of a case, with its name. */
function first(all: readonly Case[], wrong: (machine: Machine) => string): string {
  for (const c of all) {
    const said = wrong(c.machine());
    if (said !== '') return `${said}: ${c.name}`;
  }
  return '';
}
const isNow = (world: Int32Array): boolean => world.every((w, i) => words[i] === w);
const rowOf = (t: number): string => {
  const { routine, label } = program.rows[pcOf(t)]!;
  return `${routine.name}.${label}`;
};

// ---- the schema ----

const COUNTS: Counts = {
  folios: 3,
  mms: 2,
  pages: 2,
  swap: 1,
  lazy: 0,
  regions: 1,
  threads: 3,
  frame: 20,
  pipes: 1,
  slots: 2,
  holds: 3,
  observed: 3,
  shared: 1,
  files: 1,
  vmaLocks: 1,
  vmaMore: 1,
  remote: 1,
  walks: 1,
  spf: 1,
  owners: 1,
  rangeLocks: 1,
  uffd: 1,
  softDirty: 1,
  tables: 1,
  visits: 1,
  ksm: 1,
  migrate: 1,
  moves: 1,
  splits: 0,
  large: 1,
  thp: 1,
  owned: 1,
  huge: 1,
  picks: 2,
  ages: 1,
};
test.each([
  ['folio', 'folios'],
  ['thread', 'threads'],
  ['hold', 'holds'],
  ['observed', 'observed'],
  ['pick', 'picks'],
] as const)('a field that has one entry for each %s says so', (of, count) => {
  const grows = (f: Field): boolean => f.count({ ...COUNTS, [count]: COUNTS[count] + 1 }) !== f.count(COUNTS);
  expect(fields.filter(grows).map((f) => f.name)).toEqual(
    fields.filter((f) => f.of === of).map((f) => f.name),
  );
});

// ---- equal folios ----

/** A random order of the folios; the page of zeros stays. */
function shuffled(roll: (n: number) => number): number[] {
  const to = Array.from({ length: now.counts.folios }, (_, f) => f);
  for (let f = to.length - 1; f > 1; f--) {
    const g = 1 + roll(f);
    [to[f], to[g]] = [to[g]!, to[f]!];
  }
  return to;
}
const MOST = 60;
/** Some of the first worlds, spread evenly: those of a scenario's beginning are all alike. */
function some(machine: Machine): Int32Array[] {
  const all = reachable(machine, 10 * MOST),
    every = Math.ceil(all.length / MOST);
  return all.filter((_, i) => i % every === Math.floor(i / every) % every);
}
/** Steps of a world and of the same world with other numbers of folios lead to the same, up to numbers. */
function asksForNumbers(machine: Machine): string {
  const roll = dice(seed);
  for (const world of some(machine)) {
    load(world, 0);
    const to = shuffled(roll);
    renameFolios(to);
    const other = worldNow();
    for (let t = 0; t < now.counts.threads; t++) {
      load(world, 0);
      const row = rowOf(t),
        moved = step(t);
      canonicalFolios();
      const here = worldNow();
      load(other, 0);
      if (step(t) !== moved) return `${row} is a move in one of them only`;
      canonicalFolios();
      if (!isNow(here)) return `${row} leads elsewhere`;
    }
  }
  return '';
}
test('no step asks for the numbers of folios', () => {
  expect(first([...cases, ...randomCases(0, 60)], asksForNumbers)).toBe('');
});
/** The same with a field that says something else of itself. */
function forgetting(name: string, what: Partial<Field>, run: () => string): string {
  const f = fields.find((x) => x.name === name)!,
    { of, names } = f;
  Object.assign(f, what);
  try {
    return run();
  } finally {
    Object.assign(f, { of, names });
  }
}
test.each([
  ['folio.maps', { of: '-' }],
  ['tlb', { names: ['-'] }],
  ['pte', { names: ['-'] }],
] as const)('... which shows, if %s were forgotten', (name, what) => {
  const copy = () =>
    first(
      [
        caseOf(
          '',
          TWINS,
          models.find((m) => m.id === 'v6.12')!,
        ),
      ],
      asksForNumbers,
    );
  expect(forgetting(name, what, copy)).not.toBe('');
  expect(copy()).toBe('');
});

// ---- equal threads ----

/** As above, for two equal threads that are swapped. */
function tellsThreadsApart(machine: Machine): string {
  const symmetry = symmetryOf(machine.plan);
  for (const { threads } of symmetry.classes) {
    const [a, b] = threads as [number, number];
    const to = machine.plan.threads.map((_, t) => (t === a ? b : t === b ? a : t));
    for (const world of some(machine)) {
      for (let t = 0; t < now.counts.threads; t++) {
        load(world, 0);
        forgetTies();
        const row = rowOf(t),
          moved = step(t);
        if (ties > 0) continue;
        renameThreadsTo(symmetry, to);
        canonicalFolios();
        const here = worldNow();
        load(world, 0);
        renameThreadsTo(symmetry, to);
        if (step(to[t]!) !== moved) return `${row} is a move for one of them only`;
        canonicalFolios();
        if (!isNow(here)) return `${row} leads elsewhere`;
      }
    }
  }
  return '';
}
test('no step tells equal threads apart', () => {
  expect(first([...cases, ...randomCases(1000, 60)], tellsThreadsApart)).toBe('');
});
test('... which shows, if a field were forgotten', () => {
  const twins = [
    caseOf(
      '',
      TWINS,
      models.find((m) => m.id === 'v6.12')!,
    ),
  ];
  expect(symmetryOf(twins[0]!.machine().plan).classes.map((c) => c.threads)).toEqual([[1, 2]]);
  expect(forgetting('tlb', { of: '-' }, () => first(twins, tellsThreadsApart))).not.toBe('');
  expect(first(twins, tellsThreadsApart)).toBe('');
});
test('of worlds that differ by a swap one is kept, and says who became whom', () => {
  const machine = caseOf(
      '',
      TWINS,
      models.find((m) => m.id === 'v6.12')!,
    ).machine(),
    symmetry = symmetryOf(machine.plan);
  let lost = 0;
  const kept = new Set<string>(),
    all = reachable(machine, 3000);
  for (const world of all) {
    load(world, 0);
    const before = [0, 1, 2].map((t) => pcOf(t)),
      moved = canonicalThreads(symmetry),
      after = [0, 1, 2].map((t) => pcOf(moved ? newThread[t]! : t));
    if (after.join() !== before.join()) lost += 1;
    canonicalFolios();
    kept.add(keyOf(worldNow()));
  }
  expect(lost).toBe(0);
  expect(kept.size).toBeLessThan(0.7 * all.length);
});

// ---- threads that are moved alone ----

/**
 * What makes it right to move a thread alone, in every world: whatever another thread does, the thread may
 * still be moved alone, both orders lead to the same world, and no breach that the other's step makes is
 * hidden.
 */
function getsInTheWay(machine: Machine, p: Persistent, judged: readonly Invariant[]): string {
  for (const world of some(machine)) {
    for (let t = 0; t < now.counts.threads; t++) {
      if (!movesAlone(p, world, t)) continue;
      const after = worldNow();
      for (let u = 0; u < now.counts.threads; u++) {
        load(world, 0);
        for (let c = 0, n = u === t ? 0 : choicesOf(u); c < n; c++) {
          load(world, 0);
          const rows = `${rowOf(u)} before ${rowOf(t)}`;
          if (!step(u, c)) continue;
          const broken = judged.filter((i) => i.broken() !== null),
            between = worldNow();
          if (!movesAlone(p, between, t)) return `${rows}: it cannot go alone any more`;
          const there = worldNow();
          const hidden = broken.find((i) => i.broken() === null);
          if (hidden !== undefined) return `${rows}: ${hidden.id} is hidden`;
          load(after, 0);
          if (!step(u, c) || !isNow(there)) return `${rows}: the order matters`;
        }
      }
    }
  }
  return '';
}
/** The world after that is in the scratch memory if it does. */
function movesAlone(p: Persistent, world: Int32Array, t: number): boolean {
  load(world, 0);
  const op = cells[taskOf[t]! + OP]!,
    held = heldBy(t);
  return mayGoAlone(p, t) && step(t) && keptToItself(p, t, op, held);
}
const judgedOn = (machine: Machine): Invariant[] =>
  invariantsFor(machine.plan).filter((i) => i.whenStill !== true);
const alone = (machine: Machine): string => {
  const p = persistentOf(machine, judgedOn(machine));
  return p === null ? '' : getsInTheWay(machine, p, judgedOn(machine));
};
test('nobody gets in the way of a thread that is moved alone', () => {
  expect(first([...cases, ...randomCases(2000, 100)], alone)).toBe('');
});
/**
 * What makes it right to go on at once after taking a lock: what another thread can do then it can do before,
 * to the same end, and the lock makes no breach.
 */
function movesLeft(machine: Machine): string {
  const judged = judgedOn(machine),
    p = persistentOf(machine, judged);
  for (const world of p === null ? [] : some(machine)) {
    for (let t = 0; t < now.counts.threads; t++) {
      load(world, 0);
      const row = rowOf(t),
        sound = judged.every((i) => i.broken() === null);
      if (p!.onlyTakes[pcOf(t)] === 0 || !step(t)) continue;
      if (sound && judged.some((i) => i.broken() !== null)) return `${row} makes a breach`;
      const after = worldNow();
      for (let u = 0; u < now.counts.threads; u++) {
        load(after, 0);
        for (let c = 0, n = u === t ? 0 : choicesOf(u); c < n; c++) {
          load(after, 0);
          const rows = `${rowOf(u)} after ${row}`;
          if (!step(u, c)) continue;
          const there = worldNow();
          load(world, 0);
          if (!step(u, c) || !step(t) || !isNow(there)) return `${rows}: the order matters`;
        }
      }
    }
  }
  return '';
}
test('nobody can do after the taking of a lock what he could not do before', () => {
  expect(first([...cases, ...randomCases(2500, 40)], movesLeft)).toBe('');
});
test('... which shows, if a step that stores were taken for one', () => {
  expect(first(randomCases(3000, 60), safeStores)).not.toBe('');
});
/** Marks every store as a step that keeps to itself. */
function trustStores(p: Persistent): void {
  p.owner.fill(255);
  p.reach.forEach((_, pc) => {
    const { routine, label } = program.rows[pc]!;
    if (routine.name === 'user_store' && label === 'access') p.reach[pc] = 1;
  });
}
function safeStores(machine: Machine): string {
  const p = persistentOf(machine, judgedOn(machine));
  if (p === null) return '';
  trustStores(p);
  return getsInTheWay(machine, p, judgedOn(machine));
}

// ---- together ----

const FORMS: readonly (readonly ReductionName[])[] = [
  ...reductionNames.slice(0, 3).map((r) => [r]),
  ['persistent', 'eager'],
  reductionNames,
];
/** Worlds of the full search; what is larger is not compared. */
const STATES = 1500;
const MORE_STATES = 8000;
let compared = 0;
function disagrees(machine: Machine, states = STATES): string {
  const full = check(machine, { states });
  if (full.verdict === 'incomplete') return '';
  compared += 1;
  for (const reduce of FORMS) {
    const said = difference(full, check(machine, { reduce }));
    if (said !== '') return `reduced by ${reduce.join()}: ${said}`;
  }
  return '';
}
test('a reduced check of the gallery says what the full one says', { timeout: 120_000 }, () => {
  expect(first(cases, (machine) => disagrees(machine))).toBe('');
});
test.each(KINDS.map((about, i) => [Object.keys(about).join() || 'private memory', i] as const))(
  'a reduced check of random scenarios says what the full one says: %s',
  (_, kind) => {
    compared = 0;
    const all = Array.from({ length: 20 * factor }, (_n, n) => randomCase(4000 + 8 * n + kind));
    expect(
      first(
        all.filter((c) => c !== null),
        (machine) => disagrees(machine),
      ),
    ).toBe('');
    expect(compared).toBeGreaterThan(2);
  },
);
const wordsOf = (about: About): string =>
  Object.values(about)
    .concat(Object.keys(about))
    .filter((x) => typeof x === 'string')
    .join(' ');
test.each(LARGER.map((about) => [wordsOf(about), about] as const))(
  'a reduced check of random scenarios says what the full one says: %s',
  { timeout: 120_000 },
  (_, about) => {
    compared = 0;
    const all = Array.from({ length: 12 * factor }, (_n, n) => randomCase(6000 + n, about));
    expect(
      first(
        all.filter((c) => c !== null),
        (machine) => disagrees(machine, MORE_STATES),
      ),
    ).toBe('');
    expect(compared).toBeGreaterThan(2);
  },
);
const RACE = `process parent
region a anon 1 page

parent: store a.0 "old"
parallel
  parent: store a.0 "new"
  parent/2: load a.0 -> got
end
`;
test('a check that takes stores for steps that keep to themselves says something else', () => {
  const machine = caseOf(
      '',
      RACE,
      models.find((m) => m.id === 'v6.12')!,
    ).machine(),
    full = check(machine);
  const search = begin(machine, { reduce: ['persistent'] });
  expect(difference(full, check(machine, { reduce: ['persistent'] }))).toBe('');
  trustStores(search.reduction!.persistent!);
  while (!advance(search, 1 << 16));
  expect(difference(full, resultOf(search))).toMatch(/^outcomes/);
});
