// The model of the running kernel against that kernel, where the recorder can run.
import { expect, test } from 'vitest';
import { folioscope } from './folioscope.ts';
import { ready } from './fuzz-kernel.ts';

const here = ready(null);
const why = 'why' in here ? here.why : null;
if (why !== null) console.log(`SKIPPED: fuzzing the running kernel: ${why}`);

async function run(): Promise<{ status: number; out: string[] }> {
  const out: string[] = [];
  const io = { out: (l: string) => void out.push(l), err: () => undefined, bytes: () => true };
  const status = await folioscope(['fuzz-kernel', '--seed', '42', '--count', '150'], io);
  return { status, out };
}

test.runIf(why !== null)('where it cannot run, fuzz-kernel says why and does not fail', async () => {
  expect(await run()).toEqual({ status: 0, out: [`SKIPPED: ${why}`] });
});

test.runIf(why === null)(
  'the running kernel does what its model says',
  async () => {
    const { status, out } = await run();
    console.log(out.join('\n'));
    expect(out.at(-1)).toMatch(/^150 scripts, 0 values differ, [01] frames differ$/);
    expect(status).toBe(0);
  },
  120_000,
);
