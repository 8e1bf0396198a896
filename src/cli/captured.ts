/** A command run in this process, with what it printed: for tests. */
import { folioscope } from './folioscope.ts';

export interface Said {
  readonly status: number;
  readonly out: string;
  readonly err: string;
  /** What it wrote that is no text. */
  readonly bytes: Uint8Array;
}
export async function say(...words: string[]): Promise<Said> {
  const out: string[] = [],
    err: string[] = [];
  let bytes = new Uint8Array();
  const status = await folioscope(words, {
    out: (l) => void out.push(l),
    err: (l) => void err.push(l),
    bytes(data) {
      bytes = Uint8Array.from(data);
      return true;
    },
  });
  return { status, out: out.join('\n'), err: err.join('\n'), bytes };
}
