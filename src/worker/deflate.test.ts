import fc from 'fast-check';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { webDeflate } from './deflate.ts';

test('is raw deflate, both ways', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 3000 }), async (bytes) => {
      const small = await webDeflate.deflate(bytes);
      expect([...inflateRawSync(small)]).toEqual([...bytes]);
      expect([...(await webDeflate.inflate(small, 3000))]).toEqual([...bytes]);
    }),
    { numRuns: 50, seed: 10 },
  );
});

test('stops at the cap, long before a bomb has gone off', async () => {
  const bomb = deflateRawSync(Buffer.alloc(60_000_000));
  expect(bomb.length).toBeLessThan(64 * 1024);
  const before = process.memoryUsage().arrayBuffers;
  await expect(webDeflate.inflate(bomb, 256 * 1024)).rejects.toThrow('it unpacks to more than 256 kB');
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(20_000_000);
  const fits = deflateRawSync(Buffer.alloc(256 * 1024));
  expect(await webDeflate.inflate(fits, 256 * 1024)).toHaveLength(256 * 1024);
  await expect(webDeflate.inflate(fits, 256 * 1024 - 1)).rejects.toThrow('it unpacks to more than');
});

test('damaged bytes are an error in words', async () => {
  const small = deflateRawSync('a text that is long enough to be cut in half');
  for (const bytes of [small.subarray(0, 10), small.subarray(0, 0), Uint8Array.of(255, 255, 255, 255)]) {
    await expect(webDeflate.inflate(bytes, 1000)).rejects.toThrow('it is damaged or cut off');
  }
});
