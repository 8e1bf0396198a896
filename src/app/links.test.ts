// Links are forever: every one of fixtures/links opens what it can, and says what it could not.
import { readFileSync } from 'node:fs';
import { deflateRawSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from 'vitest';
import { LINK_MAX } from '../scenario/link.ts';
import { createEngine } from '../worker/local.ts';
import { fragmentOf } from './address.ts';
import { arrive } from './arrive.ts';
import { createSession, type Session } from './session.ts';
import { isAway, type State } from './session/state.ts';

interface Case {
  readonly name: string;
  readonly link: string;
  /** What it opens; '' = a text of its own. */
  readonly scenario: string;
  readonly model: string;
  readonly title?: string;
  /** The place that is shown, as a link says it. */
  readonly at?: string;
  /** Stands in the editor. */
  readonly text?: string;
  /** Parts of what is said about it; absent: nothing is. */
  readonly says?: readonly string[];
}
const corpus = JSON.parse(
  readFileSync(new URL('../../fixtures/links/corpus.json', import.meta.url), 'utf8'),
) as readonly Case[];

let session: Session;
beforeAll(async () => {
  session = createSession({
    ...createEngine(),
    check: () => new Promise(() => undefined),
    race: () => Promise.resolve(null),
  });
  await session.start();
});
/** What a case says about model, title and place. */
const expected = ({ model, title, at }: Case): Partial<Record<'model' | 'title' | 'at', string>> => ({
  model,
  ...(title === undefined ? {} : { title }),
  ...(at === undefined ? {} : { at }),
});
const state = (): ReturnType<Session['store']['getState']> => session.store.getState();

/** Opens it as the page does, and returns all that is said. */
async function openLink(link: string): Promise<string> {
  for (const { id } of state().notices) session.dismiss(id);
  await arrive(session, link);
  return state()
    .notices.flatMap((one) => [one.title, ...one.lines])
    .join('\n');
}

test.each(corpus.map((one) => [one.name, one] as const))('%s', async (_, one) => {
  await openLink('#/s/zero-page');
  const said = await openLink(one.link);
  expect(state().notices.filter((notice) => notice.kind === 'trouble')).toEqual([]);
  expect([state().scenario, state().run?.steps.length]).toEqual([one.scenario, expect.any(Number)]);
  const { model, title, frame, text } = state();
  expect({ model, title, at: frame?.position }).toMatchObject(expected(one));
  expect(text).toContain(one.text ?? '');
  expect(one.says === undefined ? said : '').toBe('');
  for (const part of one.says ?? []) expect(said).toContain(part);
});

describe('large links', () => {
  const used = (): number => process.memoryUsage().arrayBuffers + process.memoryUsage().heapUsed;

  test('of 10 MB is not read', async () => {
    const said = await openLink(`#/x/1d.${'A'.repeat(10_000_000)}?model=v5.7`);
    expect(said).toContain('The link has 9766 kB; at most 256 kB are read.');
    expect(state().scenario).toBe('vmsplice-leak');
  });

  test('that would inflate to 1 GB is stopped at 256 kB', async () => {
    // 64 MB of zeros sixteen times over: deflated in blocks that can be put one behind the other.
    const part = deflateRawSync(Buffer.alloc(1 << 26), { level: 9, finishFlush: 3 });
    const bomb = Buffer.concat(Array.from({ length: 16 }, () => part));
    const link = `#/x/1d.${bomb.toString('base64url')}`;
    const small = `#/x/1d.${part.subarray(0, 48_000).toString('base64url')}`;
    expect([link.length > LINK_MAX, small.length <= LINK_MAX]).toEqual([true, true]);
    const before = used();
    expect(await openLink(link)).toContain('at most 256 kB are read');
    expect(await openLink(small)).toContain('it unpacks to more than 256 kB');
    expect(used() - before).toBeLessThan(60_000_000);
  });
});

describe('what is written', () => {
  test('carries everything there and back', async () => {
    const flags = '&embed=1&readonly=1&note=start:Begin%20here&note=end:The%20leak';
    expect(await openLink(`#/s/leak-any-order?model=v5.7&at=end${flags}`)).toBe('');
    session.show('compare');
    session.setVersus('v5.9');
    session.pin('in <b>between</b>');
    await session.goto(7);
    session.pin('seven');
    const link = await fragmentOf(state());
    expect(state().pinned.map((one) => [one.place, one.text])).toEqual([
      [0, 'Begin here'],
      [7, 'seven'],
      [state().run!.steps.length, 'The leak'],
      [state().run!.steps.length, 'in <b>between</b>'],
    ]);
    const before = state();
    session.show(null);
    await openLink('#/s/zero-page');
    expect(state()).toMatchObject({ pinned: [], carried: { embed: false } });
    expect(await openLink(link)).toBe('');
    expect(state()).toMatchObject({ at: 7, pinned: before.pinned, carried: before.carried, versus: 'v5.9' });
    expect(link).toMatch(/&chk=[0-9a-f]{8}&/);
    session.setText('nonsense');
    expect(state().text).toBe(before.text);
  });

  test('a text that is only to be read stays as it is, and says so; a copy can be changed', async () => {
    const readonly = '#/s/vmsplice-leak?model=v5.9&readonly=1';
    const said = (): string =>
      state()
        .notices.map((one) => one.title)
        .join('\n');
    expect(await openLink(readonly)).toBe('');
    const { text } = state();
    session.setText('process p\n');
    await session.add(`${text}parent: load a.0\n`, 22);
    expect([state().text, state().openText]).toEqual([text, text]);
    expect(said()).toContain('only to be read');
    await session.setModel('v5.7');
    expect(state().carried.readonly).toBe(true);
    session.carry({ readonly: false });
    session.setText(`${text}# mine\n`);
    await session.settle();
    expect(state().openText).toBe(`${text}# mine\n`);
    // What is opened next is another text: one's own, the next of the gallery, a new one.
    for (const next of [
      () => session.openScenario('zero-page'),
      () => session.begin(),
      () => Promise.resolve(session.resume('zero-page', 'process mine\n')),
    ]) {
      await openLink(readonly);
      await next();
      expect([state().carried.readonly, state().text === text]).toEqual([false, false]);
    }
    await session.settle();
  });

  test('of a lesson: the beat, whatever the picture did meanwhile, and the text of one’s own', async () => {
    const walk = (): State['walkthrough'] => state().walkthrough;
    expect(await openLink('#/l/vmsplice-leak?beat=4')).toBe('');
    expect(state()).toMatchObject({ panel: 'walkthrough', walkthrough: { id: 'vmsplice-leak', beat: 3 } });
    const at = state().at;
    expect(await fragmentOf(state())).toBe('#/l/vmsplice-leak?beat=4');
    await session.goto(at + 2);
    const left = await fragmentOf(state());
    expect(left).toMatch(/^#\/l\/vmsplice-leak\?beat=4&model=v5\.7&at=/);
    await session.goto(0);
    expect(await fragmentOf(state())).toMatch(/&at=start/);
    expect(await openLink(left)).toBe('');
    expect([state().at, walk()?.beat, isAway(state())]).toEqual([at + 2, 3, true]);
    // A picture of something else is a link of its own, and so is one beside another panel.
    await session.openScenario('zero-page');
    expect(await fragmentOf(state())).toMatch(/^#\/s\/zero-page/);
    await openLink('#/l/vmsplice-leak?beat=4');
    session.show('check');
    expect(await fragmentOf(state())).toMatch(/^#\/s\/vmsplice-leak\?model=v5\.7&at=/);
    session.show(null);
    const own = corpus.find((one) => one.name.startsWith("a lesson of one's own"))!.link;
    expect(await openLink(own)).toBe('');
    expect([walk()?.id, walk()?.beat, walk()?.text.slice(0, 17)]).toEqual(['own', 1, 'lesson: Two beats']);
    const again = await fragmentOf(state());
    expect(again).toMatch(/^#\/l\/1d\.[\w-]+\?beat=2$/);
    expect([await openLink(again), walk()?.text.length]).toEqual(['', walk()?.text.length]);
    session.walk('own', 0);
    expect(walk()?.text).toMatch(/^lesson: Two beats/);
    // A link to a picture is no link to a lesson.
    await openLink('#/s/vmsplice-leak?model=v5.7');
    expect([walk(), (await fragmentOf(state())).slice(0, 4)]).toEqual([null, '#/s/']);
  });

  test('an unknown parameter stays with its scenario', async () => {
    await openLink('#/s/vmsplice-leak?model=v5.9&hologram=3');
    await session.goto(5);
    expect(await fragmentOf(state())).toMatch(/&hologram=3$/);
    await session.openScenario('zero-page');
    expect(await fragmentOf(state())).not.toContain('hologram');
  });

  test('a named link to any step of any scenario has at most 120 letters', async () => {
    const long: string[] = [];
    for (const { id } of state().info?.scenarios ?? []) {
      await openLink(`#/s/${id}`);
      const { run } = state();
      for (const at of [1, Math.floor(run!.steps.length / 2), run!.steps.length]) {
        await session.goto(at);
        const link = await fragmentOf(state());
        if (link.length > 120) long.push(`${link.length} ${link}`);
      }
    }
    expect(long).toEqual([]);
  });
});
