import { describe, expect, test } from 'vitest';
import { fixture, fixtures } from './fixtures.ts';
import { sceneText } from './text.ts';

test('the step at which v5.7 decides', () => {
  expect(sceneText(fixture('leak-decision').scene)).toMatchInlineSnapshot(`
    "after step 25
    process parent, alive
      lock mmap_sem read held by parent
      thread parent* on CPU 0: in do_wp_page
      memory a: anon rw
      A load of a.0 returns: "old" of parent, before fork (from before fork)
    process child, alive
      thread child on CPU 1: running
      memory a: unmapped
      A load of a.0 returns: a fault
      Read from the pipe so far: nothing
    table of mm:parent, alive
      lock PTL held alone by parent
      walk:parent:0 to a, 0x7f5a40400000: Nobody holds its PTL.
        pgd[47–39] 254 pud table
        pud[38–30] 361 pmd table
        pmd[29–21] 2 PTE table
        pte[20–12] 0 the page
        [11–0]  byte in the page
      a.0 P - D A: read-only → f0
        TLB of CPU 0, parent: same as PTE
    table of mm:child, alive
      walk:child:0 to a, 0x7f5a40400000: Nobody holds its PTL.
        pgd[47–39] 254 pud table
        pud[38–30] 361 pmd table
        pmd[29–21] 2 PTE table
        pte[20–12] 0 the page
        [11–0]  byte in the page
      a.0 - - - -: empty, cleared by munmap
        TLB of CPU 1, child: no entry
    folio f0, anonymous: mapcount 1, refcount 2
      bytes "old" of parent, before fork
      mapped by parent a.0: since step 4
      held by pipe slot 0, pipe: since step 4
      lock folio lock held alone by parent
      the rule reads the mapcount
    folio f1, free: free, a copy would go here
    holder pipe, pipe, live: opened by child; The child can read f0 later, at any time.
      slot 0: f0, 3 bytes
    edge belongs vma:parent:a -> pte:parent:a.0: Memory a of parent is mapped by its page table.
    edge read-only pte:parent:a.0 -> token:folio:0:pte:parent:a.0: a.0 of parent maps f0, read-only.
    edge get pipe:0:slot:0 -> token:folio:0:pipe:pipe:0:slot:0: Slot 0 of the pipe holds a reference to f0.
    signs: read-only, writable, reference, pale, solid, bits
    "
  `);
});

test('equal scenes print the same, and only these', () => {
  const texts = fixtures.map(({ scene }) => sceneText(scene));
  expect(fixtures.map(({ scene }) => sceneText(structuredClone(scene)))).toEqual(texts);
  expect(new Set(texts).size).toBe(texts.length);
});

describe('every fact of a scene is in its text', () => {
  /** Identity, places, and facts that other facts stand for, such as a word beside bytes. */
  const unseen = new RegExp(
    [
      /\.(id|who|process|letter|name|refs|line)$/,
      /^legend|^edges\.\d+\.(from|to)/,
      /views\.\d+\.word|vmas\.\d+\.what/,
      /^folios\.\d+\.note|mapped\.\d+\.kind/,
    ]
      .map(({ source }) => source)
      .join('|'),
  );

  function* facts(
    value: unknown,
    path: string,
  ): Generator<{ readonly path: string; readonly change: (root: unknown) => void }> {
    if (value === null) return;
    if (typeof value === 'object') {
      for (const [key, inner] of Object.entries(value))
        yield* facts(inner, path === '' ? key : `${path}.${key}`);
      return;
    }
    const changed =
      typeof value === 'boolean'
        ? !value
        : typeof value === 'number'
          ? value + 1
          : `${value as string} changed`;
    yield {
      path,
      change(root) {
        const keys = path.split('.');
        const last = keys.pop() ?? '';
        const owner = keys.reduce<Record<string, unknown>>(
          (one, key) => one[key] as Record<string, unknown>,
          root as Record<string, unknown>,
        );
        owner[last] = changed;
      },
    };
  }

  test.each(['leak-end', 'threads', 'pins'])('%s', (name) => {
    const full = fixture(name).scene;
    const scene = { ...full, folios: full.folios.filter(({ state }) => state === 'live') };
    const plain = sceneText(scene);
    const silent: string[] = [];
    for (const { path, change } of facts(scene, '')) {
      if (unseen.test(path)) continue;
      const copy = structuredClone(scene);
      change(copy);
      if (sceneText(copy) === plain) silent.push(path);
    }
    expect(silent).toEqual([]);
  });
});
