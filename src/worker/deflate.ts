/**
 * Raw deflate over the platform's streams, with a cap on what may come out. Browsers, workers and Node have
 * them.
 */
import type { Deflate } from '../scenario/link.ts';

/**
 * Bytes that are handed over at once. A byte inflates to at most 1032, so this bounds what is made before
 * it is counted.
 */
const CHUNK = 256;

export const webDeflate: Deflate = {
  deflate: (bytes) => piped(bytes, new CompressionStream('deflate-raw'), Infinity),
  inflate: (bytes, cap) => piped(bytes, new DecompressionStream('deflate-raw'), cap),
};

/** Rejects with a phrase for people: `it unpacks to more than 256 kB`, `it is damaged or cut off`. */
async function piped(
  bytes: Uint8Array,
  stream: CompressionStream | DecompressionStream,
  cap: number,
): Promise<Uint8Array> {
  const writer = stream.writable.getWriter();
  const reader: ReadableStreamDefaultReader<Uint8Array> = stream.readable.getReader();
  // What goes wrong shows on the reading side, too; here it only must not be left unhandled.
  const written = feed(writer, bytes).catch(() => undefined);
  const parts: Uint8Array[] = [];
  let size = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read().catch((problem: unknown) => {
        throw new Error('it is damaged or cut off', { cause: problem });
      });
      if (done) break;
      size += value.length;
      if (size > cap) throw new Error(`it unpacks to more than ${Math.floor(cap / 1024)} kB`);
      parts.push(value);
    }
  } catch (problem) {
    await Promise.allSettled([reader.cancel(problem), writer.abort(problem)]);
    throw problem;
  }
  await written;
  return joined(parts, size);
}

/** Small chunks, each after the one before was taken: a bomb is stopped before it has gone off. */
async function feed(writer: WritableStreamDefaultWriter<BufferSource>, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length; at += CHUNK) {
    await writer.ready;
    await writer.write(bytes.slice(at, at + CHUNK));
  }
  await writer.close();
}

function joined(parts: readonly Uint8Array[], size: number): Uint8Array {
  const all = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
