// Golden traces: counts and entries after every operation, as the kernels' own rules give them. `f0 3/2` is
// refcount 3, mapcount 2.
import { describe, expect, test } from 'vitest';
import { planOf } from '../checker/plan-of.ts';
import { status, step } from './engine.ts';
import { boot } from './machine.ts';
import { modelById, models } from './models/index.ts';
import { pte_folio, pte_special, pte_write } from './verbs/pte.ts';
import { folioAt, hasEnded, isFree, mmAt, observationAt, pteAt } from './view.ts';
import { now } from './world.ts';

/** Before pins were told from references; and those of them that break copy-on-write at GUP. */
const GET_ONLY = ['v4.8', 'v5.6', 'v5.4-gup-breaks-cow'],
  OLD = ['v4.8', 'v5.6', 'v5.7'],
  GUP_BREAKS = ['v5.4-gup-breaks-cow', 'v5.8'],
  MAPCOUNT = [...OLD, ...GUP_BREAKS];
const REFCOUNT = ['v5.9', 'v5.10-lts', 'v5.11', 'v5.12'],
  COPIES = [...REFCOUNT, 'v5.18'],
  // From 6.1 on mprotect itself gives an exclusive page its write bit back.
  SINCE_6_1 = ['v6.1', 'v6.4.0', 'v6.12', 'v6.18', 'v7.2'];
/** Every kernel, of the composed ones those that are one. */
const ALL = [...MAPCOUNT, ...COPIES, 'v5.19', ...SINCE_6_1];
test('every kernel has its traces', () => {
  const kernels = models.filter((m) => !m.composed && !m.proposal).map((m) => m.id);
  expect(kernels.filter((id) => !ALL.includes(id))).toEqual([]);
});

/** Runs in declared order; one line for each operation. */
function traceOf(script: readonly string[], model: string): string[] {
  const plan = planOf(['process parent', 'region a anon 1 page', ...script, ''].join('\n'));
  boot(plan, modelById(model)!);
  const out: string[] = [];
  while (out.length < plan.ops.length) {
    const t = plan.threads.findIndex((_, i) => status(i).kind === 'enabled');
    if (t < 0) throw new Error(`${model} stops after ${out.join('; ')}`);
    step(t);
    if (hasEnded(out.length)) out.push(worldNow(plan.ops[out.length]!.observed));
  }
  return out;
}
function worldNow(observed: number): string {
  const words: string[] = [];
  for (let f = 1; f < now.counts.folios; f++) {
    if (!isFree(f)) words.push(`f${f - 1} ${folioAt(f).refcount}/${folioAt(f).maps}`);
  }
  now.plan!.processes.forEach(({ name }, m) => {
    const e = pteAt(m, 0);
    if (mmAt(m).state !== 'alive' || e === 0) return;
    words.push(`${name}:${pte_special(e) ? 'zeros' : `f${pte_folio(e) - 1}`}${pte_write(e) ? ' W' : ''}`);
  });
  if (observed >= 0) words.push(`sees ${now.plan!.stored[observationAt(observed).stored]!.text}`);
  return words.join(', ');
}

/** What each operation leaves behind, where models differ by model. */
type Expected = readonly (string | readonly (readonly [models: readonly string[], line: string])[])[];
function golden(name: string, script: readonly string[], lines: Expected): void {
  test.each(ALL)(`${name}, %s`, (model) => {
    const wanted = lines.map((l) =>
      typeof l === 'string' ? l : l.find(([models]) => models.includes(model))![1],
    );
    expect(traceOf(script, model)).toEqual(wanted);
  });
}

