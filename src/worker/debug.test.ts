import { expect, test } from 'vitest';
import { entryById } from '../scenario/gallery/index.ts';
import { createEngine } from './local.ts';

async function opened(id: string, model: string) {
  const engine = createEngine();
  const { run } = await engine.open({ text: entryById(id)!.text, model, schedule: '', without: [] });
  return { engine, run: run! };
}

test('every answer of the debugger can be posted to the page', async () => {
  const { engine } = await opened('leak-any-order', 'v5.7');
  const answers = [
    await engine.debug('find', ['f0.refcount > 1', 'nobody.is']),
    await engine.debug('watch', ['child.a.0', 'f0.']),
    await engine.debug('diff', { from: 0, to: 9999 }),
    await engine.debug('landing', 30),
    await engine.debug('ways', 30),
    await engine.debug('ways', 0),
    await engine.debug('code', { at: 30, thread: -1 }),
    await engine.debug('code', { at: 0, thread: 1 }),
    await engine.debug('history', 30),
    await engine.debug('facts', null),
  ];
  expect(structuredClone(answers)).toEqual(answers);
});

test('a walk by chance is what is open then, and its schedule opens it again', async () => {
  const { engine, run } = await opened('leak-any-order', 'v5.7');
  const walked = await engine.debug('wander', { at: 0, seed: 4 });
  expect(walked.run!.schedule).not.toBe(run.schedule);
  const frame = await engine.frame(walked.run!.steps.length);
  expect(frame.at).toBe(walked.run!.steps.length);
  const { text } = entryById('leak-any-order')!;
  const again = await engine.open({ text, model: 'v5.7', schedule: walked.run!.schedule, without: [] });
  expect(again.notes).toEqual([]);
  const moves = (of: typeof run) => of.steps.map((s) => `${s.thread}.${s.choice}`).join();
  expect(moves(again.run!)).toBe(moves(walked.run!));
});

test('what could move here instead is what can be let move', async () => {
  const { engine, run } = await opened('leak-any-order', 'v5.7');
  let tried = 0;
  for (const { at } of run.steps) {
    const { instead } = await engine.debug('ways', at);
    for (const { thread, choice } of instead) {
      const changed = await engine.debug('replace', { at, thread, choice });
      expect(changed.run!.steps[at - 1]!.thread).toBe(thread);
      await engine.open({
        text: entryById('leak-any-order')!.text,
        model: 'v5.7',
        schedule: '',
        without: [],
      });
      tried++;
    }
  }
  expect(tried).toBeGreaterThan(0);
  await expect(engine.debug('replace', { at: 1, thread: 1, choice: 0 })).rejects.toThrow('cannot move here');
});