describe('golden traces', () => {
  golden(
    'G1: the child keeps a reference and unmaps',
    [
      'parent: store a.0 "old"',
      'parent: fork child',
      'child: vmsplice a.0 -> p',
      'child: munmap a',
      'parent: store a.0 "new"',
      'child: read p',
    ],
    [
      'f0 1/1, parent:f0 W',
      'f0 2/2, parent:f0, child:f0',
      [
        [GUP_BREAKS, 'f0 1/1, f1 2/1, parent:f0, child:f1 W'],
        [ALL, 'f0 3/2, parent:f0, child:f0'],
      ],
      [
        [GUP_BREAKS, 'f0 1/1, f1 1/0, parent:f0'],
        [ALL, 'f0 2/1, parent:f0'],
      ],
      [
        [OLD, 'f0 2/1, parent:f0 W'],
        [GUP_BREAKS, 'f0 1/1, f1 1/0, parent:f0 W'],
        [ALL, 'f0 1/0, f1 1/1, parent:f1 W'],
      ],
      [
        [OLD, 'f0 1/1, parent:f0 W, sees new'],
        [GUP_BREAKS, 'f0 1/1, parent:f0 W, sees old'],
        [ALL, 'f1 1/1, parent:f1 W, sees old'],
      ],
    ],
  );

  golden(
    'G2: mprotect there and back under a pin',
    [
      'parent: store a.0 "old"',
      'parent: pin a.0 write fast as h',
      'parent: mprotect a ro',
      'parent: mprotect a rw',
      'parent: store a.0 "new"',
      'parent: release h "device"',
      'parent: load a.0',
    ],
    [
      'f0 1/1, parent:f0 W',
      [
        [GET_ONLY, 'f0 2/1, parent:f0 W'],
        [ALL, 'f0 1025/1, parent:f0 W'],
      ],
      [
        [GET_ONLY, 'f0 2/1, parent:f0'],
        [ALL, 'f0 1025/1, parent:f0'],
      ],
      [
        [GET_ONLY, 'f0 2/1, parent:f0'],
        [SINCE_6_1, 'f0 1025/1, parent:f0 W'],
        [ALL, 'f0 1025/1, parent:f0'],
      ],
      [
        [GET_ONLY, 'f0 2/1, parent:f0 W'],
        [COPIES, 'f0 1024/0, f1 1/1, parent:f1 W'],
        [ALL, 'f0 1025/1, parent:f0 W'],
      ],
      [
        [COPIES, 'f1 1/1, parent:f1 W'],
        [ALL, 'f0 1/1, parent:f0 W'],
      ],
      [
        [COPIES, 'f1 1/1, parent:f1 W, sees new'],
        [ALL, 'f0 1/1, parent:f0 W, sees device'],
      ],
    ],
  );

  golden(
    'G3: fork with a pinned page',
    [
      'parent: store a.0 "old"',
      'parent: pin a.0 write fast as h',
      'parent: fork child',
      'parent: store a.0 "new"',
    ],
    [
      'f0 1/1, parent:f0 W',
      [
        [GET_ONLY, 'f0 2/1, parent:f0 W'],
        [ALL, 'f0 1025/1, parent:f0 W'],
      ],
      [
        [GET_ONLY, 'f0 3/2, parent:f0, child:f0'],
        [MAPCOUNT, 'f0 1026/2, parent:f0, child:f0'],
        [ALL, 'f0 1025/1, f1 1/1, parent:f0 W, child:f1 W'],
      ],
      [
        [GET_ONLY, 'f0 2/1, f1 1/1, parent:f1 W, child:f0'],
        [MAPCOUNT, 'f0 1025/1, f1 1/1, parent:f1 W, child:f0'],
        [ALL, 'f0 1025/1, f1 1/1, parent:f0 W, child:f1 W'],
      ],
    ],
  );

  golden(
    'G5: a fresh page in an LRU batch',
    [
      'lru batched',
      'parent: store a.0 "old"',
      'parent: mprotect a ro',
      'parent: mprotect a rw',
      'parent: store a.0 "new"',
    ],
    [
      'f0 2/1, parent:f0 W',
      'f0 2/1, parent:f0',
      [
        [SINCE_6_1, 'f0 2/1, parent:f0 W'],
        [ALL, 'f0 2/1, parent:f0'],
      ],
      [
        [REFCOUNT, 'f0 1/0, f1 2/1, parent:f1 W'],
        // The batch is emptied, and then the page is alone.
        [['v5.18'], 'f0 1/1, parent:f0 W'],
        [ALL, 'f0 2/1, parent:f0 W'],
      ],
    ],
  );

  golden(
    'G5: a shared page whose batch is on this CPU',
    [
      'lru batched',
      'parent: store a.0 "old"',
      'parent: fork child',
      'child: exit',
      'parent: store a.0 "new"',
    ],
    [
      'f0 2/1, parent:f0 W',
      'f0 3/2, parent:f0, child:f0',
      'f0 2/1, parent:f0',
      [
        [MAPCOUNT, 'f0 2/1, parent:f0 W'],
        [REFCOUNT, 'f0 1/0, f1 2/1, parent:f1 W'],
        [ALL, 'f0 1/1, parent:f0 W'],
      ],
    ],
  );

  golden(
    'G5: a shared page whose batch is on another CPU',
    [
      'lru batched',
      'parent: store a.0 "old"',
      'parent: fork child',
      'child: exit',
      'parent/2: store a.0 "new"',
    ],
    [
      'f0 2/1, parent:f0 W',
      'f0 3/2, parent:f0, child:f0',
      'f0 2/1, parent:f0',
      [
        [MAPCOUNT, 'f0 2/1, parent:f0 W'],
        [ALL, 'f0 1/0, f1 2/1, parent:f1 W'],
      ],
    ],
  );

  golden(
    'G6: the last one keeps the page',
    ['parent: store a.0 "old"', 'parent: fork child', 'child: exit', 'parent: store a.0 "new"'],
    ['f0 1/1, parent:f0 W', 'f0 2/2, parent:f0, child:f0', 'f0 1/1, parent:f0', 'f0 1/1, parent:f0 W'],
  );

  golden(
    'G8: the zero page',
    [
      'lru batched',
      'parent: load a.0',
      'parent: vmsplice a.0 -> p',
      'parent: store a.0 "new"',
      'parent: read p',
    ],
    [
      'parent:zeros, sees 00',
      [
        [GUP_BREAKS, 'f0 3/1, parent:f0 W'],
        [ALL, 'parent:zeros'],
      ],
      [
        [GUP_BREAKS, 'f0 3/1, parent:f0 W'],
        [ALL, 'f0 2/1, parent:f0 W'],
      ],
      [
        [GUP_BREAKS, 'f0 2/1, parent:f0 W, sees new'],
        [ALL, 'f0 2/1, parent:f0 W, sees 00'],
      ],
    ],
  );

  golden(
    'R9: a reference for reading to memory that was never written',
    ['parent: get a.0 read as h', 'parent: release h -> saw', 'parent: store a.0 "new"'],
    [
      [
        [GUP_BREAKS, 'f0 2/1, parent:f0 W'],
        [ALL, 'parent:zeros'],
      ],
      [
        [GUP_BREAKS, 'f0 1/1, parent:f0 W, sees 00'],
        [ALL, 'parent:zeros, sees 00'],
      ],
      'f0 1/1, parent:f0 W',
    ],
  );

  golden(
    'G9 on anonymous memory: a forced write to a read-only mapping',
    ['lru batched', 'parent: mprotect a ro', 'parent: poke a.0 "by force"', 'parent: load a.0'],
    [
      '',
      [
        // The fresh page is not dirty yet, so that the look-up faults once more, and finds two references.
        [REFCOUNT, 'f0 1/0, f1 2/1, parent:f1'],
        [['v5.18'], 'f0 1/1, parent:f0'],
        [ALL, 'f0 2/1, parent:f0'],
      ],
      [
        [REFCOUNT, 'f0 1/0, f1 2/1, parent:f1, sees by force'],
        [['v5.18'], 'f0 1/1, parent:f0, sees by force'],
        [ALL, 'f0 2/1, parent:f0, sees by force'],
      ],
    ],
  );

  golden(
    'a debugger writes into a page that the child shares and may not write',
    [
      'parent: store a.0 "old"',
      'parent: fork child',
      'child: mprotect a ro',
      'parent: poke a.0 "trap" in child',
      'child: mprotect a rw',
      'child: store a.0 "own"',
    ],
    [
      'f0 1/1, parent:f0 W',
      'f0 2/2, parent:f0, child:f0',
      'f0 2/2, parent:f0, child:f0',
      'f0 1/1, f1 1/1, parent:f0, child:f1',
      [
        [SINCE_6_1, 'f0 1/1, f1 1/1, parent:f0, child:f1 W'],
        [ALL, 'f0 1/1, f1 1/1, parent:f0, child:f1'],
      ],
      'f0 1/1, f1 1/1, parent:f0, child:f1 W',
    ],
  );
});
